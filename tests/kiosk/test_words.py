"""The kiosk's words: nothing is left untranslated, and a language comes by a file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
import pytest

import kiosk
from kiosk.words import MESSAGES, REFERENCE, Words, words_in

CATALOGUES = sorted(MESSAGES.glob("*.po"))
TURKISH = {"English": "Türkçe", "Thank you!": "Teşekkürler!"}


def _write_turkish(folder: Path) -> Any:  # noqa: ANN401 polib has no types
    """A whole catalogue, as a municipality makes one."""
    catalogue = polib.pofile(str(REFERENCE), encoding="utf-8")
    for entry in catalogue:
        gaps = " ".join(re.findall(r"{\w+}", entry.msgid))
        entry.msgstr = TURKISH.get(entry.msgid, f"tr {gaps}")
    catalogue.fpath = str(folder / "tr.po")
    catalogue.save()
    return catalogue


def _said() -> Iterator[tuple[str, str]]:
    """Every text that a module hands to the translator, and where."""
    for path in sorted(Path(kiosk.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for text in _text_of(node):
                yield text, f"{path.name}:{getattr(node, 'lineno', 0)}"


def _text_of(node: ast.AST) -> Iterator[str]:
    """The text, if ``node`` hands one to the translator."""
    if isinstance(node, ast.Call) and _is_translator(node.func):
        (text, *_) = node.args or (None,)
        if isinstance(text, ast.Constant) and text.value:
            yield str(text.value)


def _is_translator(function: ast.expr) -> bool:
    """``words(…)``, ``mark(…)``, ``self._words(…)``, and ``self._words_of(language)(…)``."""
    if isinstance(function, ast.Call):
        return _name_of(function.func) in {"words_of", "_words_of", "Words"}
    return _name_of(function) in {"words", "_words", "mark"}


def _name_of(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


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
    assert Words(path.stem).fault == ""


def test_what_every_way_of_speaking_says_is_gathered() -> None:
    """A call of a name, of an attribute, and of what a call returned."""
    source = 'words("a"); self._words("b"); x.words("c"); self._words_of(t)("d"); mark("e"); f("g")'
    said = [text for node in ast.walk(ast.parse(source)) for text in _text_of(node)]
    assert sorted(said) == ["a", "b", "c", "d", "e"]


def test_bulgarian_is_shipped() -> None:
    """It is the language of the hall."""
    assert Words("bg")("Thank you!") == "Благодарим Ви!"
    assert Words("bg").own_name == "Български"


def test_english_is_what_the_sources_say() -> None:
    """It needs no catalogue."""
    assert Words("en")("{percent} % of {n} ratings were good", percent=9, n=7).startswith(
        "9 % of 7"
    )
    assert Words("en-GB").own_name == "English"


def test_a_municipality_adds_a_language_by_a_file(tmp_path: Path) -> None:
    """A copy of the shipped one, translated; a regional tag falls back to the language."""
    _write_turkish(tmp_path)
    words = words_in(tmp_path)("tr-TR")
    assert (words.are_known, words.fault) == (True, "")
    assert words("Thank you!") == "Teşekkürler!"
    assert words.own_name == "Türkçe"
    assert words("Answer {n} of {of}:", n=1, of=2) == "tr 1 2"


HARMS: dict[str, tuple[dict[str, object], str]] = {
    "a message that is missing": ({"obsolete": True}, "not translated"),
    "a message without words": ({"msgstr": " "}, "not translated"),
    "a message that is uncertain": ({"flags": ["fuzzy"]}, "fuzzy"),
    "a gap too many": ({"msgstr": "{n} {of} {who}"}, "gaps"),
    "a gap too few": ({"msgstr": "{n}"}, "gaps"),
    "a gap that looks inside": ({"msgstr": "{n.real} {of}"}, "gaps"),
    "a gap that is turned": ({"msgstr": "{n!r} {of}"}, "gaps"),
    "a gap with a width": ({"msgstr": "{n:9999} {of}"}, "gaps"),
    "a brace that does not close": ({"msgstr": "{n} {of"}, "gaps"),
    "a control character": ({"msgstr": "{n}\x1b[2J{of}"}, "U+001B"),
    "a turn of direction": ({"msgstr": "{n}\u202e{of}"}, "U+202E"),
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_catalogue_that_is_not_whole_is_not_used(
    tmp_path: Path, harm: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Its language counts as unknown, the log says what is wrong, and nothing raises."""
    changes, told = HARMS[harm]
    catalogue = _write_turkish(tmp_path)
    for name, value in changes.items():
        setattr(catalogue.find("Answer {n} of {of}:"), name, value)
    catalogue.save()
    words = words_in(tmp_path)("tr")
    assert not words.are_known
    assert words("Answer {n} of {of}:", n=1, of=2) == "Answer 1 of 2:"
    assert "'Answer {n} of {of}:'" in words.fault
    assert told in words.fault
    assert words.fault in caplog.text


@pytest.mark.parametrize("broken", [b"msgid", b"\xff\xfe", b'msgid "a"\nmsgstr "a\n', b""])
def test_a_file_that_is_no_catalogue_is_not_used(tmp_path: Path, broken: bytes) -> None:
    """The kiosk starts all the same, and says which file it is."""
    (tmp_path / "tr.po").write_bytes(broken)
    words = words_in(tmp_path)("tr")
    assert not words.are_known
    assert str(tmp_path / "tr.po") in words.fault


def test_many_faults_are_told_in_few_words(tmp_path: Path) -> None:
    """Three of them, and how many more there are."""
    (tmp_path / "tr.po").write_text('msgid "English"\nmsgstr "Türkçe"\n', encoding="utf-8")
    fault = words_in(tmp_path)("tr").fault
    assert fault.count("not translated") == 3
    assert re.search(r"and \d{3} more$", fault)


def test_a_broken_one_of_a_shipped_language_leaves_the_shipped_one(tmp_path: Path) -> None:
    """Whoever words Bulgarian anew, and errs, still has a kiosk that speaks it."""
    (tmp_path / "bg.po").write_text('msgid "Thank you!"\nmsgstr "Мерси!"\n', encoding="utf-8")
    words = words_in(tmp_path)("bg")
    assert words("Thank you!") == "Благодарим Ви!"
    assert "bg.po is not used" in words.fault


@pytest.mark.parametrize(
    ("language", "direction"),
    [
        ("bg", "ltr"),
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("az", "ltr"),
        ("az-Arab", "rtl"),
        ("az-arab-IR", "rtl"),
        ("ks", "rtl"),
        ("ks-Deva", "ltr"),
        ("zh-Hant-TW", "ltr"),
        ("sr-Latn", "ltr"),
    ],
)
def test_some_languages_are_written_from_the_right(language: str, direction: str) -> None:
    """The screen is mirrored for them."""
    assert Words(language).direction == direction
