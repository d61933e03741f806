"""What holds of names, days and deputies, without any database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Final, Literal, TypeAlias

from pydantic import AfterValidator, StringConstraints

from portal.web.forms import FormError

PartyKind: TypeAlias = Literal["person", "company", "body"]
AddressKind: TypeAlias = Literal["permanent", "current", "correspondence"]
UnitKind: TypeAlias = Literal["centre", "department", "mayoralty", "lieutenancy", "tourist-centre"]

MAX_NAME: Final = 200
_UNSEEN: Final = re.compile("[\u00ad\u200b\ufeff]")
_LETTERS: Final = re.compile(r"[^\W\d_]+")


def one_line(text: str) -> str:
    """``text`` with single spaces, composed letters and without what can't be seen.

    Raises:
        FormError: it holds what no line may: control characters, changes of direction.
    """
    kept = " ".join(_UNSEEN.sub("", unicodedata.normalize("NFC", text)).split())
    if not kept.isprintable():
        raise FormError("There are characters in it that can't be seen; type it anew")
    return kept


def some_lines(text: str) -> str:
    """The same for a text of several lines."""
    return "\n".join(one_line(line) for line in text.strip().splitlines())


def one_script(text: str) -> str:
    """The same for a person's name, whose every word is in one alphabet: else nobody finds it.

    Raises:
        FormError: a word mixes Cyrillic and Latin letters that look alike.
    """
    kept = one_line(text)
    for word in _LETTERS.findall(kept):
        alphabets = {unicodedata.name(letter, "").partition(" ")[0] for letter in word}
        if {"CYRILLIC", "LATIN"} <= alphabets:
            raise FormError("{word} mixes Cyrillic and Latin letters; type it anew", word=word)
    return kept


Line: TypeAlias = Annotated[str, StringConstraints(max_length=MAX_NAME), AfterValidator(one_line)]
Lines: TypeAlias = Annotated[str, StringConstraints(max_length=2_000), AfterValidator(some_lines)]
Name: TypeAlias = Annotated[str, StringConstraints(max_length=MAX_NAME), AfterValidator(one_script)]


def name_key(*names: str) -> str:
    """What is searched: each word of ``names`` in small letters behind a space."""
    words = " ".join(names).casefold().replace("-", " ").split()
    return "".join(f" {word}" for word in words)


def is_on(valid_from: date, valid_to: date | None, on: date) -> bool:
    """Whether ``on`` is one of the days from ``valid_from`` until before ``valid_to``."""
    return valid_from <= on and (valid_to is None or on < valid_to)


def overlap(first: tuple[date, date | None], second: tuple[date, date | None]) -> bool:
    """Whether two times, each until before its end, share a day."""
    return (second[1] is None or first[0] < second[1]) and (
        first[1] is None or second[0] < first[1]
    )


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is who on a day.

    Attributes:
        present: employees who are on the staff.
        away: employee → who was named to stand in, if anybody was.
        holders: post → who holds it.
        deputies: post → who stands in there, in their order.
    """

    present: frozenset[str]
    away: Mapping[str, str | None]
    holders: Mapping[str, str]
    deputies: Mapping[str, Sequence[str]]
    posts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Employee → the posts he holds."""

    def at_post(self, post: str) -> str | None:
        """Who answers for a post: its holder, else whoever stands in; ``None``: nobody."""
        asked: set[str] = set()
        holder = self.holders.get(post)
        if holder is not None and (found := self._answering(holder, [post], asked)):
            return found
        return self._first(self.deputies.get(post, ()), asked)

    def for_employee(self, employee: str) -> str | None:
        """Who answers for an employee: himself, else whoever stands in."""
        return self._answering(employee, self.posts.get(employee, ()), set())

    def _answering(self, employee: str, posts: Sequence[str], asked: set[str]) -> str | None:
        """He or his deputies' deputies; ``asked`` holds who was, so that nobody is twice."""
        if employee in asked:
            return None
        asked.add(employee)
        if employee in self.present and employee not in self.away:
            return employee
        return self._first(self._stand_ins(employee, posts), asked)

    def _first(self, stand_ins: Sequence[str] | Iterator[str], asked: set[str]) -> str | None:
        for each in stand_ins:
            if found := self._answering(each, self.posts.get(each, ()), asked):
                return found
        return None

    def _stand_ins(self, employee: str, posts: Sequence[str]) -> Iterator[str]:
        named = self.away.get(employee)
        if named is not None:
            yield named
        for post in posts:
            yield from self.deputies.get(post, ())
