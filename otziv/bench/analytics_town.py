"""Two years of votes for ``otziv bench analytics``: straight into the tables, then counted.

Desks are open 8 to 18 on weekdays and 9 to 13 on Saturdays; some get three times as many votes as
others; Mondays, noon and winter are busier. The same size and seed give the same votes.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import insert

from broker.store.columns import to_ms
from broker.store.database import Database
from broker.store.events import COLUMNS
from broker.store.place_tables import Location, Placement
from broker.store.places import Place
from broker.store.rebuild import rebuild
from broker.store.registry import add_site
from broker.store.statements import insert_new, write_rows
from broker.store.tables import Event, Stream, Touchpoint, table_of

SITE: Final = Place("site", "bench")
ZONE: Final = ZoneInfo("Europe/Sofia")
LAST_ON: Final = date(2026, 11, 20)
DAYS: Final = 730
NOW: Final = datetime.combine(LAST_ON, time(17, 50), ZONE).astimezone(UTC)
"""The last day's votes end with this."""
SEED: Final = 20261122
HALLS_OF: Final = 12
"""Desks in one hall."""

_REASONS: Final = ("waiting-time", "staff", "information", "accessibility", "noise", "cleanliness")
_CHANNELS: Final = ("device", "qr", "web", "paper")
_WEIGHTS: Final = (94, 3, 2, 1)
_AT_ONCE: Final = 20_000


@dataclass(frozen=True, slots=True)
class Size:
    """How many events there are, about, and at how many touchpoints."""

    rows: int
    touchpoints: int

    @property
    def codes(self) -> list[str]:
        """The touchpoints."""
        return [f"desk-{number:04}" for number in range(self.touchpoints)]


def fill(database: Database, size: Size) -> int:
    """Register, insert, count; how many events there are."""
    add_site(database, SITE.code)
    with database.transaction() as connection:
        for model, rows in _registered(size).items():
            connection.execute(insert(table_of(model)), rows)
    events = _events(size)
    sql = insert_new(table_of(Event), COLUMNS, database.dialect)
    while rows_now := list(islice(events, _AT_ONCE)):
        with database.transaction() as connection:
            write_rows(connection, sql, rows_now)
    rebuild(database)
    with database.transaction() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("ANALYZE")
        found: int = connection.exec_driver_sql("SELECT count(*) FROM event").scalar_one()
    return found


def _registered(size: Size) -> dict[Any, list[dict[str, Any]]]:
    since = datetime(2020, 1, 1, tzinfo=UTC)
    halls = sorted({_hall(number) for number in range(size.touchpoints)})
    common = {"site": SITE.code, "added_at": since}
    stands = {"from_on": since.date(), "kind": "touchpoint"}
    return {
        Location: [{"code": hall, "name": hall, **common} for hall in halls],
        Touchpoint: [
            {"code": code, "name": code, "is_test": False, **common} for code in size.codes
        ],
        Placement: [
            *({**stands, "kind": "location", "code": hall, "location": None} for hall in halls),
            *(
                {**stands, "code": code, "location": _hall(number)}
                for number, code in enumerate(size.codes)
            ),
        ],
        Stream: [
            {
                "number": 1,
                "stream": "5" * 32,
                "device": "bench",
                "greatest_seq": 0,
                "stored_seqs": 0,
            }
        ],
    }


def _hall(number: int) -> str:
    return f"hall-{number // HALLS_OF:03}"


def _events(size: Size) -> Iterator[tuple[Any, ...]]:
    """Rows of events, day by day."""
    chance = random.Random(SEED)
    codes = size.codes
    weights = [chance.choice((1, 2, 3)) for _ in codes]
    moods = [chance.uniform(0.6, 0.9) for _ in codes]
    days = [LAST_ON - timedelta(days=n) for n in reversed(range(DAYS))]
    busy = [_busyness(day) for day in days]
    per_event = size.rows / (1 + _ANSWERED) / sum(busy)
    row = _Row()
    for day, share in zip(days, busy, strict=True):
        votes = round(share * per_event)
        midnight_ms = to_ms(datetime.combine(day, time(), ZONE))
        desks = chance.choices(range(len(codes)), weights, k=votes)
        for desk in desks:
            at_ms = midnight_ms + _time_of_day_ms(chance, day)
            is_satisfied = chance.random() < moods[desk]
            value = chance.choice((3, 4, 4)) if is_satisfied else chance.choice((1, 2))
            channel = chance.choices(_CHANNELS, _WEIGHTS)[0]
            rating = row.rating(codes[desk], value, channel, at_ms)
            yield rating
            if not is_satisfied:
                said = chance.choices(_REASONS, (6, 3, 3, 1, 1, 1), k=chance.choice((1, 1, 2)))
                yield row.answer(rating, sorted(set(said)), is_given=chance.random() < 0.7)


_ANSWERED: Final = 0.25
"""About a quarter of the votes are followed by a question."""


def _busyness(day: date) -> float:
    weekday = (1.4, 1.1, 1, 1, 0.9, 0.4, 0)[day.weekday()]
    return weekday * (1.2 if day.month in {11, 12, 1, 2} else 1.0)


def _time_of_day_ms(chance: random.Random, day: date) -> int:
    opens, closes = (9, 13) if day.weekday() == 5 else (8, 18)
    hour = chance.triangular(opens, closes, (opens + closes) / 2)
    return int(hour * 3_600_000)


class _Row:
    """Makes rows in the order of ``COLUMNS``."""

    def __init__(self) -> None:
        self._seq = 0
        self._blank: dict[str, Any] = dict.fromkeys(COLUMNS)
        self._blank |= {"site": SITE.code, "device": "bench", "stream": 1, "survey": "reception"}
        self._blank |= {"survey_version": 1, "input": "button", "language": "bg", "boot": "b"}
        self._blank |= {"clock": "synced", "precision": "instant", "visit": "v"}

    def rating(self, code: str, value: int, channel: str, at_ms: int) -> tuple[Any, ...]:
        said = {"kind": "rating", "question": "overall", "scale": "faces-4", "value": value}
        return self._row({**said, "touchpoint": code, "channel": channel}, at_ms)

    def answer(
        self, rating: Sequence[Any], options: Sequence[str], *, is_given: bool
    ) -> tuple[Any, ...]:
        of = dict(zip(COLUMNS, rating, strict=True))
        said = {"kind": "answer", "question": "reason", "rating": of["id"]}
        said["outcome"] = "answered" if is_given else "timeout"
        said["options"] = (
            "[" + ",".join(f'"{each}"' for each in options) + "]" if is_given else None
        )
        where = {name: of[name] for name in ("touchpoint", "channel")}
        return self._row({**said, **where}, of["answered_at"] + 2000)

    def _row(self, said: dict[str, Any], at_ms: int) -> tuple[Any, ...]:
        self._seq += 1
        number = self._seq
        # Spread like random ids, so that their index is as large as in life.
        event_id = f"{number * 0x9E3779B97F4A7C15 % 2**128:032x}{number:04x}"[-36:]
        of_it = {"id": event_id, "seq": number, "uptime_ms": number}
        row = self._blank | of_it | said | {"answered_at": at_ms, "received_at": at_ms}
        return tuple(row.values())
