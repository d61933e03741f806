"""Numbers and days: told by quantiles and bins behind which five stand, and nobody's own."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from analytics.measures.minima import MIN_VOTES
from broker.intake.submission import Given, Submission
from broker.store.tables import Event, Flag, table_of
from portal.surveys.desk import AnswerDesk
from portal.surveys.drafts import create_draft
from portal.surveys.freezing import freeze
from portal.surveys.publishing import Opening, publish_draft
from portal.surveys.results import results_of
from portal.surveys.spread import (
    quantile,
    spread_of_days,
    spread_of_numbers,
)
from tests.fixtures.portals import sign_in_staff
from tests.portal.surveys.making import BASE, EDITOR, WHOLE

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from portal.web.portal import Portal
    from tests.fixtures.portals import FrozenClock

SOFIA: Final = ZoneInfo("Europe/Sofia")
NUMBERS: Final = st.lists(
    st.integers(-1000, 1000) | st.floats(-1e6, 1e6, allow_nan=False), min_size=1, max_size=120
)


@given(NUMBERS)
def test_five_stand_behind_every_figure(stated: list[float]) -> None:
    """Whatever was stated: every bin holds five, none is lost, no end of a bin is an extreme."""
    counts = Counter(map(float, stated))
    spread = spread_of_numbers(counts)
    if spread.bins:
        assert sum(each.n for each in spread.bins) == len(stated)
        assert all(each.n >= MIN_VOTES for each in spread.bins)
        assert len(spread.bins) <= 25
        assert (spread.bins[0].low, spread.bins[-1].high) == (None, None)
        assert all(each.high == after.low for each, after in pairwise(spread.bins))
    for at in spread.quantiles:
        assert round(len(stated) * min(at, 1 - at), 9) >= MIN_VOTES


@given(st.lists(st.dates(date(1926, 1, 1), date(2026, 12, 31)), min_size=1, max_size=120))
def test_five_stand_behind_every_month(stated: list[date]) -> None:
    """Days of birth, too."""
    spread = spread_of_days(Counter(stated))
    if spread.bins:
        assert sum(each.n for each in spread.bins) == len(stated)
        assert all(each.n >= MIN_VOTES for each in spread.bins)
        assert (spread.bins[0].low, spread.bins[-1].high) == (None, None)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=40), st.sampled_from([0.1, 0.5, 0.75]))
def test_quantiles(stated: list[int], at: float) -> None:
    """As the textbook has it: as much below as above, and between the least and the most."""
    found = quantile(Counter(stated), at)
    assert min(stated) <= found <= max(stated)
    assert sum(each < found for each in stated) <= at * len(stated) + 1
    assert sum(each > found for each in stated) <= (1 - at) * len(stated) + 1


@pytest.mark.parametrize(
    ("n", "told"),
    [(9, []), (10, [0.5]), (20, [0.25, 0.5, 0.75]), (50, [0.1, 0.25, 0.5, 0.75, 0.9])],
)
def test_quantiles_need_answers(n: int, told: list[float]) -> None:
    """Five on either side; in test mode none."""
    counts = Counter(float(each) for each in range(n))
    assert list(spread_of_numbers(counts).quantiles) == told
    assert len(spread_of_numbers({**counts, 0.5: 1}, 1).quantiles) >= 4


def test_bins_of_waiting() -> None:
    """Sixty people; the one who waited ten hours stands in none of the figures."""
    counts = Counter({5.0: 10, 10.0: 20, 15.0: 14, 20.0: 10, 30.0: 5, 600.0: 1})
    spread = spread_of_numbers(counts)
    shown = [(each.low, each.high, each.n) for each in spread.bins]
    assert shown == [
        (None, 10, 10),
        (10, 15, 20),
        (15, 20, 14),
        (20, 25, 10),
        (25, None, 6),
    ]
    assert spread.quantiles[0.5] == 12.5
    assert spread.quantiles[0.9] == 21


def test_a_single_number_makes_no_table() -> None:
    """Nor do so few that all would be in one bin."""
    for counts in ({7.0: 30}, {0.1: 1, 0.2: 1, 0.3: 1, 5.5: 2}):
        spread = spread_of_numbers(counts)
        assert spread.bins == ()
    assert spread_of_numbers({7.0: 30}).quantiles[0.25] == 7


def test_days_of_a_year_are_told_by_month() -> None:
    """Small months with those after them; decades by year."""
    year = Counter({date(2026, 3, 1): 6, date(2026, 4, 5): 2, date(2026, 5, 6): 4})
    assert [(b.low, b.high, b.n) for b in spread_of_days(year).bins] == [
        (None, date(2026, 4, 1), 6),
        (date(2026, 4, 1), None, 6),
    ]
    births = Counter({date(1950 + each, 6, 1): 2 for each in range(40)})
    spread = spread_of_days(births)
    assert spread.step == 12
    lows = [each.low for each in spread.bins[1:]]
    assert lows
    assert all(isinstance(low, date) and (low.month, low.day) == (1, 1) for low in lows)


def publish_and_answer(portal: Portal, now: datetime) -> None:
    """Sixty forms of the days before: minutes of waiting, and the day of the visit."""
    create_draft(portal.database, EDITOR, WHOLE, now)
    publish_draft(portal, EDITOR, "whole", now, Opening())
    desk = AnswerDesk(portal.feedback, portal.settings.site, portal.clock)
    waited = [5] * 10 + [10] * 20 + [15] * 14 + [20] * 10 + [30] * 5 + [600]
    forms = [
        Submission(
            nonce=f"form-{number}",
            sender=desk.sender,
            touchpoint="hall-web",
            survey="whole",
            version=1,
            channel="web",
            input="form",
            language="bg",
            answered_at=now - timedelta(days=1 + number % 3),
            received_at=now,
            answers=(
                Given("minutes", number=float(minutes)),
                Given("came-on", stated_on=date(2026, 3 + number // 20, 7)),
            ),
        )
        for number, minutes in enumerate(waited)
    ]
    assert set(desk.take_all(forms)) == {"stored"}


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        (
            "",
            ("Половината (медиана): най-много", "12,5 минути", "под 10", "15–19", "25 или повече"),
        ),
        ("", ("до март 2026", "април 2026", "от май 2026 нататък")),
        ("/en", ("Half (median): at most", "12.5 minutes", "under 10", "until March 2026")),
    ],
)
def test_the_page_of_results(
    portal: Portal, client: TestClient, clock: FrozenClock, prefix: str, words: tuple[str, ...]
) -> None:
    """In both languages; the longest time of waiting stands nowhere."""
    clock.now = datetime(2026, 11, 22, 12, tzinfo=SOFIA)
    publish_and_answer(portal, clock.now)
    sign_in_staff(portal, client, "editor")
    shown = client.get(f"{prefix}{BASE}/whole/results").text

    for word in words:
        assert word in shown
    assert "600 " not in shown
    assert ">600" not in shown


def test_numbers_that_were_flagged_count_nowhere(portal: Portal, clock: FrozenClock) -> None:
    """Nor in what is told for the first time."""
    clock.now = datetime(2026, 11, 22, 12, tzinfo=SOFIA)
    publish_and_answer(portal, clock.now)
    with portal.feedback.transaction() as connection:
        longest = select(table_of(Event).c.id).where(table_of(Event).c.stated_number == 600)
        connection.execute(
            insert(table_of(Flag)).values(
                event_id=connection.scalars(longest).one(),
                reason="same-answers",
                rule_version=2,
                flagged_at=clock.now,
            )
        )
    (found,) = results_of(portal.feedback, portal.database, "troyan", freeze(WHOLE, 1), clock.now)
    minutes = next(each for each in found.asked if getattr(each.question, "code", "") == "minutes")
    assert minutes.spread is not None
    assert sum(each.n for each in minutes.spread.bins) == 59
    assert minutes.spread.mean == pytest.approx(810 / 59)
