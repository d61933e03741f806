"""Notices with what people did about them: who took one up, until when one is put off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from broker.fleet.notice_words import Told, in_words
from broker.fleet.notices import NoticeView
from portal.audit.log import note
from portal.fleet.notice_language import of_reader
from portal.fleet.tables import NoticeHandling
from portal.store.tables import table_of
from portal.web.language import Language
from portal.web.page import Page

SNOOZES: Final = {"1": timedelta(days=1), "7": timedelta(days=7), "30": timedelta(days=30)}
"""Days for which a notice can be put off."""

_handling: Final = table_of(NoticeHandling)


@dataclass(frozen=True, slots=True)
class Handled:
    """A notice in words, with what people did about it.

    Attributes:
        handling: ``None``: nothing.
    """

    view: NoticeView
    words: Told
    handling: NoticeHandling | None

    @property
    def number(self) -> int:
        """Of the notice."""
        return self.view.notice.number or 0

    def is_snoozed(self, now: datetime) -> bool:
        """Whether it is put off."""
        until = self.handling.snoozed_until if self.handling is not None else None
        return until is not None and now < until

    @property
    def taken_up_at(self) -> datetime | None:
        """When somebody took it up."""
        return self.handling.taken_up_at if self.handling is not None else None


def with_handling(
    connection: Connection, views: Sequence[NoticeView], language: Language
) -> list[Handled]:
    """Notices with what people did; ``connection`` is of the portal's database."""
    numbers = [view.notice.number for view in views]
    query = select(_handling).where(_handling.c.notice.in_(numbers))
    found = {row["notice"]: NoticeHandling(**row) for row in connection.execute(query).mappings()}
    texts = of_reader(language)
    return [
        Handled(view, in_words(view, texts), found.get(view.notice.number or 0)) for view in views
    ]


def take_up(page: Page, number: int) -> None:
    """Note that whoever asks looks after a notice."""
    _put(page, number, "fleet.notice-take-up", taken_up_at=page.portal.clock(), snoozed_until=None)


def put_off(page: Page, number: int, days: str) -> None:
    """Let a notice stand below the others for some days; one of :data:`SNOOZES`."""
    until = page.portal.clock() + SNOOZES[days]
    _put(page, number, "fleet.notice-put-off", snoozed_until=until)


def _put(page: Page, number: int, action: str, **values: Any) -> None:  # noqa: ANN401  columns
    written = {"account": page.actor.id, **values}
    with page.portal.database.transaction() as connection:
        mine = update(_handling).where(_handling.c.notice == number).values(**written)
        if not connection.execute(mine).rowcount:
            connection.execute(insert(_handling).values(notice=number, **written))
        note(connection, page.actor, action, str(number))
