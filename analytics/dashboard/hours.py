"""Hour × weekday of a place, as a part of its page."""

from __future__ import annotations

from typing import Final

import streamlit as st

from analytics.charts.hours import HourCell, hours_chart
from analytics.closed.hours import Grid
from analytics.dashboard.show import show_chart
from analytics.dashboard.view import View
from analytics.dashboard.words import scale_name

_DAY_HOURS: Final = 24


def draw_hours(view: View) -> None:
    """The share satisfied by hour and weekday, of the last 52 weeks whatever period is chosen."""
    _, place = view.language.text, view.choices.place
    hours = view.source.library.hours()
    grids = {} if place is None or not view.sees_all_of(place) else hours.of(place)
    if not grids:
        return
    st.header(_("When"), anchor=False)
    days = hours.period
    st.caption(
        _(
            "Share satisfied by hour and weekday, {first} – {last}, all surveys and channels, "
            "filtered. Hours with too few ratings are empty."
        ).format(
            first=view.writing.short_day(days.from_on), last=view.writing.short_day(days.to_on)
        )
    )
    for scale, grid in sorted(grids.items()):
        if len(grids) > 1:
            st.subheader(scale_name(_, scale), anchor=False)
        chart = hours_chart(_cells(grid), _("Satisfied"), view.writing, view.palette)
        show_chart(view, _("Satisfied by hour and weekday"), chart, f"hours-{scale}")


def _cells(grid: Grid) -> list[HourCell]:
    """Every hour from the first to the last that has a figure, on the weekdays that have one."""
    hours = [hour % _DAY_HOURS for hour in grid]
    weekdays = sorted({hour // _DAY_HOURS for hour in grid})
    found = []
    for weekday in weekdays:
        for hour in range(min(hours), max(hours) + 1):
            cell = grid.get(weekday * _DAY_HOURS + hour)
            share = cell.satisfied / cell.votes if cell else None
            found.append(HourCell(weekday, hour, share))
    return found
