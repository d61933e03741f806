"""Reasons of flags: which tell of a doubtful origin, and which doubt that a visitor meant it."""

from __future__ import annotations

from typing import Final

FOREIGN_STREAM: Final = "foreign-stream"
"""The stream belongs to another device: an SD card was moved or copied."""
SEQ_CLASH: Final = "seq-clash"
"""Two events have one number of one stream: an SD card was copied."""
CLOCK_UNKNOWN: Final = "clock-unknown"
"""The device didn't know the time: dated at its arrival, which is the latest it can be."""
FOREIGN_TOUCHPOINT: Final = "foreign-touchpoint"
"""The device never stood at this touchpoint."""
FOREIGN_RATING: Final = "foreign-rating"
"""A correction of, or a follow-up to, a rating that another device made."""

OVERREACH: Final = frozenset({FOREIGN_TOUCHPOINT, FOREIGN_RATING})
"""A device spoke for others. No visitor at its panel meant that, so it is doubted."""
ALARMS: Final = OVERREACH | {FOREIGN_STREAM, SEQ_CLASH}
"""What an operator must hear of at once: a card was moved or copied, or a device speaks for
others."""
PROVENANCE: Final = frozenset({FOREIGN_STREAM, SEQ_CLASH, CLOCK_UNKNOWN})

BURST: Final = "burst"
"""One of many presses in a row, seconds apart: one episode, no votes."""
SWEEP: Final = "sweep"
"""One of a few presses in a row that tried every face."""
REPEAT: Final = "repeat"
"""The same face again, sooner than somebody else could have pressed it."""
SEVERAL_BUTTONS: Final = "several-buttons"
"""Different faces at nearly the same time: a flat hand, an elbow."""
STUCK_KEY: Final = "stuck-key"
"""The same face at gaps so equal that no finger keeps them."""
MONOTONE: Final = "monotone"
"""The same face in a rhythm that visitors don't have: somebody stuffs the desk."""
OUT_OF_HOURS: Final = "out-of-hours"
"""Pressed while the place was closed."""
IMPROBABLE_COUNT: Final = "improbable-count"
"""Above what this desk gets of this face in this hour of the week, by far more than chance."""
SAME_ANSWERS: Final = "same-answers"
"""One of many forms from the web that say exactly the same, faster than people come."""

MISUSE: Final = frozenset(
    {
        BURST,
        SWEEP,
        REPEAT,
        SEVERAL_BUTTONS,
        STUCK_KEY,
        MONOTONE,
        OUT_OF_HOURS,
        IMPROBABLE_COUNT,
        SAME_ANSWERS,
    }
)
"""What the rules of ``broker.misuse`` set and take back; docs/misuse.md explains each."""
RULED_OUT: Final = "ruled-out"
"""People of the administration said so: tried out, a children's party, a broken panel."""
JUDGED: Final = MISUSE | {RULED_OUT}
"""What judging a day sets and takes back."""


def is_doubt(reason: str) -> bool:
    """Whether a flag of this reason takes an event out of the filtered figures.

    Rules against misuse give reasons of their own. Where an event came from says nothing about
    what the visitor meant, unless its device had no business there.
    """
    return reason not in PROVENANCE
