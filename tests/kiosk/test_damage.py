"""An outbox that is spoilt while it is in use: nobody is thanked, and the next start salvages."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.backlog import Backlog
from kiosk.ballast import Ballast
from kiosk.damage import log_of, mark_of
from kiosk.database import OutboxError
from kiosk.opening import broken_outboxes, look_at, salvaged_outboxes
from kiosk.outbox import Entry, Outbox
from tests.kiosk.builders import HandClock, draft, uuid


def _spoil_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"\xa5" * 100)


def _empty(path: Path) -> None:
    os.truncate(path, 0)


def _empty_log(path: Path) -> None:
    os.truncate(log_of(path), 0)


def _spoil_log(path: Path) -> None:
    with log_of(path).open("r+b") as file:
        file.write(b"\xa5" * 8192)


DAMAGE = (_spoil_header, _empty, _empty_log, _spoil_log)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the outbox is."""
    return tmp_path / "outbox.db"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    """An outbox with eight events, of which three are in its log only."""
    with closing(Outbox(path)) as opened:
        opened.add(_entry(n) for n in range(1, 6))
        with closing(_backlog(path)) as backlog:
            backlog.tidy()
            opened.add(_entry(n) for n in range(6, 9))
            yield opened


def _entry(number: int) -> Entry:
    return Entry(draft(number), HandClock().read())


def _backlog(path: Path) -> Backlog:
    return Backlog(path, Ballast(path.with_name("ballast"), 4096))


def _copy_as_after_a_power_cut(path: Path, folder: Path) -> Path:
    """The files as they are now, as a process finds them that had none open."""
    folder.mkdir()
    for found in (path, log_of(path)):
        (folder / found.name).write_bytes(found.read_bytes())
    return folder / path.name


def _salvaged(path: Path) -> list[str]:
    return [
        event.id
        for salvaged in salvaged_outboxes(path)
        for event in _ended(_backlog(salvaged), lambda backlog: backlog.pending(500))
    ]


def _ended(backlog: Backlog, read: Callable[[Backlog], list]) -> list:  # type: ignore[type-arg]
    with closing(backlog):
        return read(backlog)


@pytest.mark.parametrize("spoil", DAMAGE)
def test_into_a_damaged_outbox_nothing_is_committed(
    outbox: Outbox, path: Path, spoil: Callable[[Path], None]
) -> None:
    """Not once, nor later, and probing does not call it whole: only a new start helps."""
    spoil(path)
    for _ in range(2):
        with pytest.raises(OutboxError, match="damaged") as error:
            outbox.add([_entry(9)])
        assert error.value.is_damaged
    with pytest.raises(OutboxError, match="damaged"):
        outbox.probe()
    assert outbox.is_damaged
    assert mark_of(path).exists()


@pytest.mark.parametrize("spoil", DAMAGE)
def test_the_next_start_sets_it_aside(path: Path, spoil: Callable[[Path], None]) -> None:
    """However little SQLite itself sees: never is it silently begun anew."""
    with closing(Outbox(path)) as outbox:
        outbox.add([_entry(1)])
        spoil(path)
        with pytest.raises(OutboxError):
            outbox.add([_entry(2)])
    with closing(Outbox(path)) as again:
        assert again.set_aside == path.with_name("outbox.db.broken-1")
        assert again.add([_entry(3)]) == [1]
    assert not mark_of(path).exists()
    with closing(Outbox(path)) as third:
        assert third.set_aside is None


def test_what_the_relay_finds_damaged_takes_nothing_more(outbox: Outbox, path: Path) -> None:
    """It says so of itself in a way that the firmware understands."""
    with closing(_backlog(path)) as backlog:
        outbox.add([_entry(9)])
        _spoil_header(path)
        with pytest.raises(OutboxError) as error:
            backlog.pending(500)
        assert error.value.is_damaged
    outbox.condemn()
    with pytest.raises(OutboxError, match="damaged"):
        outbox.add([_entry(10)])


def test_a_spoilt_header_costs_no_event(outbox: Outbox, path: Path, tmp_path: Path) -> None:
    """All else is readable with the header of any outbox; the log is read with it."""
    assert outbox.stream
    found = _copy_as_after_a_power_cut(path, tmp_path / "after")
    _spoil_header(found)
    before = found.read_bytes(), log_of(found).read_bytes()
    Outbox(found).close()
    assert _salvaged(found) == [uuid(n) for n in range(1, 9)]
    (broken,) = broken_outboxes(found)
    assert (broken.read_bytes(), log_of(broken).read_bytes()) == before
    assert not [each for each in found.parent.iterdir() if "mended" in each.name]


def test_an_emptied_outbox_with_a_log_is_broken_and_not_new(
    outbox: Outbox, path: Path, tmp_path: Path
) -> None:
    """SQLite deletes the log beside an empty file when it opens it; so it is not opened."""
    assert outbox.stream
    found = _copy_as_after_a_power_cut(path, tmp_path / "after")
    _empty(found)
    log = log_of(found).read_bytes()
    assert look_at(found) == ("the file is empty, its log is not", 0)
    with closing(Outbox(found)) as again:
        assert again.set_aside is not None
        assert log_of(again.set_aside).read_bytes() == log


def test_an_emptied_outbox_is_salvaged_where_its_log_holds_all(path: Path, tmp_path: Path) -> None:
    """Pages that were written since the log began are whole in it."""
    with closing(Outbox(path)) as outbox:
        outbox.probe()
        outbox.add(_entry(n) for n in range(1, 40))
        found = _copy_as_after_a_power_cut(path, tmp_path / "after")
    _empty(found)
    Outbox(found).close()
    assert _salvaged(found) == [uuid(n) for n in range(1, 40)]


def test_a_spoilt_log_is_told_of_and_the_file_salvaged(
    outbox: Outbox, path: Path, tmp_path: Path
) -> None:
    """SQLite itself would take it as empty, without a word."""
    assert outbox.stream
    found = _copy_as_after_a_power_cut(path, tmp_path / "after")
    _spoil_log(found)
    with closing(Outbox(found)) as again:
        assert again.set_aside is not None
    assert _salvaged(found) == [uuid(n) for n in range(1, 6)]


@pytest.mark.parametrize("content", [b"", b"\0" * 4096])
def test_a_log_that_never_was_written_is_no_damage(path: Path, content: bytes) -> None:
    """A power cut before its first commit leaves it empty, or zeros."""
    Outbox(path).close()
    log_of(path).write_bytes(content)
    with closing(Outbox(path)) as outbox:
        assert outbox.set_aside is None


def test_a_whole_outbox_is_never_taken_for_a_damaged_one(outbox: Outbox, path: Path) -> None:
    """Through many commits, deletions, and beginnings of the log from its start."""
    with closing(_backlog(path)) as backlog:
        for n in range(10, 300):
            outbox.add([_entry(n)])
            if n % 20 == 0:
                backlog.delete([uuid(i) for i in range(n)])
                backlog.tidy()
    assert not outbox.is_damaged
