"""Where kiosks find an installation: a change is told as long as somebody looks elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from broker.fleet.authority import Authority
from broker.fleet.certificates import issue_within
from broker.fleet.vault import new_key
from broker.store.database import Database
from otziv.installation import Installation, open_installation
from otziv.place import Place, last_place, note_place

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)
HERE = Place("town.example", 8883, 8443)
THERE = replace(HERE, mqtt_port=9883)


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """A new one."""
    return open_installation(tmp_path)


@pytest.fixture
def database(installation: Installation) -> Iterator[Database]:
    """Its database."""
    with installation.store() as opened:
        yield opened


def enrol(database: Database, folder: Path, now: datetime) -> None:
    """A device has a certificate from now on."""
    authority = Authority.open(folder / "fleet", b"a passphrase", now)
    with database.transaction() as connection:
        issue_within(connection, authority, "town/k1", new_key().public_key(), now)


def test_who_stays_where_he_is_is_told_nothing(database: Database, tmp_path: Path) -> None:
    """Nor who moves before a device is enrolled."""
    assert last_place(tmp_path) is None
    assert note_place(database, tmp_path, HERE, NOW) is None
    assert note_place(database, tmp_path, THERE, NOW) is None
    enrol(database, tmp_path, NOW + HOUR)
    assert note_place(database, tmp_path, THERE, NOW + 2 * HOUR) is None
    assert last_place(tmp_path) == THERE


def test_a_move_is_told_until_nobody_looks_elsewhere(database: Database, tmp_path: Path) -> None:
    """At each start, with what was before; not when it is put back, nor after a new enrolment."""
    note_place(database, tmp_path, HERE, NOW)
    enrol(database, tmp_path, NOW)
    for hours in (1, 2):
        told = note_place(database, tmp_path, THERE, NOW + hours * HOUR)
        assert told is not None
        assert "1 enrolled devices" in told
        assert "mqtt_port = 8883" in told
        assert "fleet_port" not in told
    assert note_place(database, tmp_path, HERE, NOW + 3 * HOUR) is None
    assert note_place(database, tmp_path, THERE, NOW + 4 * HOUR) is not None
    enrol(database, tmp_path, NOW + 5 * HOUR)
    assert note_place(database, tmp_path, THERE, NOW + 6 * HOUR) is None


def test_a_damaged_file_tells_of_nothing(database: Database, tmp_path: Path) -> None:
    """It stops nobody from starting."""
    for content in ("{", "[1]", '[{"since": "x"}]', "{}"):
        (tmp_path / "place.json").write_text(content)
        assert last_place(tmp_path) is None
        assert note_place(database, tmp_path, HERE, NOW) is None
        assert last_place(tmp_path) == HERE
