"""Codes that people read off paper and type: no letter that looks like another one."""

from __future__ import annotations

import secrets
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U; five bits a sign."""
_GROUP: Final = 4
_MEANT: Final = str.maketrans(
    {"O": "0", "I": "1", "L": "1", "А": "A", "В": "B", "Е": "E", "К": "K", "М": "M", "Н": "H"}
    | {"О": "0", "Р": "P", "С": "C", "Т": "T", "Х": "X", "І": "1"}
)
"""Letters that were meant otherwise: look-alikes, and Cyrillic ones on a Bulgarian keyboard."""


def new_code(signs: int = 16) -> str:
    """A code of that many signs by chance; 16 signs are 80 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(signs))


def group(code: str) -> str:
    """In groups of four, as it is printed."""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def compact(typed: str) -> str:
    """What was meant with what was typed: capital letters, no groups."""
    kept = "".join(sign for sign in typed.upper() if sign.isalnum())
    return kept.translate(_MEANT)
