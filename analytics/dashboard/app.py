"""Entry of the dashboard: ``streamlit run`` executes this file anew for every page view."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import streamlit as st

from analytics.dashboard import today_page
from analytics.dashboard.language import NAMES, Language
from analytics.dashboard.launch import DATABASE
from analytics.dashboard.markup import STAY_SCRIPT, STYLE, language_links, person_line, speak_script
from analytics.dashboard.person import Person, person_of
from analytics.dashboard.read_only import open_read_only
from analytics.dashboard.releases import Releases

# An emoji would be fetched as a picture from somebody else's server.
ICON = Path(__file__).with_name("icon.svg")


@st.cache_resource(show_spinner=False)
def _source(database_url: str) -> today_page.Source:
    """What all viewers share: the database, and what has been shown of live figures."""
    # Streamlit collects garbage after every run, and goes through all that the libraries made:
    # 100 ms of processor each time. Frozen, they are left alone, and it takes 10.
    gc.collect()
    gc.freeze()
    return today_page.Source(open_read_only(database_url), Releases())


def _language() -> Language:
    """The language asked for in the address, else the first."""
    asked = st.query_params.get("lang", "")
    return Language(asked if asked in NAMES else next(iter(NAMES)))


def _frame(language: Language) -> Person | None:
    """What stands around every page; who is looking."""
    _run(speak_script(language.code))
    st.html(f"<style>{STYLE}</style>")
    st.html(language_links(NAMES, language.code, language.text("Language")))
    person = person_of(st.context.headers)
    if person is not None:
        _show_person(person, language)
    return person


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


language = _language()
_ = language.text
title = " · ".join((_("Today"), _("Otziv")))
st.set_page_config(page_title=title, page_icon=ICON, layout="wide")
person = _frame(language)
units = person.units if person is not None else frozenset[str]()
source = _source(os.environ[DATABASE])
page = st.Page(
    lambda: today_page.draw(source, language, units), title=title, url_path="today", default=True
)
st.navigation([page], position="hidden").run()
