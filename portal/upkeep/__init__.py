"""What the portal does while nobody asks: retention, erasure; and the report about it."""
