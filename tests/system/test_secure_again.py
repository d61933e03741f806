"""A secure installation that is started again: its ports, its place, its own certificates."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from broker.fleet.certificates import issue_within
from broker.fleet.vault import new_key
from otziv.installation import Installation, open_installation
from otziv.protection import protection_of
from otziv.stack import Stack


@pytest.fixture
def town(tmp_path: Path) -> Installation:
    """A secure installation whose ports are left open."""
    return open_installation(tmp_path, mqtt_port=0, fleet_port=0, **HERE)


HERE = {"listen": "127.0.0.1", "public_host": "127.0.0.1"}


@pytest.fixture
def stack(town: Installation) -> Iterator[Stack]:
    """It runs."""
    with Stack(town, is_secure=True) as started:
        yield started


def test_ports_stay_and_a_move_is_told(town: Installation) -> None:
    """Free ports are picked once; with another name an enrolled device would not find us."""
    with Stack(town, is_secure=True) as first:
        before = first.running
        assert first.moved is None
        with town.store() as database, database.transaction() as connection:
            authority, key = protection_of(town).authority(), new_key().public_key()
            issue_within(connection, authority, "town/k1", key, datetime.now(UTC))
    renamed = open_installation(
        town.data, mqtt_port=0, fleet_port=0, **{**HERE, "public_host": "localhost"}
    )
    with Stack(renamed, is_secure=True) as second:
        assert second.running.mqtt_port == before.mqtt_port
        assert str(second.fleet_url).split(":")[-1] == str(before.fleet_url).split(":")[-1]
        assert second.moved is not None
        assert "public_host = '127.0.0.1'" in second.moved


def test_a_renewed_certificate_is_taken_up(stack: Stack, town: Installation) -> None:
    """Its process is started again, once; the others go on."""
    assert stack.watch() == []
    assert stack.collector is not None
    before = stack.collector.pid
    path = protection_of(town).identity("collector")
    os.utime(path, ns=(0, path.stat().st_mtime_ns + 1))  # as a renewal does
    assert stack.watch() == ["collector"]
    assert stack.collector.pid != before
    assert stack.watch() == []
