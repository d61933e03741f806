"""Themes of comments: the built-in ones, and why one is suggested. Pure.

A theme is suggested when a word of the comment begins with one of its stems; the editor sees which
word it was, and decides.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class ThemeWords:
    """A theme.

    Attributes:
        code: never changes.
        names: language → name.
        stems: beginnings of words that suggest it, in small letters, of all languages.
        is_retired: no longer given.
    """

    code: str
    names: dict[str, str]
    stems: tuple[str, ...] = ()
    is_retired: bool = False


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A theme, and the words of the comment that suggest it."""

    code: str
    words: tuple[str, ...]


_WORD: Final = re.compile(r"[^\W\d_]{2,}")


def _read_built_in() -> Iterator[ThemeWords]:
    read = tomllib.loads(Path(__file__).with_name("themes.toml").read_text("utf-8"))
    for code, said in read.items():
        stems = tuple(f"{said['stems_bg']} {said['stems_en']}".split())
        yield ThemeWords(code, {"bg": said["bg"], "en": said["en"]}, stems)


BUILT_IN: Final = tuple(_read_built_in())


def merged(own: Iterable[ThemeWords]) -> dict[str, ThemeWords]:
    """Code → theme: the built-in ones, and the municipality's, which stand for built-in ones."""
    return {theme.code: theme for theme in (*BUILT_IN, *own)}


def suggest(text: str, themes: Iterable[ThemeWords]) -> list[Suggestion]:
    """What ``text`` may be about, the theme with the most words for it first."""
    words = dict.fromkeys(word.casefold() for word in _WORD.findall(text))
    found: list[Suggestion] = []
    for theme in themes:
        if theme.is_retired or not theme.stems:
            continue
        hits = tuple(word for word in words if word.startswith(theme.stems))
        if hits:
            found.append(Suggestion(theme.code, hits))
    return sorted(found, key=lambda one: -len(one.words))
