"""One visitor's answers so far, and what is to be asked next. Pure: no clock, no light."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from broker.wire.messages import FollowUp, Option, Question, Survey
from broker.wire.scales import SCALES

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
    """What one visitor has said of ``survey``.

    Attributes:
        id: joins the answers; random.
        last: the latest rating, the one that can still be corrected.
    """

    def __init__(self, survey: Survey, visit_id: str) -> None:
        self.id = visit_id
        self.last: Given | None = None
        self._survey = survey
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
        for question in self._survey.questions:
            if question.code not in self._settled:
                return Step(question)
            given = self._given.get(question.code)
            for follow_up in question.follow_ups:
                is_due = given is not None and given.value in follow_up.when
                if given is not None and is_due and follow_up.question not in self._settled:
                    return Step(follow_up, given.id)
        return None


def face_value(scale: str, button: str) -> int | None:
    """The value that ``button`` stands for on ``scale``: ``face-3`` is 3."""
    kind, _, number = button.partition("-")
    if kind != "face" or not number.isdecimal():
        return None
    return int(number) if SCALES[scale].has(int(number)) else None
