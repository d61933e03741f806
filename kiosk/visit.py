"""One visitor's answers so far, and what is to be asked next. Pure: no clock, no light."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from broker.wire.scales import SCALES
from broker.wire.surveys import FollowUp, Option, Question, Survey

SKIP: Final = "skip"
MAX_CORRECTIONS: Final = 2


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

    def is_answerable(self, buttons: Collection[str]) -> bool:
        """Whether one of ``buttons`` is an answer; to skip is none."""
        return any(
            self.value(button) is not None or self.option(button) is not None for button in buttons
        )


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


class Visit:
    """What one visitor has said of ``survey``, at a panel that has ``buttons``.

    What no button can answer is not asked: the visitor would only wait for the time-out, which
    would then be counted as an answer that nobody gave.

    Attributes:
        id: joins the answers; random.
        last: the latest rating, the one that can still be corrected.
    """

    def __init__(self, survey: Survey, visit_id: str, buttons: Collection[str]) -> None:
        self.id = visit_id
        self.last: Given | None = None
        self._survey = survey
        self._buttons = buttons
        self._settled: set[str] = set()
        self._given: dict[str, Given] = {}

    def rate(self, given: Given) -> None:
        """Note a rating."""
        self.last = self._given[given.question] = given
        self._settled.add(given.question)

    def settle(self, step: Step) -> None:
        """Note that ``step`` was answered, skipped, or is past its time: it isn't asked again."""
        self._settled.add(step.code)

    def next_step(self) -> Step | None:
        """The first thing that is still to be asked: each question, then its follow-ups."""
        return next((step for step in self._steps() if self._is_open(step)), None)

    def _steps(self) -> Iterator[Step]:
        """All that this visitor is asked, answered or not, as far as it is known by now."""
        for question in self._survey.questions:
            yield Step(question)
            given = self._given.get(question.code)
            for follow_up in question.follow_ups:
                if given is not None and given.value in follow_up.when:
                    yield Step(follow_up, given.id)

    def _is_open(self, step: Step) -> bool:
        return step.code not in self._settled and step.is_answerable(self._buttons)


def faces_of(survey: Survey) -> list[str]:
    """The face buttons that the scales of ``survey`` need, from the worst value to the best."""
    scales = [SCALES[question.scale] for question in survey.questions if question.scale]
    return [f"face-{value}" for value in sorted({v for scale in scales for v in scale.values})]


def face_value(scale: str, button: str) -> int | None:
    """The value that ``button`` stands for on ``scale``: ``face-3`` is 3."""
    kind, _, number = button.partition("-")
    if kind != "face" or not number.isdecimal():
        return None
    return int(number) if SCALES[scale].has(int(number)) else None
