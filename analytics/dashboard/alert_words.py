"""An alert in words, as its page shows it; and whether the viewer may see it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from sqlalchemy import select

from analytics.alerts.alert import Alert
from analytics.alerts.wording import MESSAGES, of_title
from analytics.dashboard.texts_of import option_text
from analytics.dashboard.view import View
from analytics.measures.saying import say
from broker.store.places import Place
from broker.store.tables import Site, table_of

_REASON: Final = "reason"
_TOWN: Final = ZoneInfo("Europe/Sofia")
"""Where no site is registered yet."""


def _(message: str) -> str:
    """Mark a message for the catalogue."""
    return message


def is_visible(view: View, alert: Alert) -> bool:
    """Whether it is at a place of a unit that the viewer sees; who sees all, sees all."""
    return not view.units or unit_of(view, alert) in view.units


def unit_of(view: View, alert: Alert) -> str:
    """Code of the unit that serves there; empty: none, so that it is the municipality's."""
    named = view.book.place(alert.topic.place)
    return (named.unit if named is not None else None) or ""


def place_name(view: View, place: Place) -> str:
    """What it is called; its code where nothing is known of it any more."""
    named = view.book.place(place)
    return named.name if named is not None else place.code


def title_of(view: View, alert: Alert) -> str:
    """Where, and what."""
    title = say(of_title(alert.topic.rule), view.language.code, MESSAGES)
    return f"{place_name(view, alert.topic.place)}: {title}"


def figures_of(view: View, alert: Alert) -> str:
    """The newest figures, with the reason that they are about."""
    said = say(alert.figures, view.language.code, MESSAGES) + "."
    reason = reason_of(view, alert.topic.about)
    return f"{view.language.text('Reason')}: {reason}. {said}" if reason else said


def reason_of(view: View, about: str) -> str:
    """A reason's text, as a survey has it; its code where none does."""
    texts = (option_text(view, survey, _REASON, about) for survey in view.book.surveys)
    return next((text for text in texts if text != about), about)


def zone_of(view: View, place: Place) -> ZoneInfo:
    """Where the place's days begin and end."""
    while (named := view.book.place(place)) is not None and named.above is not None:
        place = named.above
    site = table_of(Site).c
    with view.source.database.reading() as connection:
        rows = connection.execute(select(site.code, site.timezone)).all()
    zones = {code: str(zone) for code, zone in rows}
    found = zones.get(place.code) or next(iter(zones.values()), None)
    return ZoneInfo(found) if found else _TOWN


def moment_of(view: View, at: datetime, zone: ZoneInfo) -> str:
    """A day and time there."""
    return format_datetime(at.astimezone(zone), "d MMM, HH:mm", locale=view.language.code)


def lines_of(
    view: View, alert: Alert, zone: ZoneInfo, names: Mapping[str, str], now: datetime
) -> str:
    """State, since when, and who did what, in one line."""
    text, state = view.language.text, alert.state(now)
    said = [text(_("since about {time}")).format(time=_at(view, alert, zone))]
    if state == "snoozed" and alert.snoozed_until is not None:
        until = moment_of(view, alert.snoozed_until, zone)
        said.append(text(_("snoozed until {time}")).format(time=until))
    if state == "open":
        said.append(text(_("nobody looks after it yet")))
    if alert.acknowledged_by is not None:
        name = names.get(alert.acknowledged_by) or text(_("somebody who has left"))
        said.append(text(_("acknowledged by {name}")).format(name=name))
    if alert.closed_at is not None:
        said.append(_ending(view, alert, zone, names))
    return " · ".join(said)


def _at(view: View, alert: Alert, zone: ZoneInfo) -> str:
    return moment_of(view, alert.since, zone)


def _ending(view: View, alert: Alert, zone: ZoneInfo, names: Mapping[str, str]) -> str:
    text = view.language.text
    time = moment_of(view, alert.closed_at or alert.opened_at, zone)
    if not alert.closed_by:
        return text(_("over by itself on {time}")).format(time=time)
    name = names.get(alert.closed_by) or text(_("somebody who has left"))
    return text(_("closed by {name} on {time}")).format(name=name, time=time)
