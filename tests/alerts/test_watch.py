# ruff: noqa: D103  # a test's name says it
"""The watch over a real store: what it opens, tells and closes, and after a restart and a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

import pytest

from analytics.alerts.quiet import NEVER, QuietHours
from analytics.alerts.teller import News
from analytics.alerts.virtual_record import VirtualRecord
from analytics.alerts.watch import Watch
from broker.store.database import Database
from broker.store.place_settings import put_setting
from broker.store.places import Place
from tests.questions.town import SITE, Said, say

SOFIA: Final = ZoneInfo("Europe/Sofia")
TODAY: Final = date(2026, 11, 19)
"""A Thursday."""
FIRST_ON: Final = TODAY - timedelta(days=110)
DESK: Final = Place("touchpoint", "desk-1")


class Heard:
    """A teller that keeps what it was told; ``is_deaf`` while it can't."""

    def __init__(self) -> None:
        self.news: list[News] = []
        self.is_deaf = False

    def tell(self, news: Sequence[News]) -> bool:
        """Keep it."""
        if not self.is_deaf:
            self.news += news
        return not self.is_deaf

    @property
    def told(self) -> list[tuple[str, str]]:
        """Rule and moment of each."""
        return [(each.alert.topic.rule, each.moment) for each in self.news]


def at(on: date, hour: int, minute: int = 0) -> datetime:
    """A local time."""
    return datetime.combine(on, time(hour, minute), SOFIA).astimezone(UTC)


def day_of(on: date, unhappy: float, seed: int = 0, until: int = 17) -> list[Said]:
    """Four votes an hour on a working day, of which that share is unhappy."""
    if on.isoweekday() > 5:
        return []
    random = Random(f"{seed} {on}")
    return [
        Said(at(on, hour, minute), value=2 if random.random() < unhappy else 4)
        for hour in range(9, until)
        for minute in (3, 18, 33, 48)
    ]


def past(until: date = TODAY) -> list[Said]:
    """Days as usual: 15 of 100 are unhappy."""
    days = (until - FIRST_ON).days
    return [vote for n in range(days) for vote in day_of(FIRST_ON + timedelta(days=n), 0.15)]


def a_watch(town: Database, record: VirtualRecord, heard: Heard, quiet_to: time = NEVER) -> Watch:
    """A watch with quiet hours from midnight on, or none."""
    return Watch(town, record, heard, quiet=QuietHours(SOFIA, NEVER, quiet_to))


@pytest.fixture
def record() -> VirtualRecord:
    """An empty one."""
    return VirtualRecord()


@pytest.fixture
def heard() -> Heard:
    """One that hears."""
    return Heard()


def entered(town: Database, staff: int, place: Place = DESK) -> None:
    """So many serve there."""
    now = at(FIRST_ON, 8)
    with town.transaction() as connection:
        put_setting(connection, place, "staff", str(staff), from_on=FIRST_ON, now=now)


def test_nothing_is_found_where_nothing_happens(
    town: Database, record: VirtualRecord, heard: Heard
) -> None:
    say(town, [*past(), *day_of(TODAY, 0.15)])
    assert a_watch(town, record, heard).attend(at(TODAY, 17)).opened == 0
    assert record.recent() == []
    assert heard.news == []


def test_a_bad_day_is_told_once_and_its_end(
    town: Database, record: VirtualRecord, heard: Heard
) -> None:
    say(town, [*past(), *day_of(TODAY, 0.6)])
    watch = a_watch(town, record, heard)
    watch.attend(at(TODAY, 16, 50))
    watch.attend(at(TODAY, 16, 51))
    (alert,) = record.open_ones()
    assert (alert.topic.rule, alert.topic.place) == ("unhappy", Place("site", SITE.code))
    assert heard.told == [("unhappy", "opened")]
    assert alert.figures.numbers["count"] >= 5
    later = [TODAY + timedelta(days=n) for n in (1, 4, 5, 6)]
    say(town, [*past(), *day_of(TODAY, 0.6), *(v for on in later for v in day_of(on, 0.15))])
    watch.attend(at(later[-1], 17))
    assert record.open_ones() == []
    assert heard.told == [("unhappy", "opened"), ("unhappy", "over")]


def test_a_desk_is_named_where_three_serve(
    town: Database, record: VirtualRecord, heard: Heard
) -> None:
    """desk-1 is the only part of the hall that votes; the hall and the site lie above it."""
    entered(town, 3)
    entered(town, 3, Place("location", "annex"))
    entered(town, 6, Place("location", "hall"))
    say(town, [*past(), *day_of(TODAY, 0.6)])
    a_watch(town, record, heard).attend(at(TODAY, 16, 50))
    (alert,) = record.open_ones()
    assert alert.topic.place == DESK
    assert heard.news[0].path[-1] == SITE


def test_doubted_votes_do_not_count(town: Database, record: VirtualRecord, heard: Heard) -> None:
    child = [replace(vote, doubt="burst") for vote in day_of(TODAY, 0.9)]
    say(town, [*past(), *child])
    a_watch(town, record, heard).attend(at(TODAY, 12))
    assert record.recent() == []


def test_evidence_goes_on_over_a_restart_and_closing_time(
    town: Database, record: VirtualRecord, heard: Heard
) -> None:
    """Some hours' votes of each of four days are not enough; together they are."""
    days = [TODAY - timedelta(days=n) for n in (3, 2, 1, 0)]
    slow = [
        replace(vote, value=2 + 2 * (number % 2))
        for on in days
        for number, vote in enumerate(day_of(on, 0, until=11))
    ]
    calm_on = days[0] - timedelta(days=3)
    say(town, [*past(calm_on), *day_of(calm_on, 0.0), *slow])
    for on in days:
        a_watch(town, record, heard).attend(at(on, 13))
        if on == days[0]:
            assert record.recent() == []
    assert [alert.topic.rule for alert in record.open_ones()] == ["unhappy"]
    assert heard.told == [("unhappy", "opened")]


def test_what_rose_and_fell_in_a_gap_is_not_told(
    town: Database, record: VirtualRecord, heard: Heard
) -> None:
    bad_on = TODAY - timedelta(days=8)
    good = [v for n in range(-7, 0) for v in day_of(TODAY + timedelta(days=n), 0.15)]
    a_watch(town, record, heard).attend(at(bad_on, 8))
    say(town, [*past(bad_on), *day_of(bad_on, 0.6), *good])
    a_watch(town, record, heard).attend(at(TODAY, 9))
    assert record.recent() == []
    assert heard.news == []


def test_what_is_closed_by_hand_does_not_open_again_by_the_same_votes(
    town: Database, record: VirtualRecord, heard: Heard
) -> None:
    say(town, [*past(), *day_of(TODAY, 0.6)])
    watch = a_watch(town, record, heard)
    watch.attend(at(TODAY, 16, 40))
    record.close(record.open_ones()[0].id, "ana", at(TODAY, 16, 41))
    watch.attend(at(TODAY, 16, 50))
    assert record.open_ones() == []
    assert heard.told == [("unhappy", "opened")]


def test_quiet_hours_end_with_what_is_still_open(
    town: Database, record: VirtualRecord, heard: Heard
) -> None:
    say(town, [*past(), *day_of(TODAY, 0.6)])
    watch = a_watch(town, record, heard, time(17))
    watch.attend(at(TODAY, 16, 50))
    assert len(record.open_ones()) == 1
    assert heard.news == []
    watch.attend(at(TODAY, 17))
    assert heard.told == [("unhappy", "opened")]


def test_what_could_not_be_told_is_told_later(
    town: Database, record: VirtualRecord, heard: Heard
) -> None:
    say(town, [*past(), *day_of(TODAY, 0.6)])
    watch = a_watch(town, record, heard)
    heard.is_deaf = True
    watch.attend(at(TODAY, 16, 50))
    heard.is_deaf = False
    watch.attend(at(TODAY, 16, 52))
    assert heard.news == []
    watch.attend(at(TODAY, 16, 56))
    assert heard.told == [("unhappy", "opened")]


def test_silence_is_told_but_not_nights_weekends_and_holidays(
    town: Database, record: VirtualRecord, heard: Heard
) -> None:
    """Of 32 votes a day half are counted on: a day is enough, a weekend is not."""
    say(town, past(TODAY + timedelta(days=2)))
    watch = a_watch(town, record, heard)
    watch.attend(at(TODAY + timedelta(days=4), 8))
    assert record.recent() == []
    watch.attend(at(TODAY + timedelta(days=5), 12))
    assert [alert.topic.rule for alert in record.open_ones()] == ["silence"]


def test_silence_need_not_be_minded(town: Database, record: VirtualRecord, heard: Heard) -> None:
    """The votes of a demonstration end at a day."""
    say(town, past(TODAY + timedelta(days=2)))
    quiet = QuietHours(SOFIA, NEVER, NEVER)
    Watch(town, record, heard, quiet=quiet, minds_silence=False).attend(
        at(TODAY + timedelta(days=5), 12)
    )
    assert record.recent() == []


def test_a_holiday_is_no_silence(town: Database, record: VirtualRecord, heard: Heard) -> None:
    """24 December to 28 December 2026: holidays, a weekend, and a day off in its stead."""
    last_on = date(2026, 12, 23)
    days = (last_on - FIRST_ON).days + 1
    say(town, [v for n in range(days) for v in day_of(FIRST_ON + timedelta(days=n), 0.15)])
    a_watch(town, record, heard).attend(at(date(2026, 12, 28), 23))
    assert "silence" not in {alert.topic.rule for alert in record.recent()}


def test_a_reason_that_is_named_more_often(
    town: Database, record: VirtualRecord, heard: Heard
) -> None:
    """The share of unhappy votes stays; why they are unhappy changes."""

    def asked(votes: list[Said], new: float) -> list[Said]:
        random = Random(3)
        said = []
        for vote in votes:
            said.append(vote)
            if vote.value == 2:
                reason = "clarity" if random.random() < new else "waiting-time"
                later = vote.at + timedelta(seconds=5)
                said.append(replace(vote, kind="answer", at=later, options=(reason,)))
        return said

    changed_on = TODAY - timedelta(days=7)
    lately = [v for n in range(8) for v in day_of(changed_on + timedelta(days=n), 0.15)]
    say(town, [*asked(past(changed_on), 0.1), *asked(lately, 0.9)])
    a_watch(town, record, heard).attend(at(TODAY, 17))
    assert ("reason", "clarity") in {
        (alert.topic.rule, alert.topic.about) for alert in record.open_ones()
    }


def test_good_news_is_told_once(town: Database, record: VirtualRecord, heard: Heard) -> None:
    better_on = TODAY - timedelta(days=14)
    lately = [v for n in range(15) for v in day_of(better_on + timedelta(days=n), 0.0)]
    say(town, [*past(better_on), *lately])
    watch = a_watch(town, record, heard)
    watch.attend(at(TODAY, 16))
    watch.attend(at(TODAY, 17))
    assert heard.told == [("good-news", "opened")]
