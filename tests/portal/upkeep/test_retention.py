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
from portal.accounts.slips import open_slip
from portal.accounts.tables import Account, AccountSession
from portal.audit.heads import FILE as HEADS
from portal.audit.heads import read_heads
from portal.audit.log import CONSOLE
from portal.audit.verify import verify
from portal.comments.inbox import Search, search, set_themes
from portal.comments.service import keep
from portal.mail.outgoing import queue
from portal.mail.tables import OutgoingMail
from portal.people.errors import PeopleError
from portal.people.identifiers import read_identifier
from portal.people.parties import Details, enter_party
from portal.store.tables import table_of
from portal.upkeep.erasure import FILE, erase_person, noted_erasures
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


def known_person(portal: Portal, clock: FrozenClock) -> str:
    """Somebody with all there can be: identifier, account, session, slip, mail."""
    egn = read_identifier("egn", "8001010008", today=clock.now.date())
    details = Details(
        "person",
        first_name=CANARY,
        last_name="Птицова",
        latin_name="Canary Ptitsova",
        e_mail=EMAIL,
        phone="0888 777 666",
    )
    party = enter_party(portal.database, portal.keys, details, egn, actor=CONSOLE, now=clock.now)
    with portal.database.transaction() as connection:
        account = make_citizen(connection, party, clock.now, f"{CANARY} Птицова")
        begin(connection, portal.keys, account, now=clock.now)
        open_slip(
            connection,
            portal.keys,
            account,
            kind="desk",
            issued_by="console",
            now=clock.now,
            document=("id-card", "1234"),
        )
        queue(connection, EMAIL, "Код", f"За {CANARY}", now=clock.now)
    return party


def test_an_erased_person_leaves_nothing(portal: Portal, clock: FrozenClock) -> None:
    """No canary in tables, in SQLite's files, in those of the portal; the audit chain is whole."""
    party = known_person(portal, clock)
    erased = erase_person(portal, party, "request", actor=CONSOLE, now=clock.now)

    assert (erased.party, erased.accounts, erased.mails) == (True, 1, 1)
    assert erased.is_overwritten
    canaries = [text.encode() for text in (CANARY, "Птицова", "Ptitsova", EMAIL, "777 666")]
    if portal.database.dialect == "sqlite":
        folder = Path(str(portal.database.url.database)).parent
        for name, content in files_of(folder):
            assert not any(canary in content for canary in canaries), name
    with portal.database.reading() as connection:
        rows = connection.execute(select(table_of(Account))).all()
        assert CANARY not in str(rows)
        assert rows[0].state == "locked"
        assert rows[0].password_hash is None
    assert verify(portal.database).is_whole
    assert list(noted_erasures(portal.settings.data / FILE)) == [(f"{clock.now:%Y-%m-%d}", party)]


def test_erasing_twice_is_the_same(portal: Portal, clock: FrozenClock) -> None:
    """And nobody who is not there can be erased."""
    party = known_person(portal, clock)
    erase_person(portal, party, "request", actor=CONSOLE, now=clock.now)
    again = erase_person(portal, party, "request", actor=CONSOLE, now=clock.now)

    assert not again.party
    assert len(list(noted_erasures(portal.settings.data / FILE))) == 1
    with pytest.raises(PeopleError, match="no such party"):
        erase_person(portal, "0" * 32, "request", actor=CONSOLE, now=clock.now)


def test_the_upkeep_keeps_a_head_and_searches_files(
    portal: Portal, clock: FrozenClock, tmp_path: Path
) -> None:
    """What waited is readable once the scanner is there; the log's head stands in its file."""
    known_person(portal, clock)
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
    assert len(heads) == 1


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
