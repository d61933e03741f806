"""*Places*: the tree with its figures, which places stand out, and which are likely at the ends."""

from __future__ import annotations

from functools import partial
from urllib.parse import urlencode

import streamlit as st

from analytics.charts.funnel import FunnelRow, funnel_chart
from analytics.charts.shares import ShareRow, ShareTexts, shares_chart
from analytics.charts.view import as_csv
from analytics.closed.standing import Named
from analytics.dashboard.bar import period_text
from analytics.dashboard.glossary import explain
from analytics.dashboard.markup import Cell, Link, plain, table
from analytics.dashboard.show import download, show_chart
from analytics.dashboard.view import View
from analytics.dashboard.words import scale_name
from analytics.figures.compared import Comparison, comparisons
from analytics.figures.key import KeyFigures, key_figures
from analytics.measures import wording, wording_places
from analytics.measures.certainty import certainty
from analytics.measures.funnel import ALARM, WARNING
from analytics.measures.saying import say


def draw(view: View) -> None:
    """Draw the page."""
    _ = view.language.text
    st.title(_("Places"), anchor=False)
    st.caption(period_text(view))
    _draw_tree(view)
    smallest = [each for each in _under(view) if not view.book.parts(each.place)]
    for found in comparisons(view.book, view.asked, smallest):
        if found.is_ranking:
            _draw_comparison(view, found)


def _under(view: View) -> list[Named]:
    """The chosen place and all in it."""
    place = view.choices.place
    found: list[Named] = []
    for named in view.book.places:
        inside = {each.place for each in found}
        if named.place == place or named.above in inside:
            found.append(named)
    return found


def _draw_tree(view: View) -> None:
    _ = view.language.text
    rows: list[list[Cell]] = []
    lines: list[list[str]] = []
    for named in _under(view):
        figures = key_figures(view.book, view.asked.at(named.place))
        found: list[KeyFigures | None] = list(figures) or [None]
        for each in found:
            cells = _cells(view, each, several=len(figures) > 1)
            rows.append([Link(view.title_of(named), _address(view, named), named.depth), *cells])
            lines.append([view.title_of(named), *(cell.replace("\n", " ") for cell in cells)])
    columns = [_("Place"), _("Ratings"), _("Satisfied"), _("Change")]
    if not rows:
        st.info(_("There is no place here that has figures of its own."))
        return
    st.html(table(_("Places in one another, with the figures of the period"), columns, rows))
    explain(view.language, "satisfied", "interval", "change", "hidden")
    download(view, "places", as_csv(columns, lines))


def _cells(view: View, found: KeyFigures | None, *, several: bool) -> list[str]:
    _, writing = view.language.text, view.writing
    if found is None:
        return ["–", _("too few to show"), "–"]
    name = f"\n{scale_name(_, found.scale)}" if several else ""
    share = found.satisfied
    sure = say(wording.of_certainty(certainty(share.bounds)), view.language.code)
    change = "–"
    if found.change is not None:
        points = writing.number(100 * found.change.difference)
        low, high = (writing.number(100 * each) for each in (found.change.low, found.change.high))
        is_one = abs(round(100 * found.change.difference)) == 1
        text = _("{points} point") if is_one else _("{points} points")
        change = text.format(points=points) + f"\n{low} … {high}"
    interval = f"{writing.percents(share.low, share.high)} · {sure}"
    return [
        writing.number(found.votes.n) + name,
        f"{writing.percent(share.share)}\n{interval}",
        change,
    ]


def _address(view: View, named: Named) -> str:
    return "place?" + urlencode(view.params(view.choices.at(named.place)))


def _draw_comparison(view: View, found: Comparison) -> None:
    _ = view.language.text
    scale = f" ({scale_name(_, found.scale)})"
    st.header(_("Ranking") + scale, anchor=False)
    rows = [
        ShareRow(
            each.named.name,
            each.ranked.shrunk,
            each.ranked.bounds.low,
            each.ranked.bounds.high,
            each.votes.n,
        )
        for each in found.places
        if each.ranked is not None
    ]
    texts = ShareTexts(_("Place"), _("Satisfied, drawn towards all places"))
    chart = shares_chart(rows, texts, view.writing, view.palette)
    show_chart(view, _("Ranking, the worst first"), chart, f"ranking-{found.scale}")
    _draw_odds(view, found)
    explain(view.language, "ranking", "certainty")
    _draw_funnel(view, found)


def _draw_odds(view: View, found: Comparison) -> None:
    """In words, which places are likely among the worst or best."""
    for each in found.places:
        if each.ranked is not None:
            said = wording_places.of_rank(each.ranked, found.worst)
            if said.certainty != "too-early":
                st.markdown(f"- **{plain(each.named.name)}**: {say(said, view.language.code)}.")


def _draw_funnel(view: View, found: Comparison) -> None:
    _ = view.language.text
    if found.funnel is None:
        return
    st.header(_("Funnel"), anchor=False)
    rows = [
        FunnelRow(
            each.named.name,
            each.satisfied.share,
            each.votes.n,
            say(wording_places.of_standing(each.standing), view.language.code),
            each.standing != "as-usual",
        )
        for each in found.places
        if each.standing is not None
    ]
    limits = (
        partial(found.funnel.limits, odds=WARNING),
        partial(found.funnel.limits, odds=ALARM),
    )
    chart = funnel_chart(rows, limits, _("Satisfied"), view.writing, view.palette)
    show_chart(view, _("Places against the funnel"), chart, f"funnel-{found.scale}")
    explain(view.language, "funnel")
