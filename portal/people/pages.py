"""What the pages of this area share: today, and saying what could not be done beside its field."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.people.errors import PeopleError
from portal.web.forms import Filled
from portal.web.page import Page


def today(page: Page) -> date:
    """The day at the municipality."""
    return page.portal.clock().astimezone(page.language.zone).date()


def refuse(page: Page, filled: Filled[Any], error: PeopleError) -> None:
    """Show an error of a verb beside the field that it is about."""
    filled.refuse(error.field, page.text(error.message, **error.values))


def choices(page: Page, words: Mapping[str, str], empty: str = "") -> list[tuple[str, str]]:
    """Codes with their names in the reader's language; ``empty``: what no choice is called."""
    found = [(code, page.text(word)) for code, word in words.items()]
    return [("", page.text(empty)), *found] if empty else found
