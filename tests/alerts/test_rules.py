# ruff: noqa: D103  # a test's name says it
"""The parts of the rules: evidence, budget, burst, silence, and what becomes of alerts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from analytics.alerts import burst
from analytics.alerts.alert import ITSELF, RuleCode, Topic, closed, due, opened, snoozed, told
from analytics.alerts.budget import A_MONTH, PARTS, part, watching
from analytics.alerts.cases import changes
from analytics.alerts.evidence import NOTHING, weighed
from analytics.alerts.message import MOST_SHORT, compose
from analytics.alerts.quiet import QuietHours
from analytics.alerts.rules import Finding
from analytics.alerts.silence import Week, expected, is_silent
from analytics.alerts.teller import News
from analytics.alerts.usual import Past, usual_of
from analytics.alerts.wording import MESSAGES, TITLES, of_unhappy
from analytics.measures.cusum import Cusum
from analytics.measures.run_length import votes_to_alarm
from analytics.measures.saying import say
from analytics.measures.wording import Wording
from broker.store.places import Place

SOFIA: Final = ZoneInfo("Europe/Sofia")
DESK: Final = Place("touchpoint", "desk-1")
NOW: Final = datetime(2026, 11, 19, 10, 0, tzinfo=UTC)
NOW_MS: Final = round(NOW.timestamp() * 1000)
CUSUM: Final = Cusum(0.15, 0.4, 6.0)
HOUR: Final = timedelta(hours=1)


def test_the_whole_budget_is_shared_out() -> None:
    assert sum(PARTS.values()) == pytest.approx(1)
    assert 12 * part("unhappy", 12) == pytest.approx(A_MONTH * PARTS["unhappy"])


@pytest.mark.parametrize("usual", [0.05, 0.15, 0.3])
def test_limits_keep_the_budget(usual: float) -> None:
    """So many votes as the budget says, or up to a quarter more."""
    cusum = watching(usual, 3.5, votes_a_month=1000, alerts_a_month=0.05)
    assert 0.95 <= votes_to_alarm(cusum) / 20_000 <= 1.25


def test_more_places_get_greater_limits() -> None:
    few, many = (watching(0.15, 3.5, 1000, part("unhappy", n)).limit for n in (1, 12))
    assert many > few + 2


def test_evidence_stands_until_as_much_speaks_against_it() -> None:
    evidence = NOTHING
    for number in range(7):
        evidence = weighed(evidence, CUSUM, number, counted=1)
    assert (evidence.crossed_ms, evidence.since_ms, evidence.value) == (6, 0, CUSUM.limit)
    for number in range(7, 24):
        evidence = weighed(evidence, CUSUM, number, counted=0)
        assert evidence.crossed_ms == 6
    assert weighed(evidence, CUSUM, 24, counted=0) == NOTHING


def test_four_votes_are_never_enough() -> None:
    keen = Cusum(0.01, 0.9, 5.0)
    evidence = NOTHING
    for number in range(5):
        assert not evidence.is_enough
        evidence = weighed(evidence, keen, number, counted=1)
    assert evidence.is_enough


def test_a_burst_is_over_an_hour_later() -> None:
    watched = burst.watching(0.07, votes_a_month=4000, alerts_a_month=0.004)
    found = burst.NONE
    for number in range(6):
        found = burst.seen(found, watched, NOW_MS + number * 60_000, is_worst=True)
    assert found.crossed_ms is not None
    assert burst.at(found, NOW_MS + 6 * 60_000).worst == 6
    assert burst.at(found, NOW_MS + 2 * burst.WINDOW_MS) == burst.NONE


def test_odds_of_a_count() -> None:
    assert burst.odds_from(0, 10, 0.3) == pytest.approx(1)
    assert burst.odds_from(10, 10, 0.3) == pytest.approx(0.3**10)


def test_expected_votes_skip_days_off_and_count_the_hour_that_comes_twice() -> None:
    week = Week([1.0] * 168)
    before, after = (datetime(2026, 10, day, tzinfo=SOFIA) for day in (25, 26))
    assert expected(week, SOFIA, lambda _: False, before, after) == pytest.approx(25)
    assert expected(week, SOFIA, {date(2026, 10, 25)}.__contains__, before, after) == 0
    part_of = expected(week, SOFIA, lambda _: False, before + HOUR / 2, before + HOUR * 2)
    assert part_of == pytest.approx(1.5)


def test_silence_needs_more_where_more_votes_come() -> None:
    assert is_silent(20.0, 100, 0.01)
    assert not is_silent(20.0, 10_000, 0.01)


def test_a_place_without_a_past_is_not_judged() -> None:
    new = Place("touchpoint", "new")
    usual = usual_of({DESK: Past(2000, 300, 1700, 100), new: Past(20, 3, 17, 1)})
    assert set(usual) == {DESK}
    assert 0.15 < usual[DESK].unhappy < 0.16
    assert usual[DESK].discontent < 0.15
    assert usual_of({}) == {}


def finding(rule: RuleCode, crossed_ms: int = NOW_MS, n: int = 20) -> Finding:
    figures = Wording("{count} of {n}", "sure", {"count": 9, "n": n, "usual": 15})
    return Finding(Topic(rule, DESK), crossed_ms - 1000, crossed_ms, figures)


def test_what_gets_worse_at_a_place_is_one_case() -> None:
    done = changes([finding("unhappy"), finding("burst"), finding("silence")], [], NOW)
    assert [alert.topic.rule for alert in done.opened] == ["unhappy", "silence"]
    (worse, silence) = done.opened
    later = changes([finding("burst")], [worse, silence], NOW + HOUR)
    assert (later.opened, later.over) == ([], [silence.id])


def test_figures_change_by_five_votes() -> None:
    (alert,) = changes([finding("unhappy")], [], NOW).opened
    assert changes([finding("unhappy", n=24)], [alert], NOW).renewed == []
    assert [id_ for id_, _ in changes([finding("unhappy", n=25)], [alert], NOW).renewed] == [
        alert.id
    ]


def test_closed_by_hand_opens_only_by_new_evidence() -> None:
    (alert,) = changes([finding("unhappy")], [], NOW).opened
    by_hand = closed(alert, "ana", NOW + HOUR)
    assert changes([finding("unhappy")], [by_hand], NOW + 2 * HOUR).opened == []
    newer = finding("unhappy", NOW_MS + 2 * 3_600_000)
    assert len(changes([newer], [by_hand], NOW + 3 * HOUR).opened) == 1
    itself = closed(alert, ITSELF, NOW + HOUR)
    assert len(changes([finding("unhappy")], [itself], NOW + 2 * HOUR).opened) == 1


def test_good_news_of_a_place_comes_once_in_four_weeks() -> None:
    (alert,) = changes([finding("good-news")], [], NOW).opened
    over = closed(alert, ITSELF, NOW + HOUR)
    assert changes([finding("good-news")], [over], NOW + timedelta(days=27)).opened == []
    assert len(changes([finding("good-news")], [over], NOW + timedelta(days=28)).opened) == 1


def test_a_snooze_is_told_of_again_when_it_is_over() -> None:
    alert = opened(Topic("unhappy", DESK), NOW, NOW, finding("unhappy").figures)
    assert due(alert, NOW) == "opened"
    alert = told(alert, "opened", NOW)
    assert due(alert, NOW) is None
    alert = snoozed(alert, NOW + HOUR, NOW)
    assert due(alert, NOW + HOUR / 2) is None
    assert due(alert, NOW + HOUR) == "opened"
    assert due(told(alert, "opened", NOW + HOUR), NOW + 2 * HOUR) is None


def test_the_end_is_told_of_what_was_told() -> None:
    alert = opened(Topic("unhappy", DESK), NOW, NOW, finding("unhappy").figures)
    assert due(closed(alert, ITSELF, NOW), NOW) is None
    heard = told(alert, "opened", NOW)
    assert due(closed(heard, ITSELF, NOW), NOW) == "over"
    assert due(closed(heard, "ana", NOW), NOW) is None
    assert due(closed(heard, ITSELF, NOW), NOW + timedelta(days=2)) is None


def test_quiet_hours_go_past_midnight() -> None:
    quiet = QuietHours(SOFIA, time(20), time(7, 30))
    assert quiet.is_quiet(datetime(2026, 11, 19, 3, tzinfo=SOFIA))
    assert not quiet.is_quiet(datetime(2026, 11, 19, 7, 30, tzinfo=SOFIA))
    assert not QuietHours(SOFIA, time(0), time(0)).is_quiet(NOW)


def news(rule: RuleCode = "unhappy", place: str = "Гише 1 <каса>") -> News:
    evidence = replace(NOTHING, votes=20, counted=12)
    alert = opened(Topic(rule, DESK), NOW - HOUR, NOW, of_unhappy(evidence, 0.15))
    return News(alert, "opened", place, (DESK,), None, SOFIA)


def test_a_message_in_bulgarian() -> None:
    message = compose([news()], "bg", "https://results.troyan.example/")
    link = f"https://results.troyan.example/?alert={news().alert.id}"
    assert message.title == "Гише 1 <каса>: Недоволните са повече от обичайното"
    assert "12 от последните 20 оценки са на недоволни хора; обичайно са 15 от 100" in message.text
    assert "Приблизително от 19 ноември, 11:00" in message.text
    assert message.text.count(link) == 1
    assert "Гише 1 &lt;каса&gt;" in message.html
    assert "<html lang='bg'>" in message.html
    assert message.document["alerts"][0]["link"] == link


def test_a_short_message_keeps_its_link() -> None:
    message = compose([news(place="Дълго име " * 20)], "bg", "https://results.troyan.example")
    assert len(message.short) <= MOST_SHORT
    assert message.short.endswith(news().alert.id)


def test_every_title_is_translated() -> None:
    for title in TITLES.values():
        assert say(Wording(title, "sure"), "bg", MESSAGES) != title
