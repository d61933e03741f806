"""Taking a finding up: acknowledge it, give it to somebody, make an action of it."""

from __future__ import annotations

from datetime import timedelta

import streamlit as st

from analytics.dashboard.doing import doer, doing, today_of
from analytics.dashboard.markup import plain
from analytics.dashboard.view import View
from analytics.figures.findings import Finding
from analytics.figures.words import finding_text
from analytics.improvement import findings as taken
from analytics.improvement.actions import Ground, Plan
from analytics.improvement.colleagues import Colleague
from analytics.improvement.findings import Handling
from analytics.improvement.protocol import Improvement
from analytics.improvement.who import Who

DUE_AFTER: timedelta = timedelta(days=28)
"""What the form proposes."""


def draw_taking_up(view: View, found: Finding) -> None:
    """What became of a finding, and the buttons of those who may do something about it."""
    improvement, who = view.source.improvement, view.person
    if improvement is None or who is None:
        return
    record = taken.Finding(id=found.id, unit=found.named.unit or "", words=words_of(view, found))
    handled = improvement.handled(who, [record.id]).get(record.id)
    _draw_handling(view, handled)
    if not doer(who, record.unit):
        return
    colleagues = improvement.colleagues(who, record.unit)
    with st.container(horizontal=True):
        if handled is None or not handled.acknowledged_by:
            _acknowledge(view, improvement, who, record)
        _assign(view, improvement, who, record, colleagues)
        _make_action(view, improvement, who, found, record, colleagues)


def words_of(view: View, found: Finding) -> str:
    """A finding with its place, as lists and mails have it."""
    return f"{found.named.name}: {finding_text(found, view.writing)}"


def _draw_handling(view: View, handled: Handling | None) -> None:
    _ = view.language.text
    if handled is None:
        return
    said = []
    if handled.acknowledged_at is not None:
        day = view.writing.short_day(handled.acknowledged_at.date())
        said.append(_("Seen on {day}").format(day=day))
    if handled.assignee:
        said.append(_("Given to {name}").format(name=handled.assignee))
    if handled.note:
        said.append(f"“{handled.note}”")
    st.caption(plain(" · ".join(said)))


def _acknowledge(view: View, improvement: Improvement, who: Who, record: taken.Finding) -> None:
    _ = view.language.text
    if st.button(_("Acknowledge"), key=f"seen-{record.id}"):
        with doing(view, _("Noted.")):
            improvement.acknowledge(who, record)


def _assign(
    view: View,
    improvement: Improvement,
    who: Who,
    record: taken.Finding,
    colleagues: list[Colleague],
) -> None:
    _ = view.language.text
    with st.popover(_("Assign")), st.form(f"assign-{record.id}", border=False):
        to = st.selectbox(_("To whom"), colleagues, format_func=_name)
        note = st.text_input(_("Note"), max_chars=taken.MOST_NOTE)
        if st.form_submit_button(_("Assign")) and to is not None:
            with doing(view, _("Given to {name}").format(name=to.name)):
                improvement.assign(who, record, to.id, note)


def _make_action(  # all of one form
    view: View,
    improvement: Improvement,
    who: Who,
    found: Finding,
    record: taken.Finding,
    colleagues: list[Colleague],
) -> None:
    _ = view.language.text
    with st.popover(_("Make an action")), st.form(f"action-{record.id}", border=False):
        title = st.text_input(_("What is to be done"))
        owner = st.selectbox(_("Who answers for it"), colleagues, format_func=_name)
        today = today_of(view)
        due_on = st.date_input(
            _("Until when"), today + DUE_AFTER, min_value=today, format="DD.MM.YYYY"
        )
        if st.form_submit_button(_("Make it")) and owner is not None:
            plan = Plan(
                title=title,
                ground=Ground("finding", record.id, record.words),
                unit=record.unit,
                owner=owner.id,
                due_on=due_on,
                place=found.named.place,
            )
            with doing(view, _("The action was made.")):
                improvement.make_action(who, plan)


def _name(colleague: Colleague) -> str:
    return colleague.name
