"""What can go wrong with what a person asks of the fleet."""

from __future__ import annotations


class FleetError(Exception):
    """It can't be done as asked; the text says what was wrong, where, and what to do."""
