"""Documents: how texts are put together, what is refused, and that drafts come back the same."""

from __future__ import annotations

import pytest

from analytics.reports.document import (
    Figure,
    Run,
    Table,
    from_json,
    legible,
    plain,
    texts,
    to_json,
    write,
)
from tests.reports.sample import HOSTILE, sample


@pytest.mark.parametrize("language", ["bg", "en"])
def test_a_draft_comes_back_the_same(language: str) -> None:
    """Charts and all."""
    document = sample(language)
    assert from_json(to_json(document)) == document


def test_what_is_no_document_is_refused() -> None:
    """With where it is wrong."""
    with pytest.raises(ValueError, match="language"):
        from_json(b'{"kind": "annual"}')
    with pytest.raises(ValueError, match="title"):
        from_json(to_json(sample()).replace(sample().title.encode(), b" "))


def test_values_are_put_in_as_they_are() -> None:
    """Braces in them are not read again; figures stay figures."""
    text = write("{place}: {share} от 100", place="{share}", share=Figure("a", "78"))
    assert text == (Run("{share}"), Run(": "), Figure("a", "78"), Run(" от 100"))
    with pytest.raises(KeyError, match="share"):
        write("{share}")


def test_a_table_is_a_rectangle() -> None:
    """A row with too few cells would put figures under wrong headings."""
    with pytest.raises(ValueError, match="one cell a column"):
        Table("a", ("b", "c"), (((Run("1"),),),))
    with pytest.raises(ValueError, match="alignment"):
        Table("a", ("b", "c"), (), align=("start",))


def test_empty_sections_are_not_shown() -> None:
    """Nor are their texts."""
    document = sample()
    assert [section.title for section in document.shown()] == [
        "Най-важното",
        "Резултати",
        "Предприети мерки",
    ]
    said = [plain(text) for text in texts(document)]
    assert said[0] == "93 %"
    assert said[-1] == "Предвидените мерки за следващата година са в плана."


def test_what_no_page_can_show_is_left_out() -> None:
    """Letters of all scripts and signs stay."""
    assert legible("a\x00b\x0bc\ud800d\uffffe\x85f") == "abcdef"
    assert legible(HOSTILE + "ѝ\t\n\xa0🙂") == HOSTILE + "ѝ\t\n\xa0🙂"
