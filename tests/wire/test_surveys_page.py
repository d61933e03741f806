"""docs/surveys.md names all that can be written, and its examples can be shown as they stand."""

from __future__ import annotations

import re
from typing import Final

import msgspec
import pytest
from msgspec.structs import replace

from broker.wire.askable import (
    MAX_ASKED,
    MAX_CHOICE,
    MAX_PASSAGE,
    MAX_TITLE,
    faults_of_survey,
)
from broker.wire.codec import read
from broker.wire.configuration import (
    Configuration,
    Deed,
    Hours,
    OpeningHours,
    PlannedSurvey,
    Presentation,
    Result,
    SpecialDay,
    WeeklyHours,
)
from broker.wire.presentable import advice_of, faults_of
from broker.wire.scales import SCALES
from broker.wire.shown import MAX_DEED, MAX_NAME, MAX_OPTION, MAX_QUESTION
from broker.wire.surveys import (
    Condition,
    FollowUp,
    Matrix,
    Option,
    Page,
    Question,
    Survey,
)
from tests.wire import page
from tests.wire.samples import PROJECT

TEXT: Final = (PROJECT / "docs" / "surveys.md").read_text(encoding="utf-8")
EXAMPLES: Final = re.findall(r"^```json\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
EXAMPLE: Final = read(EXAMPLES[0].encode(), Configuration)
ON_THE_WEB: Final = msgspec.json.decode(EXAMPLES[1], type=Survey)
STRUCTS: Final = (
    *(Configuration, Survey, Question, Option, FollowUp, Condition, PlannedSurvey, Page, Matrix),
    *(OpeningHours, WeeklyHours, Hours, SpecialDay, Presentation, Deed, Result),
)


@pytest.mark.parametrize("struct", STRUCTS, ids=lambda struct: struct.__name__)
def test_every_field_is_explained(struct: type[msgspec.Struct]) -> None:
    """Here in words, and on the page of the wire with its type."""
    for field in msgspec.structs.fields(struct):
        assert f"`{field.encode_name}`" in TEXT, field.encode_name
        assert re.search(rf"[`{{ ]{field.encode_name}[`,}}]", page.TEXT), field.encode_name


def test_every_scale_is_named() -> None:
    """An administrator can choose from all."""
    assert not [code for code in SCALES if f"`{code}`" not in TEXT]


def test_the_example_can_be_shown() -> None:
    """As it stands, without a word of advice."""
    assert faults_of(EXAMPLE) == []
    assert advice_of(EXAMPLE) == []


def test_the_example_of_the_web_can_be_asked_there_alone() -> None:
    """Without a fault; a kiosk would refuse it for what it has besides."""
    assert faults_of_survey(ON_THE_WEB) == []
    at_kiosk = faults_of(replace(EXAMPLE, survey=ON_THE_WEB, planned=()))
    assert any("survey.questions[0].drawing: a kiosk has no stars" in each for each in at_kiosk)
    assert any("survey.questions[1].matrix: a kiosk asks" in each for each in at_kiosk)
    assert any("survey.questions[3].kind: a kiosk has no multiple" in each for each in at_kiosk)


def test_the_examples_are_complete() -> None:
    """They have a value for every field that there is."""

    def fields_of(built: object) -> set[str]:
        if isinstance(built, dict):
            return set(built).union(*map(fields_of, built.values()))
        return set().union(*map(fields_of, built)) if isinstance(built, list) else set()

    written = set().union(*(fields_of(msgspec.json.decode(each)) for each in EXAMPLES))
    all_fields = {f.encode_name for struct in STRUCTS for f in msgspec.structs.fields(struct)}
    assert not all_fields - written


def test_lengths_are_told() -> None:
    """Those that are refused."""
    for sort, length in (
        *(("question", MAX_QUESTION), ("option", MAX_OPTION)),
        *(("special day", MAX_NAME), ("deed", MAX_DEED)),
    ):
        assert re.search(rf"{sort} over {length}\b", TEXT), sort
    for length in (MAX_TITLE, MAX_PASSAGE, MAX_CHOICE, MAX_ASKED):
        assert re.search(rf"up to {length:,}\b|has up to {length:,}\b", TEXT), length
