"""The kiosk's own words in the visitor's language, from gettext catalogues.

English is what the sources say; every other language is a ``.po`` file, read when the kiosk starts,
so that nothing has to be compiled: those shipped in ``messages/``, and what a municipality puts
into a folder of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final, Literal

import polib

MESSAGES: Final = Path(__file__).with_name("messages")
SOURCE_LANGUAGE: Final = "en"
_RIGHT_TO_LEFT: Final = frozenset({"ar", "dv", "fa", "he", "ps", "ur", "yi"})


def mark(text: str) -> str:
    """Return ``text``, which is translated later: the mark is for whoever gathers messages."""
    return text


class Words:
    """What to say in one language.

    Args:
        language: BCP 47 tag; ``de-AT`` falls back to ``de``.
        folders: where catalogues are looked for, the first one found wins.
    """

    def __init__(self, language: str, folders: Iterable[Path] = (MESSAGES,)) -> None:
        self.language = language
        self._messages = _messages(language, tuple(folders))

    def __call__(self, text: str, **values: object) -> str:
        """``text`` (English, as in the sources) in this language, its ``{gaps}`` filled."""
        return self._messages.get(text, text).format(**values)

    @property
    def are_known(self) -> bool:
        """Whether there is a catalogue of the language; else all is said in English."""
        return bool(self._messages) or self.language.partition("-")[0] == SOURCE_LANGUAGE

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """In which direction the language is written."""
        return "rtl" if self.language.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"

    @property
    def own_name(self) -> str:
        """The language's own name, which stands in its catalogue; without one, its tag."""
        if self.language.partition("-")[0] == SOURCE_LANGUAGE:
            return "English"
        return self._messages.get("English", self.language)


@cache
def _messages(language: str, folders: tuple[Path, ...]) -> dict[str, str]:
    for tag in (language, language.partition("-")[0]):
        for folder in folders:
            path = folder / f"{tag}.po"
            if path.is_file():
                catalogue = polib.pofile(str(path), encoding="utf-8")
                return {entry.msgid: entry.msgstr for entry in catalogue.translated_entries()}
    return {}
