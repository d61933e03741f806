"""The findings of today, each with what can be done about it."""

from __future__ import annotations

from urllib.parse import urlencode

import streamlit as st

from analytics.dashboard.choices import Choices
from analytics.dashboard.glossary import explain
from analytics.dashboard.markup import plain
from analytics.dashboard.taking_up import draw_taking_up
from analytics.dashboard.texts_of import option_text
from analytics.dashboard.view import View
from analytics.figures.findings import Finding
from analytics.figures.words import finding_text, reason_text, votes_text


def draw_findings(view: View) -> None:
    """At most three; none is a good answer, and said."""
    _ = view.language.text
    found = view.source.findings.of(view.whole, view.units)
    st.header(_("What is new"), anchor=False)
    if not found:
        st.success(
            _("Nothing for today: no place differs from what is usual there by more than chance."),
            icon=":material/check_circle:",
        )
        return
    for finding in found:
        _draw(view, finding)
    explain(view.language, "satisfied", "certainty", "interval")


def _draw(view: View, found: Finding) -> None:
    _ = view.language.text
    icon = ":material/trending_down:" if found.kind == "worse" else ":material/trending_up:"
    with st.container(border=True):
        st.subheader(f"{icon} {plain(found.named.name)}", anchor=False)
        st.write(plain(sentence(view, found)))
        st.caption(plain(votes_text(found, view.writing)))
        choices = Choices(period="91d", place=found.named.place)
        more, address = _("Look at the place"), f"place?{urlencode(view.params(choices))}"
        st.html(f'<p class="otziv-more"><a href="{address}" target="_self">{more}</a></p>')
        draw_taking_up(view, found)


def sentence(view: View, found: Finding) -> str:
    """A finding in words, with the commonest reason."""
    said = finding_text(found, view.writing)
    if found.reason is None:
        return said
    reason = option_text(view, found.reason.survey, found.reason.question, found.reason.code)
    return f"{said} {reason_text(found, reason, view.writing)}"
