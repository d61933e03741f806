"""Results: counted by channel and question, and nobody is exposed."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, update

from analytics.measures.minima import MIN_VOTES
from broker.fleet.place_changes import set_setting
from broker.fleet.places import set_test_mode
from broker.store.registry import add_device, add_touchpoint
from broker.store.tables import AnswerDay, RatingDay, table_of
from portal.surveys.freezing import freeze
from portal.surveys.results import Results, count_answers, results_of
from portal.surveys.told import Tally, release
from tests.portal.surveys.making import WHOLE

if TYPE_CHECKING:
    from uuid import UUID

    from broker.store.database import Database
    from portal.web.portal import Portal

SITE: Final = "troyan"
NOW: Final = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Europe/Sofia"))
SURVEY: Final = freeze(WHOLE, 1)


def rate(
    feedback: Database,
    days_ago: int,
    counts: dict[int, int],
    channel: str = "web",
    touchpoint: str = "hall-web",
) -> None:
    """Ratings of the first question, as the rollup keeps them."""
    rows = [
        {
            "touchpoint": touchpoint,
            "day": NOW.date() - timedelta(days=days_ago),
            "survey": "whole",
            "question": "overall",
            "scale": "faces-5",
            "channel": channel,
            "value": value,
            "raw": n,
            "filtered": n,
        }
        for value, n in counts.items()
    ]
    with feedback.transaction() as connection:
        connection.execute(insert(table_of(RatingDay)), rows)


def choose(feedback: Database, options: dict[str, int], answers: int) -> None:
    """Choices of yesterday; the empty option counts answers."""
    with feedback.transaction() as connection:
        for option, n in {"": answers, **options}.items():
            connection.execute(
                insert(table_of(AnswerDay)).values(
                    touchpoint="hall-web",
                    day=NOW.date() - timedelta(days=1),
                    survey="whole",
                    question="used",
                    channel="qr",
                    outcome="answered",
                    option=option,
                    raw=n,
                    filtered=n,
                )
            )


def told(portal: Portal, now: datetime = NOW) -> list[Results]:
    """What the page tells."""
    return results_of(portal.feedback, portal.database, SITE, SURVEY, now)


def test_counts_by_channel_and_question(portal: Portal) -> None:
    """With n, shares and how sure they are."""
    rate(portal.feedback, 1, {5: 6, 1: 2})
    rate(portal.feedback, 2, {4: 2}, "qr")
    choose(portal.feedback, {"form": 5, "payment": 3}, 6)
    (found,) = told(portal)
    assert dict(found.channels) == {"web": 8, "qr": 6}
    assert found.n == count_answers(portal.feedback, SITE, "whole") == 14
    overall = found.asked[0]
    assert (overall.n, overall.waiting) == (10, 0)
    assert overall.satisfied is not None
    assert overall.satisfied.share == pytest.approx(0.8)
    assert overall.sureness == "too-early"
    assert [said.n for said in overall.said] == [2, 0, 0, 2, 6]
    used = next(each for each in found.asked if getattr(each.question, "code", "") == "used")
    assert {said.code: said.n for said in used.said} == {"form": 5, "payment": 3, "status": 0}
    assert used.said[0].share == pytest.approx(5 / 6)


def test_nothing_is_told_below_five_answers(portal: Portal) -> None:
    """They wait, and how many do is told."""
    rate(portal.feedback, 1, {5: 4})
    (found,) = told(portal)
    assert (found.asked[0].n, found.asked[0].waiting, found.asked[0].said) == (0, 4, ())
    assert dict(found.channels) == {"web": 4}


def test_what_was_told_stays_until_five_more_said_something(portal: Portal) -> None:
    """A late paper form, a flag, a ruling that is taken back: none of them shows by itself."""
    rate(portal.feedback, 3, {5: 6})
    assert told(portal)[0].asked[0].n == 6
    for day, expected, waiting in ((2, 6, 2), (1, 6, 4), (0, 12, 0)):
        rate(portal.feedback, day, {1: 2})
        (found,) = told(portal)
        assert (found.asked[0].n, found.asked[0].waiting) == (expected, waiting)
    with portal.feedback.transaction() as connection:
        days = table_of(RatingDay)
        connection.execute(update(days).where(days.c.value == 1).values(filtered=1))
    (found,) = told(portal)
    assert (found.asked[0].n, found.asked[0].said[0].n) == (12, 6)


TALLIES: Final = st.builds(
    lambda counts, more: Tally(max([*counts.values(), 0]) + more, Counter(counts)),
    st.dictionaries(st.sampled_from("abc"), st.integers(0, 9), max_size=3),
    st.integers(0, 6),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(TALLIES, min_size=2, max_size=12), st.uuids())
def test_whatever_comes_two_pages_differ_by_five_people_or_not_at_all(
    portal: Portal, tallies: list[Tally], code: UUID
) -> None:
    """Answers that come, are corrected, flagged, and let in again."""
    pages = [release(portal.database, str(code), {"q": each}, NOW)["q"] for each in tallies]
    assert all(page.n >= MIN_VOTES or page == Tally() for page in pages)
    for before, after in pairwise(pages):
        assert before == after or after.differs_enough(before)


def test_race_of_two_who_look(portal: Portal) -> None:
    """Both are told the same; the row is written once."""
    tally = {"q": Tally(7, Counter(a=7))}
    with ThreadPoolExecutor(8) as pool:
        jobs = [pool.submit(release, portal.database, "whole", tally, NOW) for _ in range(8)]
        assert all(job.result() == tally for job in jobs)


def test_one_desk_with_few_people_is_protected(portal: Portal) -> None:
    """From three people on it is shown; without a device it is no desk."""
    rate(portal.feedback, 1, {5: 6})
    add_device(portal.feedback, "kiosk-1", touchpoint="hall-web")
    now = datetime.now(ZoneInfo("Europe/Sofia")) + timedelta(days=1)
    (found,) = told(portal, now)
    assert found.is_one_desk
    assert found.asked == ()
    assert found.n == 6
    add_touchpoint(portal.feedback, "hall-qr", site=SITE)
    rate(portal.feedback, 2, {1: 4}, touchpoint="hall-qr")
    assert told(portal, now)[0].is_one_desk, "four from elsewhere hide nothing"
    set_setting(portal.feedback, "touchpoint", "hall-web", "staff", 3, None, datetime.now(UTC))
    (found,) = told(portal, now)
    assert found.asked[0].n == 10


def test_test_mode_is_live_and_apart(portal: Portal) -> None:
    """Its answers are told at once, and in no figure but their own."""
    set_test_mode(portal.feedback, "hall-web", is_test=True)
    rate(portal.feedback, 0, {5: 1})
    real, test = told(portal)
    assert real.n == 0
    assert test.is_test
    assert test.asked[0].n == 1
