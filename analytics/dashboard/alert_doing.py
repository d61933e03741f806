"""What may be done with an alert: acknowledge, comment, snooze, close, make an action of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st

from analytics.alerts.alert import Alert, AlertError
from analytics.alerts.record import AlertRecord, UnknownAlertError
from analytics.dashboard.alert_words import figures_of, title_of, unit_of
from analytics.dashboard.doing import doer, doing, today_of
from analytics.dashboard.taking_up import DUE_AFTER
from analytics.dashboard.view import View
from analytics.improvement.actions import MOST_TITLE, Ground, Plan
from analytics.improvement.colleagues import Colleague
from analytics.improvement.who import Who

MOST_COMMENT: Final = 1_000
MORNING: Final = time(8)
"""When a snooze of days is over."""


def _(message: str) -> str:
    """Mark a message for the catalogue."""
    return message


SNOOZES: Final[dict[int, str]] = {
    0: _("for four hours"),
    1: _("until tomorrow morning"),
    3: _("for three days"),
    7: _("for a week"),
}
"""Days → what the choice is called."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who does something with which alert, and where that is kept."""

    view: View
    record: AlertRecord
    who: Who
    alert: Alert
    zone: ZoneInfo
    now: datetime


def draw_doing(desk: Desk) -> None:
    """The buttons of those who may; of a closed alert, what is left to do."""
    if not doer(desk.who, unit_of(desk.view, desk.alert)):
        return
    with st.container(horizontal=True):
        if not desk.alert.is_closed:
            if desk.alert.acknowledged_at is None:
                _acknowledge(desk)
            _snooze(desk)
        _comment(desk)
        _make_action(desk)
        if not desk.alert.is_closed:
            _close(desk)


def snoozed_until(days: int, zone: ZoneInfo, now: datetime) -> datetime:
    """The end of a snooze: four hours from now, or the morning after so many days there."""
    if days == 0:
        return now + timedelta(hours=4)
    on = now.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(on, MORNING, zone)


def _acknowledge(desk: Desk) -> None:
    text = desk.view.language.text
    if st.button(text("Acknowledge"), key=f"seen-{desk.alert.id}"):
        with _kept(desk):
            desk.record.acknowledge(desk.alert.id, desk.who.id, desk.now)


def _snooze(desk: Desk) -> None:
    text = desk.view.language.text
    with st.popover(text(_("Snooze"))), st.form(f"snooze-{desk.alert.id}", border=False):
        days = st.selectbox(
            text(_("For how long")), SNOOZES, format_func=lambda d: text(SNOOZES[d])
        )
        if st.form_submit_button(text("Snooze")):
            until = snoozed_until(days, desk.zone, desk.now)
            with _kept(desk):
                desk.record.snooze(desk.alert.id, until, desk.now, desk.who.id)


def _comment(desk: Desk) -> None:
    text = desk.view.language.text
    form = f"comment-{desk.alert.id}"
    with st.popover(text(_("Comment"))), st.form(form, border=False, clear_on_submit=True):
        said = st.text_area(text(_("What colleagues should know")), max_chars=MOST_COMMENT)
        if st.form_submit_button(text("Keep")):
            if not said.strip():
                st.error(text(_("Write something first.")))
                return
            with _kept(desk):
                desk.record.comment(desk.alert.id, desk.who.id, said[:MOST_COMMENT], desk.now)


def _close(desk: Desk) -> None:
    text = desk.view.language.text
    with st.popover(text(_("Close it"))):
        st.write(text(_("It closes by itself when it is over. Closed by hand, it opens again only "
                        "if new ratings give reason to.")))  # fmt: skip
        if st.button(text("Close it"), key=f"close-{desk.alert.id}"):
            with _kept(desk):
                desk.record.close(desk.alert.id, desk.who.id, desk.now)


def _make_action(desk: Desk) -> None:
    """A form as findings have it; the ground is the alert."""
    view, improvement = desk.view, desk.view.source.improvement
    if improvement is None:
        return
    text, unit = view.language.text, unit_of(view, desk.alert)
    colleagues = improvement.colleagues(desk.who, unit)
    with st.popover(text("Make an action")), st.form(f"action-{desk.alert.id}", border=False):
        title = st.text_input(text("What is to be done"), max_chars=MOST_TITLE)
        owner = st.selectbox(text("Who answers for it"), colleagues, format_func=_name)
        today = today_of(view)
        due_on = st.date_input(
            text("Until when"), today + DUE_AFTER, min_value=today, format="DD.MM.YYYY"
        )
        if st.form_submit_button(text("Make it")) and owner is not None:
            words = f"{title_of(view, desk.alert)}. {figures_of(view, desk.alert)}"
            plan = Plan(
                title=title,
                ground=Ground("alert", desk.alert.id, words),
                unit=unit,
                owner=owner.id,
                due_on=due_on,
                place=desk.alert.topic.place,
            )
            with doing(view, text("The action was made.")):
                improvement.make_action(desk.who, plan)


def _name(colleague: Colleague) -> str:
    return colleague.name


@contextmanager
def _kept(desk: Desk) -> Iterator[None]:
    """Draw the page anew, or say that the alert has become something else meanwhile."""
    text = desk.view.language.text
    try:
        yield
    except (AlertError, UnknownAlertError):
        st.error(text(_("This can't be done any more: the alert was closed meanwhile.")))
    else:
        st.toast(text("Kept."))
        st.rerun()
