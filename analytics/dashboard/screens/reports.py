"""*Reports*: make one, write in it, approve and publish it, and have it sent."""

from __future__ import annotations

from typing import Final

import streamlit as st

from analytics.dashboard.making_reports import MADE, draw_making
from analytics.dashboard.one_report import draw_report, state_line
from analytics.dashboard.report_kinds import NAMES, unit_names
from analytics.dashboard.report_letters import draw_subscriptions
from analytics.dashboard.report_shown import draw_document, draw_files
from analytics.dashboard.view import View
from analytics.improvement.drafts import Draft
from analytics.improvement.protocol import Improvement
from analytics.improvement.who import NotThereError, Who

PARAMETER: Final = "report"
"""Of the address: the report that is open."""


def draw(view: View) -> None:
    """Draw the page."""
    _ = view.language.text
    st.title(_("Reports"), anchor=False)
    improvement, who = view.source.improvement, view.person
    if improvement is None or who is None:
        st.info(_("Reports are kept by the portal. Without it one can be made and downloaded."))
        draw_making(view)
        _draw_made(view)
        return
    if PARAMETER in st.query_params and _draw_open(view, improvement, who):
        return
    draw_making(view)
    _draw_list(view, improvement, who)
    draw_subscriptions(view, improvement, who)


def _draw_made(view: View) -> None:
    """A report that nobody keeps."""
    made = st.session_state.get(MADE)
    if made is not None:
        draw_files(view, made, f"{made.kind}-{made.language}")
        draw_document(view, made)


def _draw_open(view: View, improvement: Improvement, who: Who) -> bool:
    """The report that the address names; whether there is one for him."""
    _ = view.language.text
    if st.button(_("All reports"), icon=":material/arrow_back:"):
        del st.query_params[PARAMETER]
        st.rerun()
    try:
        draft = improvement.draft(who, st.query_params[PARAMETER])
    except NotThereError:
        st.warning(_("There is no such report, or you may not see it."))
        return False
    draw_report(view, improvement, who, draft)
    return True


def _draw_list(view: View, improvement: Improvement, who: Who) -> None:
    _ = view.language.text
    st.header(_("Reports so far"), anchor=False)
    found = improvement.drafts(who)
    if not found:
        st.caption(_("There are none yet."))
    for draft in found:
        with st.container(border=True, horizontal=True):
            st.markdown(f"**{_(NAMES[draft.kind])}** · {_about(view, draft)}")
            st.caption(state_line(view, draft))
            if st.button(_("Open the report"), key=f"open-{draft.id}"):
                st.query_params[PARAMETER] = draft.id
                st.rerun()


def _about(view: View, draft: Draft) -> str:
    if draft.place is not None:
        return view.name_of(draft.place)
    if not draft.unit:
        return view.language.text("The whole municipality")
    return unit_names(view.book).get(draft.unit, draft.unit)
