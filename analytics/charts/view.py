"""What every chart gives: the drawing, what it says in words, and its figures as a table."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import altair as alt

Drawing: TypeAlias = alt.Chart | alt.LayerChart | alt.FacetChart


@dataclass(frozen=True, slots=True)
class View:
    """One chart.

    Attributes:
        drawing: for ``st.altair_chart(view.drawing, theme=None)``.
        alternative: what the chart says, for who can't see it.
        columns: headings of the table, the first over the headings of its rows.
        rows: the same figures as the drawing, as people read them.
    """

    drawing: Drawing
    alternative: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def spec(self) -> dict[str, Any]:
        """The drawing in the words of Vega-Lite, its data within."""
        # Its parts were checked as they were made.
        spec: dict[str, Any] = self.drawing.to_dict(validate=False)
        return spec

    def csv(self) -> str:
        """The table as CSV (RFC 4180)."""
        return as_csv(self.columns, self.rows)


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as CSV (RFC 4180)."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows(rows)
    return file.getvalue()
