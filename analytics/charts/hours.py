"""Hour × weekday: a field of shares, each written in its cell, so that colour says it twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import altair as alt

from analytics.charts.look import dressed, inline, steps
from analytics.charts.view import View
from analytics.charts.writing import Writing

WIDTH_PX: Final = 620
_ROW_PX: Final = 34


@dataclass(frozen=True, slots=True)
class HourCell:
    """One hour of one weekday (0 is Monday); ``share`` is ``None`` where none is shown.

    How many ratings an hour has is not told: hours that are hidden would follow by subtraction.
    """

    weekday: int
    hour: int
    share: float | None


def hours_chart(
    cells: Sequence[HourCell],
    what: str,
    writing: Writing,
    palette: Mapping[str, str],
    width: int = WIDTH_PX,
) -> View:
    """``what`` by hour and weekday; the more colour in a cell, the greater its share."""
    days = sorted({cell.weekday for cell in cells})
    hours = sorted({cell.hour for cell in cells})
    fills = _fills(cells, palette)
    shown = [{**_values(cell, writing), **fills[at]} for at, cell in enumerate(cells)]
    base = alt.Chart().encode(
        x=alt.X(
            "hour:O",
            sort=[_hour(hour) for hour in hours],
            title=writing.text("Hour"),
            axis=alt.Axis(labelAngle=0, ticks=False, domain=False),
        ),
        y=alt.Y(
            "day:O",
            sort=[writing.weekday(day, "abbreviated") for day in days],
            title=None,
            axis=alt.Axis(ticks=False, domain=False),
        ),
        tooltip=[
            alt.Tooltip("whole_day:N", title=writing.text("Day")),
            alt.Tooltip("hour:N", title=writing.text("Hour")),
            alt.Tooltip("written:N", title=what),
        ],
    )
    field = base.mark_rect(stroke=palette["edge"], strokeWidth=0.5).encode(
        color=alt.Color("fill:N", scale=None)
    )
    text = base.mark_text(fontSize=11).encode(
        text=alt.Text("short:N"), color=alt.Color("letters:N", scale=None)
    )
    size = (width, _ROW_PX * max(len(days), 1))
    drawing = dressed(alt.layer(field, text, data=inline(shown)), palette, writing, size)
    columns = (writing.text("Hour"), *(writing.weekday(day) for day in days))
    return View(
        drawing, _alternative(cells, what, writing), columns, _table(cells, days, hours, writing)
    )


def _fills(cells: Sequence[HourCell], palette: Mapping[str, str]) -> list[dict[str, str]]:
    """Fill and letters of each cell: fifths of the way from the least share to the greatest."""
    known = [cell.share for cell in cells if cell.share is not None]
    low, span = min(known, default=0.0), max(known, default=0.0) - min(known, default=0.0)
    ladder = steps(palette)
    found = []
    for cell in cells:
        fill, letters = "transparent", palette["ink"]
        if cell.share is not None:
            rung = int((cell.share - low) / span * len(ladder)) if span else 0
            fill, letters = ladder[min(rung, len(ladder) - 1)]
        found.append({"fill": fill, "letters": letters})
    return found


def _hour(hour: int) -> str:
    return f"{hour:02}–{hour + 1:02}"


def _values(cell: HourCell, writing: Writing) -> dict[str, object]:
    written = "–" if cell.share is None else writing.percent(cell.share)
    return {
        "day": writing.weekday(cell.weekday, "abbreviated"),
        "whole_day": writing.weekday(cell.weekday),
        "hour": _hour(cell.hour),
        "written": written,
        "short": written.partition("\N{NO-BREAK SPACE}")[0],
    }


def _table(
    cells: Sequence[HourCell], days: Sequence[int], hours: Sequence[int], writing: Writing
) -> tuple[tuple[str, ...], ...]:
    found = {(cell.weekday, cell.hour): str(_values(cell, writing)["written"]) for cell in cells}
    return tuple((_hour(hour), *(found.get((day, hour), "–") for day in days)) for hour in hours)


def _alternative(cells: Sequence[HourCell], what: str, writing: Writing) -> str:
    known = [(cell.share, cell) for cell in cells if cell.share is not None]
    if not known:
        return writing.text("{what}: no figures to show.", what=what)
    (low, worst), (high, best) = (pick(known, key=lambda pair: pair[0]) for pick in (min, max))
    return writing.text(
        "{what} by hour and weekday, per cent: "
        "lowest {low} ({lowest}), highest {high} ({highest}).",
        what=what,
        low=writing.percent(low),
        lowest=f"{writing.weekday(worst.weekday)}, {_hour(worst.hour)}",
        high=writing.percent(high),
        highest=f"{writing.weekday(best.weekday)}, {_hour(best.hour)}",
    )
