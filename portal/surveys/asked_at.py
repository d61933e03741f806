"""What is asked at a place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from broker.store.errors import RegistryError
from broker.store.place_settings import effective
from broker.store.place_tables import SurveyVersion
from broker.store.tables import table_of
from portal.surveys.editions import Channel, Edition, open_by
from portal.web.errors import not_found
from portal.web.page import Page


def asked_at(page: Page, touchpoint: str, channel: Channel) -> Sequence[Edition]:
    """The surveys that may be answered at a place: the one that its kiosks ask, if that is among
    those that are open by ``channel``; else all of these, the one first published longest ago
    first: who publishes another one changes nothing for screens that ask just one.
    """
    now = page.portal.clock()
    editions = open_by(page.portal, channel, now)
    today = now.astimezone(page.language.zone).date()
    with page.portal.feedback.reading() as connection:
        try:
            setting = effective(connection, touchpoint, today)["survey"].value
        except RegistryError as error:
            raise not_found() from error
        since = _first_published(connection) if len(editions) > 1 else {}
    code = setting.get("code") if isinstance(setting, dict) else None
    own = [each for each in editions if each.survey.code == code]
    return own or sorted(editions, key=lambda each: since.get(each.survey.code, now))


def _first_published(connection: Connection) -> dict[str, datetime]:
    """Code → when the first version of a survey was published."""
    versions = table_of(SurveyVersion).c
    query = select(versions.code, func.min(versions.published_at)).group_by(versions.code)
    return {row[0]: row[1] for row in connection.execute(query)}
