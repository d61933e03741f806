"""What was done by whom: an append-only log whose entries are chained by hashes."""
