"""DOCX: what people go on writing in has real headings, lists and tables, and speaks Bulgarian."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import docx
import msgspec
import pytest
from docx.document import Document as Docx
from docx.oxml.ns import qn
from docx.shared import Mm

from analytics.reports.document import plain, texts
from analytics.reports.docx import to_docx
from analytics.reports.edited import edit
from tests.reports.reading import structure, words
from tests.reports.sample import HOSTILE, sample, views


@pytest.fixture(scope="module")
def bulgarian() -> Docx:
    """The whole sample, opened again."""
    return docx.Document(io.BytesIO(to_docx(sample("bg"))))


def test_headings_and_lists_are_real_ones(bulgarian: Docx) -> None:
    """By their styles, which the word processor's list of contents is made of."""
    styled: dict[str, list[str]] = {}
    for paragraph in bulgarian.paragraphs:
        assert paragraph.style is not None
        styled.setdefault(str(paragraph.style.name), []).append(paragraph.text)
    assert styled["Title"] == [sample("bg").title]
    assert styled["Heading 1"] == [
        "Най-важното",
        "Резултати",
        "Предприети мерки",
        "Таблици към графиките",
    ]
    assert styled["Heading 2"] == ["Места", "Развитие по седмици"]
    assert len(styled["List Bullet"]) == 5
    assert f"Нови указателни табели: {HOSTILE}." in styled["List Bullet"]


def test_tables_have_headings_that_are_repeated(bulgarian: Docx) -> None:
    """And their captions; cells are as they were."""
    assert len(bulgarian.tables) == 6
    assert len(list(bulgarian.element.iter(qn("w:tblHeader")))) == 6
    for table in bulgarian.tables:
        assert sum(column.width for column in table.columns) <= Mm(171)
    cells = [[cell.text for cell in row.cells] for row in bulgarian.tables[0].rows]
    assert cells[:2] == [["Място", "Оценки", "Доволни", "Интервал"], [HOSTILE, "12", "–", "–"]]


def test_pictures_have_their_text(bulgarian: Docx) -> None:
    """All of them."""
    said = [each.get("descr") for each in bulgarian.element.iter(qn("wp:docPr"))]
    assert sorted(said) == sorted(view.alternative for view in views("bg").values())


@pytest.mark.parametrize(("language", "code"), [("bg", "bg-BG"), ("en", "en-GB")])
def test_it_says_what_it_is(language: str, code: str) -> None:
    """Language, title, author, and when."""
    document = sample(language)
    read = docx.Document(io.BytesIO(to_docx(document)))
    assert {each.get(qn("w:val")) for each in read.styles.element.iter(qn("w:lang"))} == {code}
    about = read.core_properties
    assert (about.title, about.author) == (document.title, document.municipality)
    assert about.language == code
    assert about.created is not None
    assert about.created.date() == document.made_on
    fields = read.sections[0].footer.part.element.iter(qn("w:fldSimple"))
    assert [field.get(qn("w:instr")) for field in fields] == ["PAGE", "NUMPAGES"]


def test_figures_of_a_person_have_a_note() -> None:
    """At the end."""
    document = sample("bg")
    place = [plain(text) for text in texts(document)].index("93 %")
    read = docx.Document(io.BytesIO(to_docx(edit(document, {place: "95 %"}))))
    assert read.paragraphs[-1].text == "1. Променено от човек; беше 93 %."


def test_without_anything_to_say_it_says_so() -> None:
    """Control characters in names do no harm either."""
    empty = msgspec.structs.replace(sample("en"), sections=(), municipality="Тро\x00ян\x0b")
    read = docx.Document(io.BytesIO(to_docx(empty)))
    said = [paragraph.text for paragraph in read.paragraphs]
    assert "Nothing to report for this period." in said
    assert "Троян" in said


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_libreoffice_opens_it(tmp_path: Path) -> None:
    """Headings, tables and pictures are there in the PDF that it makes of it."""
    (tmp_path / "a.docx").write_bytes(to_docx(sample("bg")))
    subprocess.run(
        [
            "soffice",
            "--headless",
            f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}",
            "--convert-to",
            'pdf:writer_pdf_Export:{"UseTaggedPDF":{"type":"boolean","value":"true"}}',
            "--outdir",
            str(tmp_path),
            str(tmp_path / "a.docx"),
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
    pdf = (tmp_path / "a.pdf").read_bytes()
    kinds = [kind for kind, _ in structure(pdf)]
    assert kinds.count("/H1") == 4
    assert kinds.count("/H2") == 2
    assert kinds.count("/Table") == 6
    alternatives = {text for kind, text in structure(pdf) if kind == "/Figure"}
    assert alternatives == {view.alternative for view in views("bg").values()}
    assert "Страница 1 от" in words(pdf)
