"""Drafts: what a visitor said, before the outbox gives it a number and the clock a time."""

from __future__ import annotations

from datetime import date
from typing import Any, Final, TypeAlias

import msgspec

from broker.wire.events import AnyEvent, Channel, Outcome, Precision


class Draft(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", gc=False):
    """What every draft carries; the fields are those of :class:`broker.wire.events.Event`.

    Attributes:
        uptime_ms: of the press, milliseconds since the boot.
    """

    id: str
    visit: str
    touchpoint: str
    survey: str
    survey_version: int
    language: str
    uptime_ms: int
    input: str = "button"
    channel: Channel = "device"
    precision: Precision = "instant"


class RatingDraft(Draft, frozen=True, kw_only=True, tag="rating", gc=False):
    """A value pressed on a scale."""

    question: str
    scale: str
    value: int


class CorrectionDraft(Draft, frozen=True, kw_only=True, tag="correction", gc=False):
    """Another value for an earlier rating."""

    rating: str
    value: int


class AnswerDraft(Draft, frozen=True, kw_only=True, tag="answer", gc=False):
    """Anything else; with ``rating`` it is that rating's follow-up."""

    question: str
    outcome: Outcome
    rating: str | None = None
    options: tuple[str, ...] | None = None
    number: float | None = None
    date: date | None = None


AnyDraft: TypeAlias = RatingDraft | CorrectionDraft | AnswerDraft

_encoder: Final = msgspec.json.Encoder()
_decoder: Final = msgspec.json.Decoder(dict[str, Any])


def write_draft(draft: AnyDraft) -> bytes:
    """A draft as the outbox keeps it."""
    return _encoder.encode(draft)


def finish(body: bytes, settled: dict[str, Any]) -> AnyEvent:
    """Make the event of a kept draft.

    Args:
        body: what :func:`write_draft` made.
        settled: the fields a draft lacks: ``seq``, ``boot``, ``answered_at``, ``clock``.

    Raises:
        msgspec.MsgspecError: the body is damaged, or is no event of this wire.
    """
    event: AnyEvent = msgspec.convert(_decoder.decode(body) | settled, AnyEvent)
    return event
