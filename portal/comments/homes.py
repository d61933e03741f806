"""Finds where somebody lives: down to the apartment, or said to be the writer's. Pure.

A street with a number alone stays: most who name one speak of its lamp or its pavement.
"""

from __future__ import annotations

import re
from typing import Final

_PART: Final = (
    r"(?:ж\.?\s?к|кв|ул|улица|бул|бл|блок|вх|вход|ет|етаж|гр|с)(?:\.\s?|\s)"
    r"[„\"“]?[\w.-]{1,20}(?:\s(?-i:[А-Я])[\w.-]{1,20})?[“\"”]?(?:,?\s(?:№\s?)?\d{1,3}[а-я]?(?!\w))?"
)
_PARTS: Final = rf"(?<![\w-]){_PART}(?:[,\s]{{1,3}}{_PART}){{0,5}}"
APARTMENT: Final = re.compile(
    rf"{_PARTS}[,\s]{{1,3}}(?:ап|апартамент)(?:\.\s?|\s)(?:№\s?)?\d{{1,3}}(?!\d)", re.IGNORECASE
)
LIVES: Final = re.compile(
    r"(?<!\w)(?:живе[яе]\w{0,2}|живущ\w?|адрес\w{0,2}(?:\s(?:ми|ни))?|(?:домът|къщата)\s(?:ми|ни))"
    r"(?:\s(?:е|се|намира|на|в)){0,4}[:\s]{1,3}"
    rf"((?=[^.!?]{{0,12}}[.]?[^.!?]{{0,60}}\d){_PARTS})",
    re.IGNORECASE,
)
"""The first group is where."""
