"""The outbox: numbered without gaps, all or nothing, and never the reason to lie."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.backlog import Backlog
from kiosk.ballast import Ballast
from kiosk.database import OutboxError
from kiosk.outbox import Entry, Outbox
from tests.kiosk.builders import HandClock, draft, uuid
from tests.kiosk.full_disk import no_room

CLOCK = HandClock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where the outbox is."""
    return tmp_path / "data" / "outbox.db"


def entry(number: int) -> Entry:
    """An event, ready to be added."""
    return Entry(draft(number), CLOCK.read())


def waiting(path: Path) -> list[tuple[int, str]]:
    """Number and id of all events that are kept."""
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT seq, id FROM event ORDER BY seq").fetchall()


def test_numbers_start_at_one_and_never_skip(path: Path) -> None:
    """Completeness is reckoned from them."""
    with closing(Outbox(path)) as outbox:
        assert [outbox.add([entry(n)]) for n in (1, 2)] == [[1], [2]]
        assert outbox.add([entry(3), entry(4)]) == [3, 4]


def test_what_was_added_survives_a_restart(path: Path) -> None:
    """The same stream goes on."""
    with closing(Outbox(path)) as outbox:
        outbox.add([entry(1)])
        stream = outbox.stream
    with closing(Outbox(path)) as outbox:
        assert outbox.stream == stream
        assert outbox.set_aside is None
        assert outbox.add([entry(2)]) == [2]
    assert waiting(path) == [(1, uuid(1)), (2, uuid(2))]


def test_numbers_go_on_after_everything_was_deleted(path: Path, tmp_path: Path) -> None:
    """Also across a restart: a number is never given twice."""
    with closing(Outbox(path)) as outbox:
        outbox.add([entry(1), entry(2)])
        with closing(Backlog(path, Ballast(tmp_path / "ballast"))) as backlog:
            backlog.delete([uuid(1), uuid(2)])
    with closing(Outbox(path)) as outbox:
        assert outbox.add([entry(3)]) == [3]


def test_all_or_nothing(path: Path) -> None:
    """One that can't be kept spoils the whole transaction, and uses no number up."""
    spoil = (
        "CREATE TRIGGER spoil BEFORE INSERT ON event"
        f" WHEN new.id = '{uuid(9)}' BEGIN SELECT raise(ABORT, 'spoilt'); END"
    )
    with closing(Outbox(path)) as outbox:
        outbox.add([entry(1)])
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(spoil)
        with pytest.raises(OutboxError, match="spoilt"):
            outbox.add([entry(2), entry(9)])
        assert outbox.add([entry(3)]) == [2]
    assert waiting(path) == [(1, uuid(1)), (2, uuid(3))]


def test_what_is_kept_already_is_kept_once(path: Path) -> None:
    """The same id again is no error, changes nothing, and leaves no gap in the numbers."""
    with closing(Outbox(path)) as outbox:
        assert outbox.add([entry(1), entry(1)]) == [1]
        assert outbox.add([entry(1), entry(2)]) == [2]
        assert outbox.add([entry(1)]) == []
        assert outbox.add([entry(3)]) == [3]
        assert outbox.counts().last_seq == 3
    assert waiting(path) == [(1, uuid(1)), (2, uuid(2)), (3, uuid(3))]


def test_each_outbox_is_a_stream_of_its_own(tmp_path: Path) -> None:
    """A new card is a new stream."""
    with closing(Outbox(tmp_path / "a.db")) as one, closing(Outbox(tmp_path / "b.db")) as other:
        assert one.stream != other.stream


def test_a_press_keeps_its_own_time(path: Path) -> None:
    """The clock is read after the press; what is kept is the moment of the press."""
    reading = HandClock(uptime=1_000_065).read()
    with closing(Outbox(path)) as outbox:
        outbox.add([Entry(draft(1, uptime_ms=1_000_000), reading)])
    with closing(sqlite3.connect(path)) as connection:
        row = connection.execute("SELECT boot, uptime_ms, wall_ms FROM event").fetchone()
    assert row == (reading.boot, 1_000_000, reading.wall_ms - 65)


def test_commits_are_flushed_to_the_disk(path: Path) -> None:
    """WAL with synchronous FULL; the setting is what a power cut depends on."""
    with closing(Outbox(path)) as outbox:
        connection = outbox._connection  # noqa: SLF001  # no other way to see what it was set to
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)


@pytest.mark.parametrize(
    "content", [b"this is no database" * 100, b"SQLite format 3\0" + b"\xff" * 5000, b"\0" * 8192]
)
def test_a_broken_file_is_set_aside(path: Path, content: bytes) -> None:
    """It is kept for people to look at, and a new stream begins."""
    path.parent.mkdir()
    path.write_bytes(content)
    with closing(Outbox(path)) as outbox:
        assert outbox.set_aside == path.with_name("outbox.db.broken-1")
        assert outbox.set_aside.read_bytes() == content
        assert outbox.add([entry(1)]) == [1]


def test_damage_inside_is_found_at_the_start(path: Path) -> None:
    """A page of noise in a real outbox: SQLite's quick check sees it."""
    with closing(Outbox(path)) as outbox:
        outbox.add([entry(n) for n in range(1, 400)])
    content = bytearray(path.read_bytes())
    content[8192 : 8192 + 6000] = b"\xa5" * 6000
    path.write_bytes(content)
    with closing(Outbox(path)) as outbox:
        assert outbox.set_aside is not None
        assert outbox.add([entry(1)]) == [1]


def test_broken_files_do_not_overwrite_each_other(path: Path) -> None:
    """The second one gets the next number."""
    path.parent.mkdir()
    for number in (1, 2):
        path.write_bytes(b"no database at all, number %d" % number)
        with closing(Outbox(path)) as outbox:
            assert outbox.set_aside == path.with_name(f"outbox.db.broken-{number}")
        path.unlink()


def test_somebody_elses_database_is_not_ours(path: Path) -> None:
    """Tables that we did not make are set aside, not written into."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (title TEXT)")
    with closing(Outbox(path)) as outbox:
        assert outbox.set_aside is not None


def test_an_empty_file_becomes_an_outbox(path: Path) -> None:
    """A power cut while it was made leaves an empty one; that is no damage."""
    path.parent.mkdir()
    path.touch()
    with closing(Outbox(path)) as outbox:
        assert outbox.set_aside is None
        assert outbox.add([entry(1)]) == [1]


def test_an_outbox_of_a_newer_program_is_left_alone(path: Path) -> None:
    """The error says what to do, and not a byte is changed."""
    Outbox(path).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    with pytest.raises(OutboxError, match=r"newer program .*install that program again"):
        Outbox(path)
    assert path.read_bytes() == before
    assert sorted(p.name for p in path.parent.iterdir() if "broken" in p.name) == []


def test_no_room_means_no_commit(path: Path) -> None:
    """Adding fails with a clear error, keeps what was there, and works again with room."""
    with closing(Outbox(path)) as outbox:
        outbox.add([entry(1)])
        with no_room():
            with pytest.raises(OutboxError) as error:
                outbox.add([entry(2)])
            with pytest.raises(OutboxError):
                outbox.probe()
        assert error.value.is_full
        outbox.probe()
        assert outbox.add([entry(3)]) == [2]
    assert waiting(path) == [(1, uuid(1)), (2, uuid(3))]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """The error names the path."""
    (tmp_path / "file").touch()
    with pytest.raises(OutboxError, match=r"file/outbox\.db"):
        Outbox(tmp_path / "file" / "outbox.db")
