"""The funnel: each place by its votes and its share, between the limits of places like these."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import altair as alt

from analytics.charts.look import dressed, inline
from analytics.charts.view import View
from analytics.charts.writing import Writing

WIDTH_PX: Final = 620
_HEIGHT_PX: Final = 320
_STEPS: Final = 60

Limits = Callable[[float], tuple[float, float]]
"""Votes → between which shares places lie."""


@dataclass(frozen=True, slots=True)
class FunnelRow:
    """A place; ``standing`` in words, ``is_beyond`` if it lies outside the first limits."""

    name: str
    share: float
    n: int
    standing: str
    is_beyond: bool


def funnel_chart(
    rows: Sequence[FunnelRow],
    limits: tuple[Limits, Limits],
    what: str,
    writing: Writing,
    palette: Mapping[str, str],
    width: int = WIDTH_PX,
) -> View:
    """``what`` of each place against its votes; ``limits`` are those of 95 and of 99.8 %."""
    curves = _curves(rows, *limits)
    percent = alt.Axis(labelExpr="round(datum.value * 100) + ' %'", tickCount=5)
    x = alt.X(
        "n:Q",
        title=writing.text("Ratings"),
        scale=alt.Scale(zero=True, nice=True),
        axis=alt.Axis(tickCount=6, grid=False, format=",d"),
    )
    y = alt.Y("low:Q", scale=alt.Scale(zero=False), title=what, axis=percent)
    band = alt.Chart(inline(curves)).mark_area(color=palette["tint"], opacity=0.8)
    edge = alt.Chart(inline(curves)).mark_line(
        color=palette["faint"], strokeDash=[5, 4], strokeWidth=1.2
    )
    dots = alt.Chart(inline([_values(row, writing) for row in rows])).encode(
        x="n:Q",
        y="share:Q",
        tooltip=[
            alt.Tooltip("name:N", title=writing.text("Place")),
            alt.Tooltip("written:N", title=what),
            alt.Tooltip("votes:N", title=writing.text("Ratings")),
            alt.Tooltip("standing:N", title=writing.text("Standing")),
        ],
    )
    usual = dots.transform_filter("!datum.beyond").mark_point(
        color=palette["accent"], fill=palette["card"], size=70, strokeWidth=2, opacity=1
    )
    beyond = dots.transform_filter("datum.beyond").mark_point(
        color=palette["bad"], fill=palette["bad"], shape="diamond", size=110, opacity=1
    )
    names = dots.transform_filter("datum.beyond").mark_text(
        color=palette["ink"], dy=-12, fontSize=12
    )
    layers = (
        band.encode(x=x, y=y, y2="high:Q"),
        edge.encode(x="n:Q", y="far_low:Q"),
        edge.encode(x="n:Q", y="far_high:Q"),
        usual,
        beyond,
        names.encode(text="name:N"),
    )
    drawing = dressed(alt.layer(*layers), palette, writing, (width, _HEIGHT_PX))
    columns = (
        writing.text("Place"), what, writing.text("Ratings"), writing.text("Standing"),
    )  # fmt: skip
    table = tuple(
        (row.name, writing.percent(row.share), writing.number(row.n), row.standing) for row in rows
    )
    return View(drawing, _alternative(rows, what, writing), columns, table)


def _curves(rows: Sequence[FunnelRow], inner: Limits, outer: Limits) -> list[dict[str, float]]:
    """The limits at some numbers of votes, from few to a little more than the most."""
    most = max((row.n for row in rows), default=1) * 1.05
    least = max(min((row.n for row in rows), default=1) * 0.5, 5)
    found = []
    for step in range(_STEPS + 1):
        n = least * (most / least) ** (step / _STEPS)
        (low, high), (far_low, far_high) = inner(n), outer(n)
        found.append({"n": n, "low": low, "high": high, "far_low": far_low, "far_high": far_high})
    return found


def _values(row: FunnelRow, writing: Writing) -> dict[str, object]:
    return {
        "name": row.name,
        "share": row.share,
        "n": row.n,
        "written": writing.percent(row.share),
        "votes": writing.number(row.n),
        "standing": row.standing,
        "beyond": row.is_beyond,
    }


def _alternative(rows: Sequence[FunnelRow], what: str, writing: Writing) -> str:
    beyond = [row.name for row in rows if row.is_beyond]
    if not beyond:
        return writing.text(
            "{what} of {count} places against their ratings: none lies outside the funnel.",
            what=what,
            count=writing.number(len(rows)),
        )
    return writing.text(
        "{what} of {count} places against their ratings; outside the funnel: {places}.",
        what=what,
        count=writing.number(len(rows)),
        places=", ".join(beyond),
    )
