"""Making a report: which, whose, of which days and in which language."""

from __future__ import annotations

import streamlit as st

from analytics.dashboard.doing import doing, today_of
from analytics.dashboard.language import NAMES as LANGUAGES
from analytics.dashboard.report_kinds import NAMES, Whose, kinds_for, periods_for, whose_for
from analytics.dashboard.view import View
from analytics.improvement.drafts import Kind, NewDraft
from analytics.improvement.who import WRITERS
from analytics.period import Period
from analytics.reports.content.facts import Facts, facts_of
from analytics.reports.content.make import make
from analytics.reports.content.telling import Telling
from analytics.reports.document import Document
from analytics.reports.kept import new, to_content

MADE = "report-made"
"""Where a report is that nobody keeps, for as long as the page is open."""


def draw_making(view: View) -> None:
    """The choices and the button, for those who may write."""
    _ = view.language.text
    who = view.person
    if view.source.improvement is not None and (who is None or not who.roles & WRITERS):
        return
    kinds = kinds_for(view)
    if not kinds:
        st.info(_("There is no place here that has figures of its own."))
        return
    with st.expander(_("Make a report"), expanded=True):
        kind = st.selectbox(_("Report"), kinds, format_func=lambda each: _(NAMES[each]))
        whose = st.selectbox(_("About"), whose_for(view, kind), format_func=_name, key=f"of-{kind}")
        periods = periods_for(view, kind)
        if not periods:
            st.info(_("No such period is over yet."))
            return
        days = st.selectbox(_("Period"), list(periods), key=f"days-{kind}")
        codes = [view.language.code, *(each for each in LANGUAGES if each != view.language.code)]
        language = st.radio(_("Language"), codes, format_func=_language, horizontal=True)
        if st.button(_("Make the report")):
            _make(view, kind, whose, periods[days], language)


def _name(whose: Whose) -> str:
    return whose.name


def _language(code: str) -> str:
    return LANGUAGES[code]


def _make(view: View, kind: Kind, whose: Whose, days: Period, language: str) -> None:
    _ = view.language.text
    improvement, who = view.source.improvement, view.person
    if improvement is None or who is None:
        st.session_state[MADE] = report_of(view, kind, whose, days, language)
        return
    about = NewDraft(
        kind=kind,
        unit=whose.unit,
        place=whose.place,
        from_on=days.from_on,
        to_on=days.to_on,
        language="en" if language == "en" else "bg",
    )
    with doing(view, _("The report was made.")):
        content = to_content(new(report_of(view, kind, whose, days, language)))
        st.query_params["report"] = improvement.keep_draft(who, about, content).id


def report_of(view: View, kind: Kind, whose: Whose, days: Period, language: str) -> Document:
    """The report from what the viewer sees, and nothing else."""
    improvement, who = view.source.improvement, view.person
    facts = Facts()
    if improvement is not None and who is not None:
        facts = facts_of(improvement, who, days, whose.unit)
    told = Telling(
        view.book,
        days,
        language,
        today_of(view),
        unit=whose.unit,
        place=whose.place,
        facts=facts,
    )
    return make(kind, told)
