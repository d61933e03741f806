"""Entry of the dashboard: ``streamlit run`` executes this file anew for every page view."""

from __future__ import annotations

import gc
import os
from pathlib import Path

import streamlit as st

from analytics.dashboard import today_page
from analytics.dashboard.language import NAMES, Language
from analytics.dashboard.launch import DATABASE
from analytics.dashboard.markup import STYLE, language_links
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


def _frame(language: Language) -> None:
    """What stands around every page."""
    # Streamlit says that every page is English, which a screen reader would then read it as.
    speak = f"<script>document.documentElement.lang = '{language.code}'</script>"
    st.html(speak, unsafe_allow_javascript=True)
    st.html(f"<style>{STYLE}</style>")
    st.html(language_links(NAMES, language.code, language.text("Language")))


language = _language()
_ = language.text
title = " · ".join((_("Today"), _("Otziv")))
st.set_page_config(page_title=title, page_icon=ICON, layout="wide")
_frame(language)
source = _source(os.environ[DATABASE])
page = st.Page(
    lambda: today_page.draw(source, language), title=title, url_path="today", default=True
)
st.navigation([page], position="hidden").run()
