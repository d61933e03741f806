"""The living style page: every component in every state, drawn by the templates that pages use.

In production it is for staff; a demonstration shows it to everyone.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from portal.web.assets import FOLDER
from portal.web.errors import not_found
from portal.web.forms import Filled, blank
from portal.web.page import Page
from portal.web.routes import Area, Here
from portal.web.rules import ANYONE

AREA: Final = Area("style", "/style")


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


_FIELDS: Final = (
    "name", "note", "secret", "town", "size", "face", "stars", "points", "topics", "day", "agree",
    "paper",
)  # fmt: skip
_GIVEN: Final[dict[str, object]] = {
    "name": "Мария Петрова",
    "note": "Чакахме кратко.\nБлагодаря!",
    "town": "b",
    "size": "b",
    "face": "4",
    "stars": "4",
    "points": "9",
    "topics": ["a", "b"],
    "day": "22.11.2026",
    "agree": "yes",
}


@AREA.get("", ANYONE)
def show(page: Here) -> Response:
    """All components."""
    if not (page.actor.is_staff or page.portal.settings.is_sample):
        raise not_found()
    states = [(_("Empty"), "empty", _state(page, "empty", is_filled=False, is_wrong=False))]
    states.append((_("Filled in"), "full", _state(page, "full", is_filled=True, is_wrong=False)))
    states.append((_("With errors"), "wrong", _state(page, "wrong", is_filled=True, is_wrong=True)))
    drawings = sorted(path.stem for path in (FOLDER / "faces").glob("*.svg"))
    return page.render("web/style.html", states=states, drawings=drawings)


def _state(page: Page, state: str, *, is_filled: bool, is_wrong: bool) -> Filled[Any]:
    """A form with one field of each kind, named after its state: an id is there once a page."""
    given: dict[str, object] = _GIVEN if is_filled else {}
    form = blank(**{f"{state}-{name}": value for name, value in given.items()})
    if is_wrong:
        for name in _FIELDS:
            form.refuse(f"{state}-{name}", page.text("Fill this in"))
        form.refuse("", page.text("This form is too old. Open the page anew and fill it in again."))
    return form
