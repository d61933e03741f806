"""The same questions answered vote by vote: what the rollups must agree with."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select

from analytics.period import Period
from analytics.questions.asked import Choice
from broker.store.flag_reasons import PROVENANCE
from broker.store.places import Place, touchpoints_under
from broker.store.tables import Event, Flag, Touchpoint, table_of

SOFIA: Final = ZoneInfo("Europe/Sofia")


@dataclass(frozen=True)
class Vote:
    """A rating as it counts; ``hour`` is ``None`` where it isn't known."""

    place: Place
    scale: str
    value: int
    at: datetime
    day: date
    hour: int | None
    is_exact: bool


@dataclass(frozen=True)
class Asker:
    """What the scope was made with."""

    visible: frozenset[str] | None = None
    is_test_included: bool = False


def votes_of(connection: Connection, choice: Choice, asker: Asker, days: Period) -> Iterator[Vote]:
    """Every vote that is meant, once for each place that it was in on its day."""
    events = connection.execute(select(table_of(Event))).all()
    doubted = _doubted(connection)
    for row in events:
        if row.kind != "rating" or not _is_asked(row, choice):
            continue
        if choice.scale not in {None, row.scale}:
            continue
        value = row.value
        if choice.is_filtered:
            if row.id in doubted:
                continue
            changes = [e for e in events if e.kind == "correction" and e.rating == row.id]
            for change in sorted(changes, key=lambda e: (e.seq, e.number)):
                value = value if change.id in doubted else change.value
        local = row.answered_at.astimezone(SOFIA)
        is_vague = row.clock == "unknown" or row.precision == "day"
        hour = None if is_vague else local.weekday() * 24 + local.hour
        for place in _places(connection, row.touchpoint, local.date(), choice, asker, days):
            is_exact = row.precision != "day"
            yield Vote(place, row.scale, value, row.answered_at, local.date(), hour, is_exact)


def answers_of(
    connection: Connection, choice: Choice, asker: Asker, days: Period
) -> Counter[tuple[Place, str, str]]:
    """Place, outcome, option → answers; the empty option counts answers."""
    doubted = _doubted(connection) if choice.is_filtered else set()
    found: Counter[tuple[Place, str, str]] = Counter()
    for row in connection.execute(
        select(table_of(Event)).where(table_of(Event).c.kind == "answer")
    ):
        if row.id in doubted or not _is_asked(row, choice):
            continue
        on = row.answered_at.astimezone(SOFIA).date()
        for place in _places(connection, row.touchpoint, on, choice, asker, days):
            for option in ("", *json.loads(row.options or "[]")):
                found[place, row.outcome, option] += 1
    return found


def by_place(
    votes: Iterator[Vote], key: Callable[[Vote], Any]
) -> dict[tuple[Place, str], Counter[Any]]:
    """Place and scale → key → how many."""
    found: dict[tuple[Place, str], Counter[Any]] = {}
    for vote in votes:
        found.setdefault((vote.place, vote.scale), Counter())[key(vote)] += 1
    return found


def _places(
    connection: Connection,
    code: str,
    on: date,
    choice: Choice,
    asker: Asker,
    days: Period,
) -> Iterator[Place]:
    if not days.from_on <= on <= days.to_on or not (asker.visible is None or code in asker.visible):
        return
    touchpoint = table_of(Touchpoint).c
    is_test = connection.scalar(select(touchpoint.is_test).where(touchpoint.code == code))
    for place in choice.scope.places:
        is_meant = not is_test or asker.is_test_included or place == Place("touchpoint", code)
        if is_meant and code in touchpoints_under(connection, *place, on):
            yield place


def _is_asked(row: Any, choice: Choice) -> bool:  # noqa: ANN401  # a database's row
    return (
        choice.survey in {None, row.survey}
        and choice.question in {None, row.question}
        and choice.channel in {None, row.channel}
    )


def _doubted(connection: Connection) -> set[str]:
    flags = connection.execute(select(table_of(Flag)))
    return {row.event_id for row in flags if row.reason not in PROVENANCE}
