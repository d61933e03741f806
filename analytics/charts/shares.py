"""Shares with their intervals: a dot where the share is, a line as long as its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Final

import altair as alt

from analytics.charts.look import dressed, inline
from analytics.charts.view import View
from analytics.charts.writing import Writing

_ROW_PX: Final = 34
_LABEL_LETTERS: Final = 26
"""A longer name goes on in a second line."""
WIDTH_PX: Final = 380


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One place, reason or question: a share of ``n`` and its interval; ``None`` is not shown."""

    name: str
    share: float | None
    low: float = 0.0
    high: float = 1.0
    n: int = 0


@dataclass(frozen=True, slots=True)
class ShareTexts:
    """What rows and shares are, for headings: ``Place``, ``Satisfied``."""

    name: str
    share: str


def shares_chart(
    rows: Sequence[ShareRow],
    texts: ShareTexts,
    writing: Writing,
    palette: Mapping[str, str],
    width: int = WIDTH_PX,
) -> View:
    """Shares with intervals, one row each in the order given."""
    shown = [_values(number, row, writing) for number, row in enumerate(rows)]
    names = alt.Axis(
        labelExpr="split(slice(datum.label, indexof(datum.label, '=') + 1), '\\n')",
        labelLimit=230,
        ticks=False,
        domain=False,
        labelPadding=8,
    )
    base = alt.Chart().encode(
        y=alt.Y("row:N", sort=None, title=None, axis=names),
        tooltip=[
            alt.Tooltip("name:N", title=texts.name),
            alt.Tooltip("written:N", title=texts.share),
            alt.Tooltip("interval:N", title=writing.text("Interval")),
            alt.Tooltip("votes:N", title=writing.text("Ratings")),
        ],
    )
    percent = alt.Axis(labelExpr="round(datum.value * 100) + ' %'", tickCount=5)
    line = base.mark_rule(color=palette["accent"], strokeWidth=3).encode(
        x=alt.X("low:Q", scale=alt.Scale(domain=(0, 1)), title=texts.share, axis=percent),
        x2=alt.X2("high"),
    )
    dot = base.mark_point(
        color=palette["accent"], fill=palette["card"], size=90, strokeWidth=3, opacity=1
    ).encode(x=alt.X("value:Q"))
    # A row without a figure keeps its place, with a dash in the middle.
    label = base.mark_text(color=palette["ink"], dy=-11, fontSize=12).encode(
        x=alt.X("label:Q"), text=alt.Text("written:N")
    )
    drawing = dressed(
        alt.layer(line, dot, label, data=inline(shown)),
        palette,
        writing,
        (width, _ROW_PX * max(len(rows), 1) + 10),
    )
    return View(drawing, _alternative(rows, texts, writing), _columns(texts, writing), _rows(shown))


def _values(number: int, row: ShareRow, writing: Writing) -> dict[str, object]:
    """One row as the drawing has it; the number keeps rows of one name apart."""
    lines = "\n".join(wrap(row.name, _LABEL_LETTERS, max_lines=2, placeholder="…")) or row.name
    known = row.share is not None
    return {
        "row": f"{number}={lines}",
        "name": row.name,
        "value": row.share,
        "label": 0.5 if row.share is None else row.share,
        "low": row.low if known else None,
        "high": row.high if known else None,
        "written": "–" if row.share is None else writing.percent(row.share),
        "interval": writing.percents(row.low, row.high) if known else "–",
        "votes": writing.number(row.n) if known else "–",
    }


def _columns(texts: ShareTexts, writing: Writing) -> tuple[str, ...]:
    return (texts.name, texts.share, writing.text("Interval"), writing.text("Ratings"))


def _rows(shown: Sequence[Mapping[str, object]]) -> tuple[tuple[str, ...], ...]:
    fields = ("name", "written", "interval", "votes")
    return tuple(tuple(str(row[field]) for field in fields) for row in shown)


def _alternative(rows: Sequence[ShareRow], texts: ShareTexts, writing: Writing) -> str:
    known = [(row.share, row.name) for row in rows if row.share is not None]
    if not known:
        return writing.text("{what}: no figures to show.", what=texts.share)
    (low, lowest), (high, highest) = min(known), max(known)
    return writing.text(
        "{what}, {count} rows: from {low} ({lowest}) to {high} ({highest}), with intervals.",
        what=texts.share,
        count=writing.number(len(known)),
        low=writing.percent(low),
        lowest=lowest,
        high=writing.percent(high),
        highest=highest,
    )
