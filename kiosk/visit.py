"""One visitor's answers so far, and what is to be asked next. Pure: no clock, no light."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from broker.wire.scales import SCALES
from broker.wire.surveys import Condition, FollowUp, Option, Question, Survey
from hardware.panel import Input
from kiosk.means import Means

SKIP: Final = "skip"
EXTEND: Final = "extend"
"""Asks for more time, and does nothing else."""

LANGUAGE: Final = "language-"
MAX_CORRECTIONS: Final = 2
CORRECTION_MS: Final = 3_000


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that is asked: a question, or the follow-up of the rating ``rating``."""

    asked: Question | FollowUp
    rating: str | None = None

    @property
    def code(self) -> str:
        """The question's code."""
        return self.asked.question if isinstance(self.asked, FollowUp) else self.asked.code

    @property
    def scale(self) -> str:
        """The scale, where the answer is a rating; else empty."""
        return "" if isinstance(self.asked, FollowUp) else self.asked.scale or ""

    def value(self, button: str) -> int | None:
        """The value that ``button`` gives here, if it gives one."""
        return face_value(self.scale, button) if self.scale else None

    def option(self, button: str) -> Option | None:
        """The option that ``button`` chooses here, if it chooses one."""
        kind, _, number = button.partition("-")
        if kind != "option" or not number.isdecimal():
            return None
        index = int(number) - 1
        return self.asked.options[index] if 0 <= index < len(self.asked.options) else None

    @property
    def answers(self) -> tuple[str, ...]:
        """The buttons that answer it, in order: a scale's from the worst value to the best."""
        if self.scale:
            return _faces(self.scale)
        return tuple(f"option-{number}" for number, _ in enumerate(self.asked.options, 1))

    def is_answerable(self, means: Means) -> bool:
        """Whether ``means`` can give an answer; to skip is none.

        Of a scale it must be every value: figures from half a scale are worse than none.
        """
        if means.are_enough:
            return True
        if self.scale:
            return means.buttons.issuperset(self.answers)
        return not means.buttons.isdisjoint(self.answers)


@dataclass(slots=True)
class Given:
    """The rating given to one question: as corrected, and when it was last touched."""

    question: str
    scale: str
    id: str
    value: int
    at_ms: int
    corrections: int = 0

    def correct(self, value: int, at_ms: int) -> None:
        """Note another value; what is asked next may change."""
        self.value, self.at_ms = value, at_ms
        self.corrections += 1

    @property
    def faces(self) -> tuple[str, ...]:
        """The face buttons of its scale, from the worst value to the best."""
        return _faces(self.scale)

    def is_correctable(self, at_ms: int) -> bool:
        """Whether another value would be a correction at ``at_ms``."""
        return self.corrections < MAX_CORRECTIONS and at_ms - self.at_ms < CORRECTION_MS

    def corrected_by(self, button: str, at_ms: int) -> int | None:
        """The other value that ``button`` gives it at ``at_ms``, if it does."""
        value = face_value(self.scale, button) if self.is_correctable(at_ms) else None
        return None if value == self.value else value


class Visit:
    """What one visitor has said of ``survey``.

    What can't be answered is not asked: the visitor would only wait for the time-out, which would
    then be counted as an answer that nobody gave.

    Attributes:
        id: joins the answers; random.
        input: by what the visitor pressed last.
        last: the latest rating, the one that can still be corrected.
    """

    def __init__(self, survey: Survey, visit_id: str) -> None:
        self.id = visit_id
        self.input: Input = "button"
        self.last: Given | None = None
        self._survey = survey
        self._given: dict[str, Given] = {}
        self._chosen: dict[str, str | None] = {}

    def rate(self, given: Given) -> None:
        """Note a rating."""
        self.last = self._given[given.question] = given

    def settle(self, step: Step, option: str | None = None) -> None:
        """Note that ``option`` was chosen, or ``step`` skipped; it isn't asked again."""
        self._chosen[step.code] = option

    def next_step(self, means: Means) -> Step | None:
        """The first thing still to be asked: each question, then its follow-ups."""
        return next((step for step in self._steps() if self._is_open(step, means)), None)

    def progress(self, means: Means) -> tuple[int, int]:
        """The number of what is asked next, and how many there will be at the most."""
        done = len(self._given) + len(self._chosen)
        return done + 1, done + self._most_left(means)

    def _steps(self) -> Iterator[Step]:
        """All that this visitor is asked, answered or not, as far as it is known by now."""
        for question in self._survey.questions:
            if all(self._holds(condition) for condition in question.only_if):
                yield Step(question)
                given = self._given.get(question.code)
                if given is not None:
                    yield from _follow_ups(question, given.value, given.id)

    def _holds(self, condition: Condition) -> bool:
        """Whether the visitor has answered so; who skipped has not answered."""
        given = self._given.get(condition.question)
        if given is not None:
            return given.value in condition.values
        is_moot = any(
            follow_up.question == condition.question and not self._leads_to(question, follow_up)
            for question in self._survey.questions
            for follow_up in question.follow_ups
        )
        return not is_moot and self._chosen.get(condition.question) in condition.options

    def _leads_to(self, question: Question, follow_up: FollowUp) -> bool:
        """Whether the rating, as corrected by now, still has that follow-up."""
        given = self._given.get(question.code)
        return given is not None and given.value in follow_up.when

    def _is_open(self, step: Step, means: Means) -> bool:
        is_settled = step.code in self._given or step.code in self._chosen
        is_told = means.is_seen or means.is_heard or not step.scale
        return not is_settled and is_told and step.is_answerable(means)

    def _most_left(self, means: Means) -> int:
        """How many steps are left if the answers lead to as many as they can."""
        left, expected = 0, set[str]()
        for question in self._survey.questions:
            if all(self._holds(each) or each.question in expected for each in question.only_if):
                paths = self._paths(question, means)
                left += max(len(path) for path in paths)
                expected.update(step.code for path in paths for step in path)
        return left

    def _paths(self, question: Question, means: Means) -> list[list[Step]]:
        """What is open of ``question`` and its follow-ups, for each value given or to be given."""
        given, step = self._given.get(question.code), Step(question)
        values: Iterable[int | None] = (None,)
        if given is not None:
            values = (given.value,)
        elif step.scale and self._is_open(step, means):
            values = SCALES[step.scale].values
        paths = ([step, *_follow_ups(question, value)] for value in values)
        return [[each for each in path if self._is_open(each, means)] for path in paths]


def _follow_ups(question: Question, value: int | None, rating: str | None = None) -> Iterator[Step]:
    """What is asked of those who gave ``question`` this value, in the rating ``rating``."""
    return (Step(asked, rating) for asked in question.follow_ups if value in asked.when)


def asks_all_alike(survey: Survey, means: Means) -> bool:
    """Whether all visitors are asked the same, so that asking tells nothing of what they said."""
    steps = (
        step
        for question in survey.questions
        for step in ([Step(question)] if question.only_if else []) + _any_follow_ups(question)
    )
    return not any(step.is_answerable(means) for step in steps)


def _any_follow_ups(question: Question) -> list[Step]:
    return [Step(asked) for asked in question.follow_ups]


def faces_of(survey: Survey) -> list[str]:
    """The face buttons that the scales of ``survey`` need, from the worst value to the best."""
    scales = [SCALES[question.scale] for question in survey.questions if question.scale]
    return [f"face-{value}" for value in sorted({v for scale in scales for v in scale.values})]


def _faces(scale: str) -> tuple[str, ...]:
    return tuple(f"face-{value}" for value in SCALES[scale].values)


def face_value(scale: str, button: str) -> int | None:
    """The value that ``button`` stands for on ``scale``: ``face-3`` is 3."""
    kind, _, number = button.partition("-")
    if kind != "face" or not number.isdecimal():
        return None
    return int(number) if SCALES[scale].has(int(number)) else None
