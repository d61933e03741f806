"""Having reports sent to oneself."""

from __future__ import annotations

import streamlit as st

from analytics.dashboard.doing import doing
from analytics.dashboard.language import NAMES as LANGUAGES
from analytics.dashboard.markup import plain
from analytics.dashboard.report_kinds import NAMES, unit_names, whose_for
from analytics.dashboard.view import View
from analytics.improvement.drafts import KINDS
from analytics.improvement.protocol import Improvement
from analytics.improvement.subscriptions import Subscription, Wish
from analytics.improvement.who import Who


def draw_subscriptions(view: View, improvement: Improvement, who: Who) -> None:
    """His own, each with a button that ends it; and a form for a new one."""
    _ = view.language.text
    st.header(_("Reports by e-mail"), anchor=False)
    found = improvement.my_subscriptions(who)
    for each in found:
        with st.container(horizontal=True):
            st.write(plain(_line(view, each)))
            if st.button(_("End"), key=f"end-{each.id}"):
                with doing(view, _("Ended.")):
                    improvement.end_subscription(who, each.id)
    if not found:
        st.caption(_("No report is sent to you."))
    _draw_form(view, improvement, who)


def _line(view: View, found: Subscription) -> str:
    _ = view.language.text
    about = unit_names(view.book).get(found.unit, found.unit) or _("The whole municipality")
    if found.place is not None:
        about = view.name_of(found.place)
    return f"{_(NAMES[found.kind])} · {about} · {LANGUAGES[found.language]}"


def _draw_form(view: View, improvement: Improvement, who: Who) -> None:
    _ = view.language.text
    kinds = [kind for kind in KINDS if kind != "team-sheet"]
    whose = whose_for(view, "weekly-letter")
    if not whose:
        return
    with st.popover(_("Have a report sent to you")), st.form("subscribe", border=False):
        kind = st.selectbox(_("Report"), kinds, format_func=lambda each: _(NAMES[each]))
        about = st.selectbox(_("About"), whose, format_func=lambda each: each.name)
        language = st.radio(
            _("Language"), list(LANGUAGES), format_func=LANGUAGES.__getitem__, horizontal=True
        )
        if st.form_submit_button(_("Subscribe")):
            wish = Wish(
                kind=kind,
                unit=about.unit,
                place=about.place,
                language="en" if language == "en" else "bg",
            )
            with doing(view, _("It will be sent to you.")):
                improvement.subscribe(who, wish)
