"""The wire contract: topics, messages, and the codec that guards its limits."""
