"""Masking: what tells who somebody is goes, what doesn't stays; both measured on a corpus."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.comments.kinds import MARKS, named
from portal.comments.masking import clean, mask
from portal.comments.names import name_pattern
from portal.comments.staff import staff_pattern
from portal.people.employees import EmployeeDetails, add_employee
from portal.web.portal import Portal
from tests.portal.comments.test_inbox import SOMEBODY

ROOT = Path(__file__).parents[3]
CORPUS = ROOT / "tests" / "data" / "comments"
NAMES = name_pattern(
    (
        ("Мария", "Петрова", "Иванова"),
        ("Георги", "", "Стоянов"),
        ("Надежда", "", "Коларска"),
        ("Петър", "", "Донев"),
        ("Мина", "", "Данева"),
        ("Тодор", "Колев", "Русев"),
    )
)
HARMLESS = (CORPUS / "harmless.txt").read_text("utf-8").splitlines()
TELLING = [line.split("\t") for line in (CORPUS / "telling.txt").read_text("utf-8").splitlines()]


def test_harmless_comments_stay_as_they_are() -> None:
    """One in fifty may lose a word; docs/privacy.md tells how many do."""
    touched = [line for line in HARMLESS if mask(line, "bg", NAMES).text != line]

    assert len(touched) <= len(HARMLESS) / 50, touched


@pytest.mark.parametrize(("text", "secret"), TELLING)
def test_telling_comments_lose_what_tells(text: str, secret: str) -> None:
    """Each of them: identifiers, telephones, names, however they are written."""
    masked = mask(text, "bg", NAMES)

    assert secret not in masked.text
    assert masked.kinds
    assert any(mark in masked.text for mark, _ in MARKS.values())


def test_published_texts_stay_as_they_are(shared: Path) -> None:
    """Terms, fees and results as Bulgarian administrations publish them."""
    path = shared / "data/text/bg_published_fees_terms_results.md"
    for line in path.read_text("utf-8").splitlines():
        assert mask(line, "bg", NAMES).kinds == (), line


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("8001010008", ("egn",)),
        ("80010100089", ()),
        ("800101000", ()),
        ("8013010008", ()),
        ("ЕИК 8001010008123", ()),
        ("4111 1111 1111 1112", ()),
        ("СВ 1234 АЯ", ()),
        ("на 1234 на", ()),
        ("BG80 BNBG 9661", ()),
        ("01.02.2026, 10 ч.", ()),
        ("ЕГН 8001010008, тел. 0888123456, a@b.bg", ("egn", "phone", "e-mail")),
    ],
)
def test_near_misses(text: str, kinds: tuple[str, ...]) -> None:
    """One digit more or less, a letter that no plate has, a month that no year has."""
    assert mask(text, "bg", NAMES).kinds == kinds


def test_marks_are_in_the_language_asked() -> None:
    """And everything around them stays."""
    assert mask("My EGN 8001010008!", "en", NAMES).text == "My EGN [EGN]!"
    assert mask("Моето ЕГН 8001010008!", "bg", NAMES).text == "Моето ЕГН [ЕГН]!"


def test_masking_twice_changes_nothing() -> None:
    """What was masked holds nothing more."""
    for text, _ in TELLING:
        once = mask(text, "bg", NAMES)
        assert mask(once.text, "bg", NAMES).text == once.text


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("a\x00b\x07c", "abc"),
        ("а\u202eб", "аб"),
        ("1\u200d2\u200b3", "123"),
        ("👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"),
        ("ред\r\nред\rред\n\n\n\nред", "ред\nред\nред\n\nред"),
        ("\ud800", "?"),
        ("  \t ", ""),
    ],
)
def test_invisible_characters_go(typed: str, seen: str) -> None:
    """They hide numbers, turn texts round, or break databases; emoji stay whole."""
    assert clean(typed) == seen


@given(st.text(max_size=300))
def test_no_text_is_a_fault(text: str) -> None:
    """And what comes out can be stored and sent anywhere."""
    out = mask(text, "bg", NAMES).text
    assert out.encode() is not None
    assert "\0" not in out


@given(st.from_regex(r"[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{4}", fullmatch=True))
def test_nothing_like_an_egn_survives(digits: str) -> None:
    """Whatever its check digit."""
    assert digits not in mask(f"номер {digits}.", "bg", NAMES).text


def test_naughty_strings_are_no_fault(shared: Path) -> None:
    """Strings that break software."""
    path = shared / "data/bad-input/naughty_strings_half.json"
    for string in json.loads(path.read_text("utf-8")):
        mask(str(string), "bg", NAMES)


@pytest.mark.parametrize(
    "text", ["1 " * 1_000, "0" * 2_000, "а" * 2_000, "a@" * 1_000, "BG80 " * 400]
)
def test_no_text_takes_for_ever(text: str) -> None:
    """Rules that look far back and forth could be led to; the limit of the test would stop it."""
    began_s = time.process_time()
    mask(text, "bg", NAMES)
    assert time.process_time() - began_s < 20


def test_names_come_from_the_staff(portal: Portal) -> None:
    """All who work there, or did."""
    today = portal.clock().date()
    details = EmployeeDetails("Зорница", "Чакърова")
    add_employee(portal.database, details, today, actor=SOMEBODY)
    with portal.database.reading() as connection:
        names = staff_pattern(connection)

    assert mask("Чакърова я нямаше", "bg", names).text == "[име] я нямаше"
    assert mask("Chakarova ya nyamashe", "bg", names).kinds == ("name",)
    assert mask("Иванова я нямаше", "bg", names).kinds == ()


def test_codes_from_an_address_are_not_believed() -> None:
    """Only kinds that there are have names."""
    assert len(named("egn,phone,<script>,nonsense")) == 2
    assert named("") == []
    assert re.fullmatch(r"[^<>]*", " ".join(named("egn,phone")))
