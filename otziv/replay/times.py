"""Local times of old records: read, put into UTC, and resolved where clocks were changed.

A naive time is local to the map's time zone. Twice a year that is not enough:

- *ambiguous* (the hour that comes twice): the first of the two is taken;
- *missing* (the hour that is left out): shifted forward by the gap, as if the clock had not yet
  been changed.

Both are what PEP 495 calls ``fold=0``. A time that brings its own offset needs neither.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Final

from broker.intake.judge import EARLIEST
from broker.wire.events import Precision

NOON: Final = time(12)
"""Where only the day is known: far from both midnights, so it stays that day when zones change."""

_DIRECTIVE: Final = re.compile(r"%[-#]?([A-Za-z%])")
_YEARS: Final = frozenset("YyGcx")
_HOURS: Final = frozenset("HIMSfpcX")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


class TimeError(ValueError):
    """A time that can't be used; the text says why."""


@dataclass(frozen=True, slots=True)
class Instant:
    """When it was.

    Attributes:
        at: aware, in UTC; noon of the local day where ``precision`` is ``day``.
        is_ambiguous: the local time came twice that day.
        is_missing: the local time was left out that day.
    """

    at: datetime
    precision: Precision = "instant"
    is_ambiguous: bool = False
    is_missing: bool = False

    @property
    def wall_ms(self) -> int:
        """Milliseconds since 1970."""
        since = self.at - _EPOCH
        return (since.days * 86_400 + since.seconds) * 1_000 + since.microseconds // 1_000


class TimeReader:
    """Reads the times of one file.

    Args:
        zone: of naive times.
        formats: of ``strptime``, tried in order; none for ISO 8601.
        prefix: put before each text, for what the file leaves out.
        is_day_only: whether hours, if there are any, mean nothing.
        now: later times can't be.
    """

    def __init__(
        self,
        zone: tzinfo,
        now: datetime,
        formats: tuple[str, ...] = (),
        prefix: str = "",
        *,
        is_day_only: bool = False,
    ) -> None:
        self._zone = zone
        self._now = now
        self._formats = [(text, is_day_only or not _has_hour(text)) for text in formats]
        self._prefix = prefix
        self._is_day_only = is_day_only

    def read(self, text: str) -> Instant:
        """The time that ``text`` names.

        Raises:
            TimeError: it names none, one before 1990, or one that has not come yet.
        """
        found, is_day = self._parse(self._prefix + text)
        try:
            instant = self._day(found) if is_day else self._instant(found)
        except OverflowError as error:
            raise TimeError(f"time {text!r} is out of range") from error
        if instant.at < EARLIEST:
            raise TimeError(f"time {text!r} is before {EARLIEST.year}")
        if instant.at > self._now:
            raise TimeError(f"time {text!r} is in the future")
        return instant

    def _parse(self, text: str) -> tuple[datetime, bool]:
        """The time as written, and whether it is only a day."""
        if not self._formats:
            return self._parse_iso(text)
        for layout, is_day in self._formats:
            try:
                # Naive where the file is: the map's zone is put in by _instant.
                return datetime.strptime(text, layout), is_day  # noqa: DTZ007
            except ValueError:
                continue
        layouts = " or ".join(repr(layout) for layout, _ in self._formats)
        raise TimeError(f"time {text!r} is not like {layouts}")

    def _parse_iso(self, text: str) -> tuple[datetime, bool]:
        try:
            if len(text) <= 10:  # the shortest time of day makes it longer
                return datetime.combine(date.fromisoformat(text), NOON), True
            return datetime.fromisoformat(text), self._is_day_only
        except ValueError as error:
            raise TimeError(
                f"time {text!r} is not ISO 8601 (2024-01-31 09:15); give time_format in the map"
            ) from error

    def _day(self, found: datetime) -> Instant:
        local = found if found.tzinfo is None else found.astimezone(self._zone)
        noon = datetime.combine(local.date(), NOON, self._zone).astimezone(UTC)
        has_begun = local.date() <= self._now.astimezone(self._zone).date()
        return Instant(min(noon, self._now) if has_begun else noon, "day")

    def _instant(self, found: datetime) -> Instant:
        if found.tzinfo is not None:
            return Instant(found.astimezone(UTC))
        first = found.replace(tzinfo=self._zone, fold=0)
        before, after = first.utcoffset(), first.replace(fold=1).utcoffset()
        if before is None or after is None or before == after:
            return Instant(first.astimezone(UTC))
        is_ambiguous = before > after
        return Instant(
            first.astimezone(UTC), is_ambiguous=is_ambiguous, is_missing=not is_ambiguous
        )


def has_year(layout: str) -> bool:
    """Whether a ``strptime`` format reads a year."""
    return not _YEARS.isdisjoint(_DIRECTIVE.findall(layout))


def _has_hour(layout: str) -> bool:
    """Whether a ``strptime`` format reads a time of day."""
    return not _HOURS.isdisjoint(_DIRECTIVE.findall(layout))
