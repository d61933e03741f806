"""Doing something on a page: what can't be done is said where it was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import streamlit as st

from analytics.dashboard.view import View
from analytics.improvement.who import DOERS, ImprovementError, Who
from analytics.improvement.words import say_error


@contextmanager
def doing(view: View, done: str) -> Iterator[None]:
    """Say ``done`` and draw the page anew, or say why it can't be done."""
    try:
        yield
    except ImprovementError as error:
        st.error(say_error(error, view.language.code))
    else:
        st.toast(done)
        st.rerun()


def doer(who: Who, unit: str) -> bool:
    """Whether he may take up what belongs to a unit."""
    return bool(who.roles & DOERS) and (not who.units or unit in who.units)


def today_of(view: View) -> date:
    """The day that it is: the one after the last that the book knows, or later."""
    return max(view.book.period.to_on, datetime.now(UTC).date())
