"""A summary as a table to read: rows of text, for whatever draws them."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.summary import Figure, Summary, Votes


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table of text: every row has one cell for each of ``columns``."""

    title: str
    columns: list[str]
    rows: list[list[str]]


def text_table(summary: Summary) -> TextTable:
    """One row a figure: key, n, votes for each value, satisfied and index with intervals.

    Behind them stands what was pressed beside what the rules on corrections and misuse leave.
    """
    values = list(summary.figures[0].counts) if summary.figures else []
    return TextTable(
        title=f"Ratings on {summary.scale} by {summary.by}",
        columns=[
            *(summary.by, "n", *values, "satisfied (95 %)", "index (95 %)"),
            *("as pressed", "filtered"),
        ],
        rows=[_row(figure) for figure in summary.figures],
    )


def _row(figure: Figure) -> list[str]:
    """The cells of one figure."""
    satisfied, index = figure.satisfied, figure.index
    shares = [100 * part for part in (satisfied.share, satisfied.low, satisfied.high)]
    return [
        figure.key,
        f"{figure.n}",
        *(f"{count}" for count in figure.counts.values()),
        _with_interval(shares[0], shares[1], shares[2], " %"),
        _with_interval(index.value, index.low, index.high),
        _beside(figure.raw),
        _beside(figure.filtered),
    ]


def _beside(votes: Votes) -> str:
    """``78.2 % of 412``."""
    if votes.satisfied is None:
        return "none"
    return f"{100 * votes.satisfied.share:.1f} % of {votes.n}"


def _with_interval(value: float, low: float, high: float, unit: str = "") -> str:
    """``78.2 (73.9–82.0)``."""
    return f"{value:.1f}{unit} ({low:.1f}–{high:.1f})"
