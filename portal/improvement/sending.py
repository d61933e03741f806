"""Sending reports to those who subscribed: the weekly letter on Monday, others once published.

A mail's id is made of the subscription and of what is sent, so that nothing goes out twice, however
often and by however many processes this is done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from analytics.closed.book import Book
from analytics.improvement.drafts import PUBLIC, Draft
from analytics.improvement.subscriptions import Recipient
from analytics.improvement.words import KINDS, say
from analytics.reports.content.facts import Itself, facts_of
from analytics.reports.content.make import make, week_before
from analytics.reports.content.telling import Telling
from analytics.reports.text import to_text
from broker.store.errors import StoreError
from broker.store.places import Place
from portal.improvement.office import Office, office_of
from portal.improvement.service import ImprovementDesk
from portal.mail.address import MOST_SUBJECT
from portal.mail.outgoing import queue
from portal.mail.tables import OutgoingMail
from portal.municipality.service import read_sign
from portal.store.tables import table_of
from portal.web.portal import Portal

WEEKLY_AT: Final = time(7)
"""On Monday, local time; where nothing ran then, later in the week."""

PUBLISHED_FOR: Final = timedelta(days=14)
"""What was published longer ago is sent to nobody any more; mails are kept for longer than that."""

Write: TypeAlias = Callable[[], tuple[str, str]]
"""Writes a mail: subject and text."""

_mails: Final = table_of(OutgoingMail)
_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


def send_reports(portal: Portal, now: datetime, book: Callable[[], Book]) -> int:
    """Queue what is due for everybody; how many mails. The ``book`` is asked for if one is.

    A mail that can't be written is logged, and holds up no other.

    Raises:
        StoreError: a database is away.
    """
    sender = _Sender(portal, now, book)
    return sum(sender.send(*each) for each in [*sender.weekly(), *sender.published()])


class _Sender:
    """One round."""

    def __init__(self, portal: Portal, now: datetime, book: Callable[[], Book]) -> None:
        self._book = book
        self._portal = portal
        self._office: Office = office_of(portal)
        self._desk = ImprovementDesk(self._office)
        self._now = now

    def send(self, recipient: Recipient, mail_id: str, write: Write) -> bool:
        """Queue one mail; whether it could be written and was not queued by somebody else."""
        try:
            return self._queue(recipient, mail_id, *write())
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001  # whatever is wrong with it, others are right
            _log.error("report-mail-failed", mail=mail_id, error=str(error), exc_info=error)
            return False

    def _queue(self, recipient: Recipient, mail_id: str, subject: str, text: str) -> bool:
        """The way to end it stands below."""
        language = self._office.language(recipient.subscription.language)
        end = language.text("Send me no more")
        body = f"{text}\n\n-- \n{end}: {recipient.end_url}\n"
        try:
            with self._portal.database.transaction() as connection:
                queue(
                    connection,
                    recipient.address,
                    subject[:MOST_SUBJECT],
                    body,
                    now=self._now,
                    mail_id=mail_id,
                )
        except IntegrityError:  # another process was faster
            return False
        except ValueError as error:
            _log.warning("report-not-sent", mail=mail_id, trouble=str(error))
            return False
        return True

    def weekly(self) -> Iterator[tuple[Recipient, str, Write]]:
        """The letters of the last week, to those who had subscribed by Monday morning."""
        zone = ZoneInfo(self._portal.settings.timezone)
        today = self._now.astimezone(zone).date()
        monday = today - timedelta(today.weekday())
        due_at = datetime.combine(monday, WEEKLY_AT, zone).astimezone(UTC)
        if self._now < due_at:
            return
        week = f"{week_before(today).from_on:%G-W%V}"
        for recipient in self._desk.recipients("weekly-letter"):
            mail_id = f"weekly-{recipient.subscription.id}-{week}"
            if _was_there(recipient, due_at) and not self._is_queued(mail_id):
                yield recipient, mail_id, partial(self._letter, recipient, today)

    def _letter(self, recipient: Recipient, today: date) -> tuple[str, str]:
        """Subject and text; only staff get it, since it tells of a week."""
        wish, week = recipient.subscription, week_before(today)
        site = wish.place if wish.place is None or wish.place.kind != "site" else None
        facts = facts_of(self._desk, Itself(), week, wish.unit, site)
        book = self._book()
        sites = [each.place for each in book.places if each.depth == 0]
        place = wish.place
        if place is None and not wish.unit and len(sites) > 1:  # others than ours share the store
            place = Place("site", self._portal.settings.site)
        told = Telling(
            book,
            week,
            wish.language,
            today,
            unit=wish.unit,
            place=place,
            municipality=self._name(wish.language),
            facts=facts,
        )
        document = make("weekly-letter", told, is_draft=False)
        return f"{document.title}: {document.subtitle}", to_text(document)

    def published(self) -> Iterator[tuple[Recipient, str, Write]]:
        """Links to what was published lately, to those who had subscribed by then."""
        for kind in sorted(PUBLIC):
            drafts = [each for each in self._desk.published_drafts(kind) if self._is_new(each)]
            for recipient in self._desk.recipients(kind) if drafts else []:
                for draft in drafts:
                    mail_id = f"report-{recipient.subscription.id}-{draft.id}"
                    if _wishes(recipient, draft) and not self._is_queued(mail_id):
                        yield recipient, mail_id, partial(self._notice, draft)

    def _is_new(self, draft: Draft) -> bool:
        return draft.published_at is not None and self._now - draft.published_at < PUBLISHED_FOR

    def _notice(self, draft: Draft) -> tuple[str, str]:
        """Subject and text: what was published, of which days, and where it is."""
        language = self._office.language(draft.language)
        title = say(KINDS[draft.kind], draft.language)
        days = f"{draft.from_on:%d.%m.%Y} – {draft.to_on:%d.%m.%Y}"
        name = self._name(draft.language) or language.text("The municipality")
        said = language.text("{name} has published this report:", name=name)
        return title, "\n\n".join(
            (said, f"{title}, {days}", self._office.link(f"/reports/{draft.id}", draft.language))
        )

    def _name(self, language: str) -> str:
        """The municipality's, as its pages have it; empty while nobody has entered it."""
        facts = read_sign(self._portal.database, self._portal.settings.site).facts
        return facts.name_en if language == "en" and facts.name_en else facts.name_bg

    def _is_queued(self, mail_id: str) -> bool:
        with self._portal.database.reading() as connection:
            found = connection.execute(select(_mails.c.id).where(_mails.c.id == mail_id)).first()
        return found is not None


def _was_there(recipient: Recipient, at: datetime) -> bool:
    confirmed_at = recipient.subscription.confirmed_at
    return confirmed_at is not None and confirmed_at <= at


def _wishes(recipient: Recipient, draft: Draft) -> bool:
    """Whether a published report is what somebody subscribed to, in his language."""
    wish = recipient.subscription
    is_it = (wish.unit, wish.place, wish.language) == (draft.unit, draft.place, draft.language)
    return is_it and draft.published_at is not None and _was_there(recipient, draft.published_at)
