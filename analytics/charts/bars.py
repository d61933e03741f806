"""Bars: how often each face was pressed, and which reasons were given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap
from typing import Final

import altair as alt

from analytics.charts.look import FACES, dressed, inline
from analytics.charts.view import View
from analytics.charts.writing import Writing

WIDTH_PX: Final = 380
_ROW_PX: Final = 32
_LABEL_LETTERS: Final = 26
_WORST_FIRST: Final[Mapping[int, tuple[int, ...]]] = {
    2: (0, 4),
    4: (0, 1, 3, 4),
    5: (0, 1, 2, 3, 4),
}
"""The faces of a scale by how many it has; four have no middle."""


@dataclass(frozen=True, slots=True)
class BarRow:
    """A face or a reason: how often, and the share of all; ``count`` ``None`` is not shown."""

    name: str
    count: int | None
    share: float = 0.0


def faces_chart(
    rows: Sequence[BarRow],
    what: str,
    writing: Writing,
    palette: Mapping[str, str],
    width: int = WIDTH_PX,
) -> View:
    """The distribution over a scale, ``rows`` from the worst to the best.

    Each bar has its face's name and colour, and its figure beside it. Scales that have no faces of
    ours (the eleven steps of an NPS) are in one colour.
    """
    order = _WORST_FIRST.get(len(rows))
    fills = [palette[FACES[at]] for at in order] if order else [palette["accent"]] * len(rows)
    return _bars(rows, fills, what, writing, palette, width)


def reasons_chart(
    rows: Sequence[BarRow],
    what: str,
    writing: Writing,
    palette: Mapping[str, str],
    width: int = WIDTH_PX,
) -> View:
    """Reasons in the order given, the commonest first as a rule."""
    return _bars(rows, [palette["accent"]] * len(rows), what, writing, palette, width)


def _bars(
    rows: Sequence[BarRow],
    fills: Sequence[str],
    what: str,
    writing: Writing,
    palette: Mapping[str, str],
    width: int,
) -> View:
    shown = [
        {**_values(number, row, writing), "fill": fill}
        for number, (row, fill) in enumerate(zip(rows, fills, strict=True))
    ]
    names = alt.Axis(
        labelExpr="split(slice(datum.label, indexof(datum.label, '=') + 1), '\\n')",
        labelLimit=230,
        ticks=False,
        domain=False,
        labelPadding=8,
    )
    most = max((row.share for row in rows if row.count is not None), default=0.0) or 1.0
    base = alt.Chart().encode(
        y=alt.Y("row:N", sort=None, title=None, axis=names),
        # Room for the figures to the right of the longest bar.
        x=alt.X("value:Q", scale=alt.Scale(domain=(0, most * 1.3)), axis=None),
        tooltip=[
            alt.Tooltip("name:N", title=what),
            alt.Tooltip("count:N", title=writing.text("Ratings")),
            alt.Tooltip("written:N", title=writing.text("Share")),
        ],
    )
    bar = base.mark_bar(stroke=palette["edge"], strokeWidth=1, height=20).encode(
        color=alt.Color("fill:N", scale=None)
    )
    text = base.mark_text(color=palette["ink"], align="left", dx=6, fontSize=12).encode(
        text=alt.Text("label:N")
    )
    size = (width, _ROW_PX * max(len(rows), 1))
    drawing = dressed(alt.layer(bar, text, data=inline(shown)), palette, writing, size)
    columns = (what, writing.text("Ratings"), writing.text("Share"))
    table = tuple(tuple(str(row[field]) for field in ("name", "count", "written")) for row in shown)
    return View(drawing, _alternative(rows, what, writing), columns, table)


def _values(number: int, row: BarRow, writing: Writing) -> dict[str, object]:
    lines = "\n".join(wrap(row.name, _LABEL_LETTERS, max_lines=2, placeholder="…")) or row.name
    known = row.count is not None
    count = "–" if row.count is None else writing.number(row.count)
    written = writing.percent(row.share) if known else "–"
    return {
        "row": f"{number}={lines}",
        "name": row.name,
        "value": row.share if known else 0,
        "count": count,
        "written": written,
        "label": f"{written} ({count})" if known else "–",
    }


def _alternative(rows: Sequence[BarRow], what: str, writing: Writing) -> str:
    known = [f"{row.name} {writing.percent(row.share)}" for row in rows if row.count is not None]
    if not known:
        return writing.text("{what}: no figures to show.", what=what)
    return f"{what}: {'; '.join(known)}."
