"""Answers that come from no device: a form on the web, on paper, by telephone, a web tablet.

A form has a ``nonce``, random and its own. All ids derive from it, so that a form that is sent
twice is one answer, whoever sends it again and through whichever process.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from broker.wire.events import Answer, AnyEvent, Channel, Clock, Outcome, Precision, Rating

NAMESPACE: Final = uuid.UUID("b0a7c1d2-6a58-5d0b-9b0e-0d1d9c5f3a60")
"""Of all submissions, and never changed: another one would count a form sent again twice."""

_BOOT: Final = "00000000"
"""A server has no boots that a clock would be mended by, and a form no uptime."""


@dataclass(frozen=True, slots=True)
class Given:
    """What was said to one question; without ``value``, ``options``, ``number`` and ``stated_on``
    it was shown and skipped.

    Attributes:
        question: its code.
        scale: of a rating, with its ``value``.
        options: those chosen, at least one.
        follows: code of the question whose rating this is a follow-up of.
        is_timeout: it was shown, and nobody was there any more.
    """

    question: str
    scale: str | None = None
    value: int | None = None
    options: tuple[str, ...] | None = None
    number: float | None = None
    stated_on: date | None = None
    follows: str | None = None
    is_timeout: bool = False


@dataclass(frozen=True, slots=True)
class Submission:
    """A form as sent.

    Attributes:
        nonce: of the form.
        sender: the registered device under whose name it comes in.
        input: how it was filled in: ``form``, ``keyboard``, ``touch``.
        language: in which it was shown.
        answered_at: when; midnight of its local day where only that is known or may be known.
        received_at: when it came in; no more exact than ``answered_at`` where that must not be
            told from it.
        clock: whether ``answered_at`` is from a clock that was right.
        precision: ``day`` where only the day is known, or may be.
        answers: in the order of the questions.
    """

    nonce: str
    sender: str
    touchpoint: str
    survey: str
    version: int
    channel: Channel
    input: str
    language: str
    answered_at: datetime
    received_at: datetime
    answers: tuple[Given, ...]
    clock: Clock = "synced"
    precision: Precision = "instant"


def stream_of(site: str, sender: str) -> str:
    """The stream of what ``sender`` brings in: it has no outbox whose own id it would be."""
    return uuid.uuid5(NAMESPACE, f"stream {site} {sender}").hex


def event_id(nonce: str, place: int) -> str:
    """The id of the answer at a ``place`` (from 0) of the form."""
    return str(uuid.uuid5(NAMESPACE, f"{nonce}#{place}"))


def events_of(submission: Submission, first_seq: int) -> list[AnyEvent]:
    """The events that a submission is, numbered from ``first_seq`` on.

    Raises:
        ValueError: it says nothing, or an answer that no event can be.
    """
    if not submission.answers:
        raise ValueError("a submission without answers")
    return list(_events(submission, first_seq))


def _events(submission: Submission, first_seq: int) -> Iterator[AnyEvent]:
    shared = _shared(submission)
    ratings: dict[str, str] = {}
    for place, given in enumerate(submission.answers):
        own: dict[str, Any] = {
            "id": event_id(submission.nonce, place),
            "seq": first_seq + place,
            "question": given.question,
            **shared,
        }
        if given.value is not None:
            ratings[given.question] = own["id"]
            yield Rating(scale=_scale(given), value=given.value, **own)
        else:
            rating = ratings.get(given.follows) if given.follows is not None else None
            yield _answer(given, rating, own)


def _answer(given: Given, rating: str | None, own: dict[str, Any]) -> Answer:
    said = (given.options, given.number, given.stated_on)
    unsaid: Outcome = "timeout" if given.is_timeout else "skipped"
    return Answer(
        outcome=unsaid if said == (None, None, None) else "answered",
        rating=rating,
        options=given.options,
        number=given.number,
        date=given.stated_on,
        **own,
    )


def _shared(submission: Submission) -> dict[str, Any]:
    return {
        # 24 digits, as those of replayed votes.
        "visit": uuid.uuid5(NAMESPACE, f"{submission.nonce}#visit").hex[:24],
        "touchpoint": submission.touchpoint,
        "survey": submission.survey,
        "survey_version": submission.version,
        "channel": submission.channel,
        "input": submission.input,
        "language": submission.language,
        "answered_at": submission.answered_at,
        "clock": submission.clock,
        "precision": submission.precision,
        "boot": _BOOT,
        "uptime_ms": 0,
    }


def _scale(given: Given) -> Any:  # noqa: ANN401  # the event checks it
    if given.scale is None:
        raise ValueError(f"the rating of {given.question} names no scale")
    return given.scale
