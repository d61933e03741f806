"""Wordings in the reader's language: texts from gettext catalogues, numbers by Babel."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from analytics.measures.wording import Wording

MESSAGES: Final = Path(__file__).with_name("messages")


def say(wording: Wording, language: str) -> str:
    """``wording`` in ``language`` (``bg`` or ``en``); English is what the sources say."""
    text = _catalogue(language).get(wording.message, wording.message)
    numbers = {name: _number(value, language) for name, value in wording.numbers.items()}
    return text.format(**numbers)


def _number(value: int, language: str) -> str:
    """A whole number with the language's separators, and a real minus."""
    return format_decimal(value, locale=language).replace("-", "\N{MINUS SIGN}")


@cache
def _catalogue(language: str) -> dict[str, str]:
    path = MESSAGES / f"{language}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {
            str(each.id): str(each.string)
            for each in read_po(file, locale=language)
            if each.id and each.string
        }
