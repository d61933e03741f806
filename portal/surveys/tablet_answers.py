"""What a tablet delivers: answers given while it may have been offline, each with an id of its own.

A tablet deletes an answer only when it is told that it is safe here: stored, stored before, or kept
in quarantine because nobody could read it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Any, Final, Literal

import structlog
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from broker.fleet.errors import FleetError
from broker.intake.submission import Given, Submission
from broker.intake.submissions import check
from portal.comments.service import keep
from portal.surveys.answer_tables import Tablet
from portal.surveys.asking import Item, Questionnaire, questionnaire
from portal.surveys.desk import AnswerDesk
from portal.surveys.reading_answers import as_given, read_answer
from portal.web.forms import FormError
from portal.web.page import Page

MOST_AT_ONCE: Final = 100
CLOCK_OFF: Final = timedelta(seconds=5)
"""By how much a tablet's clock may be wrong before its times count as estimated."""

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)
_Milliseconds = Annotated[int, Field(ge=0, le=253_402_300_799_000)]
_Values = Annotated[list[Annotated[str, Field(max_length=10_000)]], Field(max_length=50)]


class _Answer(BaseModel):
    """An answer as the tablet's browser keeps it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: Annotated[str, Field(pattern=r"^[0-9a-f-]{32,36}$")]
    survey: Annotated[str, Field(max_length=63)]
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]
    language: Annotated[str, Field(max_length=20)]
    answered_at: _Milliseconds
    end: Literal["done", "timeout"] = "done"
    said: Annotated[dict[str, _Values], Field(max_length=400)]
    """Of what was shown; what was left out has no values."""


class Delivered(BaseModel):
    """What is posted."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    now: _Milliseconds
    """By the tablet's clock."""
    waiting: Annotated[int, Field(ge=0, le=10_000_000)] = 0
    """How many more it has."""
    answers: Annotated[list[Any], Field(max_length=MOST_AT_ONCE)]


@dataclass(slots=True)
class _Read:
    """A readable answer: for the intake, and its comments."""

    submission: Submission
    comments: list[tuple[str, str]]


def take_delivered(page: Page, tablet: Tablet, delivered: Delivered) -> list[str]:
    """Take what a tablet delivers; the ids of all that is safe now.

    Raises:
        StoreError: a store doesn't answer; the tablet tries again.
    """
    desk, now = page.portal.part(AnswerDesk), page.portal.clock()
    offset = now - datetime.fromtimestamp(delivered.now / 1000, now.tzinfo)
    read: list[_Read] = []
    safe: list[str] = []
    for raw in delivered.answers:
        try:
            read.append(_read(page, tablet, raw, offset))
        except (FormError, FleetError, ValidationError, ValueError) as error:
            detail = _detail(error)
            _log.warning("tablet-answer-unreadable", tablet=tablet.sender, detail=detail)
            desk.set_aside(tablet.sender, _without_comments(raw), detail, now)
            safe += [raw["id"]] if isinstance(raw, dict) and isinstance(raw.get("id"), str) else []
    desk.take_all([each.submission for each in read if each.submission.answers])
    for each in read:
        _keep_comments(page, each)
    return safe + [each.submission.nonce for each in read]


def _read(page: Page, tablet: Tablet, raw: object, offset: timedelta) -> _Read:
    """An answer as the intake takes it.

    Raises:
        FormError, FleetError, ValidationError, ValueError: nobody can.
    """
    answer, now = _Answer.model_validate(raw), page.portal.clock()
    asked = questionnaire(page.portal.feedback, answer.survey, answer.version)
    pressed_at = datetime.fromtimestamp(answer.answered_at / 1000, now.tzinfo) + offset
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
        answered_at=min(pressed_at, now),
        received_at=now,
        answers=tuple(givens),
        clock="synced" if abs(offset) <= CLOCK_OFF else "estimated",
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


def _keep_comments(page: Page, read: _Read) -> None:
    submission = read.submission
    for question, text in read.comments:
        keep(
            page.portal.database,
            survey=submission.survey,
            version=submission.version,
            question=question,
            touchpoint=submission.touchpoint,
            channel=submission.channel,
            language=submission.language,
            text=text,
            now=submission.answered_at,
            zone=page.language.zone,
            once=f"{submission.nonce} {question}",
        )


def _without_comments(raw: object) -> bytes:
    """What can be kept in the feedback store, where no free text may stand: codes and numbers."""
    return json.dumps(_plain(raw), ensure_ascii=True)[:20_000].encode()


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {_code(key): _plain(each) for key, each in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(each) for each in value]
    return _code(value) if isinstance(value, str) else value


def _code(text: object) -> str:
    """A short text in small Latin letters and digits is a code; anything else may be a comment."""
    said = str(text)
    is_code = (
        len(said) <= 63 and said.isascii() and said.replace("-", "").replace("_", "").isalnum()
    )  # as codes
    return said if is_code else f"({len(said)} characters)"


def _detail(error: Exception) -> str:
    """Why an answer can't be read, without what was typed."""
    if isinstance(error, ValidationError):
        places = (".".join(map(str, each["loc"])) for each in error.errors())
        return f"not as a tablet sends it: {', '.join(places)}"[:500]
    return f"{type(error).__name__}: {error}"[:500]
