"""Entry of the dashboard: ``streamlit run`` executes this file anew for every page view."""

from __future__ import annotations

import logging
import os
from functools import partial
from pathlib import Path

import streamlit as st

from analytics.closed.book import empty_book
from analytics.dashboard.bar import draw_bar
from analytics.dashboard.choices import read_choices
from analytics.dashboard.language import NAMES, Language
from analytics.dashboard.launch import DATABASE
from analytics.dashboard.markup import STAY_SCRIPT, STYLE, language_links, person_line, speak_script
from analytics.dashboard.menu import Entry, entries_for, start_for
from analytics.dashboard.person import Person, person_of
from analytics.dashboard.sources import source_of
from analytics.dashboard.troubles import away, part_missing
from analytics.dashboard.view import View
from broker.store.errors import StoreError

_log = logging.getLogger(__name__)

# An emoji would be fetched as a picture from somebody else's server.
ICON = Path(__file__).with_name("icon.svg")


def _language() -> Language:
    """The language asked for in the address, else the first."""
    asked = st.query_params.get("lang", "")
    return Language(asked if asked in NAMES else next(iter(NAMES)))


def _frame(language: Language) -> Person | None:
    """What stands around every page; who is looking."""
    _run(speak_script(language.code))
    st.html(f"<style>{STYLE}</style>")
    person = person_of(st.context.headers)
    st.html(language_links(NAMES, language.code, language.text("Language"), _kept()))
    if person is not None:
        _show_person(person, language)
    return person


def _kept() -> dict[str, str]:
    """What the address says besides the language."""
    return {name: value for name, value in st.query_params.items() if name != "lang"}


def _show_person(person: Person, language: Language) -> None:
    """Who is looking, and for how long he may."""
    _ = language.text
    is_first = language.code == next(iter(NAMES))
    back = person.portal if is_first else f"{person.portal}/{language.code}"
    told = _("Signed in: {name}").format(name=person.name)
    st.html(person_line(told, back, _("To the portal")))
    _run(STAY_SCRIPT)


def _run(script: str) -> None:
    """Run a script in the page; a gate lets in those that it knows letter by letter."""
    st.html(f"<script>{script}</script>", unsafe_allow_javascript=True)


def _menu(view: View, pages: dict[str, st.Page]) -> None:
    """The way to every page, with the same choices."""
    _ = view.language.text
    entries = entries_for(view)
    with st.sidebar:
        for is_for_analysts in (False, True):
            part = [entry for entry in entries if entry.is_for_analysts == is_for_analysts]
            if is_for_analysts and part:
                st.caption(_("Data and devices"))
            for entry in part:
                st.page_link(
                    pages[entry.path],
                    label=_(entry.title),
                    query_params=view.params(),
                    width="stretch",
                )


def _draw(entry: Entry, view: View, refused: list[str]) -> None:
    """One page; the bar of choices stands above it."""
    if entry.has_bar:
        draw_bar(view, refused)
    entry.draw(view)


def _show() -> None:
    """The page that the address names."""
    language = _language()
    _ = language.text
    otziv = _("Otziv")
    st.set_page_config(page_icon=ICON, layout="wide")
    person = _frame(language)
    source = source_of(os.environ[DATABASE])
    try:
        whole = source.library.book()
    except StoreError:
        st.error(away(language))
        return
    except Exception:  # noqa: BLE001  # whatever it is, it is logged; live figures go on
        _log.exception("the book can't be made")
        st.error(part_missing(language))
        whole = empty_book()
    book = whole.only(person.units if person is not None else frozenset())
    choices, refused = read_choices(st.query_params.to_dict(), book)
    view = View(source, person, language, whole, book, choices)
    pages = {
        entry.path: st.Page(
            partial(_draw, entry, view, refused),
            title=" · ".join((_(entry.title), otziv)),
            url_path=entry.path,
        )
        for entry in entries_for(view)
    }
    # The first page is at the bare address, too; Streamlit gives a page one address only.
    first = start_for(view, st.query_params.to_dict())
    start = st.Page(
        partial(_draw, first, view, refused),
        title=" · ".join((_(first.title), otziv)),
        url_path="start",
        default=True,
    )
    chosen = st.navigation([start, *pages.values()], position="hidden")
    _menu(view, pages)
    chosen.run()


_show()
