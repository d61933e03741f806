"""Outgoing mail: queued with what it tells of, sent until a mail server has taken it."""
