"""The book: what it sums up, and that nobody can be found by what it says."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import insert

from analytics.closed.asked import Asked
from analytics.closed.book import Book
from analytics.closed.library import Library, read_book
from analytics.dashboard.choices import Choices
from analytics.dashboard.language import Language
from analytics.dashboard.person import Person
from analytics.dashboard.releases import Releases
from analytics.dashboard.view import Source, View
from analytics.period import Period
from broker.fleet.places import add_location
from broker.store.place_settings import put_setting
from broker.store.places import Place, put_placement
from broker.store.registry import add_touchpoint
from broker.store.tables import AnswerDay, RatingDay, table_of
from tests.analytics.feedback import SITE, Feedback

FIRST, DAYS = date(2023, 6, 1), 30
NOW = datetime(2023, 7, 1, 9, tzinfo=UTC)
TOWN = Place("site", SITE)
HALLS = [Place("location", code) for code in ("hall", "annex")]
DESKS = {"hall": ["a", "b", "c", "f"], "annex": ["d", "e"]}
STAFF = {"c": "1", "f": "2"}
CHANNELS = ("device", "web")


@pytest.fixture
def town(feedback: Feedback) -> Feedback:
    """Two units with six desks; at *c* and *f* too few serve, so they count for their hall."""
    for hall, desks in DESKS.items():
        add_location(feedback.database, hall, site=SITE, now=NOW, name=hall, from_on=FIRST)
        with feedback.database.transaction() as connection:
            put_setting(
                connection, Place("location", hall), "unit", f'"{hall}"', from_on=FIRST, now=NOW
            )
        for code in desks:
            add_touchpoint(feedback.database, code, site=SITE, name=code, is_test=False)
            with feedback.database.transaction() as connection:
                put_placement(connection, Place("touchpoint", code), FIRST, hall)
                put_setting(
                    connection,
                    Place("touchpoint", code),
                    "staff",
                    STAFF.get(code, "4"),
                    from_on=FIRST,
                    now=NOW,
                )
    return feedback


def rate(feedback: Feedback, rows: list[tuple[str, int, str, int, int, int]]) -> None:
    """Ratings (touchpoint, day, channel, value, raw, filtered) as the rollup has them."""
    with feedback.database.transaction() as connection:
        connection.execute(
            insert(table_of(RatingDay)),
            [
                {
                    "touchpoint": code,
                    "day": FIRST + timedelta(day),
                    "survey": "reception",
                    "question": "overall",
                    "scale": "faces-4",
                    "channel": channel,
                    "value": value,
                    "raw": raw,
                    "filtered": filtered,
                }
                for code, day, channel, value, raw, filtered in rows
            ],
        )


def book_of(feedback: Feedback, now: datetime = NOW, before: Book | None = None) -> Book:
    """The book of a day."""
    with feedback.database.reading() as connection:
        return read_book(connection, now, before)


def total(book: Book, asked: Asked) -> int:
    """All votes."""
    return sum(votes.n for votes in book.votes(asked))


WHOLE = Period(FIRST, FIRST + timedelta(DAYS - 1))


def test_an_empty_book_has_no_figures(town: Feedback) -> None:
    """No votes: no figures, and nothing fails."""
    book = book_of(town)
    assert book.votes(Asked(WHOLE)) == []
    assert book.trend(Asked(WHOLE), "week") == {}
    assert book.chosen(Asked(WHOLE, question="reason")) is None
    assert [each.place for each in book.places if each.depth < 2] == [TOWN, HALLS[1], HALLS[0]]


def test_figures_are_sums(town: Feedback) -> None:
    """By place, period, channel; a desk with too few people counts for its hall."""
    rate(town, [("a", 0, "device", 4, 9, 9), ("b", 1, "web", 1, 7, 7), ("c", 1, "device", 4, 6, 6)])
    book = book_of(town)
    (votes,) = book.votes(Asked(WHOLE))
    assert votes.counts == {1: 7, 2: 0, 3: 0, 4: 15}
    assert (votes.n, votes.satisfied) == (22, 15)
    assert votes.period == (FIRST, FIRST + timedelta(1))
    assert total(book, Asked(WHOLE).at(Place("touchpoint", "a"))) == 9
    assert total(book, Asked(WHOLE).at(Place("touchpoint", "c"))) == 0
    assert total(book, Asked(WHOLE).at(HALLS[0])) == 22
    assert total(book, Asked(WHOLE).at(HALLS[1])) == 0
    assert total(book, Asked(WHOLE, channel="web")) == 7
    assert total(book, Asked(Period(FIRST, FIRST))) == 9
    assert total(book, Asked(WHOLE, survey="another")) == 0


def test_today_is_not_in_it(town: Feedback) -> None:
    """A day that isn't over can't be subtracted from itself."""
    rate(town, [("a", DAYS, "device", 4, 50, 50)])
    assert total(book_of(town), Asked(Period(FIRST, FIRST + timedelta(DAYS + 5)))) == 0
    later = book_of(town, NOW + timedelta(1))
    assert total(later, Asked(Period(FIRST, FIRST + timedelta(DAYS + 5)))) == 50


def test_who_sees_one_unit_sees_no_other(town: Feedback) -> None:
    """Neither its votes nor its places, by whatever question."""
    rate(town, [("a", 0, "device", 4, 9, 9), ("d", 0, "device", 1, 8, 8)])
    book = book_of(town).only({"annex"})
    assert total(book, Asked(WHOLE)) == 8
    assert total(book, Asked(WHOLE).at(TOWN)) == 8
    assert total(book, Asked(WHOLE).at(HALLS[0])) == 0
    assert book.place(HALLS[0]) is None
    assert book.place(Place("touchpoint", "a")) is None
    assert [each.place for each in book.places][:2] == [TOWN, HALLS[1]]


def test_answers_are_counted_by_people(town: Feedback) -> None:
    """Options, and how many were asked in vain; fewer than five answers are none."""

    def answer(day: int, outcome: str, option: str, n: int) -> dict[str, object]:
        return {
            "touchpoint": "a", "day": FIRST + timedelta(day), "survey": "reception",
            "question": "reason", "channel": "device", "outcome": outcome, "option": option,
            "raw": n, "filtered": n,
        }  # fmt: skip

    with town.database.transaction() as connection:
        connection.execute(
            insert(table_of(AnswerDay)),
            [answer(0, "answered", "", 4), answer(0, "answered", "attitude", 4)],
        )
    assert book_of(town).chosen(Asked(WHOLE, question="reason")) is None
    with town.database.transaction() as connection:
        connection.execute(
            insert(table_of(AnswerDay)),
            [
                answer(1, "answered", "", 2),
                answer(1, "answered", "clarity", 2),
                answer(1, "skipped", "", 3),
            ],
        )
    found = book_of(town).chosen(Asked(WHOLE, question="reason"))
    assert found is not None
    assert (found.answered, found.skipped) == (6, 3)
    assert dict(found.options) == {"attitude": 4, "clarity": 2}


def test_a_late_vote_is_seen_with_four_others(town: Feedback) -> None:
    """Who looked at a day before a kiosk delivered, and after it, sees no single vote."""
    rate(town, [("a", 0, "device", 4, 9, 9)])
    library = Library(town.database, lambda: NOW)
    first = library.book()
    rate(town, [("a", 0, "device", 1, 1, 1)])
    book = book_of(town, before=first)
    assert total(book, Asked(WHOLE)) == 9
    rate(town, [("a", 0, "device", 2, 4, 4)])
    assert total(book_of(town, before=book), Asked(WHOLE)) == 14


@pytest.mark.parametrize("seed", range(6))
def test_nobody_is_found_by_subtracting(town: Feedback, seed: int) -> None:
    """Places, periods, channels, raw and filtered: no difference of what is shown is 1 to 4."""
    chance = random.Random(seed)
    rate(town, list(_random_rows(chance)))
    book = book_of(town)
    periods = [WHOLE, *(_random_period(chance) for _ in range(12))]
    places = [TOWN, *HALLS, *(Place("touchpoint", code) for code in "abcdef")]
    for place, channel, is_filtered in product(places, (None, *CHANNELS), (True, False)):
        here = Asked(WHOLE, channel=channel, is_filtered=is_filtered).at(place)
        shown = {period: total(book, here.in_period(period)) for period in periods}
        for one, other in product(periods, periods):
            if one.from_on <= other.from_on and other.to_on <= one.to_on:
                _is_safe(shown[one] - shown[other])
    for period, is_filtered in product(periods, (True, False)):
        asked = Asked(period, is_filtered=is_filtered)
        for place, parts in ((TOWN, HALLS), *((hall, _desks(hall)) for hall in HALLS)):
            whole = total(book, asked.at(place))
            for left_out in ([], *([part] for part in parts)):
                rest = [part for part in parts if part not in left_out]
                _is_safe(whole - sum(total(book, asked.at(part)) for part in rest))
        for place in places:
            by_channel = [
                total(book, Asked(period, channel=each, is_filtered=is_filtered).at(place))
                for each in CHANNELS
            ]
            _is_safe(total(book, asked.at(place)) - by_channel[0])
            _is_safe(total(book, asked.at(place)) - by_channel[1])


@pytest.mark.parametrize("seed", range(4))
def test_no_single_vote_is_told_by_what_was_taken_out(town: Feedback, seed: int) -> None:
    """Raw less filtered, of whole months and of days: five votes differ, or none."""
    chance = random.Random(seed)
    rate(town, list(_random_rows(chance)))
    book = book_of(town)
    for code in "abde":
        raw = book.votes(Asked(WHOLE, is_filtered=False).at(Place("touchpoint", code)))
        if not raw:
            continue
        same = Asked(raw[0].period).at(Place("touchpoint", code))
        (filtered,) = book.votes(same)
        changes = [raw[0].counts[value] - filtered.counts[value] for value in range(1, 5)]
        _is_safe(max(sum(n for n in changes if n > 0), -sum(n for n in changes if n < 0)))


def _is_safe(difference: int) -> None:
    assert difference <= 0 or difference >= 5, difference


def _desks(hall: Place) -> list[Place]:
    return [Place("touchpoint", code) for code in DESKS[hall.code]]


def _random_period(chance: random.Random) -> Period:
    first, last = sorted(chance.sample(range(DAYS), 2))
    return Period(FIRST + timedelta(first), FIRST + timedelta(last))


def _random_rows(chance: random.Random) -> Iterator[tuple[str, int, str, int, int, int]]:
    """Few votes: most days have fewer than five."""
    for code, day, channel, value in product("abcdef", range(DAYS), CHANNELS, (1, 3, 4)):
        n = chance.choice((0, 0, 0, 1, 1, 2, 4)) if channel == "device" else chance.randint(0, 1)
        taken = min(n, chance.choice((0, 0, 0, 1)))
        if n:
            yield code, day, channel, value, n, n - taken


def test_a_survey_that_one_desk_of_few_people_has_is_in_no_figure(town: Feedback) -> None:
    """At *c* and *f* one and two serve; a survey of their own would show each within the hall."""
    rate(town, [("a", 0, "device", 4, 9, 9), ("c", 0, "device", 4, 6, 6)])
    table = table_of(RatingDay)
    row = {
        "touchpoint": "f", "day": FIRST, "survey": "own", "question": "overall",
        "scale": "faces-4", "channel": "device", "value": 1, "raw": 8, "filtered": 8,
    }  # fmt: skip
    with town.database.transaction() as connection:
        connection.execute(insert(table), [row])
    book = book_of(town)
    assert book.known_surveys() == ["reception"]
    assert total(book, Asked(WHOLE).at(HALLS[0])) == 9
    with town.database.transaction() as connection:
        connection.execute(insert(table), [{**row, "touchpoint": "a"}])
    assert total(book_of(town), Asked(WHOLE, survey="own")) == 8  # four serve at *a*
    with town.database.transaction() as connection:
        connection.execute(insert(table), [{**row, "touchpoint": "c"}])
    found = Asked(WHOLE, survey="own").at(HALLS[0])
    assert total(book_of(town), found) == 24  # three people have it together


def test_who_sees_one_unit_sees_the_hours_of_no_other(town: Feedback) -> None:
    """The hours of the town are for who sees all of it."""
    rate(town, [("a", 0, "device", 4, 9, 9), ("d", 0, "device", 1, 8, 8)])
    book = book_of(town)
    view = View(
        Source(town.database, Releases(), Library(town.database, lambda: NOW)),
        Person("Ева", frozenset({"manager"}), "", frozenset({"annex"})),
        Language("bg"),
        book,
        book.only({"annex"}),
        Choices(place=TOWN),
    )
    assert not view.sees_all_of(TOWN)
    assert view.sees_all_of(HALLS[1])
    assert not view.sees_all_of(HALLS[0])


def test_a_channel_that_wanders_from_desk_to_desk_names_none(town: Feedback) -> None:
    """Paper came from *c* alone, where one serves, and later from *f*: only both are a figure."""
    rows = [("a", day, "device", 3, 6, 6) for day in range(DAYS)]
    rows += [("c", day, "paper", 1, 8, 8) for day in range(3)]
    rows += [("f", day, "paper", 4, 8, 8) for day in range(10, 12)]
    rate(town, rows)
    with town.database.reading() as connection:
        book = read_book(connection, NOW)
    hall = frozenset({HALLS[0]})

    def told(to_on: int) -> list[int]:
        period = Period(FIRST, FIRST + timedelta(to_on))
        return [votes.n for votes in book.votes(Asked(period, hall, channel="paper"))]

    assert (told(9), told(DAYS - 1)) == ([], [32])
