"""The builder by HTTP: from a draft to an open survey, and all that is changed on the way."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from portal.surveys.drafts import change_draft, create_draft, find_draft
from portal.surveys.editions import find, find_open
from portal.surveys.importing import read_import
from tests.fixtures.portals import PUBLIC_URL, sign_in_staff, token_in
from tests.portal.surveys.making import BASE, EDITOR, WHOLE, post, value_of

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from portal.surveys.draft import Draft
    from portal.web.portal import Portal


@pytest.fixture
def editor(portal: Portal, client: TestClient) -> TestClient:
    """A browser in which an editor is signed in."""
    sign_in_staff(portal, client, "editor")
    return client


@pytest.fixture
def whole(portal: Portal) -> str:
    """The draft with every sort of question; its address."""
    create_draft(portal.database, EDITOR, WHOLE, portal.clock())
    return f"{BASE}/whole"


def test_a_ready_made_survey_is_open_in_three_steps(portal: Portal, editor: TestClient) -> None:
    """Use this, publish, publish: it takes answers."""
    made = post(editor, f"{BASE}/ready/reception", {}, on=f"{BASE}/ready")
    assert made.headers["location"].startswith(f"{BASE}/reception/draft")
    asked = editor.get(f"{BASE}/reception/publish")
    assert asked.status_code == 200
    fields = {"channels": ["web", "qr"], "touchpoint": "own", "is_listed": "yes"}
    done = post(editor, f"{BASE}/reception/publish", fields)
    assert done.headers["location"] == f"{BASE}/reception?said=survey-open"
    edition = find_open(portal, "reception", portal.clock())
    assert edition is not None
    assert edition.channels == {"web", "qr"}
    assert edition.touchpoint == "web-reception"
    assert edition.survey.version == 2, "kiosks have version 1 built in"
    assert find_draft(portal.database, "reception") is None


@pytest.mark.parametrize(
    "path",
    [
        *("", "/new", "/ready", "/import", "/whole", "/whole/draft", "/whole/draft/texts"),
        *("/whole/draft/pages/2", "/whole/draft/check", "/whole/draft/preview"),
        *("/whole/draft/preview?on=kiosk&language=en", "/whole/publish"),
        "/whole/draft/questions/overall/follow-ups/why",
        "/whole/draft/questions/used/conditions",
        "/whole/export/surveyjs?of=draft",
        *(f"/whole/draft/questions/{item.code}" for item in WHOLE.items),
    ],
)
@pytest.mark.parametrize("language", ["", "/en"])
def test_every_page_is_shown(editor: TestClient, whole: str, path: str, language: str) -> None:
    """In both languages; no message stands there in English alone."""
    assert whole
    page = editor.get(f"{language}{BASE}{path}")
    assert page.status_code == 200
    assert "<h1>" in page.text


def test_a_new_survey_begins_with_a_rating(portal: Portal, editor: TestClient) -> None:
    """Its code is made of the title; a second one of that title gets another."""
    for code in ("priemna", "priemna-2"):
        made = post(editor, f"{BASE}/new", {"title_bg": "Приемна"})
        assert made.headers["location"].startswith(f"{BASE}/{code}/draft")
        kept = find_draft(portal.database, code)
        assert kept is not None
        assert [item.sort for item in kept.draft.items] == ["faces-5"]
    assert post(editor, f"{BASE}/new", {"title_bg": ""}).status_code == 422
    assert post(editor, f"{BASE}/new", {"title_bg": "x", "code": "import"}).status_code == 422


def test_a_question_is_changed_and_nothing_typed_is_lost(
    portal: Portal, editor: TestClient, whole: str
) -> None:
    """Whatever button is pressed; a number that is none stands there again."""
    path = f"{whole}/draft/questions/topic"
    mark = value_of(editor.get(path).text, "mark")
    fields = {
        "mark": mark,
        "texts_bg": "Нов текст",
        "texts_en": "New text",
        "option_0_bg": "Данъци",
        "option_0_en": "Taxes",
        "then": "add-option",
    }
    assert post(editor, path, fields).headers["location"] == f"{path}#options"
    kept = find_draft(portal.database, "whole")
    assert kept is not None
    item = kept.draft.find("topic")
    assert item is not None
    assert item.texts == {"bg": "Нов текст", "en": "New text"}
    assert [option.code for option in item.options] == ["taxes", "other", "option-3"]
    number = f"{whole}/draft/questions/minutes"
    wrong = post(editor, number, {"mark": "x", "texts_bg": "Колко?", "least": "много", "most": "9"})
    assert wrong.status_code == 422
    assert 'value="много"' in wrong.text
    assert "Колко?" in wrong.text


def test_who_changes_the_same_question_later_is_told(
    portal: Portal, editor: TestClient, whole: str
) -> None:
    """What they typed is on the page; saved again, it counts."""
    path = f"{whole}/draft/questions/words"
    mark = value_of(editor.get(path).text, "mark")
    assert post(editor, path, {"mark": mark, "texts_bg": "Едно"}).status_code == 303
    later = post(editor, path, {"mark": mark, "texts_bg": "Две"})
    assert later.status_code == 422
    assert "Две" in later.text
    mark = value_of(later.text, "mark")
    assert post(editor, path, {"mark": mark, "texts_bg": "Две"}).status_code == 303
    kept = find_draft(portal.database, "whole")
    assert kept is not None
    assert {item.texts.get("bg") for item in kept.draft.items} >= {"Две"}


def test_questions_move_are_copied_removed_and_put_back(
    portal: Portal, editor: TestClient, whole: str
) -> None:
    """Over the ends of pages, too."""

    def codes() -> list[str]:
        kept = find_draft(portal.database, "whole")
        assert kept is not None
        return [item.code for item in kept.draft.items]

    def do(item: str, deed: str) -> None:
        path = f"{whole}/draft/questions/{item}/do"
        assert post(editor, path, {"do": deed}, on=f"{whole}/draft").status_code == 303

    before = codes()
    do("topic", "up")
    assert codes()[:2] == ["topic", "overall"]
    do("topic", "down")
    do("topic", "down")
    assert codes() == before
    kept = find_draft(portal.database, "whole")
    assert kept is not None
    assert kept.draft.page_of("topic") == 1
    do("words", "copy")
    assert codes()[-1] == "words-2"
    do("words", "remove")
    assert "words" not in codes()
    assert "words" in editor.get(f"{whole}/draft").text
    assert post(editor, f"{whole}/draft/bin/words", {}, on=f"{whole}/draft").status_code == 303
    assert codes()[-1] == "words"


def test_conditions_and_follow_ups_are_set(portal: Portal, editor: TestClient, whole: str) -> None:
    """By ticking answers of earlier questions."""
    path = f"{whole}/draft/questions/words/conditions"
    mark = value_of(editor.get(path).text, "mark")
    fields = {"mark": mark, "if_overall": ["1", "2"], "if_topic": "taxes", "if_nothing": "x"}
    assert post(editor, path, fields).status_code == 303
    kept = find_draft(portal.database, "whole")
    assert kept is not None
    words = kept.draft.find("words")
    assert words is not None
    assert [(h.question, h.values, h.options) for h in words.only_if] == [
        ("overall", (1, 2), ()),
        ("topic", (), ("taxes",)),
    ]
    path = f"{whole}/draft/questions/settled"
    mark = value_of(editor.get(path).text, "mark")
    asked = post(editor, path, {"mark": mark, "texts_bg": "Решен?", "then": "follow-up"})
    follow_up = asked.headers["location"]
    assert follow_up == f"{path}/follow-ups/settled-why"
    mark = value_of(editor.get(follow_up).text, "mark")
    fields = {"mark": mark, "texts_bg": "Защо?", "when": "0", "option_0_bg": "Чакане"}
    assert post(editor, follow_up, fields).status_code == 303
    kept = find_draft(portal.database, "whole")
    settled = kept.draft.find("settled") if kept is not None else None
    assert settled is not None
    assert settled.follow_ups[0].when == (0,)


def test_a_survey_is_published_closed_and_opened_again(
    portal: Portal, editor: TestClient, whole: str
) -> None:
    """The next draft becomes version 2, and what is new is shown before."""
    fields = {"channels": ["web"], "touchpoint": "hall-web"}
    assert post(editor, f"{whole}/publish", fields).status_code == 303
    post(editor, f"{whole}/close", {}, on=whole)
    edition = find(portal, "whole", portal.clock())
    assert edition is not None
    assert (edition.state, edition.touchpoint, edition.is_listed) == ("closed", "hall-web", False)
    post(editor, f"{whole}/reopen", {}, on=whole)
    assert find_open(portal, "whole", portal.clock()) is not None
    assert post(editor, f"{whole}/draft", {}, on=whole).status_code == 303
    path = f"{whole}/draft/questions/topic"
    mark = value_of(editor.get(path).text, "mark")
    post(editor, path, {"mark": mark, "texts_bg": "Защо дойдохте?", "texts_en": "Why?"})
    shown = editor.get(f"{whole}/publish").text
    assert "Защо дойдохте?" in shown
    assert "За какво дойдохте?" in shown
    post(editor, f"{whole}/publish", fields)
    later = find_open(portal, "whole", portal.clock())
    assert later is not None
    assert later.survey.version == 2
    assert editor.get(f"{whole}/results").status_code == 200


def test_a_draft_with_faults_is_not_published(
    portal: Portal, editor: TestClient, whole: str
) -> None:
    """The check list leads to the question."""
    path = f"{whole}/draft/questions/came-on"
    mark = value_of(editor.get(path).text, "mark")
    post(editor, path, {"mark": mark, "texts_bg": "Кога?", "texts_en": ""})
    assert f"{path}" in editor.get(f"{whole}/draft/check").text
    fields = {"channels": ["web"], "touchpoint": "hall-web"}
    assert post(editor, f"{whole}/publish", fields, on=f"{whole}/draft").status_code == 422
    assert find(portal, "whole", portal.clock()) is None
    assert find_draft(portal.database, "whole") is not None


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"channels": []}, "channels"),
        ({"opens_on": "31.12.2026", "closes_on": "1.12.2026"}, "closes_on"),
        ({"opens_on": "31.02.2026"}, "opens_on"),
        ({"opens_time": "9:00"}, "opens_on"),
        ({"touchpoint": "gone"}, ""),
        ({"closes_on": "31.12.9999"}, None),
    ],
)
def test_a_window_that_can_not_be_is_refused(
    portal: Portal, editor: TestClient, whole: str, fields: dict[str, object], why: str | None
) -> None:
    """With what was typed still there."""
    given = {"channels": ["web"], "touchpoint": "hall-web", **fields}
    done = post(editor, f"{whole}/publish", given)
    assert done.status_code == (303 if why is None else 422)
    if why:
        assert f'id="error-{why}"' in done.text
    assert (find(portal, "whole", portal.clock()) is not None) is (why is None)


def test_others_read_and_change_nothing(portal: Portal, client: TestClient, whole: str) -> None:
    """A clerk sees the draft, without a button; a citizen is not shown in."""
    sign_in_staff(portal, client, "clerk")
    page = client.get(f"{whole}/draft")
    assert page.status_code == 200
    assert "/draft/add" not in page.text
    for path in ("/new", "/import", "/whole/publish", "/whole/draft/questions/overall"):
        assert client.get(f"{BASE}{path}").status_code == 403


def test_a_file_becomes_a_draft_with_what_was_not_carried(
    portal: Portal, editor: TestClient
) -> None:
    """Chosen or pasted; the list stands in the draft until somebody has read it."""
    document = '{"title": "Тест", "elements": [{"type": "comment", "name": "c", "maxLength": 5}]}'
    token = token_in(editor.get(f"{BASE}/import").text)
    made = editor.post(
        f"{BASE}/import",
        data={"form_token": token},
        files={"file": ("x.json", document.encode(), "application/json")},
        headers={"Origin": PUBLIC_URL},
    )
    assert made.status_code == 303
    draft = f"{BASE}/test/draft"
    assert made.headers["location"].startswith(draft)
    assert "maxLength" in editor.get(draft).text
    post(editor, f"{draft}/notes", {}, on=draft)
    assert "maxLength" not in editor.get(draft).text
    assert post(editor, f"{BASE}/import", {"text": document}).status_code == 303
    assert find_draft(portal.database, "test-2") is not None
    refused = post(editor, f"{BASE}/import", {"text": "<xml/>"})
    assert refused.status_code == 422
    assert "&lt;xml/&gt;" in refused.text


@pytest.mark.parametrize("form", ["otziv", "toml", "surveyjs"])
def test_a_draft_is_taken_as_a_file(editor: TestClient, whole: str, form: str) -> None:
    """As an attachment, by its name."""
    taken = editor.get(f"{whole}/export?form={form}&of=draft")
    assert taken.status_code == 200
    assert "attachment; filename*=UTF-8''whole." in taken.headers["content-disposition"]
    assert read_import(taken.content, 1_000_000).code in {"whole", "everything"}


def test_strings_that_break_software_are_texts(
    editor: TestClient, whole: str, shared: Path
) -> None:
    """They are kept, and shown as they are."""
    path = shared / "data/bad-input/naughty_strings_half.json"
    strings = [each for each in json.loads(path.read_text(encoding="utf-8")) if each.strip()]
    for number in range(0, len(strings), 25):
        fields = {
            f"{name}_{language}": string
            for (name, language), string in zip(
                product(("title", "intro", "thanks"), ("bg", "en")),
                strings[number : number + 6],
                strict=False,
            )
        }
        answer = post(editor, f"{whole}/draft/texts", {**fields, "languages": ["bg", "en"]})
        assert answer.status_code in {303, 422}
        for shown in ("/draft", "/draft/check", "/draft/preview"):
            page = editor.get(f"{whole}{shown}")
            assert page.status_code == 200
            assert "<script" not in page.text


def test_a_draft_is_thrown_away_only_on_purpose(
    portal: Portal, editor: TestClient, whole: str
) -> None:
    """Nothing happens without the tick."""
    path = f"{whole}/draft/discard"
    post(editor, path, {}, on=f"{whole}/draft")
    assert find_draft(portal.database, "whole") is not None
    post(editor, path, {"sure": "yes"}, on=f"{whole}/draft")
    assert find_draft(portal.database, "whole") is None
    assert editor.get(f"{whole}/draft").status_code == 404


def test_what_nobody_looked_at_is_not_published(
    portal: Portal, editor: TestClient, whole: str
) -> None:
    """A colleague's edit between the page and its button: shown first, and what was typed stays."""
    fields = {"channels": ["web"], "touchpoint": "hall-web", "revision": "1"}
    _retitle(portal, "Заглавие на колега")
    answer = post(editor, f"{whole}/publish", fields)
    assert answer.status_code == 409
    assert "променена" in answer.text
    assert find(portal, "whole", portal.clock()) is None
    assert post(editor, f"{whole}/publish", {**fields, "revision": "2"}).status_code == 303


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/pages/2", {"title_bg": "Друга", "title_en": "Another"}),
        ("/pages/2/do", {"do": "remove"}),
        ("/discard", {"sure": "yes"}),
    ],
)
def test_pages_are_those_that_were_looked_at(
    portal: Portal, editor: TestClient, whole: str, path: str, fields: dict[str, str]
) -> None:
    """A page is known by its number alone, so the draft must be the one that was shown."""
    _retitle(portal, "Заглавие на колега")
    before = find_draft(portal.database, "whole")
    there = f"{whole}/draft{path if path == '/pages/2' else ''}"
    answer = post(editor, f"{whole}/draft{path}", {**fields, "revision": "1"}, on=there)
    assert answer.status_code == 409
    assert "променена" in answer.text
    assert find_draft(portal.database, "whole") == before
    assert post(editor, f"{whole}/draft{path}", fields, on=there).status_code == 303
    assert find_draft(portal.database, "whole") != before


def _retitle(portal: Portal, title: str) -> None:
    def edit(draft: Draft) -> Draft:
        return draft.model_copy(update={"title": {**draft.title, "bg": title}})

    change_draft(portal.database, EDITOR, "whole", edit, portal.clock())
