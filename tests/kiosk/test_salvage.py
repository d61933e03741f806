"""What is read of a broken outbox: all that is readable, under its own stream, numbers and ids."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from broker.wire.events import AnyEvent
from kiosk.backlog import Backlog
from kiosk.ballast import Ballast
from kiosk.clock import instant
from kiosk.opening import broken_outboxes, salvaged_outboxes
from kiosk.outbox import Entry, Outbox
from kiosk.salvage import salvage
from tests.kiosk.builders import BOOT, NOW_MS, HandClock, draft, uuid
from tests.kiosk.full_disk import no_room

PAGE = 4_096
COUNT = 1_500


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the outbox is."""
    return tmp_path / "outbox.db"


def _fill(path: Path, count: int = COUNT) -> str:
    """An outbox with so many events; its stream."""
    with closing(Outbox(path)) as outbox:
        outbox.add(Entry(draft(n), HandClock().read()) for n in range(1, count + 1))
        return str(outbox.stream)


def _spoil(path: Path, *pages: int) -> None:
    """Overwrite pages, counted from 0, with noise."""
    content = bytearray(path.read_bytes())
    for page in pages:
        content[page * PAGE : (page + 1) * PAGE] = b"\xa5" * PAGE
    path.write_bytes(content)


def _root(path: Path, table: str) -> int:
    """The page, counted from 0, where a table begins."""
    with closing(sqlite3.connect(path)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (page,) = connection.execute(query, (table,)).fetchone()
        return int(page) - 1


def _salvaged(path: Path) -> tuple[str, list[AnyEvent]]:
    """Stream and events of what was salvaged."""
    (salvaged,) = salvaged_outboxes(path)
    with closing(Backlog(salvaged, Ballast(path.with_name("ballast")))) as backlog:
        return backlog.stream, backlog.pending(COUNT)


@pytest.mark.parametrize("first", [10, 100, -2])
def test_all_but_the_damaged_pages_is_salvaged(path: Path, first: int) -> None:
    """At the beginning, in the middle and at the end; with the old stream, numbers and ids."""
    stream = _fill(path)
    pages = path.stat().st_size // PAGE
    _spoil(path, first % pages, first % pages + 1)
    Outbox(path).close()
    found_stream, events = _salvaged(path)
    assert found_stream == stream
    assert COUNT - 50 <= len(events) <= COUNT
    assert [event.seq for event in events] == sorted(event.seq for event in events)
    assert all(event.id == uuid(event.seq) for event in events)
    assert broken_outboxes(path) == [path.with_name("outbox.db.broken-1")]


def test_a_damaged_index_costs_no_event(path: Path) -> None:
    """They are read by their numbers."""
    _fill(path)
    _spoil(path, _root(path, "sqlite_autoindex_event_1"))
    Outbox(path).close()
    assert len(_salvaged(path)[1]) == COUNT


def test_what_dates_presses_is_salvaged_too(path: Path) -> None:
    """A press without a time keeps the anchor of its boot."""
    clock = HandClock(wall=30_000, is_synced=False)
    with closing(Outbox(path)) as outbox:
        outbox.add([Entry(draft(1), clock.read())])
        with closing(Backlog(path, Ballast(path.with_name("ballast")))) as backlog:
            backlog.keep_anchor(HandClock().read())
    _spoil(path, _root(path, "sqlite_autoindex_event_1"))
    Outbox(path).close()
    (event,) = _salvaged(path)[1]
    assert (event.clock, event.answered_at, event.boot) == ("estimated", instant(NOW_MS), BOOT)


def test_events_in_the_log_only_are_salvaged(path: Path) -> None:
    """A kill leaves the latest in the write-ahead log, which goes with its file."""
    _fill(path, 100)
    with closing(Outbox(path)) as outbox, closing(sqlite3.connect(path)):
        outbox.add([Entry(draft(101), HandClock().read())])
        left = {name: path.with_name(name).read_bytes() for name in ("outbox.db", "outbox.db-wal")}
    for name, content in left.items():
        path.with_name(name).write_bytes(content)
    _spoil(path, 10)
    Outbox(path).close()
    _, events = _salvaged(path)
    assert events[-1].id == uuid(101)


@pytest.mark.parametrize("table", ["stream", "sqlite_schema", "event"])
def test_where_the_heart_is_hit_nothing_is_made_up(path: Path, table: str) -> None:
    """No stream, no list of tables, no root: a new outbox begins, and the broken one is kept."""
    _fill(path, 50)
    _spoil(path, 0 if table == "sqlite_schema" else _root(path, table))
    with closing(Outbox(path)) as outbox:
        assert outbox.add([Entry(draft(1), HandClock().read())]) == [1]
    assert len(broken_outboxes(path)) == 1
    assert salvaged_outboxes(path) == []


def test_noise_of_any_kind_is_survived(path: Path) -> None:
    """Every page in turn: opening never fails, and never sends what nobody pressed."""
    _fill(path, 60)
    whole = path.read_bytes()
    for page in range(len(whole) // PAGE):
        path.write_bytes(whole)
        _spoil(path, page)
        Outbox(path).close()
    for salvaged in salvaged_outboxes(path):
        with closing(Backlog(salvaged, Ballast(path.with_name("ballast")))) as backlog:
            assert all(event.id == uuid(event.seq) for event in backlog.pending(COUNT))


def test_without_room_nothing_is_salvaged_and_nothing_left_behind(path: Path) -> None:
    """It is no error: the kiosk opens, and people still have the broken file."""
    _fill(path)
    with no_room():
        assert salvage(path, path.with_name("outbox.db.salvaged-1")) == 0
    assert not [found for found in path.parent.iterdir() if "salvaged" in found.name]
    assert salvage(path, path.with_name("outbox.db.salvaged-1")) == COUNT


def test_a_second_broken_outbox_leaves_the_first_salvage_alone(path: Path) -> None:
    """Each has its own number, also when people removed the first broken file."""
    for count in (30, 40):
        _fill(path, count)
        _spoil(path, _root(path, "sqlite_autoindex_event_1"))
        Outbox(path).close()
        path.with_name("outbox.db.broken-1").unlink(missing_ok=True)
        path.unlink()
    assert [found.name for found in salvaged_outboxes(path)] == [
        "outbox.db.salvaged-1",
        "outbox.db.salvaged-2",
    ]
