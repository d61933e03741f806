"""Books made of plain numbers: a town of two units, day by day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from analytics.closed.blocks import ANSWERS, Day, closed
from analytics.closed.book import Book
from analytics.closed.series import MOST_VALUES, AnswerSeries, RatingSeries
from analytics.closed.standing import Days, Named, Standing
from broker.store.asked_texts import AskedTexts
from broker.store.places import Place

LAST: Final = date(2026, 3, 31)
LENGTH: Final = 200
TOWN: Final = Place("site", "town")
HALL, ANNEX = Place("location", "hall"), Place("location", "annex")
DESK: Final = Place("touchpoint", "desk")

STANDINGS: Final[Mapping[Place, Standing]] = {
    HALL: Standing((HALL, TOWN), "hall"),
    ANNEX: Standing((ANNEX, TOWN), "annex"),
    DESK: Standing((DESK, HALL, TOWN), "hall"),
}

Daily = Callable[[int], tuple[int, ...]]
"""Number of a day (0 is the first) → votes by value, from 0 on."""


def book(
    ratings: Mapping[Place, Daily],
    answers: Mapping[Place, Daily] | None = None,
    scale: str = "faces-4",
    raw: Mapping[Place, Daily] | None = None,
) -> Book:
    """A book of 200 days up to the end of March 2026; places without votes are named too.

    Places of other names stand directly in the town.
    """
    first = LAST - timedelta(LENGTH - 1)
    named = (
        Named(TOWN, "Град", None, 0, None, None, ("desk", "other", "third")),
        Named(HALL, "Зала", TOWN, 1, "hall", 8, ("desk", "other")),
        Named(DESK, "Гише", HALL, 2, "hall", 4, ("desk",)),
        Named(ANNEX, "Пристройка", TOWN, 1, "annex", 5, ("third",)),
        *(
            Named(place, place.code, TOWN, 1, "hall", 4, (place.code,))
            for place in ratings
            if place not in STANDINGS
        ),
    )
    texts = AskedTexts("reception", {}, ("overall",), {}, {})
    made = {
        RatingSeries(_standing(place), "reception", "overall", scale, "device"): closed(
            _days(first, daily, (raw or {}).get(place, daily))
        )
        for place, daily in ratings.items()
    }
    said = {
        AnswerSeries(STANDINGS[place], "reception", "reason", "device"): closed(
            _days(first, daily, daily), heads=ANSWERS
        )
        for place, daily in (answers or {}).items()
    }
    options = {("reception", "reason"): ("waiting-time", "attitude", "clarity")}
    return Book([Days(first, LAST, {}, named)], made, said, options, {"reception": texts})


def _standing(place: Place) -> Standing:
    return STANDINGS.get(place) or Standing((place, TOWN), "hall")


def _days(first: date, filtered: Daily, raw: Daily) -> list[Day]:
    found = (
        Day(first + timedelta(number), _wide(filtered(number)), _wide(raw(number)))
        for number in range(LENGTH)
    )
    return [day for day in found if any(day.filtered) or any(day.raw)]


def _wide(counts: tuple[int, ...]) -> tuple[int, ...]:
    return counts + (0,) * (MOST_VALUES - len(counts))
