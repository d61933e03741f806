"""Handing a mail to a mail server (SMTP), by smtplib."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from typing import Final
from urllib.parse import unquote, urlsplit

from portal.mail.address import MailError, mail_address
from portal.mail.outgoing import Letter

TIMEOUT_S: Final = 30.0
"""For each answer of the server; a whole try takes less than the first pause."""
_PORTS: Final = {"smtp": 25, "starttls": 587, "smtps": 465}
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_NO_MAILBOX: Final = range(550, 560)


class TroubleError(Exception):
    """The server can't be reached, or doesn't take it now. In a few words, without addresses."""


class RefusedError(Exception):
    """The server says that it never will."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server, and how to speak to it.

    Attributes:
        scheme: ``smtp`` (plain), ``starttls`` (TLS is demanded) or ``smtps`` (TLS from the start).
    """

    scheme: str
    host: str
    port: int
    user: str = ""
    password: str = ""

    @classmethod
    def of(cls, url: str) -> MailServer:
        """The server that ``url`` names, as ``starttls://user:password@host:587``.

        Raises:
            MailError: it names none, or would send a password in the clear over a network.
        """
        try:
            parts = urlsplit(url)
            port = parts.port or _PORTS.get(parts.scheme, 0)
        except ValueError as error:
            raise MailError(
                "smtp_url is no address: write starttls://USER:PASSWORD@HOST"
            ) from error
        if parts.scheme not in _PORTS or not parts.hostname:
            raise MailError("smtp_url must begin with smtp://, starttls:// or smtps://, and a host")
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        if password and parts.scheme == "smtp" and parts.hostname not in _LOOPBACK:
            raise MailError("smtp_url would send its password in the clear: write starttls://")
        return cls(parts.scheme, parts.hostname, port, user, password)


def send(server: MailServer, sender: str, letter: Letter, now: datetime) -> None:
    """Hand ``letter`` over. Returns once the server has taken it.

    Raises:
        TroubleError: not now.
        RefusedError: never.
    """
    message = _message(sender, letter, now)
    try:
        with _connect(server) as connection:
            connection.send_message(message, sender, [letter.recipient])
            _leave(connection)
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        if code in _NO_MAILBOX:
            raise RefusedError(f"no such mailbox ({code})") from error
        raise TroubleError(f"recipient not accepted now ({code})") from error
    except smtplib.SMTPResponseException as error:
        raise TroubleError(f"{type(error).__name__} ({error.smtp_code})") from error
    except (smtplib.SMTPException, OSError) as error:
        raise TroubleError(type(error).__name__) from error


def _connect(server: MailServer) -> smtplib.SMTP:
    if server.scheme == "smtps":
        context = ssl.create_default_context()
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, timeout=TIMEOUT_S, context=context
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_S)
    try:
        if server.scheme == "starttls":
            connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _leave(connection: smtplib.SMTP) -> None:
    """Say goodbye. The mail is the server's by now: what goes wrong here changes nothing."""
    try:
        connection.quit()
    except (smtplib.SMTPException, OSError):
        connection.close()


def _message(sender: str, letter: Letter, now: datetime) -> EmailMessage:
    message = EmailMessage(policy=SMTP_POLICY)
    message["From"] = mail_address(sender)
    message["To"] = letter.recipient
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(now)
    # The same at each try, so that a receiver can tell that he has it.
    message["Message-ID"] = f"<{letter.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text, charset="utf-8")
    if letter.html:
        message.add_alternative(letter.html, subtype="html", charset="utf-8")
    return message
