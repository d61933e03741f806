"""Measures: pure functions from counts to figures, each with its interval and its source."""
