"""Broker processes that Otziv starts itself, bound to 127.0.0.1; their configurations."""
