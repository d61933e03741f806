"""The chart of shares: a dot where the share is, a line as long as its interval."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from textwrap import wrap
from typing import Any

import altair as alt
import pandas as pd

from analytics.measures.satisfied import SatisfiedShare

_COLOUR = "#2b83ba"
"""At least 3 : 1 against the light and the dark background; a place is told by its row."""
_ROW_HEIGHT_PX = 38
_AXIS_HEIGHT_PX = 50
_LABEL_LETTERS = 18
"""A longer name goes on in a second line; a phone has no room for more beside the chart."""


@dataclass(frozen=True, slots=True)
class ChartTexts:
    """The chart's words in the reader's language."""

    place: str
    satisfied: str
    interval: str
    votes: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the chart, with its figures as people read them."""

    place: str
    satisfied: SatisfiedShare
    share: str
    interval: str
    votes: str


def shares_chart(
    rows: Sequence[Row], texts: ChartTexts
) -> alt.Chart | alt.LayerChart | alt.FacetChart:
    """Shares with their intervals, one row a place in the order given."""
    frame = pd.DataFrame(
        {
            "place": [row.place for row in rows],
            "label": [_two_lines(row.place) for row in rows],
            "value": [row.satisfied.share for row in rows],
            "low": [row.satisfied.low for row in rows],
            "high": [row.satisfied.high for row in rows],
            "share": [row.share for row in rows],
            "interval": [row.interval for row in rows],
            "votes": [row.votes for row in rows],
        }
    )
    names = alt.Axis(
        labelExpr="split(datum.label, '\\n')", labelLimit=118, minExtent=130, ticks=False
    )
    percent = alt.X(
        "value:Q",
        scale=alt.Scale(domain=(0, 1)),
        title=texts.satisfied,
        axis=alt.Axis(labelExpr="round(datum.value * 100) + ' %'", tickCount=5),
    )
    base = alt.Chart(frame).encode(
        y=alt.Y("label:N", sort=None, title=None, axis=names),
        tooltip=[
            alt.Tooltip("place", title=texts.place),
            alt.Tooltip("share", title=texts.satisfied),
            alt.Tooltip("interval", title=texts.interval),
            alt.Tooltip("votes", title=texts.votes),
        ],
    )
    interval = base.mark_rule(color=_COLOUR, strokeWidth=3, opacity=0.8)
    dot = base.mark_circle(color=_COLOUR, size=120, opacity=1)
    return alt.layer(
        interval.encode(x=alt.X("low:Q", title=texts.satisfied), x2="high:Q"),
        dot.encode(x=percent),
    ).properties(height=_ROW_HEIGHT_PX * len(rows) + _AXIS_HEIGHT_PX)


def shares_spec(rows: tuple[Row, ...], texts: ChartTexts) -> dict[str, Any]:
    """The same chart as ``st.vega_lite_chart`` takes it; made once while rows are equal."""
    found: dict[str, Any] = json.loads(_written(rows, texts))
    return found


@lru_cache(maxsize=64)
def _written(rows: tuple[Row, ...], texts: ChartTexts) -> str:
    # With Altair it takes 30 ms, and a page that renews itself needs it every two seconds.
    spec = shares_chart(rows, texts).to_dict(validate=False)
    spec.pop("config", None)
    # Data at the top is made a table of Arrow by Streamlit, each time anew: 3 ms.
    (values,) = spec.pop("datasets").values()
    del spec["data"]
    spec["layer"] = [{**layer, "data": {"values": values}} for layer in spec["layer"]]
    return json.dumps(spec)


def _two_lines(name: str) -> str:
    """``name`` with a break where it is too long for one line of the axis."""
    return "\n".join(wrap(name, _LABEL_LETTERS, max_lines=2, placeholder="…")) or name
