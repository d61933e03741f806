"""Reasons of flags: which tell of a doubtful origin, and which doubt that a visitor meant it."""

from __future__ import annotations

from typing import Final

FOREIGN_STREAM: Final = "foreign-stream"
"""The stream belongs to another device: an SD card was moved or copied."""
SEQ_CLASH: Final = "seq-clash"
"""Two events have one number of one stream: an SD card was copied."""
CLOCK_UNKNOWN: Final = "clock-unknown"
"""The device didn't know the time: dated at its arrival, which is the latest it can be."""

ALARMS: Final = frozenset({FOREIGN_STREAM, SEQ_CLASH})
"""What an operator must hear of at once: a card was moved or copied."""
PROVENANCE: Final = ALARMS | {CLOCK_UNKNOWN}


def is_doubt(reason: str) -> bool:
    """Whether a flag of this reason takes an event out of the filtered figures.

    Rules against misuse give reasons of their own; where an event came from says nothing about
    what the visitor meant.
    """
    return reason not in PROVENANCE
