"""What a tablet delivers: answers given while it may have been offline, each with an id of its own.

A tablet deletes an answer only when it is told that it is safe here: stored, stored before, or kept
in quarantine because nobody could read it. No answer, whatever is in it, stops those behind it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal, NamedTuple, TypeAlias

import structlog
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from broker.fleet.errors import FleetError
from broker.intake.submission import Given, Submission
from broker.intake.submissions import check
from broker.store.columns import from_ms, to_ms
from portal.comments.service import keep
from portal.surveys.answer_tables import Tablet
from portal.surveys.asking import Item, Questionnaire, questionnaire
from portal.surveys.desk import AnswerDesk
from portal.surveys.reading_answers import as_given, read_answer
from portal.surveys.tablets import first_tablet_at
from portal.surveys.unreadable import keep_original, without_comments
from portal.web.characters import UNSTORABLE
from portal.web.forms import FormError
from portal.web.page import Page

MOST_AT_ONCE: Final = 100
CLOCK_OFF: Final = timedelta(seconds=5)
"""By how much a tablet's clock may be wrong before its times count as estimated."""
OLDEST: Final = timedelta(days=366)
"""How long an answer may have waited in a tablet; an older time is of a clock that was wrong."""
_GRACE: Final = timedelta(days=1)
"""Before a place's first tablet was made: its clock may have been an hour or a zone off then."""

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)
_Milliseconds = Annotated[int, Field(ge=0, le=253_402_300_799_000)]


def _storable(value: object) -> object:
    """A field that is full cuts a sign in halves; no store takes the half that is left."""
    return UNSTORABLE.sub("", value) if isinstance(value, str) else value


Clock: TypeAlias = Literal["synced", "estimated", "unknown"]
_Value = Annotated[str, Field(max_length=10_000), BeforeValidator(_storable)]
_Values = Annotated[list[_Value], Field(max_length=50)]


class _Answer(BaseModel):
    """An answer as the tablet's browser keeps it."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    id: Annotated[str, Field(pattern=r"^[0-9a-f-]{32,36}$")]
    survey: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    language: Annotated[str, Field(max_length=20, pattern=r"^[A-Za-z]+(-[A-Za-z0-9]+)*$")]
    answered_at: _Milliseconds
    end: Literal["done", "timeout"] = "done"
    said: Annotated[dict[str, _Values], Field(max_length=400)]
    """Of what was shown; what was left out has no values."""


class Delivered(BaseModel):
    """What is posted."""

    model_config = ConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    now: _Milliseconds
    """By the tablet's clock."""
    waiting: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    """How many more it has."""
    answers: Annotated[list[Any], Field(max_length=MOST_AT_ONCE)]

    def before(self, end: datetime, now: datetime) -> Delivered:
        """What was answered until ``end``, when the tablet was ended; the rest stays in it."""
        last_ms = to_ms(end) - to_ms(now) + self.now

        def is_early(raw: object) -> bool:
            at = raw.get("answered_at") if isinstance(raw, dict) else None
            return isinstance(at, int) and at <= last_ms

        return self.model_copy(update={"answers": [raw for raw in self.answers if is_early(raw)]})


@dataclass(frozen=True, slots=True)
class _Times:
    """What a delivery's times are judged by.

    Attributes:
        now: ours.
        offset_ms: by how much the tablet's clock was slow when it delivered.
        earliest: before which nobody can have answered there.
    """

    now: datetime
    offset_ms: int
    earliest: datetime

    def pressed(self, by_tablet_ms: int) -> tuple[datetime, Clock]:
        """When an answer was given.

        The clock may have been put right since: a time before there was a tablet, or after now, is
        of a clock that was wrong then, and nobody knows by how much.
        """
        pressed_ms, now_ms = by_tablet_ms + self.offset_ms, to_ms(self.now)
        if not to_ms(self.earliest) <= pressed_ms <= now_ms + _in_ms(CLOCK_OFF):
            return from_ms(min(by_tablet_ms, now_ms)), "unknown"  # as claimed, for whoever asks
        is_right = abs(self.offset_ms) <= _in_ms(CLOCK_OFF)
        return from_ms(min(pressed_ms, now_ms)), "synced" if is_right else "estimated"


def _in_ms(span: timedelta) -> int:
    return span // timedelta(milliseconds=1)


@dataclass(slots=True)
class _Read:
    """A readable answer: for the intake, and its comments."""

    submission: Submission
    comments: list[tuple[str, str]]


class Taken(NamedTuple):
    """What became of a delivery.

    Attributes:
        safe: ids of all that is safe now.
        masked: id of an answer → kinds of what was masked in its comments, where anything was.
    """

    safe: list[str]
    masked: dict[str, list[str]]


def take_delivered(page: Page, tablet: Tablet, delivered: Delivered) -> Taken:
    """Take what a tablet delivers.

    Raises:
        StoreError: a store doesn't answer; the tablet tries again.
    """
    desk, now = page.portal.part(AnswerDesk), page.portal.clock()
    first_at = first_tablet_at(page.portal.database, tablet.touchpoint)
    times = _Times(now, to_ms(now) - delivered.now, max(first_at - _GRACE, now - OLDEST))
    read: list[_Read] = []
    safe: list[str] = []
    for raw in delivered.answers:
        try:
            read.append(_read(page, tablet, raw, times))
        except (FormError, FleetError, ValidationError, ValueError, ArithmeticError) as error:
            detail = _detail(error)
            _log.warning("tablet-answer-unreadable", tablet=tablet.sender, detail=detail)
            keep_original(page.portal.database, page.portal.keys, tablet.sender, raw, detail, now)
            desk.set_aside(tablet.sender, without_comments(raw), detail, now)
            safe += _id_of(raw)
    desk.take_all([each.submission for each in read if each.submission.answers])
    masked = {each.submission.nonce: _keep_comments(page, each) for each in read}
    told = {answer: kinds for answer, kinds in masked.items() if kinds}
    return Taken(safe + [each.submission.nonce for each in read], told)


def _id_of(raw: object) -> list[str]:
    """What the tablet is told of an answer that nobody can read; nothing where it has no id."""
    found = raw.get("id") if isinstance(raw, dict) else None
    return [found] if isinstance(found, str) and found.isascii() and len(found) <= 100 else []


def _read(page: Page, tablet: Tablet, raw: object, times: _Times) -> _Read:
    """An answer as the intake takes it.

    Raises:
        FormError, FleetError, ValidationError, ValueError: nobody can.
    """
    answer = _Answer.model_validate(raw)
    asked = questionnaire(page.portal.feedback, answer.survey, answer.version)
    answered_at, clock = times.pressed(answer.answered_at)
    givens, comments = _said(asked, answer)
    submission = Submission(
        nonce=answer.id,
        sender=tablet.sender,
        touchpoint=tablet.touchpoint,
        survey=answer.survey,
        version=answer.version,
        channel="tablet",
        input="touch",
        language=answer.language,
        answered_at=answered_at,
        received_at=times.now,
        answers=tuple(givens),
        clock=clock,
    )
    if givens:
        check(submission)
    return _Read(submission, comments)


def _said(asked: Questionnaire, answer: _Answer) -> tuple[list[Given], list[tuple[str, str]]]:
    """Of all that was shown: what stands in the feedback store, and comments."""
    known = {item.code: item for item in asked.items}
    said = {
        code: read_answer(known[code], values, is_clerk=True)
        for code, values in answer.said.items()
        if code in known
    }
    givens: list[Given] = []
    comments: list[tuple[str, str]] = []
    for item in asked.asked(said):
        if item.code not in said:
            continue
        if item.sort == "comment":
            comments += [(item.code, text) for text in said[item.code]]
        else:
            givens.append(_timed(item, as_given(item, said), answer))
    return givens, comments


def _timed(item: Item, given: Given, answer: _Answer) -> Given:
    """Where the visitor went away: what he left open is no choice of his."""
    is_open = not answer.said.get(item.code)
    return replace(given, is_timeout=answer.end == "timeout" and is_open)


def _keep_comments(page: Page, read: _Read) -> list[str]:
    """Keep them; the kinds of what was masked."""
    masked: list[str] = []
    submission = read.submission
    is_known = submission.clock != "unknown"
    for question, text in read.comments:
        kept = keep(
            page.portal.database,
            survey=submission.survey,
            version=submission.version,
            question=question,
            touchpoint=submission.touchpoint,
            channel=submission.channel,
            language=submission.language,
            text=text,
            now=submission.answered_at if is_known else submission.received_at,
            zone=page.language.zone,
            once=f"{submission.nonce} {question}",
        )
        masked += [kind for kind in kept.masked if kind not in masked]
    return masked


def _detail(error: Exception) -> str:
    """Why an answer can't be read, without what was typed."""
    if isinstance(error, ValidationError):
        places = (".".join(map(str, each["loc"])) for each in error.errors())
        return f"not as a tablet sends it: {', '.join(places)}"[:500]
    return f"{type(error).__name__}: {error}"[:500]
