"""How many of the people served have rated, as a line on a place's page."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from threading import Lock
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st
from sqlalchemy import select

from analytics.closed.book import Book
from analytics.dashboard.glossary import explain
from analytics.dashboard.view import View
from analytics.measures.minima import MIN_VOTES
from analytics.measures.shares import Response, response_share
from analytics.period import Period
from broker.store.database import Database
from broker.store.places import Place, get
from broker.store.served import response_rate
from broker.store.tables import Site, table_of

MOST_DAYS: Final = 45
"""Visits are counted one by one: of a longer period they take too long for a page."""


class KeptResponses:
    """What was counted in the book's days, so that each is counted once."""

    def __init__(self) -> None:
        """Nothing yet."""
        self._lock: Final = Lock()
        self._book: Book | None = None
        self._found: dict[tuple[Place, Period], Response | None] = {}

    def of(self, database: Database, book: Book, place: Place, period: Period) -> Response | None:
        """The rate of a place in a period; ``None`` where nobody counted, or too few rated."""
        with self._lock:
            if book is not self._book:
                self._book, self._found = book, {}
            if (place, period) not in self._found:
                self._found[place, period] = _read(database, place, period)
            return self._found[place, period]


_kept: Final = KeptResponses()


def draw_response(view: View) -> None:
    """The rate in words; without the numbers, which two periods could be told apart by."""
    place, period = view.choices.place, view.asked.period
    is_all = view.choices.survey is None and view.choices.channel is None
    # Of days that anybody may choose, two periods could be told apart by one day.
    is_own = ".." in view.choices.period
    if place is None or not is_all or is_own or period.length > MOST_DAYS:
        return
    if not view.sees_all_of(place):
        return
    found = _kept.of(view.source.database, view.whole, place, period)
    if found is None:
        return
    _ = view.language.text
    if found.bounds is None:
        st.caption(_("More people rated than were counted: the count of people served is wrong."))
        return
    text = _("About {share} of the people served in the hours that were counted have rated.")
    st.write(text.format(share=view.writing.percent(found.share)))
    explain(view.language, "response")


def _read(database: Database, place: Place, period: Period) -> Response | None:
    with database.reading() as connection:
        site = get(connection, place).site
        name = connection.scalar(
            select(table_of(Site).c.timezone).where(table_of(Site).c.code == site)
        )
        zone = ZoneInfo(str(name))
        begin = datetime.combine(period.from_on, time(), zone)
        end = datetime.combine(period.to_on + timedelta(1), time(), zone)
        rate = response_rate(connection, *place, begin, end)
    if rate.people == 0 or rate.filtered < MIN_VOTES:
        return None
    return response_share(rate.filtered, rate.people)
