"""What is decided without a store: verdicts on targets, and the words for people."""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path

import pytest

from analytics import improvement
from analytics.improvement.actions import NEXT, OUTCOMES, STATES
from analytics.improvement.drafts import KINDS as ALL_KINDS
from analytics.improvement.journal import METHODS as ALL_METHODS
from analytics.improvement.targets import MEASURES as ALL_MEASURES
from analytics.improvement.targets import Measure, Target, Verdict, verdict
from analytics.improvement.who import ImprovementError
from analytics.improvement.words import (
    CHANGES,
    KINDS,
    MEASURES,
    METHODS,
    say_error,
)
from analytics.improvement.words import (
    OUTCOMES as OUTCOME_WORDS,
)
from analytics.measures.interval import Interval, wilson
from tests.fixtures.portal_messages import placeholders, said_by, translations

AREA = Path(improvement.__file__).parent


@pytest.mark.parametrize(
    ("measure", "low", "high", "said"),
    [
        ("satisfied", 0.90, 0.95, "met"),
        ("satisfied", 0.89, 0.95, "too-early"),
        ("satisfied", 0.80, 0.8999, "not-met"),
        ("satisfied", 0.80, 0.90, "too-early"),
        ("dissatisfied", 0.80, 0.90, "met"),
        ("dissatisfied", 0.85, 0.95, "too-early"),
        ("dissatisfied", 0.901, 0.95, "not-met"),
        ("dissatisfied", 0.90, 0.95, "too-early"),
        ("satisfied", math.nan, math.nan, "too-early"),
    ],
)
def test_a_target_is_met_by_the_whole_interval(
    measure: Measure, low: float, high: float, said: Verdict
) -> None:
    """The level belongs to the good side; less is better for the dissatisfied."""
    assert verdict(measure, 0.9, Interval(low, high)) == said


def test_few_votes_tell_nothing_and_none_neither() -> None:
    """9 of 10 satisfied may be 60 % or 98 %: it can't be told whether 80 % is reached."""
    assert verdict("satisfied", 0.8, wilson(0.9, 10)) == "too-early"
    assert verdict("satisfied", 0.8, wilson(0.9, 1000)) == "met"
    assert verdict("satisfied", 0.8, None) == "too-early"


def test_a_target_holds_on_its_days() -> None:
    """The first and the last included."""
    one = Target(
        id="1",
        unit="",
        measure="index",
        level=70,
        text_bg="x",
        from_on=date(2026, 1, 1),
        to_on=date(2026, 6, 30),
    )
    assert [one.holds_on(day) for day in (date(2026, 1, 1), date(2026, 6, 30))] == [True, True]
    assert not one.holds_on(date(2026, 7, 1))


def test_every_code_has_words() -> None:
    """And every state leads somewhere, so that a slip can be taken back."""
    assert set(KINDS) == set(ALL_KINDS)
    assert set(METHODS) == set(ALL_METHODS)
    assert set(MEASURES) == set(ALL_MEASURES)
    assert set(OUTCOME_WORDS) == set(OUTCOMES)
    assert set(STATES) < set(CHANGES)
    assert all(NEXT[state] for state in STATES)


def test_every_message_has_its_bulgarian() -> None:
    """With the same placeholders, and none is left over."""
    known = translations(AREA)
    assert set(known) == set(said_by(AREA))
    for message, translation in known.items():
        assert translation.strip(), message
        assert placeholders(message) == placeholders(translation), message


def test_an_error_is_said_in_the_reader_s_language() -> None:
    """With its values."""
    error = ImprovementError("Write at most {bound} characters", field="note", bound=5)
    assert str(error) == say_error(error, "en") == "Write at most 5 characters"
    assert say_error(error, "bg") == "Напишете най-много 5 знака"
