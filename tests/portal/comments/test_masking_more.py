"""Masking against comments that try to get by: every way to write a name or a number in Bulgarian.

Names of the staff here are such that are words, too, so that words are what is tried as well.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import select

from portal.accounts.accounts import make_staff
from portal.comments.masking import clean, mask
from portal.comments.names import name_pattern
from portal.comments.staff import staff_pattern
from portal.comments.tables import Comment
from portal.store.tables import table_of
from portal.web.portal import Portal
from tests.portal.comments.test_inbox import write

CORPUS = Path(__file__).parents[2] / "data" / "comments"
FIRST_AND_LAST = """
Мария Колева, Христо Христов, Христина Христова, Георги Гергова, Иво Стоянов, Ани Стоянова,
Петър Минчев, Деница Петрова, Надежда Ценова, Петя Касова, Дора Слънчева, Мая Троянска,
Любомир Троянски, Йорданка Щерева, Асен Чакъров, Юлия Видова, Ева Илиева, Дена Борова, Цена Марков,
Стойка Полска, Зора Редова, Кина Вали, Юлий Августов, Август Добрев, Роза Димова, Тоня Готова,
Слава Роман, Марта Часова, Валя Христова, Цветелина Петрова
"""
NAMES = name_pattern(tuple(tuple(name.split()) for name in FIRST_AND_LAST.split(",")))
HARMLESS = (CORPUS / "harmless_more.txt").read_text("utf-8").splitlines()
TELLING = [
    line.split("\t") for line in (CORPUS / "telling_more.txt").read_text("utf-8").splitlines()
]


def test_what_tells_goes() -> None:
    """Cases and forms, titles, Latin letters, typing errors, groups of digits, hidden signs."""
    masked = {text: mask(text, "bg", NAMES) for text, _ in TELLING}

    assert [text for text, secret in TELLING if clean(secret) in masked[text].text] == []
    assert [text for text, _ in TELLING if not masked[text].kinds] == []


def test_words_stay() -> None:
    """Villages, streets, schools, months, words that are names elsewhere, files, money, days."""
    assert [line for line in HARMLESS if mask(line, "bg", NAMES).kinds] == []


@pytest.mark.parametrize(
    "text",
    [
        "Говорих с Колева на гише 2.",
        "Разговарях с Христо Христов",
        "С госпожа Колева се разбрахме",
        "Оправих се с г-жа Колева",
        "Дойдох с колежката Петрова",
        "В училището с Колева говорих",
    ],
)
def test_with_is_no_village(text: str) -> None:
    """*с* before a name is a preposition; only *с.* is short for a village."""
    masked = mask(text, "bg", NAMES).text

    assert "[име]" in masked
    assert not any(name in masked for name in ("Колева", "Христо", "Петрова"))


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_letters_in_two_parts_are_letters(form: Literal["NFC", "NFD"]) -> None:
    """A browser may send й as и and a sign above it."""
    text = unicodedata.normalize(form, "Йорданка и Троѝ говореха")

    assert mask(text, "bg", NAMES).text == "[име] и Троѝ говореха"


@pytest.mark.parametrize(
    "digits",
    [
        *("752 316 9263", "7523 1692 63", "7523.16.92.63", "75231692 63", "7523–169–263"),
        *("7523\u00a01692\u00a063", "752\u202f316\u202f9263", "7 523 169 263"),
    ],
)
def test_groups_of_a_right_number_do_not_matter(digits: str) -> None:
    """A day of birth and the check digit say enough."""
    assert mask(f"номерът {digits} е мой", "bg", NAMES).text == "номерът [ЕГН] е мой"


@pytest.mark.parametrize("text", ["22.11.2026 12 души", "7 523 169 263 лв.", "вх. № 7523-169-263"])
def test_days_money_and_files_are_no_such_number(text: str) -> None:
    """Though their digits happen to be right."""
    assert mask(text, "bg", NAMES).kinds == ()


@pytest.mark.parametrize("text", ["\u2800", "\u3164 \u115f\u1160", "\u00a0\ufe0f", "\u2003"])
def test_blank_signs_are_no_comment(portal: Portal, text: str) -> None:
    """They would stand in the inbox as an empty line."""
    assert not write(portal, text).is_kept
    with portal.database.reading() as connection:
        assert connection.execute(select(table_of(Comment))).all() == []


def test_names_of_accounts_are_masked(portal: Portal) -> None:
    """Whoever signs in as staff need not be in the register; what a desk is called is no name."""
    for number, name in enumerate(("Зорница Чакърова", "Гише Първо", "Администратор")):
        with portal.database.transaction() as connection:
            now = portal.clock()
            make_staff(connection, f"staff.{number}", name, now=now, roles=["clerk"])
    with portal.database.reading() as connection:
        names = staff_pattern(connection)

    assert mask("Чакърова я нямаше", "bg", names).text == "[име] я нямаше"
    assert mask("Гише първо, администратор и каса", "bg", names).kinds == ()


def test_the_end_cuts_no_number_in_halves(portal: Portal) -> None:
    """Half of a ЕГН is a day of birth."""
    write(portal, "а" * 1_992 + " 8001010008")
    with portal.database.reading() as connection:
        (comment,) = connection.execute(select(table_of(Comment))).all()

    assert "8" not in comment.text
