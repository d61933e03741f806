"""*Data quality*: what was left out and why, and what that changes; for analysts."""

from __future__ import annotations

import streamlit as st

from analytics.charts.bars import BarRow, reasons_chart
from analytics.charts.view import as_csv
from analytics.closed.doubts import Doubts
from analytics.closed.standing import Named
from analytics.dashboard.bar import month_name, period_text
from analytics.dashboard.doubt_words import doubt_name, waiting_name
from analytics.dashboard.glossary import explain
from analytics.dashboard.markup import table
from analytics.dashboard.show import download, show_chart
from analytics.dashboard.view import View
from analytics.dashboard.words import scale_name
from analytics.figures.quality import (
    Beside,
    Misuse,
    misuse,
    origins,
    places_with_doubts,
    raw_beside_filtered,
)
from analytics.measures.shares import Share
from broker.store.quarantine import count_waiting


def draw(view: View) -> None:
    """Draw the page."""
    _ = view.language.text
    st.title(_("Data quality"), anchor=False)
    named = view.named
    if named is None:
        st.info(_("There is no place here that has figures of its own."))
        return
    st.caption(f"{named.name} · {period_text(view)}")
    doubts, parts = view.doubts, view.book.parts(named.place)
    _draw_misuse(view, doubts, parts or [named])
    _draw_beside(view, raw_beside_filtered(view.book, view.asked, [named, *parts]))
    _draw_origins(view, doubts)
    if not view.units:
        _draw_quarantine(view)


def _draw_misuse(view: View, doubts: Doubts, places: list[Named]) -> None:
    """By reason, by week, and by place."""
    _ = view.language.text
    st.header(_("Left out as misuse"), anchor=False)
    st.write(
        _(
            "Presses that the rules on misuse or the administration left out, of all surveys and "
            "channels. One press may have several reasons. A flag names a place and a time, never "
            "a person, and is no proof. A reason with fewer than five presses at a place waits "
            "for more."
        )
    )
    found = misuse(doubts, view.asked)
    if found is None:
        st.info(_("Nothing was left out here in this period, or too little to show."))
        return
    rows = [
        BarRow(doubt_name(_, each.name), each.share.count, each.share.share)
        for each in found.reasons
    ]
    st.subheader(_("By reason"), anchor=False)
    chart = reasons_chart(rows, _("Reason"), view.writing, view.palette)
    show_chart(view, _("Presses left out, by reason"), chart, "misuse-reasons")
    _draw_steps(view, found)
    _draw_places(view, doubts, places)


def _draw_steps(view: View, found: Misuse) -> None:
    _ = view.language.text
    is_weekly = found.step == "week"
    st.subheader(_("By week") if is_weekly else _("By month"), anchor=False)
    rows = []
    for days, share in found.steps:
        week = view.writing.short_day(days.from_on)
        name = week if is_weekly else month_name(view, f"{days.from_on:%Y-%m}")
        rows.append(BarRow(name, share.count, share.share))
    what = _("Week from") if is_weekly else _("Month")
    chart = reasons_chart(rows, what, view.writing, view.palette)
    show_chart(view, _("Presses left out, in time"), chart, "misuse-time")


def _draw_places(view: View, doubts: Doubts, places: list[Named]) -> None:
    """The places directly in the chosen one, reason by reason."""
    _ = view.language.text
    rows = [
        [named.name, doubt_name(_, reason), view.writing.number(n)]
        for named, reasons in places_with_doubts(doubts, view.asked, places)
        for reason, n in reasons.items()
    ]
    if not rows:
        return
    columns = [_("Place"), _("Reason"), _("Presses")]
    st.subheader(_("By place"), anchor=False)
    short = [[f"{place}\n{reason}", number] for place, reason, number in rows]
    st.html(table(_("Presses left out, by place and reason"), [columns[0], columns[2]], short))
    download(view, "misuse-places", as_csv(columns, rows))


def _draw_beside(view: View, found: list[Beside]) -> None:
    """As pressed and filtered, side by side."""
    _ = view.language.text
    st.header(_("As pressed and filtered"), anchor=False)
    if not found:
        st.info(_("There are no ratings here in this period, or too few to show."))
        return
    scales = {each.scale for each in found}
    rows = []
    for each in found:
        scale = f"\n{scale_name(_, each.scale)}" if len(scales) > 1 else ""
        cells = [_share(view, each.raw), _share(view, each.filtered), _difference(view, each)]
        rows.append([each.named.name + scale, *cells])
    columns = [_("Place"), _("As pressed"), _("Filtered"), _("Difference")]
    st.html(table(_("Satisfied, before and after filtering"), columns, rows))
    lines = [[cell.replace("\n", " · ") for cell in row] for row in rows]
    download(view, "raw-filtered", as_csv(columns, lines))
    st.caption(
        _(
            "Both are of the same days: those on which the two differ by five ratings or more, or "
            "by none. Where they are far apart, look first at what was left out."
        )
    )
    explain(view.language, "filtered", "satisfied", "hidden")


def _share(view: View, found: Share) -> str:
    """The share satisfied, and of how many."""
    of = view.language.text("of {number}").format(number=view.writing.number(found.n))
    return f"{view.writing.percent(found.share)}\n{of}"


def _difference(view: View, found: Beside) -> str:
    """By how many points filtering moved the share."""
    points = view.writing.number(found.difference, 1)
    return view.language.text("{points} points").format(points=points)


def _draw_origins(view: View, doubts: Doubts) -> None:
    """Late presses, and those whose clock or card was flagged."""
    _ = view.language.text
    st.header(_("Late, and clocks and cards in doubt"), anchor=False)
    st.write(_("These stay in the filtered figures: they say when and whence a press came."))
    found = origins(doubts, view.asked)
    if not found:
        st.info(_("There are none here in this period, or too few to show."))
    else:
        rows = [[doubt_name(_, reason), view.writing.number(n)] for reason, n in found.items()]
        columns = [_("What"), _("Presses")]
        st.html(table(_("Presses by what is known of their time and origin"), columns, rows))
        download(view, "origins", as_csv(columns, rows))
    text = _("Late presses at panels are counted from {day} on.")
    st.caption(text.format(day=view.writing.day(doubts.late_from)))


def _draw_quarantine(view: View) -> None:
    """What waits, by reason; of the whole installation."""
    _ = view.language.text
    st.header(_("Quarantine"), anchor=False)
    found = count_waiting(view.source.database)
    if not found:
        st.info(_("Nothing waits in quarantine."))
        return
    rows = [
        [f"{waiting_name(_, each.reason)}\n{each.reason}", view.writing.number(each.number)]
        for each in found
    ]
    columns = [_("Reason"), _("Waiting")]
    caption = _("What could not be accepted, everywhere and of all times, by reason")
    st.html(table(caption, columns, rows))
    lines = [[cell.replace("\n", " · ") for cell in row] for row in rows]
    download(view, "quarantine", as_csv(columns, lines))
    st.caption(_("Nothing of it is lost. The portal's page on the quarantine says what to do."))
