"""Texts that were pasted from other programs are mended; what can't be is said in plain words."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from portal.surveys.draft import Draft, Item, Leaf
from portal.surveys.drafts import create_draft
from portal.surveys.pasted_text import mended
from portal.web.portal import Portal
from tests.fixtures.portals import sign_in_staff
from tests.portal.surveys.making import BASE, EDITOR, post, two, value_of


@pytest.mark.parametrize(
    ("pasted", "is_read"),
    [
        ("Чи\u0438\u0306то?", "Чийто?"),
        ("обслуж\u00adване", "обслужване"),
        ("\ufeffКак беше?", "Как беше?"),
        ("Как\tбеше   днес?", "Как беше днес?"),
        ("\uf0b7 Бързо", "• Бързо"),
        ("Едно\r\n\r\n\r\n\r\nДве", "Едно\n\nДве"),
        ("Как\u00a0беше\u2028днес\ud800", "Как беше\nднес"),
    ],
)
def test_what_nobody_sees_is_mended(pasted: str, is_read: str) -> None:
    """Accents, invisible characters, tabs, foreign bullets, rows of spaces."""
    assert mended(pasted) == is_read
    assert mended(is_read) == is_read


def test_a_pasted_question_can_be_published(portal: Portal, client: TestClient) -> None:
    """It is mended when it is saved, and in drafts that were saved before."""
    sign_in_staff(portal, client, "editor")
    item = Item(code="overall", sort="faces-5", texts=two("Чи\u0438\u0306?", "Whose   \ufeff?"))
    draft = Draft(code="pasted", title=two("А", "B"), pages=(Leaf(items=(item,)),))
    create_draft(portal.database, EDITOR, draft, portal.clock())
    assert "/draft/questions/overall" not in client.get(f"{BASE}/pasted/draft/check").text
    path = f"{BASE}/pasted/draft/questions/overall"
    mark = value_of(client.get(path).text, "mark")
    fields = {"mark": mark, "texts_bg": "Как\tбеше\u00ad?", "texts_en": "How   was it?"}
    answer = post(client, path, fields)
    assert answer.status_code == 303
    page = client.get(path).text
    assert "Как беше?" in page
    assert "How was it?" in page


def test_the_rest_is_told_in_plain_words(portal: Portal, client: TestClient) -> None:
    """In the reader's language, with a link to the question."""
    sign_in_staff(portal, client, "editor")
    item = Item(code="overall", sort="faces-5", texts=two("а" * 41, "How was it?"))
    draft = Draft(code="long", title=two("А", "B"), pages=(Leaf(items=(item,)),))
    create_draft(portal.database, EDITOR, draft, portal.clock())
    page = client.get(f"{BASE}/long/draft/check").text
    assert "Така не може да се публикува: дума от 41 букви" in page
    assert "questions[0]" not in page
    assert f'{BASE}/long/draft/questions/overall"' in page
