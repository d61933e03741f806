"""The firmware: one visitor's session, a durable outbox, and the relay that empties it."""
