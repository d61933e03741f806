"""Results: counted by channel and question, and nobody is exposed."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from broker.fleet.place_changes import set_setting
from broker.fleet.places import set_test_mode
from broker.store.registry import add_device
from broker.store.tables import AnswerDay, RatingDay, table_of
from portal.surveys.freezing import freeze
from portal.surveys.results import MIN_ANSWERS, count_answers, results_of, told_days
from tests.portal.surveys.making import WHOLE

if TYPE_CHECKING:
    from broker.store.database import Database
    from portal.web.portal import Portal

SITE: Final = "troyan"
NOW: Final = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Europe/Sofia"))
SURVEY: Final = freeze(WHOLE, 1)


def rate(feedback: Database, days_ago: int, counts: dict[int, int], channel: str = "web") -> None:
    """Ratings of the first question, as the rollup keeps them."""
    rows = [
        {
            "touchpoint": "hall-web",
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


def test_counts_by_channel_and_question(portal: Portal) -> None:
    """With n, shares and how sure they are."""
    rate(portal.feedback, 1, {5: 6, 1: 2})
    rate(portal.feedback, 2, {4: 2}, "qr")
    choose(portal.feedback, {"form": 5, "payment": 3}, 6)
    (found,) = results_of(portal.feedback, SITE, SURVEY, NOW)
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


def test_nothing_is_told_below_five_answers_nor_of_today(portal: Portal) -> None:
    """They wait, and how many do is told."""
    rate(portal.feedback, 1, {5: 4})
    rate(portal.feedback, 0, {5: 40})
    (found,) = results_of(portal.feedback, SITE, SURVEY, NOW)
    assert (found.asked[0].n, found.asked[0].waiting, found.asked[0].said) == (0, 44, ())
    assert dict(found.channels) == {"web": 44}


@given(
    st.dictionaries(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(1, 9), max_size=40)
)
def test_figures_grow_by_at_least_five(answered: dict[date, int]) -> None:
    """Whoever looks every day never sees what fewer than five said."""
    told = 0
    for day in range(370):
        today = date(2026, 1, 1) + timedelta(days=day)
        known = {each: n for each, n in answered.items() if each <= today}
        n = sum(answered[each] for each in told_days(known, today))
        assert n == told or n - told >= MIN_ANSWERS
        told = n


def test_one_desk_with_few_people_is_protected(portal: Portal) -> None:
    """From three people on it is shown; without a device it is no desk."""
    rate(portal.feedback, 1, {5: 6})
    add_device(portal.feedback, "kiosk-1", touchpoint="hall-web")
    now = datetime.now(ZoneInfo("Europe/Sofia")) + timedelta(days=1)
    (found,) = results_of(portal.feedback, SITE, SURVEY, now)
    assert found.is_one_desk
    assert found.asked == ()
    assert found.n == 6
    set_setting(portal.feedback, "touchpoint", "hall-web", "staff", 3, None, datetime.now(UTC))
    (found,) = results_of(portal.feedback, SITE, SURVEY, now)
    assert found.asked[0].n == 6


def test_test_mode_is_live_and_apart(portal: Portal) -> None:
    """Its answers are told at once, and in no figure but their own."""
    set_test_mode(portal.feedback, "hall-web", is_test=True)
    rate(portal.feedback, 0, {5: 1})
    real, test = results_of(portal.feedback, SITE, SURVEY, NOW)
    assert real.n == 0
    assert test.is_test
    assert test.asked[0].n == 1
