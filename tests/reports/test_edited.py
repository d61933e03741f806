"""Whose a figure is, after a person has written over what was generated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.reports.document import Figure, Run, Text, plain, texts, write
from analytics.reports.edited import Change, changes, edit, edited
from tests.reports.sample import sample

GENERATED = write(
    "Доволни са {share} от {n} оценки, {sure} по-малко от 2025 г. ({before}).",
    share=Figure("share", "78 %", strong=True),
    n=Figure("n", "1 204"),
    sure=Run("сигурно", strong=True),
    before=Figure("before", "83,5"),
)
WORDS = plain(GENERATED)


def figures(text: Text) -> list[Figure]:
    """The figures of a text."""
    return [piece for piece in text if isinstance(piece, Figure)]


def test_words_may_change_and_figures_stay() -> None:
    """Emphasis stays, too, where its words stay."""
    now = edited(GENERATED, WORDS.replace("Доволни са", "Удовлетворени са"))
    assert figures(now) == figures(GENERATED)
    assert Run("сигурно", strong=True) in now


@pytest.mark.parametrize(
    ("old", "new", "figure"),
    [
        ("78 %", "80 %", Figure("share", "80", generated="78 %", strong=True)),
        ("1 204", "1 205", Figure("n", "1 205", generated="1 204")),
        ("1 204", "1\xa0205", Figure("n", "1\xa0205", generated="1 204")),
        ("83,5", "83,6", Figure("before", "83,6", generated="83,5")),
        ("83,5", "83", Figure("before", "83", generated="83,5")),
        ("2025", "2024", Figure("", "2024", generated="2025")),
        ("оценки", "оценки в 12 приемни", Figure("", "12", generated="")),
    ],
)
def test_a_persons_figure_is_marked(old: str, new: str, figure: Figure) -> None:
    """With what stood there; a number that was nowhere has nothing that stood there."""
    now = edited(GENERATED, WORDS.replace(old, new))
    assert figure in now
    assert plain(now) == WORDS.replace(old, new)


def test_a_figure_within_another_number_is_not_the_figure() -> None:
    """178 % holds the letters of 78 %."""
    now = edited(GENERATED, WORDS.replace("78 %", "178 %"))
    assert Figure("share", "178", generated="78 %", strong=True) in now


def test_a_figure_that_moves_stays_itself() -> None:
    """Sentences are put in another order."""
    two = write("{a} доволни. {b} недоволни.", a=Figure("a", "78"), b=Figure("b", "22"))
    now = edited(two, "22 недоволни. 78 доволни.")
    assert figures(now) == [Figure("b", "22"), Figure("a", "78")]


def test_what_is_put_back_is_no_longer_marked() -> None:
    """Each hand begins at what was generated."""
    assert edited(GENERATED, WORDS) == GENERATED


@given(st.text(alphabet="78 %.,2041\xa0\nдaѝ_-", max_size=40) | st.text(max_size=40))
def test_what_a_person_wrote_stands_to_the_letter(written: str) -> None:
    """Whatever it is."""
    assert plain(edited(GENERATED, written)) == written


@given(st.integers(0, len(WORDS)), st.text(alphabet="7 8%,дa", max_size=6))
def test_no_new_number_passes_for_ours(at: int, added: str) -> None:
    """A figure without a mark is one that was generated, as it was generated."""
    for piece in figures(edited(GENERATED, WORDS[:at] + added + WORDS[at:])):
        assert piece.is_changed or piece in figures(GENERATED)


def test_a_document_is_edited_by_the_places_of_its_texts() -> None:
    """Changes are listed, those taken out last; tables and key figures can be edited, too."""
    generated = sample("bg", place="Приемна")
    said = [plain(text) for text in texts(generated)]
    key, paragraph = said.index("93 %"), next(at for at, t in enumerate(said) if "78 %" in t)
    cell = said.index("1 480")
    now = edit(
        generated,
        {
            key: "94 %",
            paragraph: said[paragraph].replace("1 204", "много"),
            cell: "1 481",
        },
    )
    assert changes(generated, now) == [
        Change("all.satisfied.share", "93 %", "94"),
        Change("b.n", "1 480", "1 481"),
        Change("hall.n", "1 204", ""),
    ]
    assert changes(generated, generated) == []
    assert edit(generated, {}) == generated
    with pytest.raises(ValueError, match="no text at"):
        edit(generated, {10_000: "x"})
