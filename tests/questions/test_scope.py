"""Which touchpoints are meant is read once, until the registry changes."""

from __future__ import annotations

from datetime import date
from typing import Final

from analytics.period import Period
from analytics.questions.asked import Choice, read_scope
from analytics.questions.figures import key_figures
from analytics.questions.reasons import reasons
from analytics.questions.trend import trends
from broker.store.database import Database
from broker.store.places import Place, put_placement
from broker.store.registry import raise_revision
from tests.questions.test_days_and_places import local
from tests.questions.town import ANNEX, HALL, SITE, Said, say

DAYS: Final = Period(date(2026, 5, 1), date(2026, 5, 31))


def test_it_is_kept_until_something_changes(town: Database) -> None:
    """The same question has the same answer; after a change it is read anew."""
    with town.reading() as connection:
        before = read_scope(connection, DAYS, [HALL, ANNEX])
        assert read_scope(connection, DAYS, [HALL, ANNEX]) is before
        assert before.only([ANNEX]) is before.only([ANNEX])
        assert read_scope(connection, DAYS, [ANNEX, HALL]) is not before
        nobody = read_scope(connection, DAYS, [HALL, ANNEX], visible=set())
        assert not nobody.parts
    assert not before.of(1, DAYS)
    with town.transaction() as connection:
        raise_revision(connection)
        put_placement(connection, Place("touchpoint", "desk-1"), DAYS.from_on, ANNEX.code)
    with town.reading() as connection:
        after = read_scope(connection, DAYS, [HALL, ANNEX])
    assert after.of(1, DAYS) == {DAYS: ["desk-1"]}


def test_what_is_not_committed_is_not_kept(town: Database) -> None:
    """A change that was given up leaves nothing behind, though the next one has its revision."""
    with town.transaction() as connection, connection.begin_nested() as attempt:
        raise_revision(connection)
        put_placement(connection, Place("touchpoint", "desk-1"), DAYS.from_on, ANNEX.code)
        assert read_scope(connection, DAYS, [ANNEX]).of(0, DAYS) == {DAYS: ["desk-1"]}
        attempt.rollback()
    with town.transaction() as connection:
        raise_revision(connection)
    with town.reading() as connection:
        assert not read_scope(connection, DAYS, [ANNEX]).of(0, DAYS)


def test_counts_are_whole_numbers(town: Database) -> None:
    """PostgreSQL adds up whole numbers to a decimal, which JSON and charts don't take."""
    at = local(date(2026, 5, 4), 12)
    say(town, [Said(at), Said(at), Said(at, kind="answer")])
    with town.reading() as connection:
        for channel in (None, "device"):
            choice = Choice(read_scope(connection, DAYS, [SITE]), channel=channel)
            (figures,) = key_figures(connection, choice, DAYS)
            (trend,) = trends(connection, choice, DAYS)
            (said,) = reasons(connection, choice, DAYS)
            counts = [*figures.counts.values(), *trend.votes, *trend.satisfied]
            counts += [said.answered, *said.options.values()]
            assert {type(count) for count in counts} == {int}
            assert (figures.n, sum(trend.votes), said.answered) == (2, 2, 1)
