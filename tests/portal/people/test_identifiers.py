"""Identifiers, against check digits reckoned here anew from their published descriptions."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.people.errors import IdentifierError
from portal.people.identifiers import Identifier, IdentifierKind, masked, possible, read_identifier

TODAY = date(2026, 11, 22)

DIGITS = "0123456789"


def egn_of(born_on: date, three: int) -> str:
    """The ЕГН of the ``three``-rd child of a day; the powers of 2 modulo 11 are its weights."""
    century = {18: 20, 19: 0, 20: 40}[born_on.year // 100]
    head = f"{born_on.year % 100:02}{born_on.month + century:02}{born_on.day:02}{three:03}"
    return head + str(sum(2**place * int(digit) for place, digit in enumerate(head, 1)) % 11 % 10)


def eik_digit(digits: str, starts: tuple[list[int], list[int]]) -> int:
    """One check digit: the first weights, else the second ones, else 0."""
    for weights in starts:
        total = 0
        for digit, weight in zip(digits, weights, strict=True):
            total += int(digit) * weight
        if total % 11 < 10:
            return total % 11
    return 0


def eik_of(eight: str) -> str:
    """The ЕИК whose first digits these are."""
    return eight + str(eik_digit(eight, ([1, 2, 3, 4, 5, 6, 7, 8], [3, 4, 5, 6, 7, 8, 9, 10])))


def branch_of(eik: str, three: str) -> str:
    """The 13-digit ЕИК of a branch."""
    four = eik[8] + three
    return eik + three + str(eik_digit(four, ([2, 7, 3, 5], [4, 9, 5, 7])))


def lnch_of(nine: str) -> str:
    """The ЛНЧ whose first digits these are; its weights are the primes from 21's side down."""
    weights = [21, 19, 17, 13, 11, 9, 7, 3, 1]
    return nine + str(sum(w * int(d) for w, d in zip(weights, nine, strict=True)) % 10)


def is_taken(kind: IdentifierKind, text: str) -> bool:
    """Whether ``text`` passes as one of ``kind``."""
    try:
        read_identifier(kind, text, today=TODAY)
    except IdentifierError:
        return False
    return True


@given(st.dates(date(1800, 1, 1), TODAY), st.integers(0, 999))
def test_every_egn_of_the_past_is_taken_and_tells_the_birth(born_on: date, three: int) -> None:
    """In all three centuries, with the separators that people write."""
    number = egn_of(born_on, three)
    found = read_identifier("egn", f" {number[:6]} {number[6:]} ", today=TODAY)
    assert found == Identifier("egn", number)
    assert found.born_on == born_on


@given(st.dates(date(2026, 11, 23), date(2099, 12, 31)), st.integers(0, 999))
def test_nobody_is_born_tomorrow(born_on: date, three: int) -> None:
    """An ЕГН with a later birth is none, although its digits fit."""
    with pytest.raises(IdentifierError, match="in the future"):
        read_identifier("egn", egn_of(born_on, three), today=TODAY)


@given(st.text(DIGITS, min_size=9, max_size=9))
def test_of_ten_lnch_one_is_good(nine: str) -> None:
    """Each last digit but the right one is refused; zeros only are, whatever fits."""
    good = {nine + digit for digit in DIGITS if is_taken("lnch", nine + digit)}
    assert good == ({lnch_of(nine)} if int(nine) else set())


@given(st.text(DIGITS, min_size=8, max_size=8), st.text(DIGITS, min_size=3, max_size=3))
def test_of_ten_eik_one_is_good(eight: str, three: str) -> None:
    """Both of 9 and of 13 digits; the second weights are needed for one in eleven."""
    good = {eight + digit for digit in DIGITS if is_taken("eik", eight + digit)}
    assert good == ({eik_of(eight)} if int(eight) else set())
    nine = eik_of(eight)
    branches = {nine + three + d for d in DIGITS if is_taken("eik", nine + three + d)}
    assert branches == ({branch_of(nine, three)} if int(eight) else set())


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("egn", "0000000000"),
        ("egn", "7523169264"),  # the last digit
        ("egn", "8019010008"),  # month 19
        ("egn", "9902290003"),  # no leap year
        ("egn", "752316926"),
        ("egn", "75231692630"),
        ("egn", "٧٥٢٣١٦٩٢٦٣"),  # digits, but not ours
        ("egn", "7523169\u202e263"),
        ("egn", "7523169263\x00"),
        ("egn", "' OR 1=1 --"),
        ("lnch", "0000000000"),
        ("eik", "000000000"),
        ("eik", "0000000000000"),
        ("eik", "175074751"),
        ("eik", "7523169263"),  # an ЕГН is no ЕИК
        ("eik", ""),
    ],
)
def test_what_is_none(kind: IdentifierKind, text: str) -> None:
    """Bad ones are refused, the gaps of python-stdnum among them."""
    assert not is_taken(kind, text)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("egn", "752316 926 3", "7523169263"),
        ("lnch", "7111 042 925", "7111042925"),
        ("eik", "BG 175 074 752", "175074752"),
        ("eik", "1212129840", ""),
        ("eik", branch_of("175074752", "001"), branch_of("175074752", "001")),
    ],
)
def test_what_is_published_as_one(kind: IdentifierKind, text: str, value: str) -> None:
    """The examples of python-stdnum's documentation, as people write them."""
    assert is_taken(kind, text) == bool(value)
    if value:
        assert read_identifier(kind, text, today=TODAY).value == value


@given(st.text(max_size=40))
def test_any_text_is_an_identifier_or_refused_with_words(text: str) -> None:
    """Nothing else comes out, and what is taken is plain."""
    for found in possible(text, today=TODAY):
        assert found.value.isascii()
        assert found.value.isalnum() or found.kind == "foreign"
        assert found.value not in repr(found)


def test_a_foreign_one_belongs_to_its_country() -> None:
    """The same number of two countries is two people."""
    german = read_identifier("foreign", "x-12 345", today=TODAY, country="DE")
    greek = read_identifier("foreign", "X-12345", today=TODAY, country="GR")
    assert german.value == greek.value == "X-12345"
    assert german.key != greek.key
    assert [each.country for each in possible("de x-12345", today=TODAY)] == ["DE"]
    for country in ("", "BG", "Германия"):
        with pytest.raises(IdentifierError):
            read_identifier("foreign", "X12345", today=TODAY, country=country)


def test_people_are_masked_and_companies_are_not() -> None:
    """Two fifths of what is no public number are seen, four characters at most."""
    assert masked(Identifier("egn", "7523169263")) == "******9263"
    assert masked(Identifier("foreign", "ABC", "DE")) == "**C"
    assert masked(Identifier("eik", "175074752")) == "175074752"
