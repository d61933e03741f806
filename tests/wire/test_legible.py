"""Which characters look right on a screen."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.wire.legible import MAX_WORD, as_seen, faults_of_text

_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0\U0001d159")


def faults(text: str, max_length: int = 100, *, has_lines: bool = False) -> list[str]:
    """All that is wrong with ``text``."""
    return list(faults_of_text(text, max_length, has_lines=has_lines))


@pytest.mark.parametrize(
    "text",
    [
        "Доволни ли сте от обслужването днес?",
        "Кажете „как“ – 100 % честно… ѝ",
        "Êtes-vous satisfait·e ? Zürich, Łódź, Ağrı",
        "¿Está satisfecho? 5 €",
        "Είστε ευχαριστημένοι;",
        "კმაყოფილი ხართ?",
        "هل أنت راضٍ؟",
        "می‌خواهم",  # with a zero-width non-joiner, as Persian is written
        "האם אתם מרוצים? שָׁלוֹם",
        "您满意吗？",
        "क्या आप संतुष्ट हैं?",
        "😀",
        "👩\u200d🦽",
        "Rechtsschutzversicherungsgesellschaften",
        "您对今天的服务满意吗？" * 6,
        "คุณพอใจกับบริการของเราวันนี้หรือไม่" * 2,
        "One.  Two.",
        "%",
        "‰",
        "€",
        "½",
    ],
)
def test_what_people_write_is_fine(text: str) -> None:
    """Scripts with marks, joiners and directions of their own."""
    assert faults(text) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "nothing to read"),
        (" \t\u00a0\n", "nothing to read"),
        ("\u3164", "nothing to read"),
        ("\u2800\u2800", "nothing to read"),
        ("a\u3164b", "an invisible character, U+3164"),
        ("a   b", "3 spaces in a row"),
        ("\u00a0 \u2003b", "3 spaces in a row"),
        ("Щ" * 41, "41 characters without a space"),
        ("\u200d\u200f", "nothing to read"),
        ("\u0301", "nothing to read"),
        ("...", "nothing to read"),
        ("…", "nothing to read"),
        ("– ?!", "nothing to read"),
        ("„“", "nothing to read"),
        ("\u3002", "nothing to read"),
        ("x " * 50 + "x", "101 characters; at most 100"),
        ("two\nlines", "line break"),
        ("bell\a", "a control character, U+0007"),
        ("tab\t", "U+0009"),
        ("return\r", "U+000D"),
        ("nul\0", "U+0000"),
        ("\u202eback", "an invisible character, U+202E"),
        ("\u2066isolated", "U+2066"),
        ("soft\u00adhyphen", "U+00AD"),
        ("\ufeffmark", "U+FEFF"),
        ("half \ud83d", "half a character, U+D83D"),
        ("private \ue000", "only some computers have, U+E000"),
        ("none \uffff", "does not exist, U+FFFF"),
        ("line\u2028separator", "a line separator, U+2028"),
        ("lost \ufffd", "U+FFFD"),
        ("Z" + "\u0335" * 5, "pile up"),
        ("и\u0306", "NFC"),
    ],
)
def test_what_looks_broken_is_told(text: str, said: str) -> None:
    """One fault, that says what it is and what to do."""
    (fault,) = faults(text)
    assert said in fault
    assert fault.isprintable()


def test_lines_are_fine_where_there_is_room() -> None:
    """A question may have four, of which one is empty; not more."""
    assert faults("Доволни ли сте?\nКажете ни.", has_lines=True) == []
    assert faults("Доволни ли сте?\n\nКажете\nни.", has_lines=True) == []
    (fault,) = faults("а" + "\n" * 22 + "б", has_lines=True)
    assert "23 lines" in fault


def test_what_looks_the_same_is_the_same_to_the_eye() -> None:
    """Whatever spaces, joiners and capitals it is made of."""
    assert as_seen("Да и не") == as_seen(" Да  и\u00a0НЕ") == as_seen("Да\u200d и не")
    assert as_seen("Да и не") != as_seen("Да ине")
    assert as_seen("m²") != as_seen("m2")


@given(st.text(st.characters(), max_size=30), st.integers(0, 40), st.booleans())
def test_any_text_is_judged(text: str, max_length: int, has_lines: bool) -> None:
    """Half characters included; what is said can be logged, and quotes nothing."""
    for fault in faults(text, max_length, has_lines=has_lines):
        assert fault.isprintable()


@given(st.text(st.characters(categories=["L", "N", "S"]), min_size=1, max_size=30))
def test_letters_are_fine_once_composed(text: str) -> None:
    """Whatever the script; but for a few that nobody sees."""
    assert len(text) <= MAX_WORD
    composed = unicodedata.normalize("NFC", text)
    assert "\ufffd" in composed or not _BLANK.isdisjoint(composed) or faults(composed) == []
