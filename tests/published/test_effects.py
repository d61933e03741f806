"""Effects of public actions: told as soon as they can be, failures too, and of no single desk."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest

from analytics.closed.book import Book
from analytics.improvement.actions import Action, Ground, Plan
from analytics.improvement.who import NotAllowedError
from analytics.improvement_virtual import VirtualImprovement
from analytics.published.effects import publish_effects
from broker.store.places import Place
from otziv.sample_years.given_back import give_back
from portal.web.actor import Actor
from tests.figures.books import ANNEX, DESK, HALL, book
from tests.published.sample import MARCH

MAYOR = Actor("staff", "m1", "Кметът", frozenset({"manager"}))
CHANGED = date(2026, 2, 2)
DAY = 142
"""The number of that day in the book."""


@pytest.fixture
def desk() -> VirtualImprovement:
    """Where actions are kept."""
    return VirtualImprovement([MAYOR], lambda: datetime(2026, 4, 2, 9, tzinfo=UTC))


def town() -> Book:
    """The hall got better, desk and all; in the annex nothing changed."""
    better = lambda day: (0, 4, 4, 4, 8) if day < DAY else (0, 1, 1, 6, 12)  # noqa: E731
    return book({HALL: better, DESK: better, ANNEX: lambda _: (0, 2, 2, 8, 28)})


def act(desk: VirtualImprovement, unit: str, place: Place | None, on: date = CHANGED) -> Action:
    """A public action that took effect on a day."""
    plan = Plan(
        title="Мярка",
        ground=Ground("suggestion", "", "Предложение"),
        unit=unit,
        owner=MAYOR.id,
        due_on=on,
        place=place,
    )
    made = desk.make_action(MAYOR, plan)
    done = desk.move_action(MAYOR, made.id, "done", on=on, revision=made.revision)
    return desk.publish_action(MAYOR, made.id, ("Направихме.", ""), None, revision=done.revision)


def test_effects_are_published_failures_too(desk: VirtualImprovement) -> None:
    """In full for a unit; published once, and later ones wait for their 28 days."""
    helped, not_helped = act(desk, "hall", HALL), act(desk, "annex", None)
    early = act(desk, "hall", HALL, date(2026, 3, 20))
    assert publish_effects(town(), desk, MAYOR) == 2
    first, second = (desk.action(MAYOR, each.id).effect for each in (helped, not_helped))
    assert first is not None
    assert second is not None
    assert (first.outcome, second.outcome) == ("better", "no-difference")
    assert "90 от 100" in first.words_bg
    assert "90 of 100" in first.words_en
    assert desk.action(MAYOR, early.id).effect is None
    assert publish_effects(town(), desk, MAYOR) == 0


def test_done_anew_it_is_measured_anew(desk: VirtualImprovement) -> None:
    """By the votes before and after the new day, as soon as they are there."""
    made = act(desk, "hall", HALL)
    assert publish_effects(town(), desk, MAYOR) == 1
    for state, on in (("under-way", CHANGED), ("done", date(2026, 2, 12))):
        before = desk.action(MAYOR, made.id)
        desk.move_action(MAYOR, made.id, state, on=on, revision=before.revision)  # type: ignore[arg-type]
    assert desk.public_actions()[0].effect is None
    assert publish_effects(town(), desk, MAYOR) == 1
    assert desk.public_actions()[0].effect is not None


def test_of_a_desk_only_whether_it_helped(desk: VirtualImprovement) -> None:
    """No figure of it leaves the administration."""
    made = act(desk, "hall", DESK)
    assert publish_effects(town(), desk, MAYOR) == 1
    effect = desk.action(MAYOR, made.id).effect
    assert effect is not None
    assert (effect.outcome, json.loads(effect.figures)) == ("better", {})
    assert not any(letter.isdigit() for letter in effect.words_bg + effect.words_en)
    assert effect.words_bg


def test_of_everywhere_it_is_of_the_named_site(desk: VirtualImprovement) -> None:
    """Other municipalities of the store have no part in it."""
    made = act(desk, "", None)
    assert publish_effects(town(), desk, MAYOR, "village") == 0
    assert publish_effects(town(), desk, MAYOR, "town") == 1
    assert desk.action(MAYOR, made.id).effect is not None


def test_who_does_not_decide_publishes_none(desk: VirtualImprovement) -> None:
    """As with figures."""
    act(desk, "hall", HALL)
    editor = Actor("staff", "e1", "Ева", frozenset({"editor"}))
    with pytest.raises(NotAllowedError):
        publish_effects(town(), desk, editor)


def test_the_sample_town_gives_back_once(desk: VirtualImprovement) -> None:
    """Months and effects; what somebody published meanwhile is not touched."""
    act(desk, "hall", HALL)
    give_back(desk, MAYOR, town(), "town")
    assert desk.published_months()[0] == MARCH
    assert desk.public_actions()[0].effect is not None
    give_back(desk, MAYOR, town(), "town")
    assert desk.published_results(MARCH)[""].edition == 1
