"""What was last told of a survey's results, so that nobody's answer shows when they change.

Whoever looks twice takes one figure from the other. So what was told of a question stays as it was
until the answers of at least :data:`MIN_VOTES` people differ from it, for whatever reason: new
ones, one that came late, a correction, a flag, a ruling that was taken back. It is kept in the
database, so that neither a restart nor a second process tells more.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from analytics.measures.minima import MIN_VOTES
from broker.store.database import Database
from broker.store.tables import table_of
from portal.surveys.tables import SurveyTold

_told: Final = table_of(SurveyTold)


@dataclass(frozen=True, slots=True)
class Tally:
    """Answers to one question.

    Attributes:
        n: how many people answered it.
        counts: what was said → how many said it; each person once at the most.
    """

    n: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def differs_enough(self, other: Tally) -> bool:
        """Whether the answers of :data:`MIN_VOTES` people at least are different in the two.

        One person changes ``n`` and each count by one at the most.
        """
        if abs(self.n - other.n) >= MIN_VOTES:
            return True
        said = self.counts.keys() | other.counts.keys()
        return any(abs(self.counts[each] - other.counts[each]) >= MIN_VOTES for each in said)


def release(
    portal: Database, survey: str, tallies: Mapping[str, Tally], now: datetime
) -> dict[str, Tally]:
    """What may be told of each question now: what was told before, or all where that may change.

    Args:
        portal: the portal's database, which keeps it.
        survey: its code.
        tallies: question → its answers as they are.
        now: when.
    """
    with portal.reading() as connection:
        before = _read(connection, survey)
    if not _renewed(before, tallies):
        return {question: before.get(question, Tally()) for question in tallies}
    with portal.transaction() as connection:
        before = _read(connection, survey, is_locked=True)
        renewed = _renewed(before, tallies)
        for question, tally in sorted(renewed.items(), key=lambda each: each[0]):
            _write(connection, survey, question, tally, now)
    return {question: (before | renewed).get(question, Tally()) for question in tallies}


def _renewed(before: Mapping[str, Tally], tallies: Mapping[str, Tally]) -> dict[str, Tally]:
    """What was told, to take its place: nothing of fewer than the minimum, whatever comes."""
    return {
        question: tally if tally.n >= MIN_VOTES else Tally()
        for question, tally in tallies.items()
        if tally.differs_enough(before.get(question, Tally()))
    }


def _read(connection: Connection, survey: str, *, is_locked: bool = False) -> dict[str, Tally]:
    wanted = select(_told.c.question, _told.c.n, _told.c.counts).where(_told.c.survey == survey)
    if is_locked:
        wanted = wanted.order_by(_told.c.question).with_for_update()
    return {
        question: Tally(n, Counter(json.loads(counts)))
        for question, n, counts in connection.execute(wanted)
    }


def _write(connection: Connection, survey: str, question: str, tally: Tally, now: datetime) -> None:
    said = {each: times for each, times in sorted(tally.counts.items()) if times}
    row = {"n": tally.n, "counts": json.dumps(said, ensure_ascii=False), "told_at": now}
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    new = make(_told).values(survey=survey, question=question, **row)
    connection.execute(new.on_conflict_do_update(index_elements=_told.primary_key, set_=row))
