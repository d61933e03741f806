"""What tests of the builder share: a browser of an editor, drafts, answers in the store."""

from __future__ import annotations

import re
from typing import Any, Final

from starlette.testclient import TestClient

from portal.surveys.draft import Draft, Holds, Item, Leaf, Named, Texts, Why
from portal.web.actor import Actor
from tests.fixtures.portals import PUBLIC_URL, token_in

BASE: Final = "/staff/surveys"
EDITOR: Final = Actor("staff", "editor-1", "Ева Илиева", frozenset({"editor"}))


def two(bg: str, en: str) -> Texts:
    """A text in both languages."""
    return {"bg": bg, "en": en}


def named(*codes: str) -> tuple[Named, ...]:
    """Options or rows."""
    return tuple(Named(code=code, texts=two(f"бг {code}", code)) for code in codes)


OVERALL: Final = Item(
    code="overall",
    sort="faces-5",
    texts=two("Доволни ли сте?", "Are you satisfied?"),
    is_required=True,
    follow_ups=(
        Why(
            code="why",
            texts=two("Защо?", "Why?"),
            when=(1, 2),
            options=named("waiting-time", "clarity"),
        ),
    ),
)
TOPIC: Final = Item(
    code="topic",
    sort="choice",
    texts=two("За какво дойдохте?", "What did you come for?"),
    options=named("taxes", "other"),
)
DETAILS: Final = (
    Item(
        code="used",
        sort="multiple",
        texts=two("Какво ползвахте?", "What did you use?"),
        hint=two("Най-много две", "Two at most"),
        options=named("form", "payment", "status"),
        at_least=1,
        at_most=2,
        only_if=(Holds(question="topic", options=("taxes",)),),
    ),
    Item(
        code="staff",
        sort="matrix",
        head="faces-4",
        texts=two("Служителите бяха", "The staff were"),
        rows=named("polite", "expert"),
    ),
    Item(
        code="minutes",
        sort="number",
        texts=two("Колко чакахте?", "How long did you wait?"),
        least=0,
        most=600,
        unit=two("минути", "minutes"),
    ),
    Item(code="came-on", sort="date", texts=two("Кога?", "When?")),
    Item(code="stars", sort="stars", texts=two("Сайтът?", "The website?")),
    Item(code="settled", sort="yes-no", texts=two("Решен?", "Settled?")),
    Item(
        code="recommend",
        sort="nps-11",
        texts=two("Бихте ли ни препоръчали?", "Would you recommend us?"),
        only_if=(
            Holds(question="overall", values=(4, 5)),
            Holds(question="why", options=("clarity",)),
        ),
    ),
    Item(code="words", sort="comment", texts=two("Какво да подобрим?", "What to improve?")),
)
WHOLE: Final = Draft(
    code="whole",
    title=two("Всичко", "Everything"),
    intro=two("Една минута.", "One minute."),
    thanks=two("Благодарим.", "Thank you."),
    pages=(
        Leaf(items=(OVERALL, TOPIC)),
        Leaf(title=two("Още", "More"), items=DETAILS),
    ),
)
"""A draft with every sort of question."""


def post(client: TestClient, path: str, fields: dict[str, Any], on: str = "") -> Any:  # noqa: ANN401
    """Send a form of the page ``on`` (else of ``path``) to ``path``; what came back."""
    page = client.get(on or path)
    assert page.status_code == 200, page.text
    seen = re.search(r'name="revision" value="(\d+)"', page.text)
    data = {**({"revision": seen[1]} if seen else {}), **fields, "form_token": token_in(page.text)}
    return client.post(path, data=data, headers={"Origin": PUBLIC_URL})


def value_of(html: str, name: str) -> str:
    """What stands in a field of a page."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)
    assert found is not None, name
    return found[1]
