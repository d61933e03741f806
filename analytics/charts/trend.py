"""The trend by day, week or month: the share, its interval, control limits, what lies beyond."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import altair as alt

from analytics.charts.look import dressed, inline
from analytics.charts.view import View
from analytics.charts.writing import Writing
from analytics.period import Step

WIDTH_PX: Final = 620
_HEIGHT_PX: Final = 230


def _(message: str) -> str:
    """Mark a message for the catalogue."""
    return message


_BEGINNINGS: Final[Mapping[Step, str]] = {
    "day": _("Day"),
    "week": _("Week from"),
    "month": _("Month from"),
}


@dataclass(frozen=True, slots=True)
class TrendRow:
    """One week (or day, or month), by its first day; ``share`` is ``None`` where none is shown.

    ``lower`` and ``upper`` are the control limits, where there are some.
    """

    begins_on: date
    share: float | None
    low: float = 0.0
    high: float = 1.0
    n: int = 0
    lower: float | None = None
    upper: float | None = None

    @property
    def is_beyond(self) -> bool:
        """Whether the share lies outside the control limits."""
        if self.share is None:
            return False
        below = self.lower is not None and self.share < self.lower
        return below or (self.upper is not None and self.share > self.upper)


def trend_chart(
    rows: Sequence[TrendRow],
    what: str,
    writing: Writing,
    palette: Mapping[str, str],
    target: float | None = None,
    step: Step = "week",
) -> View:
    """``what`` (such as *Satisfied*) over time; a gap where nothing is shown; maybe a target."""
    named = writing.text(_BEGINNINGS[step])
    shown = inline([_values(row, writing) for row in rows])
    base = alt.Chart().encode(
        x=alt.X("day:T", title=None, axis=alt.Axis(format="%-d %b", labelOverlap=True, grid=False)),
        tooltip=[
            alt.Tooltip("written_day:N", title=named),
            alt.Tooltip("written:N", title=what),
            alt.Tooltip("interval:N", title=writing.text("Interval")),
            alt.Tooltip("votes:N", title=writing.text("Ratings")),
        ],
    )
    percent = alt.Axis(labelExpr="round(datum.value * 100) + ' %'", tickCount=5)
    band = base.mark_area(color=palette["tint"], opacity=0.8).encode(
        y=alt.Y("low:Q", scale=alt.Scale(zero=False), title=what, axis=percent), y2=alt.Y2("high")
    )
    limit = base.mark_line(
        color=palette["faint"], strokeDash=[5, 4], strokeWidth=1.2, interpolate="step"
    )
    layers: list[alt.Chart] = [
        band,
        limit.encode(y=alt.Y("lower:Q")),
        limit.encode(y=alt.Y("upper:Q")),
        base.mark_line(color=palette["accent"], strokeWidth=2.5).encode(y=alt.Y("value:Q")),
        base.mark_point(color=palette["accent"], fill=palette["card"], size=30, opacity=1)
        .encode(y=alt.Y("value:Q"))
        .transform_filter("!datum.beyond"),
        base.mark_point(
            color=palette["bad"], fill=palette["bad"], shape="diamond", size=110, opacity=1
        )
        .encode(y=alt.Y("value:Q"))
        .transform_filter("datum.beyond"),
    ]
    layers += _ends(rows, writing, palette, target)
    drawing = dressed(alt.layer(*layers, data=shown), palette, writing, (WIDTH_PX, _HEIGHT_PX))
    return View(
        drawing,
        _alternative(rows, what, writing),
        _columns(what, named, writing),
        _rows(rows, writing),
    )


def _ends(
    rows: Sequence[TrendRow], writing: Writing, palette: Mapping[str, str], target: float | None
) -> list[alt.Chart]:
    """What the lines that go across are, said at their right end; and the target's line."""
    if not rows:
        return []
    last = rows[-1]
    lines = [(last.upper, writing.text("upper limit"), palette["faint"])]
    lines.append((last.lower, writing.text("lower limit"), palette["faint"]))
    layers = []
    if target is not None:
        said = writing.text("target {share}", share=writing.percent(target))
        lines.append((target, said, palette["good"]))
        layers.append(
            alt.Chart(inline([{"level": target}]))
            .mark_rule(color=palette["good"], strokeWidth=2, strokeDash=[2, 2])
            .encode(y=alt.Y("level:Q"))
        )
    for level, text, colour in lines:
        row = {"level": level, "day": last.begins_on.isoformat(), "text": text}
        if level is not None:
            layers.append(
                alt.Chart(inline([row]))
                .mark_text(color=colour, align="left", dx=8, fontSize=11)
                .encode(x=alt.X("day:T"), y=alt.Y("level:Q"), text=alt.Text("text:N"))
            )
    return layers


def _values(row: TrendRow, writing: Writing) -> dict[str, object]:
    known = row.share is not None
    return {
        "day": row.begins_on.isoformat(),
        "value": row.share,
        "low": row.low if known else None,
        "high": row.high if known else None,
        "lower": row.lower,
        "upper": row.upper,
        "beyond": row.is_beyond,
        "written_day": writing.short_day(row.begins_on),
        "written": "–" if row.share is None else writing.percent(row.share),
        "interval": writing.percents(row.low, row.high) if known else "–",
        "votes": writing.number(row.n) if known else "–",
    }


def _columns(what: str, named: str, writing: Writing) -> tuple[str, ...]:
    return (
        named,
        what,
        writing.text("Interval"),
        writing.text("Ratings"),
        writing.text("Usual limits"),
    )


def _rows(rows: Sequence[TrendRow], writing: Writing) -> tuple[tuple[str, ...], ...]:
    written = []
    for row in rows:
        values = _values(row, writing)
        limits = "–"
        if row.lower is not None and row.upper is not None:
            limits = writing.percents(row.lower, row.upper)
            if row.is_beyond:
                limits += f" · {writing.text('beyond')}"
        fields = ("written_day", "written", "interval", "votes")
        written.append((*(str(values[field]) for field in fields), limits))
    return tuple(written)


def _alternative(rows: Sequence[TrendRow], what: str, writing: Writing) -> str:
    known = [(row.begins_on, row.share) for row in rows if row.share is not None]
    if not known:
        return writing.text("{what}: no figures to show.", what=what)
    beyond = [writing.short_day(row.begins_on) for row in rows if row.is_beyond]
    text = writing.text(
        "{what}, {first} to {last}: {begin} at first, {end} at last, between {low} and {high}.",
        what=what,
        first=writing.short_day(known[0][0]),
        last=writing.short_day(known[-1][0]),
        begin=writing.percent(known[0][1]),
        end=writing.percent(known[-1][1]),
        low=writing.percent(min(share for _, share in known)),
        high=writing.percent(max(share for _, share in known)),
    )
    if not beyond:
        return f"{text} {writing.text('Nothing lies beyond the usual limits.')}"
    return f"{text} {writing.text('Beyond the usual limits: {days}.', days=', '.join(beyond))}"
