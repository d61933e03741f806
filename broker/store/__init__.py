"""The feedback store: anonymous ratings and their rollups, on SQLite or PostgreSQL."""
