"""From bad votes to a message at the right people, and to the end of it, over real stores.

A mail server and webhooks on this machine take the messages.
"""

from __future__ import annotations

import email
import email.policy
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from pydantic import SecretStr
from sqlalchemy import select, update
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from analytics.alerts.alert import Alert
from analytics.dashboard.read_only import open_read_only
from broker.server.process import free_port
from broker.store.database import Database
from broker.store.errors import StoreError
from broker.store.migrate import open_database
from broker.store.place_settings import put_setting
from broker.store.places import Place, put_placement
from portal.accounts.accounts import MAIL_USE, accounts, change
from portal.alerts.running import Alerting
from portal.mail.sender import MailSender
from portal.mail.tables import OutgoingMail
from portal.store.tables import table_of
from portal.web.portal import Portal
from tests.alerts.test_watch import DESK, FIRST_ON, SOFIA, TODAY, at, day_of, entered, past
from tests.fixtures.links import PATIENCE_S
from tests.fixtures.portals import FrozenClock, sign_in_staff
from tests.fleet.listeners import WebhookServer, serving
from tests.questions.town import HALL, build, say

# Apprise loads all of its services at once; one of them looks for a module that is going away.
pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")

URL = "https://results.troyan.example"
BAD_AT = at(TODAY, 16, 50)
MINUTE = timedelta(minutes=1)
STAFF: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("mayor", "manager", ()),
    ("manager", "manager", ("revenue",)),
    ("head", "head-of-unit", ("revenue",)),
    ("stranger", "manager", ("registry",)),
    ("auditor", "auditor", ()),
    ("clerk", "clerk", ()),
)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Database]:
    """A bad day at desk-1, where three of the revenue office serve."""
    database = open_database(f"sqlite:///{tmp_path / 'town.sqlite3'}")
    build(database)
    for staff, place in ((3, DESK), (3, Place("location", "annex")), (6, HALL)):
        entered(database, staff, place)
    with database.transaction() as connection:
        now = at(FIRST_ON, 8)
        put_setting(connection, HALL, "unit", '"revenue"', from_on=FIRST_ON, now=now)
        registered_on = datetime.now(SOFIA).date()  # from this day on they stand at the site only
        put_placement(connection, DESK, registered_on, HALL.code)
        put_placement(connection, Place("touchpoint", "desk-2"), registered_on, "annex")
    say(database, [*past(), *day_of(TODAY, 0.6)])
    yield database
    database.close()


@pytest.fixture
def alerted(
    portal: Portal, town: Database, client: TestClient, clock: FrozenClock
) -> Callable[..., Portal]:
    """A portal over that town, with ``settings``, and its staff."""
    for name, role, units in STAFF:
        account = sign_in_staff(portal, client, role, units=units)  # type: ignore[arg-type]
        sealed = portal.keys.seal(MAIL_USE, f"{name}@troyan.example".encode())
        with portal.database.transaction() as connection:
            change(connection, account, name=name, email=sealed)
    clock.now = BAD_AT

    def make(*addresses: str, **settings: object) -> Portal:
        update = {"dashboard_url": URL, "alerts_to": SecretStr("\n".join(addresses)), **settings}
        return replace(portal, feedback=town, settings=portal.settings.model_copy(update=update))

    return make


def mails(portal: Portal) -> list[Any]:
    """All that were queued."""
    table = table_of(OutgoingMail)
    with portal.database.reading() as connection:
        rows = connection.execute(select(table).order_by(table.c.queued_at, table.c.recipient))
        return list(rows.all())


def round_at(alerting: Alerting, clock: FrozenClock, now: datetime) -> None:
    """A round of the watch at that time."""
    clock.now = now
    alerting.attend(now)


def wait_for(is_so: Callable[[], bool]) -> None:
    """Until it is so."""
    until = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.02)


def the_alert(alerting: Alerting) -> Alert:
    """The only one that is open."""
    (alert,) = alerting.record.open_ones()
    return alert


def test_it_opens_is_told_once_is_taken_up_and_closes(
    alerted: Callable[..., Portal], clock: FrozenClock, town: Database
) -> None:
    """The manager and the head of that unit are told, at the start and at the end, nobody else."""
    portal = alerted()
    alerting = Alerting(portal)
    round_at(alerting, clock, BAD_AT)
    alert = the_alert(alerting)
    assert alert.topic.place == DESK
    first = mails(portal)
    assert [row.recipient for row in first] == ["head@troyan.example", "manager@troyan.example"]
    assert all(f"{URL}/?alert={alert.id}" in row.text for row in first)
    round_at(alerting, clock, BAD_AT + MINUTE)
    round_at(Alerting(portal), clock, BAD_AT + 2 * MINUTE)  # after a restart
    alerting.record.acknowledge(alert.id, "somebody", BAD_AT + 2 * MINUTE)
    round_at(alerting, clock, BAD_AT + 3 * MINUTE)
    assert len(mails(portal)) == 2
    later = [TODAY + timedelta(days=n) for n in (1, 4, 5, 6)]
    good = [vote for on in later for vote in day_of(on, 0.15)]
    say(town, [*past(), *day_of(TODAY, 0.6), *good])
    round_at(alerting, clock, at(later[-1], 17))
    assert alerting.record.open_ones() == []
    assert alerting.record.find(alert.id).closed_by == ""
    over = mails(portal)[2:]
    assert [row.recipient for row in over] == ["head@troyan.example", "manager@troyan.example"]
    assert all(row.subject.startswith("desk-1: Отмина") for row in over)


@pytest.mark.parametrize(
    ("whom", "told", "told_at"),
    [("all", ["head", "manager", "mayor"], BAD_AT), ("nobody", [], None)],
)
def test_whom_a_setting_names_is_told(
    alerted: Callable[..., Portal],
    clock: FrozenClock,
    whom: str,
    told: list[str],
    told_at: datetime | None,
) -> None:
    """Never another unit's manager, whoever is told; where it is nobody, it is untold."""
    portal = alerted(alerts_staff=whom)
    alerting = Alerting(portal)
    round_at(alerting, clock, BAD_AT)
    assert [row.recipient for row in mails(portal)] == [f"{each}@troyan.example" for each in told]
    assert the_alert(alerting).told_at == told_at


def test_a_manager_who_comes_later_hears_of_it(
    alerted: Callable[..., Portal], clock: FrozenClock, client: TestClient
) -> None:
    """What nobody was there to be told of waits while it is open."""
    portal = alerted()
    with portal.database.transaction() as connection:
        connection.execute(update(accounts).values(email=None))
    alerting = Alerting(portal)
    round_at(alerting, clock, BAD_AT)
    assert (mails(portal), the_alert(alerting).told_at) == ([], None)
    account = sign_in_staff(portal, client, "manager", units=("revenue",))
    sealed = portal.keys.seal(MAIL_USE, b"new@troyan.example")
    with portal.database.transaction() as connection:
        change(connection, account, name="new", email=sealed)
    for minutes in (6, 12):
        round_at(alerting, clock, BAD_AT + minutes * MINUTE)
    assert [row.recipient for row in mails(portal)] == ["new@troyan.example"]
    assert the_alert(alerting).told_at == BAD_AT + 6 * MINUTE


def test_where_nobody_is_bound_to_the_unit_those_of_the_whole_are_told(
    alerted: Callable[..., Portal], clock: FrozenClock, town: Database
) -> None:
    """So it is with a place of which no unit is entered."""
    with town.transaction() as connection:
        later = {"from_on": date(2026, 11, 1), "now": at(date(2026, 11, 1), 8)}
        put_setting(connection, HALL, "unit", '"water"', **later)  # type: ignore[arg-type]
    portal = alerted()
    round_at(Alerting(portal), clock, BAD_AT)
    assert [row.recipient for row in mails(portal)] == ["mayor@troyan.example"]


class Inbox:
    """A mail server that keeps what it takes."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []

    async def handle_DATA(  # noqa: N802  # aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Take it."""
        self.mails.append(envelope)
        return "250 OK"


def parsed(envelope: Envelope) -> EmailMessage:
    """A mail as a program reads it."""
    content = envelope.content
    assert isinstance(content, bytes)
    return email.message_from_bytes(content, policy=email.policy.default)


def test_a_mail_has_text_and_markup(alerted: Callable[..., Portal], clock: FrozenClock) -> None:
    """As a mail server takes it; then neither stays with us."""
    inbox = Inbox()
    server = Controller(inbox, hostname="127.0.0.1", port=free_port())
    server.start()
    try:
        portal = alerted(
            smtp_url=SecretStr(f"smtp://127.0.0.1:{server.port}"), mail_from="otziv@troyan.example"
        )
        alerting = Alerting(portal)
        round_at(alerting, clock, BAD_AT)
        assert MailSender(portal.database, portal.settings, clock).send_due() == 2
    finally:
        server.stop()
    message = parsed(inbox.mails[0])
    text, html = message.get_body(("plain",)), message.get_body(("html",))
    assert text is not None
    assert html is not None
    link = f"{URL}/?alert={the_alert(alerting).id}"
    assert link in text.get_content()
    assert f"<a href='{link}'>" in html.get_content()
    assert "недоволни" in text.get_content()
    assert {(row.text, row.html) for row in mails(portal)} == {("", None)}


def test_an_address_that_fails_is_tried_again_for_itself(
    alerted: Callable[..., Portal], clock: FrozenClock
) -> None:
    """The other one hears it once; a program gets a document."""
    good, bad = WebhookServer(), WebhookServer()
    bad.status = 503
    with serving(good), serving(bad):
        alerting = Alerting(alerted(good.address, bad.address, alerts_staff="nobody"))
        round_at(alerting, clock, BAD_AT)
        round_at(alerting, clock, BAD_AT + MINUTE / 2)
        assert bad.tries == 1
        bad.status = 200
        for minutes in range(2, 6):
            round_at(alerting, clock, BAD_AT + minutes * MINUTE)
    assert len(good.taken) == len(bad.taken) == 1
    (told,) = json.loads(bad.taken[0]["message"])["alerts"]
    assert told["rule"] == "unhappy"
    assert told["link"] == f"{URL}/?alert={the_alert(alerting).id}"


def test_where_nobody_could_be_told_it_is_told_later(
    alerted: Callable[..., Portal], clock: FrozenClock
) -> None:
    """Until then the alert is not noted as told."""
    server = WebhookServer()
    server.status = 503
    with serving(server):
        alerting = Alerting(alerted(server.address, alerts_staff="nobody"))
        round_at(alerting, clock, BAD_AT)
        assert the_alert(alerting).told_at is None
        server.status = 200
        round_at(alerting, clock, BAD_AT + 6 * MINUTE)
        round_at(alerting, clock, BAD_AT + 7 * MINUTE)
    assert len(server.taken) == 1
    assert the_alert(alerting).told_at == BAD_AT + 6 * MINUTE


def test_what_is_somebodys_by_now_is_not_told_late(
    alerted: Callable[..., Portal], clock: FrozenClock
) -> None:
    """Nor what was closed."""
    server = WebhookServer()
    server.status = 503
    with serving(server):
        alerting = Alerting(alerted(server.address))
        round_at(alerting, clock, BAD_AT)
        alerting.record.acknowledge(the_alert(alerting).id, "somebody", BAD_AT)
        server.status = 200
        round_at(alerting, clock, BAD_AT + 5 * MINUTE)
    assert server.taken == []


def test_quiet_hours_hold_for_late_messages_too(
    alerted: Callable[..., Portal], clock: FrozenClock
) -> None:
    """What is owed to an address waits for the morning."""
    server = WebhookServer()
    server.status = 503
    with serving(server):
        alerting = Alerting(alerted(server.address))
        round_at(alerting, clock, BAD_AT)
        server.status = 200
        round_at(alerting, clock, at(TODAY, 20, 30))
        assert server.taken == []
        round_at(alerting, clock, at(TODAY + timedelta(days=1), 7, 30))
    assert len(server.taken) == 1


def test_an_address_that_is_none_stops_nobody(
    alerted: Callable[..., Portal], clock: FrozenClock
) -> None:
    """It is in the log; the staff is told."""
    portal = alerted("nonsense", "mailto-://x")
    round_at(Alerting(portal), clock, BAD_AT)
    assert len(mails(portal)) == 2


def test_a_database_that_is_away_costs_nothing(
    alerted: Callable[..., Portal], clock: FrozenClock
) -> None:
    """It is tried again, round by round; the next one that can does what they left."""
    portal = alerted()
    nowhere = open_read_only("postgresql://nobody@127.0.0.1:1/nowhere?connect_timeout=1")
    away = replace(portal, feedback=nowhere)
    with pytest.raises(StoreError):
        round_at(Alerting(away), clock, BAD_AT)
    with capture_logs() as logs, Alerting(away, first_after_s=0, every_s=0.01):
        wait_for(lambda: [line["event"] for line in logs].count("alerts-wait") > 1)
    nowhere.close()
    assert mails(portal) == []
    with Alerting(portal, first_after_s=0, every_s=0.01):
        wait_for(lambda: len(mails(portal)) > 1)
    assert len(mails(portal)) == 2
