"""*Alerts*: what the rules have found, what became of it, and what may be done about it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import streamlit as st

from analytics.alerts.alert import Alert
from analytics.alerts.record import AlertRecord, UnknownAlertError
from analytics.dashboard.alert_doing import Desk, draw_doing
from analytics.dashboard.alert_words import (
    figures_of,
    is_visible,
    lines_of,
    moment_of,
    title_of,
    zone_of,
)
from analytics.dashboard.glossary import explain
from analytics.dashboard.markup import plain
from analytics.dashboard.troubles import away
from analytics.dashboard.view import View
from analytics.improvement.who import Who
from broker.store.errors import StoreError

PARAMETER: Final = "alert"
"""Of the address: the id of one alert, as messages have it."""
CLOSED_FOR: Final = timedelta(days=90)


def draw(view: View) -> None:
    """Draw the page."""
    _ = view.language.text
    st.title(_("Alerts"), anchor=False)
    record, who = view.source.alerts, view.person
    if record is None or who is None:
        st.info(_("Alerts are kept by the portal: sign in there to see them here."))
        return
    wanted = st.query_params.get(PARAMETER)
    try:
        if wanted is None:
            _draw_all(view, record, who)
        else:
            _draw_one(view, record, who, wanted)
    except StoreError:
        st.error(away(view.language))
        return
    explain(view.language, "alert", "alert-rules", "alert-usual")


def _draw_one(view: View, record: AlertRecord, who: Who, wanted: str) -> None:
    """The one that the address names; another unit's is not there."""
    _ = view.language.text
    try:
        alert = record.find(wanted)
    except UnknownAlertError:
        alert = None
    if alert is None or not is_visible(view, alert):
        st.warning(_("There is no such alert here."))
        return
    _draw_cards(view, record, who, [alert])


def _draw_all(view: View, record: AlertRecord, who: Who) -> None:
    """Open ones, then those that were closed lately."""
    _ = view.language.text
    since = datetime.now(UTC) - CLOSED_FOR
    open_ones = [alert for alert in record.open_ones() if is_visible(view, alert)][::-1]
    closed = [
        alert
        for alert in record.recent()
        if alert.closed_at is not None and alert.closed_at >= since and is_visible(view, alert)
    ]
    st.header(_("Open"), anchor=False)
    if not open_ones:
        st.success(_("No alert is open. Nothing is told without good reason."))
    _draw_cards(view, record, who, open_ones)
    if closed:
        st.header(_("Closed in the last 90 days"), anchor=False)
        _draw_cards(view, record, who, closed)


def _draw_cards(view: View, record: AlertRecord, who: Who, alerts: Sequence[Alert]) -> None:
    people = {person for alert in alerts for person in _people(alert)}
    names = record.names(people) if people else {}
    now = datetime.now(UTC)
    for alert in alerts:
        zone = zone_of(view, alert.topic.place)
        with st.container(border=True):
            st.subheader(plain(title_of(view, alert)), anchor=False)
            st.write(plain(figures_of(view, alert)))
            st.caption(plain(lines_of(view, alert, zone, names, now)))
            for comment in alert.comments:
                name = names.get(comment.who) or view.language.text("somebody who has left")
                at = moment_of(view, comment.at, zone)
                st.write(plain(f"“{' '.join(comment.text.split())}”"))
                st.caption(plain(f"{name}, {at}"))
            draw_doing(Desk(view, record, who, alert, zone, now))


def _people(alert: Alert) -> set[str]:
    """Who did something with it."""
    commented = {comment.who for comment in alert.comments}
    return commented | ({alert.acknowledged_by or "", alert.closed_by or ""} - {""})
