"""Filling a text: what is known goes in, what is not stays visible and is listed. Pure.

Marks in a source: ``{name}`` what is known by that name; ``{:what}`` a blank that only people can
fill; ``{!what}`` something to be confirmed; ``{@key}`` a citation of ``laws.toml``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from portal.texts.errors import TextError
from portal.texts.known import LABELS
from portal.texts.laws import Language, Laws

Kind: TypeAlias = Literal["fill", "confirm", "law"]

_MARK: Final = re.compile(r"\{([:!@]?)([^{}]+)\}")
_PLACE: Final = re.compile(r"(Чл\. \d+|§ \d+)\. ")
"""Articles and paragraphs of rules; elsewhere the heading is the place."""

BLANK: Final = "…………"

WORDS: Final[Mapping[Language, Mapping[Kind, str]]] = {
    "bg": {
        "fill": BLANK + " (попълва се: {what})",
        "confirm": "[да се потвърди: {what}]",
        "law": "{what} [непроверено: да се свери с действащия текст]",
    },
    "en": {
        "fill": BLANK + " (to be filled in: {what})",
        "confirm": "[to be confirmed: {what}]",
        "law": "{what} [unverified: to be compared with the law in force]",
    },
}


@dataclass(frozen=True, slots=True)
class Open:
    """Something that people have still to do with a text.

    Attributes:
        kind: fill in, confirm, or compare with the law.
        what: in words.
        places: the headings or articles where it stands, in order.
    """

    kind: Kind
    what: str
    places: tuple[str, ...]


class Filling:
    """Fills the lines of one text in their order, and remembers what is left open."""

    def __init__(self, values: Mapping[str, str], laws: Laws, language: Language) -> None:
        self._values = values
        self._laws = laws
        self._language: Language = language
        self._place = ""
        self._named: set[str] = set()
        self._open: dict[tuple[Kind, str], dict[str, None]] = {}

    def heading(self, line: str) -> str:
        """Fill a heading, which is the place of what comes after it."""
        self._place = self.line(line)
        return self._place

    def line(self, line: str) -> str:
        """Fill one paragraph, item or cell.

        Raises:
            TextError: a mark names what nobody knows.
        """
        if place := _PLACE.match(line):
            self._place = place[1]
        return _MARK.sub(self._mark, line)

    @property
    def open(self) -> tuple[Open, ...]:
        """All that is left open so far, each matter once."""
        return tuple(Open(kind, what, (*at,)) for (kind, what), at in self._open.items())

    def _mark(self, mark: re.Match[str]) -> str:
        sign, body = mark[1], mark[2]
        if sign == ":":
            return self._leave("fill", body)
        if sign == "!":
            return self._leave("confirm", body)
        return self._cite(body) if sign == "@" else self._value(body)

    def _value(self, name: str) -> str:
        if name not in self._values:
            raise TextError(f"a text names {name!r}, which is nothing that is known")
        return self._values[name] or self._leave("fill", LABELS[name][self._language])

    def _cite(self, key: str) -> str:
        cited = self._laws.citation(key)
        is_first = cited.law not in self._named
        self._named.add(cited.law)
        words = self._laws.in_words(cited, self._language, is_first=is_first)
        return self._leave("law", words) if cited.basis == "unverified" else words

    def _leave(self, kind: Kind, what: str) -> str:
        self._open.setdefault((kind, what), {})[self._place] = None
        return WORDS[self._language][kind].format(what=what)
