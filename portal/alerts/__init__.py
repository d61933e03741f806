"""Alerts of the municipality: kept, looked for each minute, told."""
