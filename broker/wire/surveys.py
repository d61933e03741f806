"""What is asked: surveys of questions, their options and follow-ups, in several languages.

These classes say what can be read and answered at all; what looks right is for
:mod:`broker.wire.askable`, and what a kiosk can show, which is less, for
:mod:`broker.wire.presentable`.
"""

from __future__ import annotations

from math import isfinite
from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta, Struct

from broker.wire.events import Value, Version
from broker.wire.scales import SCALES, ScaleCode
from broker.wire.texts import Code

MAX_PAGES: Final = 20
MAX_OPTIONS: Final = 32
"""As many as an answer can carry."""

Text: TypeAlias = Annotated[str, Meta(max_length=2_000)]
Texts: TypeAlias = Annotated[
    dict[str, Text], Meta(description="language tag → text", max_length=32)
]
Kind: TypeAlias = Literal["multiple", "number", "date", "comment"]
Sort: TypeAlias = Literal["rating", "choice", "multiple", "number", "date", "comment"]
Drawing: TypeAlias = Literal["faces", "stars"]
Count: TypeAlias = Annotated[int, Meta(ge=1, le=MAX_OPTIONS)]
Bound: TypeAlias = Annotated[float, Meta(ge=-1_000_000_000, le=1_000_000_000)]


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
        options: where it is a choice: the options of which one, chosen, leads here.
    """

    question: Code
    values: Annotated[tuple[Value, ...], Meta(max_length=11)] = ()
    options: Annotated[tuple[Code, ...], Meta(max_length=MAX_OPTIONS)] = ()


class Question(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is asked: a rating on ``scale``, a choice of ``options``, or what ``kind`` says.

    Attributes:
        only_if: all of them must hold, else the question is not asked, and leaves no event.
        kind: ``multiple`` choice of ``options``, a ``number``, a ``date`` or a ``comment`` (free
            text, never in an event); left out: a rating or a choice of one.
        drawing: how ``faces-5`` is drawn.
        hint: a sentence below the question.
        page: on which it stands, from 1.
        matrix: code of the :class:`Matrix` of which it is a row.
        at_least: of how many options of ``multiple``, when it is answered.
        at_most: the same, the greatest number.
        least: the smallest ``number``; ``most`` the greatest; ``unit`` stands behind it.
        is_required: nobody gets on without an answer, where something can be required.
    """

    code: Code
    texts: Texts
    scale: ScaleCode | None = None
    options: Annotated[tuple[Option, ...], Meta(max_length=MAX_OPTIONS)] = ()
    follow_ups: Annotated[tuple[FollowUp, ...], Meta(max_length=4)] = ()
    only_if: Annotated[tuple[Condition, ...], Meta(max_length=4)] = ()
    kind: Kind | None = None
    drawing: Drawing = "faces"
    hint: Texts = {}
    page: Annotated[int, Meta(ge=1, le=MAX_PAGES)] = 1
    matrix: Code | None = None
    at_least: Count | None = None
    at_most: Count | None = None
    least: Bound | None = None
    most: Bound | None = None
    unit: Texts = {}
    is_required: bool = False

    @property
    def sort(self) -> Sort:
        """What its answers are."""
        if self.kind is not None:
            return self.kind
        return "choice" if self.scale is None else "rating"

    def __post_init__(self) -> None:
        """Refuse a question that can't be answered."""
        if self.kind in {None, "multiple"} and (self.scale is None) == (not self.options):
            raise ValueError(f"question {self.code} needs either a scale or options")
        if self.kind is not None and self.scale is not None:
            raise ValueError(f"question {self.code} has a scale and is of kind {self.kind}")
        if self.kind not in {None, "multiple"} and self.options:
            raise ValueError(f"question {self.code} has options and is of kind {self.kind}")
        if self.follow_ups and (self.scale is None or self.matrix is not None):
            raise ValueError(f"question {self.code} has follow-ups but no scale of its own")
        if self.drawing != "faces" and self.scale != "faces-5":
            raise ValueError(f"question {self.code}: stars are a drawing of the scale faces-5")
        if self.matrix is not None and (self.kind is not None or self.hint):
            raise ValueError(
                f"question {self.code}: a row of a matrix is a rating or a choice without a hint"
            )
        _check_count(self)
        _check_range(self)


class Page(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Questions that stand together; its number is its place in the survey, from 1."""

    title: Texts = {}


class Matrix(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A heading over questions that share a scale or options; each row is a question of its own."""

    code: Code
    texts: Texts


class Survey(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A frozen version of a set of questions; the first one is asked of everyone.

    Attributes:
        title: what it is called; ``intro`` stands above the first question, ``thanks`` behind the
            last one.
        pages: with their titles; none: all questions stand on one page without a title.
    """

    code: Code
    version: Version
    questions: Annotated[tuple[Question, ...], Meta(min_length=1, max_length=60)]
    title: Texts = {}
    intro: Texts = {}
    thanks: Texts = {}
    pages: Annotated[tuple[Page, ...], Meta(max_length=MAX_PAGES)] = ()
    matrices: Annotated[tuple[Matrix, ...], Meta(max_length=20)] = ()

    def __post_init__(self) -> None:
        """Refuse a survey that can't be started, that asks twice, or that can't be followed."""
        if self.questions[0].only_if:
            raise ValueError("the first question is asked of everyone: it can't have only_if")
        asked = [q.code for q in self.questions]
        asked += [f.question for q in self.questions for f in q.follow_ups]
        if len(set(asked)) != len(asked):
            raise ValueError("a question's code is used twice")
        _check_conditions(self.questions)
        _check_pages(self)
        _check_matrices(self)


def _check_count(question: Question) -> None:
    """Refuse counts of chosen options that nobody can fulfil.

    Raises:
        ValueError: as said.
    """
    least, most = question.at_least, question.at_most
    if question.kind != "multiple":
        if least is not None or most is not None:
            raise ValueError(f"question {question.code}: at_least, at_most are for kind multiple")
        return
    if not (least or 1) <= (most or len(question.options)) <= len(question.options):
        raise ValueError(
            f"question {question.code}: at_least and at_most don't fit its "
            f"{len(question.options)} options"
        )


def _check_range(question: Question) -> None:
    """Refuse a range without a number in it.

    Raises:
        ValueError: as said.
    """
    least, most = question.least, question.most
    if question.kind != "number":
        if least is not None or most is not None or question.unit:
            raise ValueError(f"question {question.code}: least, most, unit are for kind number")
        return
    if not all(isfinite(bound) for bound in (least, most) if bound is not None):
        raise ValueError(f"question {question.code}: least and most must be finite")
    if least is not None and most is not None and least > most:
        raise ValueError(f"question {question.code}: no number is from {least:g} to {most:g}")


def _check_pages(survey: Survey) -> None:
    """Refuse questions that go back a page, or stand on none.

    Raises:
        ValueError: as said.
    """
    reached, last = 1, max(1, len(survey.pages))
    for question in survey.questions:
        if not reached <= question.page <= last:
            raise ValueError(
                f"question {question.code} is on page {question.page}; after the one before it "
                f"stands on one of {reached} to {last}"
            )
        reached = question.page


def _check_matrices(survey: Survey) -> None:
    """Refuse rows that don't stand together, or can't share one head.

    Raises:
        ValueError: as said.
    """
    known = [matrix.code for matrix in survey.matrices]
    if len(set(known)) != len(known):
        raise ValueError("a matrix's code is used twice")
    rows: dict[str, Question] = {}
    for before, question in zip((None, *survey.questions), survey.questions, strict=False):
        code = question.matrix
        if code is None:
            continue
        if code not in known:
            raise ValueError(f"question {question.code} is a row of {code}, which is no matrix")
        first = rows.setdefault(code, question)
        if question is not first and (before is None or before.matrix != code):
            raise ValueError(f"question {question.code} does not stand by the others of {code}")
        if _head(question) != _head(first):
            raise ValueError(
                f"questions {first.code} and {question.code} of {code} need the same page, "
                "conditions, scale or options, and is_required"
            )
    if len(rows) != len(known):
        raise ValueError("a matrix has no rows")


def _head(row: Question) -> tuple[object, ...]:
    return row.page, row.scale, row.drawing, row.options, row.only_if, row.is_required


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
