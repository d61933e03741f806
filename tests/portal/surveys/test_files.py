"""Surveys as files: our own form comes back as it went; of SurveyJS nothing is lost in silence."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.surveys.checks import check
from portal.surveys.draft import Draft, Holds, Leaf, Note
from portal.surveys.exporting import exported
from portal.surveys.freezing import freeze
from portal.surveys.importing import ImportedError, read_import
from portal.surveys.readymade import READY, ready_draft
from portal.surveys.surveyjs_reading import read_surveyjs
from portal.surveys.surveyjs_writing import to_surveyjs
from portal.web.language import Language
from tests.portal.surveys.making import OVERALL, TOPIC, WHOLE, two

MOST = 1_000_000


def lines(notes: tuple[Note, ...]) -> list[str]:
    """Notes as they are read in English."""
    return [note.message.format(**note.values) for note in notes]


@pytest.mark.parametrize("form", ["otziv", "toml"])
@pytest.mark.parametrize("draft", [WHOLE, *map(ready_draft, READY)], ids=lambda draft: draft.code)
def test_our_own_files_come_back_as_they_went(draft: Draft, form: str) -> None:
    """As JSON and as TOML."""
    assert read_import(exported(draft, 1, form).content, MOST) == draft


def test_toml_writes_any_text() -> None:
    """Quotes, backslashes, line feeds; a DEL, which nobody sees, is taken out by the reader."""
    texts = two('"А"\\\n', "'''")
    draft = WHOLE.model_copy(update={"title": {**texts, "bg": f"{texts['bg']}\x7f"}})
    assert read_import(exported(draft, 1, "toml").content, MOST).title == texts


def test_surveyjs_carries_what_it_can_and_says_the_rest() -> None:
    """There and back: the same questions, options and conditions."""
    document, lost = to_surveyjs(WHOLE)
    assert [note.values["question"] for note in lost] == ["why", "staff", "minutes"]
    back = read_surveyjs(json.loads(json.dumps(document)))
    assert back.notes == ()
    assert (back.title, back.intro, back.thanks) == (WHOLE.title, WHOLE.intro, WHOLE.thanks)
    assert back.languages == WHOLE.languages
    assert [page.title for page in back.pages] == [page.title for page in WHOLE.pages]
    for item in WHOLE.items:
        changes: dict[str, object] = {"follow_ups": ()}
        if item.sort == "number":
            changes["unit"] = {}
        assert back.find(item.code) == item.model_copy(update=changes), item.code
    why = back.find("why")
    assert why is not None
    assert why.only_if == (Holds(question="overall", values=(1, 2)),)
    assert [remark for remark in check(back) if remark.weight == "fault"] == []
    freeze(back, 1)


def test_what_went_once_comes_back_the_same_ever_after() -> None:
    """Written, read and written again, a file does not change."""
    once, _ = to_surveyjs(WHOLE)
    twice, _ = to_surveyjs(read_surveyjs(once))
    assert twice == once


def test_a_surveyjs_file_of_others(shared: Path) -> None:
    """The example of its makers; what is not carried is listed."""
    path = shared / "data/surveys/surveyjs_quickstart.json"
    draft = read_import(path.read_bytes(), MOST)
    assert [(item.code, item.sort) for item in draft.items] == [
        ("nps-score", "nps-11"),
        ("promoter-features", "multiple"),
        ("passive-experience", "comment"),
        ("disappointed-experience", "comment"),
    ]
    features = draft.items[1]
    assert features.only_if == (Holds(question="nps-score", values=(9, 10)),)
    assert (features.at_most, features.is_required) == (2, True)
    assert [option.code for option in features.options][-1] == "other"
    assert draft.items[2].only_if[0].values == (7, 8)
    assert draft.thanks["en"].startswith("Thank you for your feedback\n")
    told = "\n".join(lines(draft.notes))
    for lost in ("completedHtmlOnCondition", "showQuestionNumbers", "colCount", "“Other”"):
        assert lost in told
    assert freeze(draft, 1).questions[0].scale == "nps-11"


def test_what_is_not_carried_is_listed() -> None:
    """Kinds, conditions, checks and properties that we don't have, each by its name."""
    document = {
        "title": "Тест",
        "logo": "x.png",
        "pages": [
            {
                "elements": [
                    {"type": "file", "name": "photo"},
                    {"type": "text", "inputType": "email", "name": "mail"},
                    {"type": "rating", "name": "odd", "rateMax": 7, "minRateDescription": "зле"},
                    {
                        "type": "panel",
                        "name": "group",
                        "elements": [{"type": "comment", "name": "c"}],
                    },
                    {"type": "comment", "name": "d", "visibleIf": "{odd} = 1 or {c} notempty"},
                    {"type": "text", "name": "e", "maxLength": 5, "maskType": "pattern"},
                    "nonsense",
                ]
            }
        ],
    }
    draft = read_surveyjs(document)
    assert [(item.code, item.sort) for item in draft.items] == [
        ("odd", "choice"),
        ("c", "comment"),
        ("d", "comment"),
        ("e", "comment"),
    ]
    assert [option.code for option in draft.items[0].options] == list("1234567")
    assert draft.items[0].hint == {"bg": "1: зле"}
    told = "\n".join(lines(draft.notes))
    for name in ("photo", "mail", "odd", "group", "{odd} = 1 or", "maxLength, maskType", "logo"):
        assert name in told
    assert draft.languages == ("bg",)


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ("{overall} >= 4", Holds(question="overall", values=(4, 5))),
        ("{overall} < 3", Holds(question="overall", values=(1, 2))),
        ("{overall} <> 3", Holds(question="overall", values=(1, 2, 4, 5))),
        ("{overall} > 1 and {overall} < 4", Holds(question="overall", values=(2, 3))),
        ("{overall} anyof [1, 5]", Holds(question="overall", values=(1, 5))),
        ("{overall} notempty", Holds(question="overall", values=(1, 2, 3, 4, 5))),
        ("{topic} = 'taxes'", Holds(question="topic", options=("taxes",))),
        ('{topic} != "taxes"', Holds(question="topic", options=("other",))),
        ("{topic} contains 'taxes'", Holds(question="topic", options=("taxes",))),
        ("{topic} = 'gone'", None),
        ("{overall} = 9", None),
        ("{gone} = 1", None),
        ("{overall} = {topic}", None),
        ("{overall} = 1 or {overall} = 5", None),
        ("age({overall}) > 1", None),
    ],
)
def test_conditions_are_read_as_far_as_there_are_any(said: str, holds: Holds | None) -> None:
    """What can't be said here is noted, with its words."""
    base = Draft(code="x", pages=(Leaf(items=(OVERALL, TOPIC)),))
    document, _ = to_surveyjs(base)
    document["pages"][0]["elements"].append({"type": "comment", "name": "q", "visibleIf": said})
    draft = read_surveyjs(document)
    item = draft.find("q")
    assert item is not None
    assert item.only_if == (() if holds is None else (holds,))
    assert any(said in line for line in lines(draft.notes)) is (holds is None)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "Choose a file"),
        (b"\xff\xfe", "no text file"),
        (b"<?xml version='1.0'?><document/>", "LimeSurvey"),
        (b"{", "breaks off"),
        (b'{"a": 1}', "no whole survey"),
        (b"code =", "breaks off|no survey"),
        (b'{"code": "x", "version": 1, "questions": []}', "Something else"),
        (b"[" * 200_000, "breaks off|nested"),
        (b'{"pages": ' + b"[" * 100_000, "breaks off|nested"),
        (b"a" * (MOST + 1), "too large"),
    ],
)
def test_what_is_no_survey_is_refused(content: bytes, why: str) -> None:
    """In words, whatever it is."""
    with pytest.raises(ImportedError, match=why) as caught:
        read_import(content, MOST)
    assert caught.value.message.format(**caught.value.values)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'{"pages": ]', "ред 1, знак 11"),
        (b"just a text", "ред 1, знак"),
        (b'{"code": "x"}', "липсва полето version"),
        (b'{"code": "x", "version": 1, "questions": [{"code": 1}]}', "questions[0].code"),
        (b'{"code": "x", "version": 1, "questions": []}', "questions"),
    ],
)
def test_what_is_wrong_is_said_in_the_reader_s_language(content: bytes, told: str) -> None:
    """And where, as far as anybody knows."""
    with pytest.raises(ImportedError) as caught:
        read_import(content, MOST)
    said = Language("bg", ZoneInfo("UTC")).text(caught.value.message, **caught.value.values)
    assert told in said
    assert "this is no survey" not in said


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inside: (
        st.lists(inside, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("pages", "elements", "type", "name", "title", "choices", "rows", "columns"),
                    *(
                        "rateMin",
                        "rateMax",
                        "rateStep",
                        "rateValues",
                        "rateCount",
                        "visibleIf",
                        "min",
                    ),
                    *(
                        "value",
                        "text",
                        "default",
                        "validators",
                        "minCount",
                        "description",
                        "locale",
                    ),
                ]
            ),
            inside | st.sampled_from(["rating", "matrix", "checkbox", "panel", "text", "{a} = 1"]),
            max_size=6,
        )
    ),
    max_leaves=40,
)


@given(st.dictionaries(st.sampled_from(["pages", "elements", "title", "locale"]), _json))
def test_any_document_is_read_or_noted(document: dict[str, Any]) -> None:
    """Nothing that a document says stops the reader, and what comes out can be kept."""
    draft = read_surveyjs(document)
    assert Draft.model_validate_json(draft.model_dump_json()) == draft
    codes = [code for item in draft.items for code in item.codes]
    assert len(set(codes)) == len(codes)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_draft_or_refused(content: bytes) -> None:
    """Nothing else ever comes of them."""
    with suppress(ImportedError):
        assert read_import(content, MOST).items


def test_a_scale_that_is_none_of_ours_is_kept_as_a_choice() -> None:
    """Of numbers, so that no answer is lost."""
    draft = read_surveyjs({"elements": [{"type": "rating", "name": "r", "rateValues": [1, 3, 5]}]})
    (item,) = draft.items
    assert item.sort == "choice"
    assert [option.code for option in item.options] == ["1", "3", "5"]
