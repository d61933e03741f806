"""The kiosk's own words in the visitor's language, from gettext catalogues.

English is what the sources say; every other language is a ``.po`` file, read when the kiosk starts,
so that nothing has to be compiled: those shipped in ``messages/``, and what a municipality puts
into a folder of its own. One that is not whole is not used: nobody should find English among the
words of another language, nor a kiosk that stops over a wrong gap.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from string import Formatter
from typing import Final, Literal

import polib

from broker.wire.legible import faults_of_text

MESSAGES: Final = Path(__file__).with_name("messages")
REFERENCE: Final = MESSAGES / "bg.po"
"""Has every message: the tests hold it against the sources."""

SOURCE_LANGUAGE: Final = "en"
MAX_TOLD: Final = 3
"""Faults of a catalogue that are told: whoever mends those will look at the others, too."""

MAX_LENGTH: Final = 600
_RIGHT_TO_LEFT: Final = frozenset(
    {"ar", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi"}
)
"""Languages that are, unless their tag names another script (``az-Arab``, ``ks-Deva``)."""

_SCRIPTS_RIGHT_TO_LEFT: Final = frozenset({"Adlm", "Arab", "Hebr", "Nkoo", "Rohg", "Syrc", "Thaa"})
_log: Final = logging.getLogger(__name__)


def mark(text: str) -> str:
    """Return ``text``, which is translated later: the mark is for whoever gathers messages."""
    return text


class Words:
    """What to say in one language.

    Args:
        language: BCP 47 tag; ``de-AT`` falls back to ``de``.
        folders: where catalogues are looked for, the first whole one wins.
    """

    def __init__(self, language: str, folders: Iterable[Path] = (MESSAGES,)) -> None:
        self.language = language
        self._catalogue = _catalogue(language, tuple(folders))

    def __call__(self, text: str, **values: object) -> str:
        """``text`` (English, as in the sources) in this language, its ``{gaps}`` filled."""
        return self._catalogue.messages.get(text, text).format(**values)

    @property
    def are_known(self) -> bool:
        """Whether there is a whole catalogue of the language; else all is said in English."""
        is_english = self.language.partition("-")[0] == SOURCE_LANGUAGE
        return bool(self._catalogue.messages) or is_english

    @property
    def fault(self) -> str:
        """Which catalogue was passed over, and why, in one line; empty for none."""
        return self._catalogue.fault

    @property
    def direction(self) -> Literal["ltr", "rtl"]:
        """In which direction the language is written."""
        return "rtl" if _is_right_to_left(self.language) else "ltr"

    @property
    def own_name(self) -> str:
        """The language's own name, which stands in its catalogue; without one, its tag."""
        if self.language.partition("-")[0] == SOURCE_LANGUAGE:
            return "English"
        return self._catalogue.messages.get("English", self.language)


def _is_right_to_left(tag: str) -> bool:
    """A script is the four letters after the language (RFC 5646, 2.2.3)."""
    language, *more = tag.split("-")
    script = more[0].title() if more and len(more[0]) == 4 and more[0].isalpha() else ""
    return script in _SCRIPTS_RIGHT_TO_LEFT if script else language.lower() in _RIGHT_TO_LEFT


def words_in(folder: Path | None) -> Callable[[str], Words]:
    """Return what gives the words in a language; catalogues in ``folder`` before the shipped."""
    return partial(Words, folders=(MESSAGES,) if folder is None else (folder, MESSAGES))


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """The messages of one language, none if no catalogue is whole; and what was passed over."""

    messages: dict[str, str] = field(default_factory=dict)
    fault: str = ""


@cache
def _catalogue(language: str, folders: tuple[Path, ...]) -> _Catalogue:
    faults: list[str] = []
    for tag in dict.fromkeys((language, language.partition("-")[0])):
        for path in (folder / f"{tag}.po" for folder in folders):
            if not path.is_file():
                continue
            messages, told = _load(path)
            if not told:
                return _Catalogue(messages, "; ".join(faults))
            faults.append(f"{path} is not used: {told}")
            _log.error("%s", faults[-1])
    return _Catalogue(fault="; ".join(faults))


def _load(path: Path) -> tuple[dict[str, str], str]:
    """The messages in ``path``, and what is wrong with them, in a few words."""
    try:
        entries = [entry for entry in _read(path) if not entry.obsolete]
        known = [entry.msgid for entry in _read(REFERENCE)]
    except (OSError, ValueError) as error:  # not to be read, not UTF-8, or no catalogue
        return {}, f"it can't be read ({error}); save it as UTF-8"
    messages = {entry.msgid: "" if entry.fuzzy else entry.msgstr for entry in entries}
    faults = [fault for text in known for fault in _faults(text, messages.get(text, ""))]
    more = f"; and {len(faults) - MAX_TOLD} more" if len(faults) > MAX_TOLD else ""
    return messages, "; ".join(faults[:MAX_TOLD]) + more


def _read(path: Path) -> list[polib.POEntry]:
    """Read a catalogue; raises ``OSError`` (polib's own, too) or ``ValueError``."""
    return list(polib.pofile(str(path), encoding="utf-8"))


def _faults(text: str, translated: str) -> Iterator[str]:
    """What is wrong with one message, and what to do."""
    if not translated.strip():
        yield f"{text!r} is not translated, or marked as fuzzy"
        return
    for fault in faults_of_text(translated, MAX_LENGTH, has_lines=False):
        yield f"{text!r} {fault}"
    if gaps_of(text) != gaps_of(translated):
        yield f"{text!r} needs its gaps in braces, as they are in English"


def gaps_of(text: str) -> list[str] | None:
    """The gaps that ``text`` needs filled, in alphabetical order; ``None`` if braces don't fit."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError:
        return None
    return sorted(f"{name}!{turned}:{form}" for _, name, form, turned in parts if name is not None)
