"""Mails are queued with what they tell of, sent once, and kept until they are taken."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import Row, select

from broker.store.database import Database
from broker.store.tables import table_of
from portal.mail.address import MailError, check_header, mail_address
from portal.mail.outgoing import PAUSES, claim, queue, queue_state
from portal.mail.sender import MailSender
from portal.mail.smtp import MailServer
from portal.mail.tables import OutgoingMail
from portal.settings import PortalSettings
from tests.fixtures.portals import FrozenClock

TEXT = "Здравейте,\nпопълнете анкетата.\n.\nКрай"


class Inbox:
    """A mail server that keeps what it takes, and answers with ``answer`` instead where set."""

    def __init__(self) -> None:
        self.mails: list[Envelope] = []
        self.answer = ""
        self.refusal = ""

    async def handle_RCPT(  # noqa: N802  # aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: object
    ) -> str:
        """Take a recipient."""
        if self.refusal:
            return self.refusal
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802  # aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Take a mail."""
        if self.answer:
            return self.answer
        self.mails.append(envelope)
        return "250 OK"


@pytest.fixture
def inbox() -> Inbox:
    """A mail server's memory."""
    return Inbox()


@pytest.fixture
def server(inbox: Inbox) -> Iterator[Controller]:
    """A mail server."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def sender(
    portal_database: Database, clock: FrozenClock, server: Controller, tmp_path: Path
) -> MailSender:
    """A sender to that server."""
    return MailSender(portal_database, settings(tmp_path, f"smtp://127.0.0.1:{server.port}"), clock)


def settings(folder: Path, smtp_url: str) -> PortalSettings:
    """Settings with a mail server."""
    return PortalSettings(
        site="troyan",
        data=folder,
        database=SecretStr(""),
        feedback=SecretStr(""),
        public_url="http://portal.test",
        smtp_url=SecretStr(smtp_url),
        mail_from="otziv@troyan.bg",
    )


def put(database: Database, clock: FrozenClock, to: str = "ivan@example.bg") -> str:
    """Queue a mail."""
    with database.transaction() as connection:
        return queue(connection, to, "Анкета за Вас", TEXT, now=clock())


def row(database: Database, mail: str) -> Row[Any]:
    """A mail's row."""
    table = table_of(OutgoingMail)
    with database.reading() as connection:
        return connection.execute(select(table).where(table.c.id == mail)).one()


def test_sent_once(
    portal_database: Database, clock: FrozenClock, sender: MailSender, inbox: Inbox
) -> None:
    """What is taken is not sent again, and its text is gone."""
    mail = put(portal_database, clock)
    assert sender.send_due() == 1
    clock.now += timedelta(days=1)
    assert sender.send_due() == 0
    (taken,) = inbox.mails
    assert taken.rcpt_tos == ["ivan@example.bg"]
    assert isinstance(taken.content, bytes)
    content = taken.content.decode()
    assert "Subject: =?utf-8?" in content
    assert f"Message-ID: <{mail}@troyan.bg>" in content
    assert row(portal_database, mail).text == ""
    assert row(portal_database, mail).taken_at is not None


def test_rolled_back_with_what_it_tells_of(
    portal_database: Database, clock: FrozenClock, sender: MailSender, inbox: Inbox
) -> None:
    """A transaction that fails sends nothing."""
    with portal_database.transaction() as connection:
        queue(connection, "ivan@example.bg", "Анкета", TEXT, now=clock())
        connection.rollback()
    assert sender.send_due() == 0
    assert inbox.mails == []


@pytest.mark.parametrize("answer", ["451 try later", "554 no"])
def test_kept_until_taken(
    portal_database: Database, clock: FrozenClock, sender: MailSender, inbox: Inbox, answer: str
) -> None:
    """A server that does not take it now is asked again, ever more rarely."""
    mail = put(portal_database, clock)
    inbox.answer = answer
    for pause in [*PAUSES, PAUSES[-1]]:
        assert sender.send_due() == 0
        kept = row(portal_database, mail)
        assert kept.text == TEXT
        assert kept.next_try_at == clock.now + pause
        assert "ivan" not in kept.trouble
        clock.now += pause - timedelta(seconds=1)
        assert claim(portal_database, clock.now) is None
        clock.now += timedelta(seconds=1)
    inbox.answer = ""
    assert sender.send_due() == 1
    assert queue_state(portal_database).waiting == 0


def test_no_such_mailbox(
    portal_database: Database, clock: FrozenClock, sender: MailSender, inbox: Inbox
) -> None:
    """It is not tried for ever, and others are sent."""
    refused = put(portal_database, clock)
    inbox.refusal = "550 no such user"
    sender.send_due()
    inbox.refusal = ""
    other = put(portal_database, clock, "maria@example.bg")
    clock.now += timedelta(days=1)
    assert sender.send_due() == 1
    assert row(portal_database, refused).refused_at is not None
    assert row(portal_database, other).taken_at is not None
    assert queue_state(portal_database).refused == 1


def test_server_gone(portal_database: Database, clock: FrozenClock, tmp_path: Path) -> None:
    """Without a server mails wait; without one set, too."""
    mail = put(portal_database, clock)
    unset = MailSender(portal_database, settings(tmp_path, ""), clock)
    assert unset.send_due() == 0
    assert row(portal_database, mail).attempts == 0
    nowhere = MailSender(portal_database, settings(tmp_path, "smtp://127.0.0.1:9"), clock)
    assert nowhere.send_due() == 0
    assert row(portal_database, mail).trouble == "ConnectionRefusedError"
    assert queue_state(portal_database).oldest_at == clock.now


def test_race_of_two_senders(
    portal_database: Database,
    clock: FrozenClock,
    sender: MailSender,
    server: Controller,
    inbox: Inbox,
    tmp_path: Path,
) -> None:
    """Each mail is one's."""
    for number in range(20):
        put(portal_database, clock, f"number{number}@example.bg")
    other = MailSender(
        portal_database, settings(tmp_path, f"smtp://127.0.0.1:{server.port}"), clock
    )
    threads = [threading.Thread(target=each.send_due) for each in (sender, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(mail.rcpt_tos[0] for mail in inbox.mails) == sorted(
        f"number{number}@example.bg" for number in range(20)
    )


def test_thread(
    portal_database: Database, clock: FrozenClock, sender: MailSender, inbox: Inbox
) -> None:
    """The thread sends what is there when it begins, and ends when told."""
    mail = put(portal_database, clock)
    with sender:
        for _ in range(200):
            if row(portal_database, mail).taken_at is not None:
                break
            threading.Event().wait(0.02)
    assert len(inbox.mails) == 1


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ivan",
        "ivan@",
        "@example.bg",
        "ivan@localhost",
        "ivan@example.bg\r\nBcc: all@example.bg",
        "ivan@example.bg, maria@example.bg",
        "Ivan <ivan@example.bg>",
        "ivan@@example.bg",
        "иван@example.bg",
        "ivan\0@example.bg",
        "a" * 65 + "@example.bg",
        "a@" + "b" * 64 + ".bg",
    ],
)
def test_no_address(portal_database: Database, clock: FrozenClock, address: str) -> None:
    """What is no single plain address is refused, so nothing can be hidden in it."""
    with pytest.raises(MailError):
        put(portal_database, clock, address)


def test_addresses() -> None:
    """Domains may be Bulgarian."""
    assert mail_address(" Ivan.P@Example.BG ") == "Ivan.P@example.bg"
    assert mail_address("ivan@троян.бг") == "ivan@xn--m1abfh1e.xn--90ae"


@given(st.text())
def test_headers_hold_one_line(subject: str) -> None:
    """What passes has no line break in it, whatever kind."""
    try:
        passed = check_header(subject)
    except MailError:
        return
    assert len(passed.splitlines()) == 1


def test_servers() -> None:
    """The address of a mail server, and the passwords that must not go in the clear."""
    found = MailServer.of("starttls://user%40x:p%3Aw@mail.troyan.bg")
    assert found == MailServer("starttls", "mail.troyan.bg", 587, "user@x", "p:w")
    for url in ("mail.troyan.bg", "http://mail", "smtp://u:p@mail.troyan.bg", "smtp://h:port"):
        with pytest.raises(MailError):
            MailServer.of(url)
