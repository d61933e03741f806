"""A report as a draft: what people write in it, what they leave out, and the same as text."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader

from analytics.reports.content.facts import Facts
from analytics.reports.content.make import make
from analytics.reports.document import Document, plain, texts
from analytics.reports.edited import changes
from analytics.reports.html import to_html
from analytics.reports.kept import from_content, new, prose, to_content, to_show
from analytics.reports.pdf import to_pdf
from analytics.reports.text import to_text
from tests.reports.content.towns import WEEK, YEAR, action, facts, helped, said, sample, telling


@pytest.fixture
def document() -> Document:
    """An annual report with all that there can be."""
    return make("annual", telling(helped(), YEAR, facts=facts()))


def test_what_is_kept_comes_back(document: Document) -> None:
    """Letter by letter, both of it."""
    kept = new(document)
    assert from_content(to_content(kept)) == kept
    with pytest.raises(ValueError, match="generated"):
        from_content("{}")


def test_people_write_in_the_prose_alone(document: Document) -> None:
    """Each paragraph has its place among all texts; cells of tables are not among them."""
    all_texts = [plain(text) for text in texts(document)]
    found = list(prose(document))
    assert [all_texts[each.place] for each in found] == [plain(each.text) for each in found]
    assert 0 < len(found) < len(all_texts)
    assert {each.section for each in found} >= {"Увод", "Годината накратко"}


def test_a_changed_figure_is_marked_in_every_form(document: Document) -> None:
    """Put back it is ours again."""
    share = next(each for each in prose(document) if "от 100 доволни" in plain(each.text))
    text = plain(share.text)
    number = text.split()[0]
    kept = new(document).edited({share.place: text.replace(number, "99", 1)})
    assert [(each.was, each.now) for each in changes(kept.generated, kept.now)] == [(number, "99")]
    shown = to_show(kept.now, is_draft=False)
    assert f"Променено от човек; беше {number}." in to_html(shown)
    assert "99 [1]" in to_text(shown)
    assert f"[1] Променено от човек; беше {number}." in to_text(shown)
    again = from_content(to_content(kept)).edited({share.place: text})
    assert again.now == document


def test_what_is_emptied_is_left_out(document: Document) -> None:
    """And a document that is no draft any more does not say that it is."""
    first = next(prose(document))
    kept = new(document).edited({first.place: "  "})
    shown = to_show(kept.now, is_draft=False)
    assert "чл. 24" not in said(shown)
    assert "Увод" not in [section.title for section in shown.shown()] or shown.sections[0].blocks
    assert "Чернова" in to_text(document)
    assert "Чернова" not in to_text(shown)


def test_a_text_can_be_read_in_any_mail_program(document: Document) -> None:
    """Lines that are not too long, every section, charts in words."""
    text = to_text(document)
    assert all(len(line) <= 110 for line in text.splitlines())
    for section in document.shown():
        assert section.title.upper() in text
    assert "Доволни по месеци. Доволни от" in text
    assert "- Зала: оценки " in text
    assert "\x00" not in text


def test_the_weekly_letter_is_one_page() -> None:
    """However much is due."""
    due = tuple(action(f"Мярка {number} " + "дълга " * 8, state="planned") for number in range(30))
    letter = make("weekly-letter", telling(helped(), WEEK, facts=Facts(is_known=True, actions=due)))
    assert "И още 24." in said(letter)
    assert len(PdfReader(io.BytesIO(to_pdf(letter))).pages) == 1
    assert len(PdfReader(io.BytesIO(to_pdf(sample("weekly-letter")))).pages) == 1
