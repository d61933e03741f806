"""The kiosk's words: nothing is left untranslated, and a language comes by a file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
import pytest

import kiosk
from kiosk.words import MESSAGES, Words

CATALOGUES = sorted(MESSAGES.glob("*.po"))


def _said() -> Iterator[tuple[str, str]]:
    """Every text that a module hands to the translator, and where."""
    for path in sorted(Path(kiosk.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _is_translator(node.func):
                (text, *_) = node.args or (None,)
                if isinstance(text, ast.Constant):
                    yield str(text.value), f"{path.name}:{node.lineno}"


def _is_translator(function: ast.expr) -> bool:
    return isinstance(function, ast.Name) and function.id in {"words", "mark"}


def _gaps(text: str) -> list[str]:
    return sorted(re.findall(r"{\w*}", text))


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_every_message_is_translated(path: Path) -> None:
    """A catalogue has exactly the messages that the sources say, with the same gaps to fill."""
    said = {**dict(_said()), "English": "kiosk/words.py"}
    entries = [entry for entry in polib.pofile(str(path)) if not entry.obsolete]
    catalogue = {entry.msgid: entry for entry in entries}
    assert len(catalogue) == len(entries), "a message stands there twice"
    missing = {text: where for text, where in said.items() if text not in catalogue}
    assert not missing
    assert not catalogue.keys() - said.keys(), "nobody says that any more"
    for text, entry in catalogue.items():
        assert entry.msgstr, f"{text!r} is not translated"
        assert not entry.fuzzy, f"{text!r} is marked as uncertain"
        assert _gaps(text) == _gaps(entry.msgstr), text


def test_bulgarian_is_shipped() -> None:
    """It is the language of the hall."""
    assert Words("bg")("Thank you!") == "Благодарим ви!"
    assert Words("bg").own_name == "Български"


def test_english_is_what_the_sources_say() -> None:
    """It needs no catalogue."""
    assert Words("en")("{percent} % of {n} ratings were good", percent=9, n=7).startswith(
        "9 % of 7"
    )
    assert Words("en-GB").own_name == "English"


def test_a_municipality_adds_a_language_by_a_file(tmp_path: Path) -> None:
    """Its own folder comes first; a regional tag falls back to the language."""
    (tmp_path / "tr.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "English"\nmsgstr "Türkçe"\n\nmsgid "Thank you!"\nmsgstr "Teşekkürler!"\n',
        encoding="utf-8",
    )
    words = Words("tr-TR", (tmp_path, MESSAGES))
    assert words("Thank you!") == "Teşekkürler!"
    assert words.own_name == "Türkçe"
    assert words("Skip") == "Skip"


@pytest.mark.parametrize(
    ("language", "direction"), [("bg", "ltr"), ("ar", "rtl"), ("he-IL", "rtl")]
)
def test_some_languages_are_written_from_the_right(language: str, direction: str) -> None:
    """The screen is mirrored for them."""
    assert Words(language).direction == direction
