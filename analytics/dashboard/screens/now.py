"""*Now*: how many ratings came in the last 15 minutes; the page keeps itself current."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import streamlit as st

from analytics.dashboard.markup import table
from analytics.dashboard.now import Now, read_now
from analytics.dashboard.today import Press
from analytics.dashboard.view import View
from analytics.dashboard.words import rating_text
from broker.store.errors import StoreError

REFRESH_S: Final = 5


def draw(view: View) -> None:
    """Draw the page, and keep it current."""
    _ = view.language.text
    st.title(_("Now"), anchor=False)
    st.write(
        _(
            "Ratings of the last 15 minutes. A total is shown from five ratings on and renewed by "
            "five; single ratings are shown only where a place is in test mode."
        )
    )
    st.fragment(_live, run_every=REFRESH_S)(view)


def _live(view: View) -> None:
    """The part of the page that renews itself."""
    _, source = view.language.text, view.source
    try:
        found = read_now(source.database, datetime.now(UTC), source.releases, view.units)
    except StoreError:
        st.error(
            _(
                "The database is not available just now. This page renews itself as soon as the "
                "connection is back."
            )
        )
        return
    if not found:
        st.info(
            _("None of your units serves at a place now.")
            if view.units
            else _("No municipality is registered yet.")
        )
    for each in found:
        _draw_site(view, each)


def _draw_site(view: View, found: Now) -> None:
    _, language = view.language.text, view.language
    st.header(found.site, anchor=False)
    st.caption(f"{language.day(found.now.date())} · {language.time(found.now)}")
    if found.places:
        few = _("fewer than 5")
        name = _("All places") if not view.units else _("Places of your units")
        with st.container(horizontal=True):
            value = few if found.ratings is None else language.number(found.ratings)
            recently = _("last 15 minutes")
            st.metric(f"{name}: {recently}", value, border=True)
    if found.trials:
        _draw_trials(view, found)
    if found.presses:
        _draw_presses(view, found.presses)


def _draw_trials(view: View, found: Now) -> None:
    """Touchpoints in test mode, one by one."""
    _ = view.language.text
    st.subheader(_("Places in test mode"), anchor=False)
    rows = [[name, view.language.number(n)] for name, n in sorted(found.trials.items())]
    columns = [_("Place"), _("Last 15 minutes")]
    st.html(table(_("Places in test mode that had ratings today"), columns, rows))


def _draw_presses(view: View, presses: Sequence[Press]) -> None:
    """Single ratings at touchpoints in test mode."""
    _ = view.language.text
    st.subheader(_("Latest ratings"), anchor=False)
    rows = [
        [press.place, rating_text(_, press.scale, press.value), view.language.time(press.at)]
        for press in presses
    ]
    columns = [_("Place"), _("Rating"), _("Time")]
    st.html(table(_("Of the last 15 minutes, newest first"), columns, rows))
