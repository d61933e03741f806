"""Replay: historical ratings from a CSV file, by the same road as every press."""
