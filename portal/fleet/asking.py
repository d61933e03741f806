"""Pages that ask something: one template for all of them, its inputs said in Python."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from starlette.responses import Response

from broker.fleet.errors import ChangedError
from portal.fleet.editors.parts import Group
from portal.fleet.refusals import Told, told
from portal.web.forms import Filled
from portal.web.page import Page

Crumbs: TypeAlias = Sequence[tuple[str, str]]
"""Text and address; the last has none."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a page asks; all texts are in the reader's language.

    Attributes:
        title: of the page.
        crumbs: the way to it.
        groups: the inputs; none: it asks but for a word of confirmation.
        button: what the button says.
        lines: said above the inputs.
        warning: said before them, in a banner.
        hidden: what is sent along.
        is_danger: the button is that of something that can't be taken back.
        steps: further buttons: the value of ``step``, and the text.
        is_upload: whether a file is sent.
    """

    title: str
    crumbs: Crumbs
    button: str
    groups: Sequence[Group] = ()
    lines: Sequence[str] = ()
    warning: str = ""
    hidden: Mapping[str, str] = field(default_factory=dict)
    is_danger: bool = False
    steps: Sequence[tuple[str, str]] = ()
    is_upload: bool = False


def ask(
    page: Page,
    question: Question,
    form: Filled[Any],
    refusal: Told | None = None,
    status: int | None = None,
) -> Response:
    """The page, at first or with what is wrong in it."""
    code = status or (422 if form.errors or refusal else 200)
    return page.render("fleet/ask.html", code, ask=question, form=form, refusal=refusal)


def ask_again(page: Page, question: Question, form: Filled[Any], error: Exception) -> Response:
    """The page with why the verb refused; 409 where somebody else changed it meanwhile."""
    status = 409 if isinstance(error, ChangedError) else 422
    return ask(page, question, form, told(error, page.language), status)
