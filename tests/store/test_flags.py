"""Flags for misuse: what they change, and what they never do."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from broker.intake.intake import Intake
from broker.store.database import Database
from broker.store.errors import StoreError
from broker.store.flags import flag, unflag
from broker.store.tables import AnswerDay, Event, RatingDay, table_of
from tests.intake.making import NOON, answer, correction, delivery, rating, register


def counts(database: Database) -> dict[int, tuple[int, int]]:
    """By value, raw and filtered; what counts nothing is left out."""
    with database.reading() as connection:
        found = connection.execute(select(table_of(RatingDay))).all()
    return {row.value: (row.raw, row.filtered) for row in found if row.raw or row.filtered}


def test_a_flagged_rating_leaves_the_filtered_figures(database: Database) -> None:
    """Raw figures and rows stay; taking the flag back restores it."""
    register(database)
    one, two = rating(1, 1), rating(2, 4)
    Intake(database).admit([delivery(one, two)])
    flag(database, [one.id], reason="burst", rule_version=3, at=NOON)
    assert counts(database) == {1: (1, 0), 4: (1, 1)}
    flag(database, [one.id], reason="burst", rule_version=3, at=NOON)
    assert counts(database) == {1: (1, 0), 4: (1, 1)}
    unflag(database, [one.id], reason="burst")
    assert counts(database) == {1: (1, 1), 4: (1, 1)}
    with database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(table_of(Event))).scalar() == 2


def test_of_a_flagged_correction_the_one_before_counts(database: Database) -> None:
    """Its rating stays in the filtered figures, with the value that it had."""
    register(database)
    pressed = rating(1, 4)
    changed = correction(2, pressed, 1)
    Intake(database).admit([delivery(pressed, changed)])
    assert counts(database) == {4: (1, 0), 1: (0, 1)}
    flag(database, [changed.id], reason="burst", rule_version=1, at=NOON)
    assert counts(database) == {4: (1, 1)}


def test_a_flagged_answer_leaves_the_filtered_figures(database: Database) -> None:
    """With all the options that it named."""
    register(database)
    told = answer(1)
    Intake(database).admit([delivery(told)])
    flag(database, [told.id], reason="burst", rule_version=1, at=NOON)
    with database.reading() as connection:
        found = connection.execute(select(table_of(AnswerDay))).all()
    assert {row.option: (row.raw, row.filtered) for row in found} == {
        "": (1, 0),
        "noise": (1, 0),
        "waiting-time": (1, 0),
    }


def test_flags_of_origin_are_the_intakes(database: Database) -> None:
    """They say where an event came from; no rule sets or lifts them."""
    with pytest.raises(StoreError, match="only the intake"):
        flag(database, [], reason="clock-unknown", rule_version=1, at=NOON)
    with pytest.raises(StoreError, match="only the intake"):
        unflag(database, [], reason="seq-clash")


def test_what_is_not_stored_is_not_flagged(database: Database) -> None:
    """A mistyped id is told, and nothing is flagged."""
    with pytest.raises(StoreError, match="no such event"):
        flag(database, ["nobody"], reason="burst", rule_version=1, at=NOON)
