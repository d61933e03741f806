"""Telling people: to a real web server and a real mail server; once each, and never too often."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
import structlog
from sqlalchemy import update

from broker.fleet.errors import FleetError
from broker.fleet.notices import INSTALLATION, close_notice, list_notices, open_notice
from broker.fleet.telling import Teller
from broker.store.database import Database
from broker.store.migrate import open_database
from broker.store.tables import Touchpoint, table_of
from tests.fixtures.links import PATIENCE_S
from tests.fleet.listeners import MailServer, WebhookServer, serving
from tests.intake.making import NOON, SITE, register

# Apprise loads all of its services at once; one of them looks for a module that is going away.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

MINUTE = timedelta(minutes=1)
SILENT = '{"last_seen_at": "2026-11-20T09:45:00+00:00"}'


@pytest.fixture
def store(database: Database) -> Database:
    """Two devices; the first stands at ``Гише 1``."""
    register(database)
    place = table_of(Touchpoint)
    with database.transaction() as connection:
        named = update(place).where(place.c.code == "hall-desk-1").values(name="Гише 1")
        connection.execute(named)
    return database


def told(database: Database) -> list[tuple[str, bool, bool]]:
    """Rule of each notice, and whether people were told that it opened and closed."""
    found = [view.notice for view in list_notices(database, only_open=False)][::-1]
    return [(n.rule, n.told_opened_at is not None, n.told_closed_at is not None) for n in found]


def test_a_notice_is_told_once_when_it_opens_and_once_when_it_closes(store: Database) -> None:
    """With device, place, since when and what to do; however often anybody looks."""
    server = WebhookServer()
    with serving(server):
        teller = Teller(store, [server.address], language="bg")
        open_notice(store, SITE, "kiosk-1", "silent", SILENT, NOON)
        for minutes in range(1, 5):
            teller.attend(NOON + minutes * MINUTE)
        Teller(store, [server.address]).attend(NOON + 5 * MINUTE)  # after a restart
        close_notice(store, SITE, "kiosk-1", "silent", NOON + 10 * MINUTE)
        for minutes in range(11, 15):
            teller.attend(NOON + minutes * MINUTE)
    first, second = server.taken
    assert first["title"] == "Отзив: 1 за внимание, 0 приключени"
    assert first["message"] == (
        "kiosk-1 (Гише 1): устройството не се обажда; последно: 20.11.2026 11:45 "
        "(от 20.11.2026 12:00). "
        "Проверете захранването и мрежовия кабел. Гласовете остават в устройството."
    )
    assert "от 20.11.2026 12:00 до 20.11.2026 12:10, вече е наред" in second["message"]
    assert told(store) == [("silent", True, True)]


def test_several_notices_are_one_message(store: Database) -> None:
    """What opens within half a minute is gathered; what comes soon after waits two minutes."""
    server = WebhookServer()
    with serving(server):
        teller = Teller(store, [server.address], language="en")
        for device in ("kiosk-1", "kiosk-2"):
            open_notice(store, SITE, device, "too-hot", '{"temperature_c": 84.0}', NOON)
        teller.attend(NOON + timedelta(seconds=10))
        assert server.taken == []
        teller.attend(NOON + MINUTE)
        open_notice(store, *INSTALLATION, "nothing-heard", '{"why": "broker"}', NOON + MINUTE)
        teller.attend(NOON + 2 * MINUTE)
        assert len(server.taken) == 1
        teller.attend(NOON + 4 * MINUTE)
    assert server.taken[0]["title"] == "Otziv: 2 to look at, 0 over"
    assert server.taken[0]["message"].count("it is too hot: 84.0 °C") == 2
    assert server.taken[1]["message"].startswith(
        "All devices: nothing is heard of any device: the broker does not answer (since"
    )


def test_a_flood_is_one_message_of_bounded_length(store: Database) -> None:
    """Two hundred notices at once: twenty in words, and how many more."""
    server = WebhookServer()
    with serving(server):
        for number in range(200):
            open_notice(store, SITE, "kiosk-1", f"fault:part-{number}:dead", "{}", NOON)
        teller = Teller(store, [server.address], language="en")
        for minutes in range(1, 10):
            teller.attend(NOON + minutes * MINUTE)
    (only,) = server.taken
    assert only["message"].endswith("… and 180 more")
    assert len(only["message"]) < 4_000


def test_a_server_that_is_down_is_tried_again_with_pauses(store: Database) -> None:
    """Nothing is marked as told until it took it; pauses grow to an hour; then it is told once."""
    server = WebhookServer()
    server.status = 500
    with serving(server), structlog.testing.capture_logs() as logs:
        teller = Teller(store, [server.address])
        open_notice(store, SITE, "kiosk-1", "silent", SILENT, NOON)
        for minutes in range(1, 120):
            teller.attend(NOON + minutes * MINUTE)
        assert told(store) == [("silent", False, False)]
        assert 5 <= server.tries <= 9
        server.status = 200
        for minutes in range(120, 240):
            teller.attend(NOON + minutes * MINUTE)
    assert len(server.taken) == 1
    assert told(store) == [("silent", True, False)]
    assert {each["event"] for each in logs} == {"not-told"}
    assert "127.0.0.1" not in str(logs)


def test_what_is_over_before_it_is_told_is_told_once_as_over(store: Database) -> None:
    """One message; what has been over for a day is told no more."""
    server = WebhookServer()
    with serving(server):
        teller = Teller(store, [server.address], language="en")
        for rule, minutes in (("silent", 5), ("lagging", 48 * 60)):
            open_notice(store, SITE, "kiosk-1", rule, "short", NOON)
            close_notice(store, SITE, "kiosk-1", rule, NOON + minutes * MINUTE)
        teller.attend(NOON + timedelta(hours=25))
        assert [each["title"] for each in server.taken] == ["Otziv: 0 to look at, 1 over"]
        teller.attend(NOON + timedelta(hours=50))
    assert told(store) == [("silent", False, False), ("lagging", True, True)]
    assert server.taken[0]["message"].startswith("kiosk-1 (Гише 1): short (from ")


def test_one_address_that_fails_does_not_repeat_the_other(store: Database) -> None:
    """The good one is told once; the other one when it is well again, by itself, once."""
    good, bad = WebhookServer(), WebhookServer()
    bad.status = 503
    with serving(good), serving(bad):
        teller = Teller(store, [good.address, bad.address])
        open_notice(store, SITE, "kiosk-1", "silent", SILENT, NOON)
        for minutes in range(1, 60):
            teller.attend(NOON + minutes * MINUTE)
        assert told(store) == [("silent", True, False)]
        assert (len(good.taken), len(bad.taken)) == (1, 0)
        bad.status = 200
        for minutes in range(60, 180):
            teller.attend(NOON + minutes * MINUTE)
    assert (len(good.taken), len(bad.taken)) == (1, 1)


def test_a_mail_server_that_comes_up_late_gets_the_letter(tmp_path: Path) -> None:
    """Down at first, so that connections are refused; then a letter in Bulgarian arrives."""
    store = open_database(f"sqlite:///{tmp_path / 'feedback.sqlite3'}")
    register(store)
    server = MailServer()
    port = server.port
    server.server_close()
    address = (
        f"mailto://127.0.0.1:{port}?from=otziv@troyan.example&to=it@troyan.example&mode=insecure"
    )
    teller = Teller(store, [address], language="bg")
    open_notice(store, SITE, "kiosk-1", "stuck-button:face-2", '{"part": "face-2"}', NOON)
    teller.attend(NOON + MINUTE)
    assert told(store) == [("stuck-button:face-2", False, False)]
    server = MailServer(port)
    with serving(server):
        for minutes in range(2, 10):
            teller.attend(NOON + minutes * MINUTE)
    ((to, subject, text),) = server.letters
    assert to == ["it@troyan.example"]
    assert subject == "Отзив: 1 за внимание, 0 приключени"
    assert "kiosk-1 (hall-desk-1): заседнал бутон: лице 2" in text
    assert told(store) == [("stuck-button:face-2", True, False)]
    store.close()


def test_an_address_that_is_none_is_refused_without_its_secret(database: Database) -> None:
    """In words, by its number; what may be a password is not shown."""
    with pytest.raises(FleetError, match=r"address 2 for notices \(nosuch:…\)") as error:
        Teller(database, ["json://127.0.0.1:9/", "nosuch://me:secret@host"])
    assert "secret" not in str(error.value)


def test_without_addresses_nobody_is_told(store: Database) -> None:
    """Notices are in the list only, and are not marked as told."""
    open_notice(store, SITE, "kiosk-1", "silent", SILENT, NOON)
    Teller(store, []).attend(NOON + timedelta(hours=1))
    assert told(store) == [("silent", False, False)]


def test_the_thread_tells_by_itself(store: Database) -> None:
    """Started, it tells what is due; stopped, it ends."""
    server = WebhookServer()
    with serving(server):
        open_notice(store, SITE, "kiosk-1", "silent", SILENT, NOON)
        teller = Teller(store, [server.address])
        teller.start()
        deadline = time.monotonic() + PATIENCE_S
        while not server.taken:
            assert time.monotonic() < deadline, "nobody was told"
            time.sleep(0.05)
        teller.stop()
    assert len(server.taken) == 1
