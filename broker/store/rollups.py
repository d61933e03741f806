"""Rollups: counts kept with the rows, in the same transaction, added up before they are written.

Row by row they would cost a third of the insert; added up over a batch they cost some percent.
Totals over all touchpoints are in lanes, and written last: on PostgreSQL all writers would queue
for one row. Keys are written in order, so that two writers can't wait for each other in a ring.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, Generic, NamedTuple, TypeAlias, TypeVar

from sqlalchemy import Connection

from broker.store.local_time import Slot
from broker.store.statements import Row, add_counts, write_rows
from broker.store.tables import (
    AnswerDay,
    FeedbackTable,
    RatingBlock,
    RatingDay,
    RatingHourOfWeek,
    table_of,
)
from broker.store.tally_tables import (
    MOST_VALUES,
    AnswerDayTotal,
    RatingDayTally,
    RatingHourTally,
    RatingHourTotal,
)

RatingKey: TypeAlias = tuple[str, str, str, str, str, Slot, int]
"""touchpoint, survey, question, scale, channel, slot, value: plain, since one is made a rating."""


class AnswerKey(NamedTuple):
    """Where an answer is counted; the empty ``option`` counts the answer itself."""

    touchpoint: str
    survey: str
    question: str
    channel: str
    slot: Slot
    outcome: str
    option: str

    def choices(self, options: Iterable[str]) -> list[AnswerKey]:
        """Where an answer with these options is counted: once itself, and once each option."""
        return [self, *(self._replace(option=option) for option in options)]


Key = TypeVar("Key", RatingKey, AnswerKey)

ROLLUPS: Final[tuple[type[FeedbackTable], ...]] = (
    RatingDay,
    RatingHourOfWeek,
    RatingBlock,
    AnswerDay,
    RatingDayTally,
    RatingHourTally,
    RatingHourTotal,
    AnswerDayTotal,
)
"""In the order in which they are written."""


class Tally(Generic[Key]):
    """Changes of the raw and of the filtered counts, by key."""

    def __init__(self) -> None:
        """Start with no change."""
        self.raw: Final[Counter[Key]] = Counter()
        self.filtered: Final[Counter[Key]] = Counter()

    def count(self, keys: Iterable[Key]) -> None:
        """Count each of ``keys`` once more, raw and filtered."""
        counted = Counter(keys)
        self.raw.update(counted)
        self.filtered.update(counted)

    def __len__(self) -> int:
        return len(self.raw) + len(self.filtered)

    def __iter__(self) -> Iterator[tuple[Key, int, int]]:
        """Each key with its changes."""
        for key in self.raw.keys() | self.filtered.keys():
            yield key, self.raw[key], self.filtered[key]


class Counts:
    """What a transaction changes in the rollups, added up until it is written."""

    def __init__(self) -> None:
        """Start with no change."""
        self.ratings: Final[Tally[RatingKey]] = Tally()
        self.answers: Final[Tally[AnswerKey]] = Tally()

    def __len__(self) -> int:
        return len(self.ratings) + len(self.answers)


class RollupWriter:
    """Writes counts; made once a database, since it holds the statements as text."""

    def __init__(self, dialect: str) -> None:
        """Prepare the statements."""
        tables = {model: table_of(model) for model in ROLLUPS}
        self._sql: Final = {
            model: add_counts(table, [name for name in table.c.keys() if name != "lane"], dialect)  # noqa: SIM118  # no dict
            for model, table in tables.items()
        }

    def add(self, connection: Connection, counts: Counts) -> None:
        """Add ``counts`` to the rollups, inside the caller's transaction."""
        sums: dict[type, _Sums] = {model: defaultdict(_nothing) for model in ROLLUPS}
        tallies: dict[type, _Sums] = {model: defaultdict(_no_tally) for model in _TALLIES}
        for (place, *asked, slot, value), raw, filtered in counts.ratings:
            _add(sums[RatingDay], (place, slot.day, *asked, value), raw, filtered)
            _add(sums[RatingBlock], (place, slot.block, *asked, value), raw, filtered)
            *what, channel = asked
            tally = (value, raw, filtered)
            _add_at(tallies[RatingDayTally], (place, slot.day, *what), *tally)
            if slot.hour_of_week is not None:
                hour = (place, slot.hour_of_week, *asked, value)
                _add(sums[RatingHourOfWeek], hour, raw, filtered)
                hour = (slot.block, slot.hour_of_week, *what)
                _add_at(tallies[RatingHourTally], (place, *hour, channel), *tally)
                _add_at(tallies[RatingHourTotal], hour, *tally)
        for (place, survey, question, channel, slot, *said), raw, filtered in counts.answers:
            day = (place, slot.day, survey, question, channel, *said)
            _add(sums[AnswerDay], day, raw, filtered)
            _add(sums[AnswerDayTotal], (slot.day, survey, question, *said), raw, filtered)
        for model, sql in self._sql.items():
            if model in tallies:  # their columns begin with the counts
                rows = [(*tally, *key) for key, tally in sorted(tallies[model].items())]
            else:
                rows = [(*key, *pair) for key, pair in sorted(sums[model].items())]
            write_rows(connection, sql, rows)


_Sums: TypeAlias = defaultdict[Row, list[int]]
_TALLIES: Final = (RatingDayTally, RatingHourTally, RatingHourTotal)


def _nothing() -> list[int]:
    return [0, 0]


def _no_tally() -> list[int]:
    return [0] * (2 * MOST_VALUES)


def _add(sums: _Sums, key: Row, raw: int, filtered: int) -> None:
    if raw or filtered:
        sums_of_key = sums[key]
        sums_of_key[0] += raw
        sums_of_key[1] += filtered


def _add_at(tallies: _Sums, key: Row, value: int, raw: int, filtered: int) -> None:
    if raw or filtered:
        tally = tallies[key]
        tally[value] += raw
        tally[MOST_VALUES + value] += filtered
