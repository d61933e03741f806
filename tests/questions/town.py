"""A small town with halls and desks, and any votes at them."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import delete, insert, update

from broker.store.database import Database
from broker.store.place_tables import Location
from broker.store.places import Place, put_placement
from broker.store.rebuild import rebuild
from broker.store.registry import add_site, add_touchpoint
from broker.store.tables import Event, Flag, Touchpoint, table_of

SITE: Final = Place("site", "troyan")
HALL, ANNEX = Place("location", "hall"), Place("location", "annex")
DESKS: Final = ("desk-1", "desk-2", "desk-3", "trial")
MOVED_ON: Final = date(2026, 6, 17)
"""From this day on, desk-2 stands in the annex, and not in the hall."""
RETIRED_ON: Final = date(2026, 11, 10)
"""From this day on, desk-3 is no more."""


@dataclass(frozen=True)
class Said:
    """What happens at a desk; a correction is of the last rating before it."""

    at: datetime
    kind: str = "rating"
    desk: str = "desk-1"
    value: int = 4
    survey: str = "reception"
    scale: str = "faces-4"
    channel: str = "device"
    clock: str = "synced"
    precision: str = "instant"
    options: tuple[str, ...] = ("waiting-time",)
    outcome: str = "answered"
    doubt: str | None = None


def build(database: Database) -> None:
    """The town, without votes: two desks in the hall, one of them moves; one outside of both."""
    add_site(database, SITE.code)
    since = date(2020, 1, 1)
    with database.transaction() as connection:
        for place in (HALL, ANNEX):
            row = {"code": place.code, "site": SITE.code, "name": place.code}
            added_at = datetime(2020, 1, 1, tzinfo=UTC)
            connection.execute(insert(table_of(Location)).values(**row, added_at=added_at))
            put_placement(connection, place, since, None)
    for code in DESKS:
        add_touchpoint(database, code, site=SITE.code, is_test=code == "trial")
    touchpoint = table_of(Touchpoint)
    with database.transaction() as connection:
        for code in ("desk-1", "desk-2", "trial"):
            put_placement(connection, Place("touchpoint", code), since, HALL.code)
        put_placement(connection, Place("touchpoint", "desk-2"), MOVED_ON, ANNEX.code)
        retired = update(touchpoint).where(touchpoint.c.code == "desk-3")
        connection.execute(retired.values(retired_on=RETIRED_ON))


def say(database: Database, said: Iterable[Said]) -> None:
    """Let this be all that was ever said, and count it."""
    rows = list(_rows(said))
    now = datetime(2027, 6, 1, tzinfo=UTC)
    flags = [
        {"event_id": row["id"], "reason": doubt, "rule_version": 1, "flagged_at": now}
        for row, doubt in rows
        if doubt
    ]
    with database.transaction() as connection:
        for model, new in ((Event, [row for row, _ in rows]), (Flag, flags)):
            connection.execute(delete(table_of(model)))
            if new:
                connection.execute(insert(table_of(model)), new)
    rebuild(database)


def _rows(said: Iterable[Said]) -> Iterator[tuple[dict[str, Any], str | None]]:
    """Each as a row, and why it is doubted; a correction without a rating before it is none."""
    rating = None
    for seq, each in enumerate(said, start=1):
        row = _row(each, seq)
        if each.kind == "correction":
            if rating is None:
                continue
            same = ("touchpoint", "survey", "question", "scale", "channel")
            row |= {name: rating[name] for name in same} | {"rating": rating["id"]}
        if each.kind == "rating":
            rating = row
        yield row, each.doubt


def _row(said: Said, seq: int) -> dict[str, Any]:
    is_answer = said.kind == "answer"
    return {
        "id": str(uuid.uuid4()),
        "kind": said.kind,
        "site": SITE.code,
        "device": "kiosk-1",
        "stream": 1,
        "seq": seq,
        "visit": "v",
        "touchpoint": said.desk,
        "survey": said.survey,
        "survey_version": 1,
        "question": "reason" if is_answer else "overall",
        "scale": None if is_answer else said.scale,
        "value": None if is_answer else said.value,
        "rating": None,
        "outcome": said.outcome if is_answer else None,
        "options": json.dumps(said.options) if is_answer and said.outcome == "answered" else None,
        "stated_number": None,
        "stated_on": None,
        "channel": said.channel,
        "input": "button",
        "language": "bg",
        "answered_at": said.at,
        "claimed_at": None,
        "clock": said.clock,
        "precision": said.precision,
        "boot": "b",
        "uptime_ms": 1,
        "received_at": said.at,
    }
