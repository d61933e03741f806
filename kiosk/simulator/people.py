"""What one visitor does at the panel: which buttons, and with what pauses."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import chain
from math import comb
from random import Random
from typing import NamedTuple

from broker.wire.scales import SCALES, Scale
from broker.wire.surveys import Survey
from kiosk.means import Means
from kiosk.visit import SKIP, Given, Step, Visit, faces_of


@dataclass(frozen=True, slots=True)
class Habits:
    """How often people do what; shares of visitors, or of questions asked.

    Attributes:
        corrected: press another face within the three seconds.
        struck_twice: press so that the contact closes twice.
        two_at_once: put a hand on two buttons; then they press again.
        child: play with the buttons instead of rating.
        answered: of follow-ups and later questions, those that are answered.
        skipped: those that are skipped; of the rest the visitor walks away.
    """

    corrected: float = 0.04
    struck_twice: float = 0.03
    two_at_once: float = 0.01
    child: float = 0.01
    answered: float = 0.6
    skipped: float = 0.2


class Act(NamedTuple):
    """One press.

    Attributes:
        think_s: time spent reading and thinking before it; a hurried visitor spends less.
        gap_s: time that the hand needs, hurried or not.
        button: what is pressed.
    """

    think_s: float
    gap_s: float
    button: str


class Visitor:
    """Makes up visitors to a panel that asks ``survey`` and has ``buttons``.

    Raises:
        ValueError: the panel lacks a face that the survey needs.
    """

    def __init__(
        self, survey: Survey, habits: Habits, chance: Random, buttons: Collection[str]
    ) -> None:
        if lacking := [face for face in faces_of(survey) if face not in buttons]:
            raise ValueError(f"a panel without {', '.join(lacking)} can't ask this survey")
        self._survey = survey
        self._habits = habits
        self._chance = chance
        self._buttons = [button for button in buttons_of(survey) if button in buttons]
        self._means = Means(frozenset(self._buttons))
        self._faces = [button for button in self._buttons if button.startswith("face-")]

    def acts(self, mood: float) -> list[Act]:
        """The presses of one more visitor; ``mood`` from 0 (all is bad) to 1 (all is well)."""
        if self._chance.random() < self._habits.child:
            return list(self._play())
        return list(self._visit(mood))

    def _visit(self, mood: float) -> Iterator[Act]:
        visit = Visit(self._survey, "")
        first = Step(self._survey.questions[0])
        if self._chance.random() < self._habits.two_at_once:
            yield from self._two_at_once()
        yield from self._rate(visit, first, mood, self._chance.uniform(1.0, 4.0))
        while (step := visit.next_step(self._means)) is not None:
            decision = self._chance.random() - self._habits.answered
            is_skipped = decision >= 0
            if decision >= self._habits.skipped or (is_skipped and SKIP not in self._buttons):
                return
            yield from self._answer(visit, step, mood, is_skipped=is_skipped)

    def _rate(self, visit: Visit, step: Step, mood: float, think_s: float) -> Iterator[Act]:
        value = self._value(SCALES[step.scale], mood)
        given = Given(step.code, step.scale, "", value, at_ms=0)
        visit.rate(given)
        yield Act(think_s, self._chance.uniform(0.3, 0.6), f"face-{value}")
        if self._chance.random() < self._habits.struck_twice:
            yield Act(0.0, self._chance.uniform(0.08, 0.28), f"face-{value}")
        elif self._chance.random() < self._habits.corrected:
            others = [other for other in SCALES[step.scale].values if other != value]
            given.correct(self._chance.choice(others), at_ms=0)
            yield Act(self._chance.uniform(0.2, 1.5), 0.4, f"face-{given.value}")

    def _answer(self, visit: Visit, step: Step, mood: float, *, is_skipped: bool) -> Iterator[Act]:
        think_s = self._chance.uniform(1.0, 5.0)
        gap_s = self._chance.uniform(0.3, 0.6)
        if is_skipped:
            visit.settle(step)
            yield Act(think_s, gap_s, SKIP)
        elif step.scale:
            yield from self._rate(visit, step, mood, think_s)
        else:
            options = {
                button: option.code
                for button in self._buttons
                if (option := step.option(button)) is not None
            }
            button = self._chance.choice(list(options))
            visit.settle(step, options[button])
            yield Act(think_s, gap_s, button)

    def _two_at_once(self) -> Iterator[Act]:
        one, other = self._chance.sample(self._faces, 2)
        yield Act(0.0, 0.3, one)
        yield Act(0.0, self._chance.uniform(0.002, 0.045), other)

    def _play(self) -> Iterator[Act]:
        for _ in range(self._chance.randint(4, 12)):
            yield Act(0.0, self._chance.uniform(0.05, 0.4), self._chance.choice(self._buttons))

    def _value(self, scale: Scale, mood: float) -> int:
        """A value of the scale, binomial about ``mood``."""
        steps = len(scale.values) - 1
        weights = [comb(steps, i) * mood**i * (1 - mood) ** (steps - i) for i in range(steps + 1)]
        return self._chance.choices(scale.values, weights)[0]


def buttons_of(survey: Survey) -> tuple[str, ...]:
    """The buttons that a panel needs for all that ``survey`` asks."""
    follow_ups = chain.from_iterable(question.follow_ups for question in survey.questions)
    most_options = max(
        *(len(question.options) for question in survey.questions),
        *(len(follow_up.options) for follow_up in follow_ups),
        0,
    )
    options = range(1, most_options + 1)
    can_skip = len(survey.questions) > 1 or most_options > 0
    return (
        *faces_of(survey),
        *(f"option-{number}" for number in options),
        *((SKIP,) if can_skip else ()),
    )
