"""The whole sample year in a store of its own, as ``otziv demo --with-history`` makes it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from sqlalchemy import func, select

from analytics.closed.asked import Asked
from analytics.closed.library import read_book
from analytics.figures.effect import effect
from analytics.figures.findings import findings
from analytics.measures.p_chart import p_chart
from analytics.period import Period
from broker.store.completeness import completeness
from broker.store.database import Database
from broker.store.migrate import open_database
from broker.store.places import Place
from broker.store.rebuild import rebuild
from broker.store.registry import add_site
from broker.store.tables import RatingDay, table_of
from otziv.sample_years.filling import fill
from otziv.sample_years.planting import Planted
from otziv.sample_years.record import read_planted
from tests.store.counting import counted

NOW: Final = datetime(2026, 6, 15, 5, tzinfo=UTC)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def _pressed(database: Database, touchpoint: str) -> dict[date, tuple[int, int]]:
    """Day → (unhappy, votes) of the device, without misuse."""
    table = table_of(RatingDay)
    query = (
        select(table.c.day, table.c.value, func.sum(table.c.filtered))
        .where(table.c.touchpoint == touchpoint, table.c.channel == "device")
        .group_by(table.c.day, table.c.value)
    )
    days: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    with database.reading() as connection:
        for on, value, votes in connection.execute(query):
            days[on][0] += votes if value <= 2 else 0
            days[on][1] += votes
    return {on: (unhappy, n) for on, (unhappy, n) in sorted(days.items()) if n}


def _planted(planted: list[Planted], kind: str) -> Planted:
    return next(each for each in planted if each.kind == kind)


def test_a_year_of_both_towns_is_sound_and_tells_what_was_planted(tmp_path: Path) -> None:
    """Every figure follows from the rows; the incident, the child and the silence show in them."""
    database = open_database(f"sqlite:///{tmp_path / 'feedback.sqlite3'}")
    add_site(database, "town", timezone="Europe/Sofia")
    filled = fill(database, "town", "Europe/Sofia", NOW)
    assert filled is not None
    assert filled.votes == pytest.approx(365 * (12 * 160 + 15) * 1.08, rel=0.03)
    assert {each.missing for each in completeness(database)} == {0}

    planted = list(filled.planted)
    incident = _planted(planted, "incident")
    days = _pressed(database, incident.touchpoint)
    chart = p_chart(list(days.values()))
    assert all(chart.is_beyond(*day) for on, day in days.items() if incident.is_on(on))
    broken = _planted(planted, "broken-device")
    assert not any(broken.is_on(on) for on in _pressed(database, broken.touchpoint))
    child = next(each for each in planted if (each.kind, each.site) == ("child", "town"))
    chart = p_chart(list(_pressed(database, child.touchpoint).values()))
    assert not chart.is_beyond(*_pressed(database, child.touchpoint)[child.from_on])
    assert filled.doubted["burst"] > 0.9 * child.size

    _book_tells(database, planted)
    kept = counted(database)
    rebuild(database)
    assert counted(database) == kept
    database.close()


def _book_tells(database: Database, planted: list[Planted]) -> None:
    """What managers are shown: what got worse, where and why; what helped, and what did not."""
    with database.reading() as connection:
        book = read_book(connection, NOW)
    worsening = _planted(planted, "worsening")
    told = findings(book)
    assert len(told) <= 2
    assert (told[0].kind, told[0].named.place.code) == ("worse", worsening.touchpoint)
    assert abs((told[0].since_on - worsening.from_on).days) <= 3
    assert told[0].reason is not None
    assert told[0].reason.code == worsening.reason
    for kind, outcome in (("helped", "better"), ("not-helped", "no-difference")):
        measure = _planted(planted, kind)
        named = book.nearest(Place("touchpoint", measure.touchpoint))
        assert named is not None
        day = Period(measure.from_on, measure.from_on)
        assert effect(book, Asked(day).at(named.place), measure.from_on).outcome == outcome


def test_the_demo_fills_it_once_and_runs_as_ever(tmp_path: Path) -> None:
    """The balance of the demo's own visitors is what it was; the history lies beside it."""
    words = ("demo", "--headless", "--for", "3", "--with-history", "--history-days", "28", "--json")
    argv = [sys.executable, "-m", "otziv", *words, "--data", str(tmp_path)]
    first = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=250)
    report = json.loads(first.stdout)
    assert (report["missing"], report["extra"], report["kiosks"]) == (0, 0, 12)
    assert "votes of 28 days" in first.stderr

    planted = read_planted(tmp_path / "demo")
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    assert planted
    assert all(each.until_on <= yesterday + timedelta(days=1) for each in planted)

    second = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=250)
    assert "there already" in second.stderr
    assert json.loads(second.stdout)["missing"] == 0
