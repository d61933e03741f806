"""A store that was filled with sample votes is as sound as if they had come in by themselves."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from sqlalchemy import select

from broker.fleet.notices import read_open
from broker.fleet.watch import Watch
from broker.misuse.flagging import flag_recent
from broker.store.completeness import completeness
from broker.store.database import Database
from broker.store.errors import StoreError
from broker.store.flag_reasons import PROVENANCE
from broker.store.place_settings import effective, staff_between
from broker.store.places import devices_at, touchpoints_under
from broker.store.rebuild import rebuild
from broker.store.registry import add_site, add_touchpoint
from broker.store.served import response_rate
from broker.store.tables import Event, Flag, Stream, table_of
from broker.wire.codec import read_event, write_event
from broker.wire.events import Answer, AnyEvent, Correction, Rating
from otziv.sample_years.filling import Filled, fill
from otziv.sample_years.record import read_planted, write_planted
from otziv.sample_years.towns import LARGE, SMALL
from tests.demo.tallies import year_of
from tests.store.counting import counted

NOW: Final = datetime(2026, 6, 15, 5, tzinfo=UTC)
SITE: Final = "town"
DAYS: Final = 35


def _fill(database: Database, *, seed: int = 1, now: datetime = NOW) -> Filled | None:
    add_site(database, SITE, timezone="Europe/Sofia")
    return fill(database, SITE, "Europe/Sofia", now, days=DAYS, seed=seed, towns=[SMALL])


def _all(database: Database) -> dict[str, Any]:
    """What every rollup counts, and every stream, in order."""
    with database.reading() as connection:
        streams = sorted(map(tuple, connection.execute(select(table_of(Stream))).all()))
    return {**counted(database), "stream": streams}


def test_nothing_is_missing_and_rollups_are_what_the_rows_say(database: Database) -> None:
    """Reckoned anew, every figure is the same; each stream has all its numbers."""
    filled = _fill(database)
    assert filled is not None
    assert 300 < filled.votes < filled.events

    accounts = completeness(database, with_gaps=True)
    assert {account.device for account in accounts} == {
        "dolna-01",
        "dolna-02",
        "dolna-03",
        "portal",
    }
    assert [(each.missing, each.quarantined, each.clashes) for each in accounts] == [(0, 0, 0)] * 4
    assert sum(each.stored for each in accounts) == filled.events

    kept = _all(database)
    assert all(kept.values())
    rebuild(database)
    assert _all(database) == kept


def test_the_real_rules_doubt_the_child(database: Database) -> None:
    """Nearly all its presses, and hardly anybody else's."""
    filled = _fill(database)
    assert filled is not None
    (child,) = [each for each in filled.planted if each.kind == "child"]
    flag, event = table_of(Flag), table_of(Event)
    doubts = select(flag.c.event_id).where(flag.c.reason.not_in(PROVENANCE))
    query = select(event.c.touchpoint, event.c.kind, event.c.value).where(event.c.id.in_(doubts))
    with database.reading() as connection:
        doubted = connection.execute(query).all()
    pressed = [each for each in doubted if each.kind == "rating"]
    of_child = [each for each in pressed if (each.touchpoint, each.value) == ("dolna-01", 1)]
    assert len(of_child) >= 0.9 * child.size
    assert len(pressed) - len(of_child) <= 3
    assert flag_recent(database, NOW).days == 0  # today's votes need not wait for a year's


def test_places_devices_and_staff_are_known_since_the_first_day(database: Database) -> None:
    """So that no figure of an old day falls under the minimum of staff, or out of the tree."""
    _fill(database)
    first_on, last_on = date(2026, 5, 11), date(2026, 6, 14)
    with database.reading() as connection:
        assert touchpoints_under(connection, "location", "dolna-centre", first_on) == [
            "dolna-01",
            "dolna-02",
        ]
        assert devices_at(connection, first_on)["dolna-01"] == ["dolna-01"]
        assert staff_between(connection, "touchpoint", "dolna-01", first_on, last_on) == 3
        hours = effective(connection, "dolna-01", first_on)["opening.weekly"].value
        assert [hour["opens_at"] for hour in hours] == ["08:00", "13:00"]
        rate = response_rate(
            connection, "site", "dolna-cheshma", datetime(2026, 5, 11, tzinfo=UTC), NOW
        )
    assert rate.share is not None
    assert 0.2 < rate.share < 0.6


def _event(row: Any) -> AnyEvent:  # noqa: ANN401  # a database's row
    """The event that a row was."""
    shared = {
        name: getattr(row, name)
        for name in (
            *("id", "seq", "visit", "touchpoint", "survey", "survey_version", "channel", "input"),
            *("language", "answered_at", "clock", "boot", "uptime_ms", "precision"),
        )
    }
    if row.kind == "rating":
        return Rating(question=row.question, scale=row.scale, value=row.value, **shared)
    if row.kind == "correction":
        return Correction(rating=row.rating, value=row.value, **shared)
    options = None if row.options is None else tuple(json.loads(row.options))
    said = {"outcome": row.outcome, "options": options}
    return Answer(question=row.question, rating=row.rating, **said, **shared)


def test_every_event_is_one_that_could_have_been_sent(database: Database) -> None:
    """The wire takes it; none has a time of the future, and none came in before it was said."""
    _fill(database)
    with database.reading() as connection:
        rows = connection.execute(select(table_of(Event))).all()
    assert {row.kind for row in rows} == {"rating", "correction", "answer"}
    for row in rows:
        event = _event(row)
        assert read_event(write_event(event)) == event
        assert row.answered_at <= row.received_at
        assert row.received_at < NOW
    ratings = {row.id: row.touchpoint for row in rows if row.kind == "rating"}
    assert all(ratings[row.rating] == row.touchpoint for row in rows if row.rating is not None)
    assert len({row.id for row in rows}) == len(rows)


def test_nobody_is_alarmed_by_devices_that_never_were(database: Database) -> None:
    """The fleet takes them for not installed yet: no notice, however long it looks on."""
    _fill(database)
    watch = Watch(database, lambda: True)
    for days in (0, 1, 3):
        watch.look(NOW + timedelta(days=days, hours=4))
    with database.reading() as connection:
        assert not read_open(connection)


def test_a_second_time_adds_nothing(database: Database) -> None:
    """Not even a year later."""
    assert _fill(database) is not None
    before = _all(database)
    assert _fill(database, seed=2, now=NOW.replace(year=2027)) is None
    assert _all(database) == before


def test_a_real_installation_is_left_alone(database: Database) -> None:
    """Sample votes could never be taken out of it again."""
    add_site(database, SITE)
    add_touchpoint(database, "town-hall", site=SITE)
    with pytest.raises(StoreError, match=r"town-hall.*--data"):
        _fill(database)
    assert not completeness(database)


def test_what_was_planted_is_kept_beside_the_demo(tmp_path: Path) -> None:
    """And read back as it was; where nothing was, there is nothing."""
    planted = year_of(LARGE, 60).planted
    assert read_planted(tmp_path / "demo") == []
    write_planted(tmp_path / "demo", planted)
    assert read_planted(tmp_path / "demo") == planted
