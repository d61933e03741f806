"""From a row to a vote: each row of the file becomes one vote, is skipped, or is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from broker.wire.scales import SCALES
from kiosk.drafts import AnswerDraft, AnyDraft, RatingDraft
from otziv.replay.codes import CodeError, Codes
from otziv.replay.csvfile import Broken, Row, open_rows
from otziv.replay.header import Header, RowError, read_header
from otziv.replay.ids import IdMaker, follow_up_id, visit_of
from otziv.replay.mapping import Map
from otziv.replay.times import Instant, TimeError, TimeReader

INPUT: Final = "import"
"""What a replayed event says of how it was given."""

_INTEGER: Final = re.compile(r"[+-]?\d{1,9}([.,]0*)?")
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


@dataclass(frozen=True, slots=True)
class Vote:
    """What one row says; ``place`` is its touchpoint as the file names it."""

    line: int
    place: str
    when: Instant
    rating: RatingDraft
    follow_up: AnswerDraft | None = None

    @property
    def drafts(self) -> tuple[AnyDraft, ...]:
        """What is to be sent, in order."""
        return (self.rating,) if self.follow_up is None else (self.rating, self.follow_up)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that the map says to leave out."""

    line: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that can't be used, and why."""

    line: int
    reason: str


Outcome: TypeAlias = Vote | Skipped | Refused


def read_votes(
    path: Path, mapping: Map, now: datetime, names: Mapping[str, str]
) -> Iterator[Outcome]:
    """What each row of the file at ``path`` comes to, in order.

    Args:
        path: of the file.
        mapping: what it means.
        now: later times are refused.
        names: of the touchpoints that are registered already, by code.

    Raises:
        FileError: the file can't be read, is empty, or lacks a column of the map.
    """
    with open_rows(path, mapping.encoding, mapping.delimiter) as rows:
        judge = Judge(mapping, read_header(rows, path, mapping), now, names)
        for row in rows:
            yield judge.judge(row)


class Judge:
    """Makes votes of rows, by the map."""

    def __init__(
        self, mapping: Map, header: Header, now: datetime, names: Mapping[str, str]
    ) -> None:
        self._map = mapping
        self._header = header
        self._ids = IdMaker(mapping)
        self._touchpoints = Codes("touchpoint", mapping.touchpoints, names)
        self._options = Codes("option", mapping.options)
        self._times = TimeReader(
            ZoneInfo(mapping.timezone),
            now,
            mapping.time_format,
            mapping.time_prefix,
            is_day_only=mapping.precision == "day",
        )

    def judge(self, row: Row | Broken) -> Outcome:
        """What ``row`` comes to."""
        if isinstance(row, Broken):
            return Refused(row.line, row.reason)
        try:
            cells = self._header.pick(row.cells)
            value = self._value(cells["value"])
            return Skipped(row.line) if value is None else self._vote(row.line, cells, value)
        except (RowError, TimeError, CodeError) as error:
            return Refused(row.line, str(error))

    def _vote(self, line: int, cells: dict[str, str], value: int) -> Vote:
        mapping = self._map
        when = self._times.read(cells["time"])
        place = cells.get("touchpoint", "")
        touchpoint = mapping.touchpoint or self._touchpoints.code(place)
        option = self._options.code(cells["option"]) if cells.get("option") else None
        language = self._language(cells.get("language", ""))
        # Last: a refused row takes no number among its equals.
        rating_id = self._ids.rating(touchpoint, cells["time"], cells["value"])
        rating = RatingDraft(
            id=rating_id,
            visit=visit_of(rating_id),
            touchpoint=touchpoint,
            survey=mapping.survey,
            survey_version=mapping.survey_version,
            language=language,
            uptime_ms=0,
            input=INPUT,
            channel=mapping.channel,
            precision=when.precision,
            question=mapping.question,
            scale=mapping.scale,
            value=value,
        )
        follow_up = None if option is None else _follow_up(rating, mapping.option_question, option)
        return Vote(line, place or touchpoint, when, rating, follow_up)

    def _value(self, text: str) -> int | None:
        """The value that ``text`` means, ``None`` for one to skip.

        Raises:
            RowError: it means none, or one that is not on the scale.
        """
        found = self._map.values.get(text)
        if found is None and _INTEGER.fullmatch(text):
            number = int(re.split("[.,]", text)[0])
            found = self._map.values.get(str(number), number)
        if found is None:
            raise RowError(f"value {text!r} is neither in [values] nor a whole number")
        if found == "skip":
            return None
        scale = SCALES[self._map.scale]
        if not scale.has(found):
            raise RowError(
                f"value {text!r} is not on the scale {self._map.scale} "
                f"({scale.worst} to {scale.best}), nor in [values]"
            )
        return found

    def _language(self, text: str) -> str:
        """The language tag that ``text`` means.

        Raises:
            RowError: it means none.
        """
        if not text:
            return self._map.languages.get("", self._map.language)
        found = self._map.languages.get(text, text)
        if not _LANGUAGE.fullmatch(found):
            raise RowError(f"language {text!r} is neither in [languages] nor a language tag")
        return found


def _follow_up(rating: RatingDraft, question: str, option: str) -> AnswerDraft:
    """The answer that belongs to ``rating``."""
    return AnswerDraft(
        id=follow_up_id(rating.id, question),
        visit=rating.visit,
        touchpoint=rating.touchpoint,
        survey=rating.survey,
        survey_version=rating.survey_version,
        language=rating.language,
        uptime_ms=0,
        input=rating.input,
        channel=rating.channel,
        precision=rating.precision,
        question=question,
        outcome="answered",
        rating=rating.id,
        options=(option,),
    )
