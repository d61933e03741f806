"""Sending a comment to the unit whom it concerns, by mail."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import Connection

from broker.store.database import Database
from portal.audit.log import note
from portal.comments.forms import ForwardForm
from portal.comments.inbox import note_forward
from portal.comments.places import place_names
from portal.comments.tables import Comment
from portal.mail.address import MailError, mail_address
from portal.mail.outgoing import queue
from portal.people.tables import Unit
from portal.people.units import all_units, find_unit, unit_name
from portal.store.tables import new_id
from portal.web.language import FIRST, Language
from portal.web.page import Page


class ForwardError(Exception):
    """It can't be sent there; the text is a message for people."""


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


def units_with_mail(database: Database, page: Page) -> list[tuple[str, str]]:
    """Code and name of the units that have an address for mail today."""
    today = page.portal.clock().astimezone(page.language.zone).date()
    with database.reading() as connection:
        units = all_units(connection, today)
    return [(unit.code, page.language.of(unit_name(unit))) for unit in units if unit.e_mail]


def unit_names(database: Database, page: Page) -> dict[str, str]:
    """Code → name of all units that ever were."""
    with database.reading() as connection:
        units = all_units(connection)
    return {unit.code: page.language.of(unit_name(unit)) for unit in units}


def forward(page: Page, comment: Comment, form: ForwardForm) -> None:
    """Queue a mail with a comment, and with words of the editor, to a unit; once for each page.

    Raises:
        ForwardError: there is no such unit, or it has no address.
    """
    now = page.portal.clock()
    with page.portal.database.transaction() as connection:
        to = _unit(connection, form.unit)
        key = sha256(f"forward {comment.id} {form.nonce}".encode()).hexdigest()[:32]
        sent = {"id": key if form.nonce else new_id(), "comment": comment.id}
        if not note_forward(connection, {**sent, "unit": form.unit, "forwarded_at": now}):
            return
        text = _letter(page, comment, form.words)
        language = Language(FIRST, page.language.zone)
        queue(connection, to.e_mail, language.text("A visitor's comment"), text, now=now)
        note(connection, page.actor, "comments.forwarded", comment.id, unit=form.unit)


def _unit(connection: Connection, code: str) -> Unit:
    found = find_unit(connection, code)
    if found is None or not found.e_mail:
        raise ForwardError(_("Choose a unit that has an e-mail address"))
    try:
        mail_address(found.e_mail)
    except MailError as error:
        raise ForwardError(
            _("No mail can go to this unit's address. An administrator can mend it under Units.")
        ) from error
    return found


def _letter(page: Page, comment: Comment, words: str) -> str:
    """What the unit reads, in the administration's language."""
    language = Language(FIRST, page.language.zone)
    place = place_names(page.portal.feedback).get(comment.touchpoint, comment.touchpoint)
    parts = [
        words,
        language.text("A visitor wrote on {day} at {place}:", day=_day(comment), place=place),
        comment.text,
        language.text(
            "Nobody knows who wrote it, and nobody can answer. It serves a talk about the work, "
            "never the appraisal of a person."
        ),
    ]
    return "\n\n".join(part for part in parts if part)


def _day(comment: Comment) -> str:
    return f"{comment.received_on:%d.%m.%Y}"
