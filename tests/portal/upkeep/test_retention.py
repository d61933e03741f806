"""Retention: every table is declared, what is due goes, and the files don't hold it either."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert, select

from broker.store.themes import read_theme_counts
from portal.accounts.accounts import make_citizen
from portal.accounts.sessions import begin
from portal.accounts.tables import Account, AccountSession
from portal.audit.heads import FILE as HEADS
from portal.audit.heads import begin_heads, read_heads
from portal.audit.log import CONSOLE, note
from portal.audit.verify import verify
from portal.comments.inbox import Search, mask_words, search, set_themes, words_of
from portal.comments.service import keep
from portal.mail.outgoing import queue
from portal.mail.tables import OutgoingMail
from portal.people.upload_shelf import UploadShelf
from portal.store.tables import table_of
from portal.upkeep.keeping import Times, months_before
from portal.upkeep.purging import purge
from portal.upkeep.report import report, undeclared
from portal.upkeep.upkeep import Upkeep, times_of
from portal.web.portal import Portal
from portal.web.uploads import Shelf
from portal.web.virtual_clamav import VirtualClamAV
from portal.web.virus_scan import ClamAV
from tests.fixtures.portals import FrozenClock

CANARY = "Кукувица"
EMAIL = "canary@example.bg"


def comment(portal: Portal, text: str) -> None:
    """A visitor's comment, now."""
    keep(
        portal.database,
        survey="reception",
        version=1,
        question="comment",
        touchpoint="hall-web",
        channel="web",
        language="bg",
        text=text,
        now=portal.clock(),
    )


def files_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file with what is in it."""
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes()


def test_every_table_is_declared() -> None:
    """Whoever adds a table says what it is for and how long it is kept."""
    assert undeclared() == []


def test_what_is_somebodys_has_a_ground(portal: Portal) -> None:
    """And what is nobody's needs none."""
    times = times_of(portal, portal.clock())
    for line in report(portal.database, portal.feedback, times):
        assert bool(line.personal) == bool(line.ground), line.table
        assert line.purpose
        assert line.how_long


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 22), 12, date(2025, 11, 22)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2026, 1, 15), 1, date(2025, 12, 15)),
        (date(2026, 12, 31), 13, date(2025, 11, 30)),
        (date(2026, 5, 5), 120, date(2016, 5, 5)),
    ],
)
def test_months_before(day: date, months: int, before: date) -> None:
    """The last of the month where there is none of its number."""
    assert months_before(day, months) == before


def test_comments_go_after_their_months_and_counts_stay(portal: Portal, clock: FrozenClock) -> None:
    """On the day before they are still there; afterwards neither table nor files hold them."""
    clock.now = datetime(2026, 1, 31, 12, tzinfo=UTC)
    comment(portal, f"{CANARY} чакане")
    (shown,) = search(portal.database, Search()).shown
    set_themes(portal.database, shown.row.id, {"waiting"}, clock.now)

    def due(day: date) -> int:
        times = Times(datetime(*day.timetuple()[:3], 9, tzinfo=UTC), ZoneInfo("Europe/Sofia"), 12)
        lines = report(portal.database, portal.feedback, times)
        return next(line.due for line in lines if line.table == "comment")

    assert (due(date(2027, 1, 31)), due(date(2027, 2, 1))) == (0, 1)
    clock.now = datetime(2027, 2, 1, 9, tzinfo=UTC)
    with Upkeep(portal) as upkeep:
        upkeep.attend(clock.now)
    assert search(portal.database, Search()).number == 0
    if portal.database.dialect == "sqlite":
        for name, content in files_of(Path(str(portal.database.url.database)).parent):
            assert CANARY.encode() not in content, name
    with portal.feedback.reading() as connection:
        assert read_theme_counts(connection) == {"waiting": 1}


def test_what_editors_mask_is_in_no_file_by_the_next_day(
    portal: Portal, clock: FrozenClock
) -> None:
    """Neither in a page that was freed nor in SQLite's log, though nothing was past its time."""
    comment(portal, f"{CANARY} " * 180)
    (shown,) = search(portal.database, Search()).shown
    words = words_of(shown.row.text)
    assert mask_words(portal.database, shown.row.id, range(len(words)), words, CONSOLE)
    assert purge(portal.database, times_of(portal, clock.now)) == {}

    (shown,) = search(portal.database, Search()).shown
    assert CANARY not in shown.row.text
    if portal.database.dialect == "sqlite":
        for name, content in files_of(Path(str(portal.database.url.database)).parent):
            assert CANARY.encode() not in content, name


@pytest.mark.parametrize("days", [90, 91])
def test_sessions_and_mail_go_after_90_days(portal: Portal, clock: FrozenClock, days: int) -> None:
    """Not a day earlier."""
    with portal.database.transaction() as connection:
        account = make_citizen(connection, None, clock.now, "Мария Петрова")
        begin(connection, portal.keys, account, now=clock.now)
        queue(connection, EMAIL, "Код", CANARY, now=clock.now)
    clock.now += timedelta(days=days)
    purge(portal.database, times_of(portal, clock.now))

    with portal.database.reading() as connection:
        left = [
            len(connection.execute(select(table_of(model))).all())
            for model in (AccountSession, OutgoingMail, Account)
        ]
    assert left == ([1, 1, 1] if days == 90 else [0, 0, 1])


def test_every_due_row_of_every_table_can_be_erased(portal: Portal, clock: FrozenClock) -> None:
    """All conditions are ones that both databases understand."""
    clock.now += timedelta(days=10_000)

    assert purge(portal.database, times_of(portal, clock.now)) == {}


def test_the_upkeep_keeps_a_head_and_searches_files(
    portal: Portal, clock: FrozenClock, tmp_path: Path
) -> None:
    """What waited is readable once the scanner is there; the log's head stands in its file."""
    begin_heads(portal.settings.data / HEADS, portal.keys)
    with portal.database.transaction() as connection:
        note(connection, CONSOLE, "accounts.policy-set", "here")
    with VirtualClamAV() as daemon:
        shelf = Shelf(tmp_path / "uploads", ClamAV(daemon.address))
        daemon.is_silent = True
        waiting = shelf.put("a.pdf", b"%PDF-1.7\n%%EOF\n")
        daemon.is_silent = False
        portal.add([shelf])
        upkeep = Upkeep(portal)
        upkeep.attend(clock.now)
        assert shelf.state(waiting.id) == "ready"
    heads = read_heads(portal.settings.data / HEADS, portal.keys)
    assert verify(portal.database, heads).is_whole
    assert list(heads) == [0, 1]


def test_lists_that_nobody_took_go(portal: Portal, clock: FrozenClock) -> None:
    """After a day, though no other one comes."""
    shelf = UploadShelf(portal.settings.data / UploadShelf.FOLDER)
    name = shelf.put(b"[]", clock.now.timestamp())
    upkeep = Upkeep(portal)
    for hours, is_there in ((23, True), (25, False)):
        upkeep.attend(clock.now + timedelta(hours=hours))
        assert (shelf.read(name) is not None) == is_there


def test_a_failing_task_ends_no_other(portal: Portal, clock: FrozenClock) -> None:
    """It is tried again after a while."""
    comment(portal, "Опашка")
    (shown,) = search(portal.database, Search()).shown
    set_themes(portal.database, shown.row.id, {"waiting"}, clock.now)
    portal.settings.data.rmdir()  # the head can't be kept
    with portal.database.transaction() as connection:
        queue(connection, EMAIL, "Код", CANARY, now=clock.now)
        connection.execute(
            insert(table_of(OutgoingMail)).values(
                id="old",
                recipient=EMAIL,
                subject="",
                text="",
                queued_at=clock.now - timedelta(days=100),
                next_try_at=clock.now,
                attempts=0,
                trouble="",
            )
        )
    Upkeep(portal).attend(clock.now)

    with portal.feedback.reading() as connection:
        assert read_theme_counts(connection) == {"waiting": 1}
    with portal.database.reading() as connection:
        assert len(connection.execute(select(table_of(OutgoingMail))).all()) == 1
