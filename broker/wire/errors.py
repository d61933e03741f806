"""What can be wrong with a message: one error, and one machine-readable code for each reason."""

from __future__ import annotations

from typing import Final

REASONS: Final[dict[str, str]] = {
    "bad-topic": "the topic is not one of otziv/v1/SITE/DEVICE/CHANNEL",
    "too-large": "the message is larger than a receiver accepts",
    "too-deep": "the JSON is nested deeper than any message of this wire",
    "not-json": "the message is not JSON in UTF-8",
    "unknown-version": "the message has a version that this program does not know",
    "unknown-kind": "the event has a kind that this program does not know",
    "too-many-events": "the batch has more events than a sender may put into one",
    "invalid": "a field is missing, or has a value that the contract does not allow",
}
"""Reasons that the wire itself can give; intake adds those that need the store."""

MAX_DETAIL: Final = 400
"""Characters of an explanation: it is kept beside the message, which may be large."""


class WireError(ValueError):
    """A message that breaks the contract.

    Attributes:
        reason: a code of ``REASONS``.
        detail: what was wrong and where, for a person to read.
    """

    def __init__(self, reason: str, detail: str) -> None:
        """Make the error; ``reason`` is a code, ``detail`` is for people."""
        self.reason = reason
        self.detail = readable(detail)
        super().__init__(f"{self.reason}: {self.detail}")


def readable(text: str) -> str:
    """``text`` cut to ``MAX_DETAIL``, with what can't be printed escaped.

    It may quote what a stranger sent: a NUL, which PostgreSQL refuses, or a line feed, which
    would forge a line of a log.
    """
    cut = text if len(text) <= MAX_DETAIL else f"{text[: MAX_DETAIL - 1]}…"
    return cut if cut.isprintable() else "".join(_shown(character) for character in cut)


def _shown(character: str) -> str:
    return character if character.isprintable() else f"\\u{ord(character):04x}"
