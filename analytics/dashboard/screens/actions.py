"""*Actions*: what is being done about what was learnt, and what came of it."""

from __future__ import annotations

from datetime import date

import streamlit as st

from analytics.dashboard.actions_here import actions_here, site_of
from analytics.dashboard.doing import doer, doing, today_of
from analytics.dashboard.markup import plain, table
from analytics.dashboard.promised import target_text
from analytics.dashboard.view import View
from analytics.figures.effect import Effect, effect_of
from analytics.figures.words import effect_text
from analytics.improvement.actions import NEXT, OPEN, Action
from analytics.improvement.protocol import Improvement
from analytics.improvement.targets import Target
from analytics.improvement.who import Who
from analytics.improvement.words import STATES, say


def draw(view: View) -> None:
    """Draw the page."""
    _ = view.language.text
    st.title(_("Actions"), anchor=False)
    improvement, who = view.source.improvement, view.person
    if improvement is None or who is None:
        st.info(_("Actions are kept by the portal: sign in there to see them here."))
        return
    found = actions_here(view, improvement, who)
    if not found:
        st.info(_("There are no actions here yet. Make one from a finding on the page “Today”."))
    targets = {each.id: each for each in improvement.targets(who)}
    today = today_of(view)
    for is_open in (True, False):
        part = [action for action in found if (action.state in OPEN) == is_open]
        if part:
            st.header(_("Open") if is_open else _("Closed"), anchor=False)
        for action in part:
            with st.container(border=True):
                _draw(view, action, targets.get(action.target), today)
                if doer(who, action.unit):
                    _move(view, improvement, who, action, today)


def _draw(view: View, action: Action, target: Target | None, today: date) -> None:
    _ = view.language.text
    late = " · " + _("overdue") if action.is_overdue(today) else ""
    st.subheader(plain(action.title), anchor=False)
    st.caption(plain(_line(view, action)) + late)
    st.write(plain(action.ground.words))
    if action.description:
        st.write(plain(action.description))
    if target is not None:
        st.caption(f"{_('Target')}: {plain(target_text(view, target))}")
    found = effect_of(view.book, action, site_of(view))
    if found is not None:
        _draw_effect(view, found)


def _line(view: View, action: Action) -> str:
    """State, place, owner and due day in one line."""
    _ = view.language.text
    parts = [
        say(STATES[action.state], view.language.code),
        view.name_of(action.place) if action.place is not None else "",
        action.owner_name,
        _("until {day}").format(day=view.writing.short_day(action.due_on)),
    ]
    return " · ".join(part for part in parts if part)


def _draw_effect(view: View, found: Effect) -> None:
    _, writing = view.language.text, view.writing
    st.write(plain(effect_text(found, writing)))
    rows = []
    for name, votes, share in (
        (_("28 days before"), found.before, found.change.before if found.change else None),
        (_("28 days after"), found.after, found.change.after if found.change else None),
    ):
        if votes is not None and share is not None:
            bounds = writing.percents(share.low, share.high)
            rows.append(
                [name, writing.number(votes.n), f"{writing.percent(share.share)}\n{bounds}"]
            )
    if rows:
        columns = [_("When"), _("Ratings"), _("Satisfied")]
        st.html(table(_("Before and after"), columns, rows))
    st.caption(
        _("It says what changed, not what changed it: other things happen in eight weeks, too.")
    )


def _move(view: View, improvement: Improvement, who: Who, action: Action, today: date) -> None:
    """Bring it to another state."""
    _ = view.language.text
    with st.popover(_("Change the state")), st.form(f"move-{action.id}", border=False):
        state = st.selectbox(
            _("State"),
            NEXT[action.state],
            format_func=lambda each: say(STATES[each], view.language.code),
        )
        on = st.date_input(
            _("If it is done: from which day it took effect"),
            today,
            max_value=today,
            format="DD.MM.YYYY",
        )
        note = st.text_input(_("Note"))
        if st.form_submit_button(_("Keep")) and state is not None:
            with doing(view, _("Kept.")):
                improvement.move_action(
                    who, action.id, state, on=on, revision=action.revision, note=note
                )
