"""What is asked: surveys of questions, their options and follow-ups, in several languages."""

from __future__ import annotations

from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from broker.wire.events import Value, Version
from broker.wire.scales import SCALES, ScaleCode
from broker.wire.texts import Code

Text: TypeAlias = Annotated[str, Meta(max_length=2_000)]
Texts: TypeAlias = Annotated[
    dict[str, Text], Meta(description="language tag → text", max_length=32)
]


class Option(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One answer to choose.

    Attributes:
        pictogram: name of a shipped drawing; without it the one named like ``code``, if any.
    """

    code: Code
    texts: Texts
    pictogram: Code | None = None


class FollowUp(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A question that depends on the value pressed; up to six reasons.

    Attributes:
        question: its code, which its answers carry.
        when: the values that lead here; follow-ups that share one are asked one after another.
    """

    question: Code
    texts: Texts
    when: Annotated[tuple[Value, ...], Meta(min_length=1, max_length=11)]
    options: Annotated[tuple[Option, ...], Meta(min_length=1, max_length=6)]


class Condition(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Ask only those who answered an earlier question so: with a value, or with an option.

    Attributes:
        question: code of an earlier question, or of a follow-up of one.
        values: where that is a rating: the values, as corrected, that lead here.
        options: where it is a choice: the options that lead here.
    """

    question: Code
    values: Annotated[tuple[Value, ...], Meta(max_length=11)] = ()
    options: Annotated[tuple[Code, ...], Meta(max_length=12)] = ()


class Question(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is asked: a rating on ``scale``, or a choice of ``options``.

    Attributes:
        only_if: all of them must hold, else the question is not asked, and leaves no event.
    """

    code: Code
    texts: Texts
    scale: ScaleCode | None = None
    options: Annotated[tuple[Option, ...], Meta(max_length=12)] = ()
    follow_ups: Annotated[tuple[FollowUp, ...], Meta(max_length=4)] = ()
    only_if: Annotated[tuple[Condition, ...], Meta(max_length=4)] = ()

    def __post_init__(self) -> None:
        """Refuse a question that can't be answered."""
        if (self.scale is None) == (not self.options):
            raise ValueError(f"question {self.code} needs either a scale or options")
        if self.follow_ups and self.scale is None:
            raise ValueError(f"question {self.code} has follow-ups but no scale")


class Survey(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A frozen version of a set of questions; the first one is a rating, asked of everyone."""

    code: Code
    version: Version
    questions: Annotated[tuple[Question, ...], Meta(min_length=1, max_length=12)]

    def __post_init__(self) -> None:
        """Refuse a survey that a panel can't start, that asks twice, or that can't be followed."""
        if self.questions[0].scale is None:
            raise ValueError("the first question must be a rating")
        if self.questions[0].only_if:
            raise ValueError("the first question is asked of everyone: it can't have only_if")
        asked = [q.code for q in self.questions]
        asked += [f.question for q in self.questions for f in q.follow_ups]
        if len(set(asked)) != len(asked):
            raise ValueError("a question's code is used twice")
        _check_conditions(self.questions)


def _check_conditions(questions: tuple[Question, ...]) -> None:
    """Refuse a condition that no answer to an earlier question can fulfil.

    Raises:
        ValueError: as said, with the question's code.
    """
    possible: dict[str, frozenset[int | str]] = {}
    for question in questions:
        for condition in question.only_if:
            given = frozenset[int | str]((*condition.values, *condition.options))
            if condition.question not in possible:
                raise ValueError(
                    f"question {question.code} depends on {condition.question}, "
                    "which is not asked before it"
                )
            if not given or not given <= possible[condition.question]:
                raise ValueError(
                    f"question {question.code} depends on an answer that "
                    f"{condition.question} does not have"
                )
        possible[question.code] = _answers(question)
        for follow_up in question.follow_ups:
            possible[follow_up.question] = frozenset(each.code for each in follow_up.options)


def _answers(question: Question) -> frozenset[int | str]:
    if question.scale is not None:
        return frozenset(SCALES[question.scale].values)
    return frozenset(option.code for option in question.options)
