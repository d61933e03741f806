"""What is asked at a place."""

from __future__ import annotations

from collections.abc import Sequence

from broker.store.errors import RegistryError
from broker.store.place_settings import effective
from portal.surveys.editions import Channel, Edition, open_by
from portal.web.errors import not_found
from portal.web.page import Page


def asked_at(page: Page, touchpoint: str, channel: Channel) -> Sequence[Edition]:
    """The surveys that may be answered at a place: the one that its kiosks ask, if that is among
    those that are open by ``channel``; else all of these.
    """
    now = page.portal.clock()
    editions = open_by(page.portal, channel, now)
    today = now.astimezone(page.language.zone).date()
    with page.portal.feedback.reading() as connection:
        try:
            setting = effective(connection, touchpoint, today)["survey"].value
        except RegistryError as error:
            raise not_found() from error
    code = setting.get("code") if isinstance(setting, dict) else None
    own = [each for each in editions if each.survey.code == code]
    return own or editions
