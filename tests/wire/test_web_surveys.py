"""Surveys that pages of the web can ask: what is read, what is refused, what no kiosk is sent."""

from __future__ import annotations

from typing import Any, Final

import msgspec
import pytest
from msgspec.structs import replace

from broker.wire.askable import faults_of_survey
from broker.wire.configuration import Configuration
from broker.wire.messages import VERSION
from broker.wire.presentable import faults_of
from broker.wire.surveys import Survey

CONFIGURATION: Final = Configuration(v=VERSION, revision=1, touchpoint="hall-desk-3")
TEXTS: Final = {"bg": "Текст", "en": "Text"}


def option(code: str) -> dict[str, Any]:
    """An option that reads like no other."""
    return {"code": code, "texts": {"bg": f"бг {code}", "en": code}}


TWO: Final = [option("one"), option("two")]


def question(code: str, **given: object) -> dict[str, Any]:
    """A question; a rating unless something else is given."""
    what = {} if {"kind", "options"} & given.keys() else {"scale": "faces-5"}
    return {"code": code, "texts": TEXTS, **what, **given}


def survey(*questions: dict[str, Any], **given: object) -> Survey:
    """A survey as it is read."""
    document = {"code": "web", "version": 1, "questions": list(questions), **given}
    return msgspec.json.decode(msgspec.json.encode(document), type=Survey)


MATRIX: Final = {"matrices": [{"code": "m", "texts": TEXTS}]}


@pytest.mark.parametrize(
    ("asked", "sort"),
    [
        (question("a"), "rating"),
        (question("a", drawing="stars"), "rating"),
        (question("a", scale="nps-11"), "rating"),
        (question("a", options=TWO), "choice"),
        (question("a", kind="multiple", options=TWO, at_most=2), "multiple"),
        (question("a", kind="number", least=0, most=2.5, unit=TEXTS), "number"),
        (question("a", kind="date"), "date"),
        (question("a", kind="comment", hint=TEXTS, is_required=True), "comment"),
    ],
)
def test_every_sort_of_question_may_come_first(asked: dict[str, Any], sort: str) -> None:
    """It is read, comes out as it went in, and has no fault."""
    made = survey(asked)
    assert made.questions[0].sort == sort
    assert msgspec.json.decode(msgspec.json.encode(made), type=Survey) == made
    assert faults_of_survey(made) == []


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ([question("a", kind="multiple")], "needs either a scale or options"),
        ([question("a", kind="number", scale="faces-4")], "has a scale and is of kind"),
        ([question("a", kind="date", options=TWO)], "has options and is of kind"),
        ([question("a", scale="faces-4", drawing="stars")], "stars are a drawing"),
        ([question("a", options=TWO, at_most=1)], "are for kind multiple"),
        ([question("a", kind="multiple", options=TWO, at_least=3)], "don't fit its 2 options"),
        ([question("a", kind="number", least=2, most=1)], "no number is from 2 to 1"),
        ([question("a", unit=TEXTS)], "are for kind number"),
        ([question("a", page=2)], "stands on one of 1 to 1"),
        ([question("a", matrix="m")], "which is no matrix"),
        ([question("a", kind="sound")], "Invalid enum value"),
        (
            [question("a", kind="comment"), question("b", only_if=[{"question": "a"}])],
            "does not have",
        ),
    ],
)
def test_what_cannot_be_answered_is_refused(asked: list[dict[str, Any]], why: str) -> None:
    """With the question's code and what is wrong."""
    with pytest.raises(msgspec.ValidationError, match=why):
        survey(*asked)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([question("a", matrix="m"), question("b", options=TWO, matrix="m")], "need the same page"),
        (
            [question("a", matrix="m"), question("x"), question("b", matrix="m")],
            "does not stand by the others",
        ),
        ([question("a", kind="date", matrix="m")], "is a rating or a choice"),
        ([question("a", hint=TEXTS, matrix="m")], "without a hint"),
        ([question("a")], "has no rows"),
    ],
)
def test_rows_of_a_matrix_share_one_head(rows: list[dict[str, Any]], why: str) -> None:
    """Else they could not stand in one table."""
    with pytest.raises(msgspec.ValidationError, match=why):
        survey(*rows, **MATRIX)


def test_pages_never_go_back() -> None:
    """Questions stand in the order of their pages, and each page has one."""
    pages = {"pages": [{"title": TEXTS}, {}]}
    assert survey(question("a"), question("b", page=2), **pages).questions[1].page == 2
    with pytest.raises(msgspec.ValidationError, match="stands on one of 2 to 2"):
        survey(question("a", page=2), question("b"), **pages)
    assert faults_of_survey(survey(question("a"), **pages)) == [
        "pages[1]: has no questions; take it out"
    ]


def test_every_text_needs_every_language() -> None:
    """What may be left out is looked at where it is given."""
    made = survey(question("a", hint={"bg": "Само тук"}), title={"bg": "Заглавие", "en": "Title"})
    assert faults_of_survey(made) == ["questions[0].hint.en: is missing; translate it"]


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ([question("a", options=TWO)], "survey.questions[0]: is no rating"),
        ([question(f"q{n}") for n in range(13)], "survey.questions: are 13; at most 12"),
        (
            [question("a"), question("b", options=[option(f"o{n}") for n in range(13)])],
            "survey.questions[1].options: are 13; at most 12",
        ),
        ([question("a"), question("b", kind="comment")], "survey.questions[1].kind: a kiosk has"),
        ([question("a", drawing="stars")], "survey.questions[0].drawing: a kiosk has no stars"),
    ],
)
def test_what_no_kiosk_can_show_is_kept_from_it(asked: list[dict[str, Any]], fault: str) -> None:
    """A configuration with it is refused, whoever asks."""
    made = survey(*asked)
    assert faults_of_survey(made) == []
    shown = replace(CONFIGURATION, survey=made)
    assert any(each.startswith(fault) for each in faults_of(shown)), faults_of(shown)
