"""Simulated visitors: people, not parts. Pure and seeded: the same seed, the same day."""
