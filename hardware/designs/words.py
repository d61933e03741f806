"""The few words in drawings and tables, in Bulgarian; English is written where it is used."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from hardware.designs.design import DesignError, Language
from hardware.drawing import Word

BULGARIAN: Final = Path(__file__).parent / "bg.toml"


def words_in(language: Language, own: Mapping[str, str] | None = None) -> Word:
    """Return what gives an English text in ``language``; ``own`` adds translations.

    It raises :class:`DesignError` for a text without one: no drawing is half in each language.
    """
    if language == "en":
        return str
    words = _bulgarian() | dict(own or {})

    def word(english: str) -> str:
        if english not in words:
            raise DesignError(f"{BULGARIAN.name}: no Bulgarian for {english!r}")
        return words[english]

    return word


@cache
def _bulgarian() -> dict[str, str]:
    return msgspec.toml.decode(BULGARIAN.read_bytes(), type=dict[str, str])
