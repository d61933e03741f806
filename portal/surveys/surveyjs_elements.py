"""Elements of a SurveyJS document, read one property at a time, and values that may be anything."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from typing import Any, Final

from portal.surveys.draft import MAX_OPTIONS, Sort

_TAG: Final = re.compile(r"<[^>]{0,1000}>")

PERSONAL: Final = frozenset({"email", "tel", "password", "url"})
"""Kinds of input that ask who somebody is."""

SCALES: Final[dict[tuple[int, int], Sort]] = {
    (1, 5): "faces-5",
    (1, 4): "faces-4",
    (0, 10): "nps-11",
    (0, 1): "yes-no",
}
"""Least and greatest value of a rating, and the scale that has them."""


class Element:
    """One element; it knows which of its properties were looked at."""

    def __init__(self, properties: Mapping[str, Any]) -> None:
        self.properties = properties
        self._seen = {"type", "name"}

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401  # JSON
        """A property, which counts as looked at."""
        self._seen.add(name)
        return self.properties.get(name, default)

    @property
    def kind(self) -> str:
        """Its type."""
        return str(self.properties.get("type", "text"))

    @property
    def name(self) -> str:
        """What the document calls it."""
        return str(self.properties.get("name") or self.properties.get("title") or self.kind)[:80]

    def unseen(self) -> list[str]:
        """The properties that nobody looked at."""
        return [str(name)[:40] for name in self.properties if name not in self._seen]


def items_of(given: object) -> list[Any]:
    """A list; empty for anything else."""
    return given if isinstance(given, list) else []


def value_of(choice: object) -> object:
    """The value of a choice, which may be the choice itself."""
    return choice.get("value") if isinstance(choice, dict) else choice


def values_of_rating(element: Element) -> list[int]:
    """The values of a rating, the smallest first; 1 to 5 where it says nothing that can be used."""
    own = [value_of(each) for each in items_of(element.get("rateValues"))]
    if own and all(isinstance(each, int) and not isinstance(each, bool) for each in own):
        return sorted({each for each in own if isinstance(each, int)})[:MAX_OPTIONS]
    count = element.get("rateCount")
    least, most, step = (
        element.get("rateMin", 1),
        element.get("rateMax"),
        element.get("rateStep", 1),
    )
    if not all(isinstance(each, int) for each in (least, step)) or step < 1:
        return [1, 2, 3, 4, 5]
    if not isinstance(most, int):
        most = least + (count if isinstance(count, int) else 5) - 1
    return list(range(least, most + 1, step))[:MAX_OPTIONS] if 0 <= most - least < 1000 else [1, 5]


def bound_of(value: object) -> float | None:
    """A number that can bound another one."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and abs(value) <= 1e9 else None  # type: ignore[arg-type]


def count_of(value: object) -> int | None:
    """A number of options."""
    is_count = isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_OPTIONS
    return value if is_count else None  # type: ignore[return-value]


def plain_text(text: str) -> str:
    """HTML as plain text, one line a paragraph."""
    broken = re.sub(r"(?i)<br\s*/?>|</(p|div|h[1-6]|li)>", "\n", text)
    lines = [" ".join(line.split()) for line in html.unescape(_TAG.sub("", broken)).splitlines()]
    return "\n".join(line for line in lines if line)
