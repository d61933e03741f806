"""Posters and paper forms: tagged PDFs with what a person needs to read."""

from __future__ import annotations

from io import BytesIO

import pytest
from pypdf import PdfReader
from starlette.testclient import TestClient

from portal.web.portal import Portal
from tests.fixtures.portals import PUBLIC_URL, sign_in_staff
from tests.portal.answers.making import open_survey


def read(content: bytes) -> tuple[PdfReader, str]:
    """A PDF, and its text."""
    reader = PdfReader(BytesIO(content))
    return reader, "\n".join(page.extract_text() for page in reader.pages)


@pytest.mark.parametrize(("paper", "width"), [("a4", 595), ("a5", 420)])
def test_poster(portal: Portal, client: TestClient, paper: str, width: int) -> None:
    """One page with the question in both languages, the code, and its address."""
    open_survey(portal)
    sign_in_staff(portal, client, "clerk")
    sent = client.get(
        f"/staff/posters/poster?touchpoint=hall-web&paper={paper}&languages=bg-en&survey="
    )
    reader, text = read(sent.content)
    (page,) = reader.pages
    assert round(page.mediabox.width) == width
    assert "Как Ви обслужихме?" in text
    assert "How did we serve you?" in text
    assert f"{PUBLIC_URL.removeprefix('http://')}/q/hall-web" in text
    assert str(reader.root_object["/Lang"]) == "bg"
    assert "/StructTreeRoot" in reader.root_object


def test_poster_of_one_survey_in_english(portal: Portal, client: TestClient) -> None:
    """The code leads to that survey, in that language."""
    open_survey(portal)
    sign_in_staff(portal, client, "clerk")
    path = "/staff/posters/poster?touchpoint=hall-web&paper=a4&languages=en&survey=all-sorts"
    _, text = read(client.get(path).content)
    assert "/en/q/hall-web/all-sorts" in text
    assert client.get(path.replace("hall-web", "nowhere")).status_code == 422
    assert client.get(path.replace("all-sorts", "nothing")).status_code == 422
    assert client.get("/staff/posters").status_code == 200


@pytest.mark.parametrize("language", ["bg", "en"])
def test_paper_form(portal: Portal, client: TestClient, language: str) -> None:
    """Every question with its boxes, and whom it is for."""
    open_survey(portal)
    sign_in_staff(portal, client, "clerk")
    _, text = read(client.get(f"/staff/posters/paper/all-sorts?language={language}").content)
    wanted = {
        "bg": ("/write-to-us", "Как беше днес?", "Дълго чакане", "Телефон", "минути"),
        "en": ("How was it today?", "Long wait", "Phone", "minutes", "Only if you answered"),
    }
    for words in wanted[language]:
        assert words in text
