"""Votes day by day."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from analytics.period import Period
from analytics.questions.asked import Choice
from analytics.questions.reading import read_by_place
from analytics.questions.statements import by_day
from broker.store.places import Place
from broker.store.statements import read_list


@dataclass(frozen=True, slots=True)
class Trend:
    """A place's votes on one scale, day by day.

    Attributes:
        period: its days, in order, are the places in the lists; those without votes too.
        votes: how many.
        satisfied: how many of them are satisfied.
        dissatisfied: how many are dissatisfied; some scales have a middle.
    """

    place: Place
    scale: str
    period: Period
    votes: list[int]
    satisfied: list[int]
    dissatisfied: list[int]


def trends(connection: Connection, choice: Choice, period: Period) -> list[Trend]:
    """The days of each place of ``choice``, in its order, one trend a scale; none for no votes.

    Weeks, months and blocks of enough votes are the caller's to make of days
    (``analytics.measures.minima.blocks_of``), and the minima his to apply.

    Args:
        connection: of the feedback database.
        choice: what is asked.
        period: lies in that of the scope.
    """
    number_of = {day.isoformat(): number for number, day in enumerate(period.days)}
    found: dict[tuple[int, str], Trend] = {}
    for places_of, rows in read_by_place(connection, by_day, choice, period):
        for code, scale, *lists in rows:
            days, *three = map(read_list, lists)
            at = [number_of[day] for day in days]
            for number in places_of[code]:
                if (number, scale) not in found:
                    found[number, scale] = _empty(choice.scope.places[number], scale, period)
                _add(found[number, scale], at, *three)
    return [found[key] for key in sorted(found) if any(found[key].votes)]


def _add(trend: Trend, at: list[int], *three: list[int]) -> None:
    """Add votes, satisfied and dissatisfied of the days ``at``; a day may come several times."""
    for sums, counts in zip((trend.votes, trend.satisfied, trend.dissatisfied), three, strict=True):
        for number, count in zip(at, counts, strict=True):
            sums[number] += count


def _empty(place: Place, scale: str, period: Period) -> Trend:
    votes, satisfied, dissatisfied = ([0] * period.length for _ in range(3))
    return Trend(place, scale, period, votes, satisfied, dissatisfied)
