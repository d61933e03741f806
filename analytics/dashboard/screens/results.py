"""*Results*: a month as the public will see it, to publish it and to take it back."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

import streamlit as st

from analytics.charts.writing import Writing
from analytics.dashboard.launch import SITE
from analytics.dashboard.markup import plain, table
from analytics.dashboard.view import View
from analytics.improvement.protocol import Improvement
from analytics.improvement.who import DECIDERS, ImprovementError, Who
from analytics.published import words
from analytics.published.compared import compared
from analytics.published.effects import publish_effects
from analytics.published.months import before, year_before
from analytics.published.publishing import (
    Proposal,
    months_to_publish,
    propose,
    publish,
    published,
    withdraw,
)
from analytics.published.results import WHOLE, Figure, Results, Share


def draw(view: View) -> None:
    """Draw the page."""
    _ = view.language.text
    st.title(_("Results"), anchor=False)
    improvement, who = view.source.improvement, view.person
    if improvement is None or who is None:
        st.info(_("Results are published by the portal: sign in there to publish them here."))
        return
    if not is_for(view):
        st.info(_("Results are published by managers of the whole municipality."))
        return
    st.write(_("What people told us, month by month, as everybody will see it."))
    months = months_to_publish(view.whole)
    if not months:
        st.info(_("No month is over yet."))
        return
    month = st.selectbox(
        _("Month"),
        months,
        format_func=lambda each: words.month_name(each, view.language.code),
        key="results-month",
    )
    found = propose(view.whole, improvement, month, os.environ.get(SITE, ""))
    _draw_state(view, found)
    _draw_results(view, improvement, found)
    _draw_doing(view, improvement, who, found)


def is_for(view: View) -> bool:
    """Whether he decides for the whole municipality: all of a month is published at once.

    Where there is no gate the page says who does.
    """
    who = view.person
    return who is None or (bool(who.roles & DECIDERS) and not who.units)


def _draw_state(view: View, found: Proposal) -> None:
    """Whether it is published, and as it stands here."""
    _ = view.language.text
    if not found.published and found.exposes:
        st.warning(
            _(
                "This month was taken back. It differs from what was published by fewer than five "
                "ratings, which nobody should be able to tell: it can't be published again as yet."
            )
        )
    elif not found.published:
        st.info(_("Nothing of this month is published yet."))
    elif found.is_same:
        st.success(_("This month is published just as it stands here."))
    elif found.exposes:
        st.warning(
            _(
                "This month is published. It differs from what stands here by fewer than five "
                "ratings, which nobody should be able to tell: what is published stays."
            )
        )
    else:
        st.warning(
            _("This month is published with other figures; publishing it makes a new edition.")
        )


def _draw_results(view: View, improvement: Improvement, found: Proposal) -> None:
    """What the public will see: the municipality, its units, what was answered."""
    _, code = view.language.text, view.language.code
    writing = words.writing_in(code)
    names = {unit: unit_name(view, unit) for unit in found.results}
    whole = found.results[WHOLE]
    if whole.main is None:
        st.write(plain(writing.text(words.NO_RATINGS)))
    for figure in whole.figures:
        share = writing.percent(figure.satisfied.share)
        st.header(_("{share} satisfied").format(share=share), anchor=False)
        said = figure.words.get(code, "")
        st.write(plain(f"{said} · {words.certainty_text(figure.certainty, code)}"))
    for other in (before(found.month), year_before(found.month)):
        told = compared(found.results, published(improvement, other)).get(WHOLE)
        if told is not None:
            st.write(plain(words.compared_text(told, other, code)))
    _draw_table(view, found.results, names, writing)
    _draw_told(view, whole, writing)


def _draw_table(
    view: View, results: Mapping[str, Results], names: Mapping[str, str], writing: Writing
) -> None:
    _ = view.language.text
    rows = [
        [names[unit], *_cells(figure, writing)]
        for unit, each in results.items()
        for figure in each.figures
    ]
    if rows:
        columns = [_("Unit"), _("Ratings"), _("Satisfied"), _("Index")]
        st.html(table(_("What is published of each unit"), columns, rows))


def _cells(figure: Figure, writing: Writing) -> list[str]:
    index = figure.index
    bounds = f"{writing.number(index.low)}–{writing.number(index.high)}"
    return [
        writing.number(figure.satisfied.n),
        _share(figure.satisfied, writing),
        f"{writing.number(index.value)}\n{bounds}",
    ]


def _draw_told(view: View, whole: Results, writing: Writing) -> None:
    _, code = view.language.text, view.language.code
    for told in whole.told:
        rows = [
            [
                each.texts.get(code) or next(iter(each.texts.values()), each.code),
                writing.number(each.chosen.count),
                _share(each.chosen, writing),
            ]
            for each in told.options
        ]
        title = told.texts.get(code) or next(iter(told.texts.values()), told.question)
        st.html(table(title, [_("Answer"), _("Ratings"), _("Share")], rows))


def _share(share: Share, writing: Writing) -> str:
    return f"{writing.percent(share.share)}\n{writing.percents(share.low, share.high)}"


def unit_name(view: View, unit: str) -> str:
    """What stands for a unit here: where it serves, and its code; the portal has its name."""
    if unit == WHOLE:
        return view.language.text("The whole municipality")
    places = [named for named in view.whole.places if named.unit == unit]
    highest = min((named.depth for named in places), default=0)
    named = ", ".join(each.name for each in places if each.depth == highest)
    return f"{named} ({unit})" if named else unit


def _draw_doing(view: View, improvement: Improvement, who: Who, found: Proposal) -> None:
    """Publish it, or take it back."""
    _ = view.language.text
    can_publish = not found.is_same and not found.exposes
    if can_publish and st.button(_("Publish this month")):
        _do(view, lambda: _publish(view, improvement, who, found.month), _("Published."))
    if found.published:
        with st.popover(_("Take this month back")):
            st.write(_("It will be gone from the public pages and from the open data."))
            if st.button(_("Take it back"), key="results-withdraw"):
                _do(view, lambda: withdraw(improvement, who, found.month), _("Taken back."))


def _publish(view: View, improvement: Improvement, who: Who, month: str) -> None:
    """The figures, and what came of public actions."""
    site = os.environ.get(SITE, "")
    publish(view.whole, improvement, who, month, site)
    publish_effects(view.whole, improvement, who, site)


def _do(view: View, verb: Callable[[], object], done: str) -> None:
    try:
        verb()
    except ImprovementError as error:
        st.error(plain(words.refusal_text(error, view.language.code)))
        return
    st.toast(done)
    st.rerun()
