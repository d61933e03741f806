"""Codes from names: ``Гише 3, Троян`` becomes ``gishe-3-troyan``."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_LENGTH: Final = 63
"""What the wire allows a code to have."""

# Закон за транслитерацията (Transliteration Act, State Gazette 19/2009): its table, and its two
# exceptions.
_BULGARIAN: Final = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъьюя",
        [
            *("a", "b", "v", "g", "d", "e", "zh", "z", "i", "y", "k", "l", "m", "n", "o"),
            *("p", "r", "s", "t", "u", "f", "h", "ts", "ch", "sh", "sht", "a", "y", "yu", "ya"),
        ],
        strict=True,
    )
)
_TABLE: Final = str.maketrans(_BULGARIAN)
_FINAL_IYA: Final = re.compile(r"ия\b")
_COUNTRY: Final = re.compile(r"\bбългария\b")
_OTHERS: Final = re.compile(r"[^a-z0-9]+")


def slug(text: str) -> str | None:
    """A code for ``text``, or ``None`` where no letter or digit is left of it.

    Bulgarian letters by the Transliteration Act; of all others the base letter that Unicode
    decomposition gives (``é`` → ``e``); lower case; everything else becomes one hyphen; at most
    63 characters.
    """
    lowered = unicodedata.normalize("NFC", text).casefold().replace("ѝ", "и")
    latin = _transliterate(lowered)
    decomposed = unicodedata.normalize("NFKD", latin)
    bare = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    # Once more: what was Bulgarian only without its accent (stressed а́), or became small letters.
    ascii_only = _OTHERS.sub("-", _transliterate(bare.casefold()))
    return ascii_only.strip("-")[:MAX_LENGTH].rstrip("-") or None


def _transliterate(text: str) -> str:
    """Bulgarian letters of lower-case ``text`` in Latin ones, with the Act's two exceptions."""
    with_country = _COUNTRY.sub("bulgaria", text)
    return _FINAL_IYA.sub("ia", with_country).translate(_TABLE)
