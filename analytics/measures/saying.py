"""Wordings in the reader's language: texts from gettext catalogues, numbers by Babel."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Formatter
from typing import Final

from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from analytics.measures.wording import Wording

MESSAGES: Final = Path(__file__).with_name("messages")


def say(wording: Wording, language: str, messages: Path = MESSAGES, **texts: str) -> str:
    """``wording`` in ``language`` (``bg`` or ``en``); English is what the sources say.

    Args:
        wording: what to say.
        language: ``bg`` or ``en``.
        messages: the folder of the catalogues, where they are not the measures' own.
        texts: for gaps that are no numbers.
    """
    text = _catalogue(messages, language).get(wording.message, wording.message)
    numbers = {name: _number(value, language) for name, value in wording.numbers.items()}
    return text.format(**numbers, **texts)


def parts(wording: Wording, language: str) -> list[tuple[str, str]]:
    """The same sentence in pieces: the name of a number and how it is written, or ``""`` and words.

    For reports, in which every figure can be told from the words around it.
    """
    text = _catalogue(MESSAGES, language).get(wording.message, wording.message)
    found = []
    for words, name, _, _ in Formatter().parse(text):
        if words:
            found.append(("", words))
        if name is not None:
            found.append((name, _number(wording.numbers[name], language)))
    return found


def _number(value: float, language: str) -> str:
    """A whole number, or a float with one decimal; the language's separators, and a real minus."""
    pattern = "#,##0" if isinstance(value, int) else "#,##0.0"
    written = format_decimal(value or 0, pattern, locale=language)  # no −0
    return written.replace("-", "\N{MINUS SIGN}")


@cache
def _catalogue(messages: Path, language: str) -> dict[str, str]:
    path = messages / f"{language}.po"
    if not path.exists():
        return {}
    with path.open("rb") as file:
        return {
            str(each.id): str(each.string)
            for each in read_po(file, locale=language)
            if each.id and each.string
        }
