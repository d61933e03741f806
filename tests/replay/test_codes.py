"""Codes from texts: transliteration, slugs, and texts that would share one."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.wire.texts import CODE
from otziv.replay.codes import CodeError, Codes
from otziv.replay.slugs import slug


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Гише 3, Троян", "gishe-3-troyan"),
        ("Щъркелово гнездо", "shtarkelovo-gnezdo"),
        ("АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЬЮЯ", "abvgdezhziyklmnoprstufhtschshshtayyuya"),
        ("София", "sofia"),
        ("Администрация и приемна", "administratsia-i-priemna"),
        ("Ияна", "iyana"),
        ("Област България", "oblast-bulgaria"),
        ("Българи", "balgari"),
        ("каза ѝ", "kaza-i"),
        ("Тро\u0301ян", "troyan"),
        ("Earls Court Surgery", "earls-court-surgery"),
        ("  Café -- Zürich № 5 ", "cafe-zurich-no-5"),
        ("Straße", "strasse"),
        ("x" * 70, "x" * 63),
        ("a" * 62 + " b", "a" * 62),
        ("日本", None),
        ("", None),
    ],
)
def test_slug(text: str, code: str | None) -> None:
    """Bulgarian by the Transliteration Act, other letters by their base, the rest a hyphen."""
    assert slug(text) == code


@given(st.text())
def test_slug_is_a_code(text: str) -> None:
    """Whatever the text, its slug is a code of the wire, and its own slug."""
    made = slug(text)
    if made is not None:
        assert re.fullmatch(CODE.removeprefix("^").removesuffix("$"), made)
        assert slug(made) == made


def test_map_comes_first() -> None:
    """The map's codes are used as they stand, and several texts may share one."""
    codes = Codes("touchpoint", {"Desk 1": "hall", "Desk 2": "hall"})
    assert [codes.code(text) for text in ("Desk 1", "Desk 2", "Desk 3")] == [
        "hall",
        "hall",
        "desk-3",
    ]


def test_no_silent_merge() -> None:
    """A second text with a first one's slug is refused, time and again; the first is not."""
    codes = Codes("touchpoint", {})
    assert codes.code("Desk 3") == "desk-3"
    for _ in range(2):
        with pytest.raises(CodeError, match=r"code 'desk-3' of 'Desk 3'; name codes for both in"):
            codes.code("DESK-3")
    assert codes.code("Desk 3") == "desk-3"


def test_no_silent_merge_with_the_map() -> None:
    """A slug that the map gave to another text is refused."""
    with pytest.raises(CodeError, match="of 'Приемна'"):
        Codes("touchpoint", {"Приемна": "desk-3"}).code("Desk 3")


def test_no_silent_merge_with_an_earlier_file() -> None:
    """A slug that was made for another text of an earlier file is refused."""
    with pytest.raises(CodeError, match="of 'DESK 3'"):
        Codes("touchpoint", {}, {"desk-3": "DESK 3"}).code("Desk 3")


@pytest.mark.parametrize("name", ["desk-3", "Desk 3", "Приемна, вляво"])
def test_registered_touchpoint_is_used(name: str) -> None:
    """A registered touchpoint of that code is used, whatever people call it now."""
    assert Codes("touchpoint", {}, {"desk-3": name}).code("Desk 3") == "desk-3"


@pytest.mark.parametrize(("text", "told"), [("", "is blank"), ("日本", "gives no code")])
def test_no_code(text: str, told: str) -> None:
    """A text that gives no code is refused, with the way out; the map can give it one."""
    with pytest.raises(CodeError, match=told):
        Codes("touchpoint", {}).code(text)
    assert Codes("touchpoint", {text: "elsewhere"}).code(text) == "elsewhere"
