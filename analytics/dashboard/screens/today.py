"""*Today*: what is new, in sentences; then the day so far."""

from __future__ import annotations

import streamlit as st

from analytics.dashboard import today_page
from analytics.dashboard.findings import draw_findings
from analytics.dashboard.view import View


def draw(view: View) -> None:
    """Draw the page."""
    _ = view.language.text
    st.title(_("Today"), anchor=False)
    draw_findings(view)
    today_page.draw(view.source, view.language, view.units)
