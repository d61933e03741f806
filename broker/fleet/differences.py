"""What differs between two configurations, in words that a person reads.

Every value gets a dotted key. Things with a code go by it (``survey.questions.overall.texts.bg``),
special days by their date, the rest by number; so a question put in between changes no other key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from broker.wire.configuration import Configuration

_NAMES: Final = ("code", "question", "on")
"""The fields by which an element of a list is known, in this order."""

_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")

_LEFT_OUT: Final = frozenset({"v", "revision"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not the same.

    Attributes:
        key: dotted.
        old: as people read it; ``None``: it was not there.
        new: likewise; ``None``: it is there no more.
    """

    key: str
    old: str | None
    new: str | None

    def __str__(self) -> str:
        if self.old is None:
            return f"{self.key}: added {self.new}"
        if self.new is None:
            return f"{self.key}: taken out, was {self.old}"
        return f"{self.key}: {self.old} → {self.new}"


def differences(old: Configuration | None, new: Configuration | None) -> list[Difference]:
    """What differs, in the order of the new one; ``None`` has nothing in it."""
    before, after = values_of(old), values_of(new)
    return [
        Difference(key, before.get(key), after.get(key))
        for key in dict.fromkeys((*after, *before))
        if before.get(key) != after.get(key)
    ]


def values_of(configuration: Configuration | None) -> dict[str, str]:
    """Dotted key → value, as people read it; version and revision are left out."""
    if configuration is None:
        return {}
    document = msgspec.to_builtins(configuration)
    return dict(_flat("", {k: v for k, v in document.items() if k not in _LEFT_OUT}))


def _flat(key: str, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401  whatever JSON can say
    if isinstance(value, Mapping) and not _is_hours(value):
        for name, inner in value.items():
            yield from _flat(f"{key}.{name}" if key else name, inner)
    elif isinstance(value, list | tuple) and not _is_plain(value):
        names = [_name(inner, number) for number, inner in enumerate(value, 1)]
        yield key, ", ".join(names)  # tells when the order changes
        for name, inner in zip(names, value, strict=True):
            yield from _flat(f"{key}.{name}", inner)
    else:
        yield key, _shown(value)


def _name(element: Mapping[str, Any], number: int) -> str:
    return next((str(element[name]) for name in _NAMES if name in element), str(number))


def _is_hours(value: object) -> bool:
    return isinstance(value, Mapping) and {"opens_at", "closes_at"} <= value.keys()


def _is_plain(values: Sequence[object]) -> bool:
    """Whether a list is short to say: of words, numbers or hours."""
    return all(not isinstance(value, Mapping) or _is_hours(value) for value in values)


def _shown(value: Any) -> str:  # noqa: ANN401  whatever JSON can say
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping):
        days = ", ".join(_WEEKDAYS[day - 1] for day in value.get("days", ()))
        return f"{days} {value['opens_at']}–{value['closes_at']}".strip()
    if isinstance(value, list | tuple):
        return "; ".join(map(_shown, value)) or "none"
    return str(value)
