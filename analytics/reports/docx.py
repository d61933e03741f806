"""A document as DOCX, for people who go on writing in a word processor.

Headings, lists and tables are real ones, pictures have their text, the language is set, so that
spelling is checked and a screen reader speaks it right.
"""

from __future__ import annotations

import io
from datetime import UTC, datetime, time
from typing import Any, Final

import docx as python_docx
import msgspec
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph as DocxParagraph

from analytics.charts.look import colours
from analytics.charts.writing import Writing
from analytics.reports.document import (
    Block,
    Bullets,
    Chart,
    Document,
    Heading,
    KeyFigures,
    Note,
    Paragraph,
    Run,
    Table,
    Text,
    legible,
)
from analytics.reports.drawn import png, size_px, svg
from analytics.reports.marks import Marks, front_lines, tables_of_charts, writing_of

_LANGUAGES: Final = {"bg": "bg-BG", "en": "en-GB"}
_PAGE_MM: Final = 170.0
_PX_MM: Final = 0.24
_SIDES: Final = {"start": WD_ALIGN_PARAGRAPH.LEFT, "end": WD_ALIGN_PARAGRAPH.RIGHT}


def to_docx(document: Document) -> bytes:
    """``document`` as DOCX.

    Raises:
        DrawingError: one of its charts can't be drawn.
    """
    writing = writing_of(document)
    docx = _opened(document, writing)
    page = _Page(docx, writing)
    page.front(document)
    for section in (*document.shown(), tables_of_charts(document, writing)):
        if section.blocks:
            docx.add_heading(legible(section.title), 1)
            for block in section.blocks:
                page.block(block)
    page.notes()
    file = io.BytesIO()
    docx.save(file)
    return file.getvalue()


def _opened(document: Document, writing: Writing) -> Docx:
    """An empty file with our letters, language, margins, page numbers and properties."""
    docx = python_docx.Document()
    language = _LANGUAGES.get(document.language, document.language)
    _speak(docx, language)
    accent = RGBColor.from_string(colours("light")["accent"].removeprefix("#").upper())
    for name in ("Title", "Heading 1", "Heading 2", "Caption", "Subtitle", "Intense Quote"):
        docx.styles[name].font.color.rgb = accent
    docx.styles["Normal"].font.size = Pt(11)
    docx.styles["Caption"].font.bold = False
    _write_in(docx, "Calibri")
    sheet = docx.sections[0]
    sheet.page_width, sheet.page_height = Mm(210), Mm(297)
    sheet.left_margin = sheet.right_margin = sheet.top_margin = sheet.bottom_margin = Mm(20)
    _number_pages(sheet.footer.paragraphs[0], writing)
    made_at = datetime.combine(document.made_on, time(12), tzinfo=UTC)
    about = docx.core_properties
    about.title, about.author = legible(document.title), legible(document.municipality)
    about.subject, about.language = legible(document.subtitle), language
    about.created = about.modified = made_at
    about.comments, about.last_modified_by, about.revision = "", about.author, 1
    return docx


def _speak(docx: Docx, language: str) -> None:
    """Say in the styles in which language everything is."""
    for each in docx.styles.element.iter(qn("w:lang")):
        for name in ("w:val", "w:eastAsia"):
            each.set(qn(name), language)


def _write_in(docx: Docx, font: str) -> None:
    """One font for all: every word processor has it, or another of the same widths."""
    for each in docx.styles.element.iter(qn("w:rFonts")):
        each.attrib.clear()
        for name in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            each.set(qn(name), font)


def _number_pages(paragraph: DocxParagraph, writing: Writing) -> None:
    """``Page 2 of 6``, reckoned by whoever opens the file."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    between = writing.text("Page {page} of {pages}", page="\x00", pages="\x00").split("\x00")
    for text, field in zip(between, ("PAGE", "NUMPAGES", ""), strict=True):
        paragraph.add_run(text)
        if field:
            element = OxmlElement("w:fldSimple")
            element.set(qn("w:instr"), field)
            inner = OxmlElement("w:r")
            shown = OxmlElement("w:t")
            shown.text = "1"
            inner.append(shown)
            element.append(inner)
            paragraph._p.append(element)  # noqa: SLF001 -- python-docx has no fields


class _Page:
    """Puts blocks at the end of a file."""

    def __init__(self, docx: Docx, writing: Writing) -> None:
        self._docx = docx
        self._writing = writing
        self._marks = Marks(writing)

    def front(self, document: Document) -> None:
        """Title and what stands below it."""
        self._docx.add_paragraph(legible(document.title), "Title")
        for at, line in enumerate(front_lines(document, self._writing)):
            self._docx.add_paragraph(legible(line), "Subtitle" if at == 0 else None)
        if not document.shown():
            self._docx.add_paragraph(self._writing.text("Nothing to report for this period."))

    def block(self, block: Block) -> None:
        """One block."""
        match block:
            case Heading(text):
                self._docx.add_heading(legible(text), 2)
            case Paragraph(text) | Note(text):
                style = "Intense Quote" if isinstance(block, Note) else None
                self._fill(self._docx.add_paragraph(style=style), text)
            case Bullets(items):
                for item in items:
                    self._fill(self._docx.add_paragraph(style="List Bullet"), item)
            case Table():
                self._table(block)
            case KeyFigures():
                self._key_figures(block)
            case Chart():
                self._chart(block)

    def notes(self) -> None:
        """What was to be said of figures."""
        if not self._marks.notes:
            return
        self._docx.add_heading(self._writing.text("Notes"), 1)
        for at, note in enumerate(self._marks.notes, 1):
            self._docx.add_paragraph(legible(f"{at}. {note}"))

    def _fill(self, paragraph: DocxParagraph, text: Text) -> None:
        for piece in text:
            run = paragraph.add_run(legible(piece.text))
            run.bold = piece.strong or None
            if self._marks.note(piece) is not None:
                mark = paragraph.add_run(str(len(self._marks.notes)))
                mark.font.superscript = True

    def _caption(self, text: str) -> DocxParagraph:
        return self._docx.add_paragraph(legible(text), "Caption")

    def _table(self, table: Table) -> None:
        caption = self._marks.of_table(table)
        self._caption(caption).paragraph_format.keep_with_next = True
        made = self._docx.add_table(1, len(table.columns), "Table Grid")
        widths = _widths(table)
        for column, width, cell in zip(made.columns, widths, made.rows[0].cells, strict=True):
            column.width = cell.width = Mm(width)
        _set(made._tbl.tblPr, "w:tblCaption", caption)  # noqa: SLF001 -- not in python-docx
        _set(made.rows[0]._tr.get_or_add_trPr(), "w:tblHeader")  # noqa: SLF001
        sides = table.aligned()
        for cell, column, side in zip(made.rows[0].cells, table.columns, sides, strict=True):
            self._cell(cell, (Run(column, strong=True),), side)
        for row in table.rows:
            added = made.add_row()
            _set(added._tr.get_or_add_trPr(), "w:cantSplit")  # noqa: SLF001
            for cell, text, side in zip(added.cells, row, sides, strict=True):
                self._cell(cell, text, side)
        self._docx.add_paragraph()

    def _cell(self, cell: _Cell, text: Text, side: str) -> None:
        paragraph = cell.paragraphs[0]
        paragraph.alignment = _SIDES[side]
        self._fill(paragraph, text)
        for run in paragraph.runs:
            run.font.size = Pt(9)

    def _key_figures(self, block: KeyFigures) -> None:
        """A line each: where people go on writing, a list is easier to hold than boxes."""
        for item in block.items:
            paragraph = self._docx.add_paragraph(style="List Bullet")
            paragraph.add_run(legible(f"{item.label}: "))
            self._fill(paragraph, tuple(_stronger(piece) for piece in item.value))
            if item.words:
                paragraph.add_run(". ")
                self._fill(paragraph, item.words)

    def _chart(self, chart: Chart) -> None:
        drawing = svg({**chart.spec, "background": "#ffffff"})
        width = min(_PAGE_MM, size_px(drawing)[0] * _PX_MM)
        shape = self._docx.add_picture(io.BytesIO(png(drawing)), Mm(width))
        shape._inline.docPr.set("descr", legible(chart.alternative))  # noqa: SLF001
        self._docx.paragraphs[-1].paragraph_format.keep_with_next = True
        self._caption(self._marks.of_chart(chart))


def _widths(table: Table) -> list[float]:
    """Of the columns, in millimetres: one of words gets twice as much as one of figures."""
    parts = [2 if side == "start" else 1 for side in table.aligned()]
    return [_PAGE_MM * part / sum(parts) for part in parts]


def _stronger(piece: Any) -> Any:  # noqa: ANN401 -- a piece, of its own kind
    return msgspec.structs.replace(piece, strong=True)


def _set(properties: Any, name: str, value: str | None = None) -> None:  # noqa: ANN401 -- XML
    """Add a property that python-docx doesn't know."""
    element = OxmlElement(name)
    if value is not None:
        element.set(qn("w:val"), legible(value))
    properties.append(element)
