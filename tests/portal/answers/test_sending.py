"""What a button says is what it does, and nothing typed is lost on the way."""

from __future__ import annotations

import re
from typing import Final

import msgspec
from starlette.testclient import TestClient

from portal.web.portal import Portal
from tests.portal.answers.asked import SHORT, SURVEY
from tests.portal.answers.making import events, open_survey, post

PATH: Final = "/s/all-sorts"


def button_of(html: str) -> str:
    """What the form's first button says."""
    found = re.search(r'<button class="button primary"[^>]*>([^<]+)<', html)
    assert found is not None
    return found[1]


def test_the_last_page_says_send(portal: Portal, client: TestClient) -> None:
    """Where a page sends the form, its button says so; where more may follow, it says that."""
    open_survey(portal, SHORT)
    page = client.get("/en/s/brief")
    assert button_of(page.text) == "Send"
    assert post(client, "/en/s/brief", page.text, {"overall": "4"}).status_code == 303


def test_continue_where_all_is_checked_first(portal: Portal, client: TestClient) -> None:
    """The last of many questions leads to the page that shows all answers, and says so."""
    open_survey(portal)
    pages = [client.get(f"/en{PATH}").text]
    for said in ({"overall": "2"}, {"reason": "clarity"}, {"came-for": "other"}, {}):
        assert button_of(pages[-1]) == "Continue"
        pages.append(post(client, f"/en{PATH}", pages[-1], said).text)
    assert "Check your answers" in pages[-1]
    assert button_of(pages[-1]) == "Send"
    assert events(portal) == []


def test_continue_never_sends(portal: Portal, client: TestClient) -> None:
    """Where the steps that might have followed fall away, what was said is shown before."""
    open_survey(portal)
    second = post(client, f"/en{PATH}", client.get(f"/en{PATH}").text, {"overall": "5"})
    assert button_of(second.text) == "Continue"
    check = post(client, f"/en{PATH}", second.text, {"came-for": "taxes"})
    assert check.status_code == 200
    assert events(portal) == []
    assert post(client, f"/en{PATH}", check.text, go="send").status_code == 303
    assert len(events(portal)) == 7


def test_steps_are_counted_as_they_come(portal: Portal, client: TestClient) -> None:
    """The number of a step is one more than of the one before."""
    open_survey(portal)
    page = client.get(f"/en{PATH}").text
    assert "Step 1 of 4" in page
    assert "Step 2 of 3" in post(client, f"/en{PATH}", page, {"overall": "5"}).text


def test_rows_with_their_heading(portal: Portal, client: TestClient) -> None:
    """A row alone says little: where answers are checked, its heading stands before it."""
    open_survey(portal)
    second = post(client, PATH, client.get(PATH).text, {"overall": "5", "polite": "3"})
    check = post(client, PATH, second.text, {"came-for": "taxes"})
    assert "<dt>Служителите бяха – Любезни</dt>" in check.text


def test_the_language_changes_and_nothing_typed_is_lost(portal: Portal, client: TestClient) -> None:
    """On any step, right or wrong, and where all is checked; the form stays the same one."""
    open_survey(portal)
    page = client.get(PATH).text
    assert '<button class="link" form="answers" formaction="/en/s/all-sorts"' in page
    english = post(client, f"/en{PATH}", page, {"polite": "3"}, go="stay")
    assert english.status_code == 200
    assert "How was it today?" in english.text
    assert 'value="3" checked' in english.text
    assert 'id="error-' not in english.text, "nothing was sent yet"
    second = post(client, f"/en{PATH}", english.text, {"overall": "5"})
    bulgarian = post(client, PATH, second.text, {"minutes": "много"}, go="stay")
    assert 'value="много"' in bulgarian.text
    check = post(client, PATH, bulgarian.text, {"came-for": "taxes"})
    assert "Check your answers" in post(client, f"/en{PATH}", check.text, go="stay").text
    assert events(portal) == []


def test_another_language_is_marked(portal: Portal, client: TestClient) -> None:
    """Who has the page read aloud hears a text in the language in which it is written."""
    alone = msgspec.convert(
        {
            "code": "brief",
            "version": 1,
            "title": {"bg": "Само тук"},
            "questions": [
                {"code": "overall", "texts": {"bg": "Как беше?"}, "scale": "faces-5"},
                {"code": "more", "texts": {"bg": "И още?"}, "kind": "comment"},
            ],
        },
        type(SURVEY),
    )
    open_survey(portal, alone)
    english = client.get("/en/s/brief").text
    for text in ("Само тук", "Как беше?", "И още?"):
        assert f'<span lang="bg">{text}</span>' in english
    assert '<span lang="bg">' not in client.get("/s/brief").text


def test_numbers_and_days_within_reason(portal: Portal, client: TestClient) -> None:
    """Which numbers are taken is said before, without exponents; nobody came in 1800."""
    (question,) = (each for each in SURVEY.questions if each.code == "minutes")
    large = msgspec.structs.replace(question, least=1_000_000.0, most=2_500_000.0)
    (day,) = (each for each in SURVEY.questions if each.code == "visited-on")
    questions = [msgspec.structs.replace(each, page=1) for each in (large, day)]
    brief = msgspec.structs.replace(SHORT, questions=questions, pages=(), matrices=())
    open_survey(portal, brief)
    page = client.get("/en/s/brief").text
    assert "From 1,000,000 to 2,500,000." in page
    for said in ("01.01.1800", "31.12.9999"):
        wrong = post(client, "/en/s/brief", page, {"minutes": "5", "visited-on": said})
        assert "from 1000000 up" in wrong.text
        assert "Write a day of the years 1900 to 2100" in wrong.text
