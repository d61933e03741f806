"""How a page shows a chart: the drawing, its words, the same figures as a table and as a file."""

from __future__ import annotations

from typing import Final

import streamlit as st

from analytics.charts.view import View as Chart
from analytics.dashboard.markup import table
from analytics.dashboard.view import View

_PADDING: Final = {"left": 12, "right": 8, "top": 8, "bottom": 8}
"""Streamlit leaves none at the left, and letters are cut."""


def show_chart(view: View, title: str, chart: Chart, name: str) -> None:
    """A chart with its text alternative; below it the table, and a CSV of it.

    Args:
        view: who looks.
        title: of the table, and for the chart's alternative.
        chart: what to show; without rows only its words are.
        name: of the file, without its ending.
    """
    _ = view.language.text
    if chart.rows:
        # Not st.altair_chart: it checks each chart against Vega-Lite's whole schema, every time.
        spec = {**chart.spec(), "padding": _PADDING}
        st.vega_lite_chart(spec=spec, width="stretch", theme=None, alt=chart.alternative)
    st.caption(chart.alternative)
    if not chart.rows:
        return
    with st.expander(_("As a table")):
        st.html(table(title, chart.columns, chart.rows))
        download(view, name, chart.csv())


def download(view: View, name: str, csv: str) -> None:
    """A button for a CSV; with a mark of byte order, without which Excel takes it for Latin-1."""
    place = view.choices.place
    suffix = f"-{place.code}" if place is not None else ""
    st.download_button(
        view.language.text("Download as CSV"),
        csv.encode("utf-8-sig"),
        f"otziv-{name}{suffix}.csv",
        "text/csv",
        key=f"csv-{name}",
        on_click="ignore",
    )
