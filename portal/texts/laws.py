"""The laws that texts cite: one list, each entry with what our word for it is worth."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final, Literal, TypeAlias

import msgspec

from portal.texts.errors import TextError

LIST: Final = Path(__file__).parent / "laws.toml"

Language: TypeAlias = Literal["bg", "en"]


class Law(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A law by its name; ``bg_first`` and ``en_first`` where it is named for the first time."""

    bg: str
    en: str
    bg_first: str = ""
    en_first: str = ""


class Citation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place in a law; without words for the place it is the law as a whole.

    ``basis``: ``reference`` was read in published texts, ``known`` is long in force and well known,
    ``unverified`` was not compared with the law, and texts say so where they cite it.
    """

    law: str
    bg: str
    en: str
    basis: Literal["reference", "known", "unverified"]


class Laws(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole list."""

    laws: dict[str, Law]
    cited: dict[str, Citation]

    def citation(self, key: str) -> Citation:
        """What ``key`` stands for.

        Raises:
            TextError: it is not in the list.
        """
        try:
            return self.cited[key]
        except KeyError:
            raise TextError(f"{LIST.name}: nothing is cited as {key!r}") from None

    def in_words(self, cited: Citation, language: Language, *, is_first: bool) -> str:
        """The place and the law, as a sentence takes them: *чл. 24 от Наредбата …*."""
        law = self.laws[cited.law]
        place, name, first = (
            (cited.bg, law.bg, law.bg_first)
            if language == "bg"
            else (cited.en, law.en, law.en_first)
        )
        name = (first or name) if is_first else name
        joined = " от " if language == "bg" else " of "
        return f"{place}{joined}{name}" if place else name


@cache
def laws() -> Laws:
    """The list as it is shipped."""
    return msgspec.toml.decode(LIST.read_bytes(), type=Laws)
