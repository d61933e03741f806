"""Sample years: two invented towns as they might have voted, and what was planted in them."""
