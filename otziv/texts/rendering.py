"""A written text as a file: to edit, to print, or to put on a page."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Final, Literal, TypeAlias

from analytics.reports.document import Document, legible, plain, texts_of
from analytics.reports.docx import to_docx
from analytics.reports.html import to_html
from analytics.reports.pdf import to_pdf
from analytics.typesetting.typeset import typeset
from portal.texts.writing import TEXTS

Format: TypeAlias = Literal["docx", "pdf", "html"]

_SHEET: Final = Path(__file__).with_name("notice.typ")


def render(name: str, document: Document, form: Format) -> bytes:
    """The text ``name``, which ``document`` is, as a file; a sheet is set large to be printed.

    Raises:
        TypesetError: it can't be set.
    """
    match form:
        case "docx":
            return to_docx(document)
        case "html":
            return to_html(document).encode()
        case "pdf":
            return _sheet(document) if TEXTS[name].is_sheet else to_pdf(document)


def _sheet(document: Document) -> bytes:
    content = {
        "title": document.title,
        "subtitle": document.subtitle,
        "language": document.language,
        "municipality": document.municipality,
        "sections": [
            {
                "title": section.title,
                "paragraphs": [
                    legible(plain(text)) for block in section.blocks for text in texts_of(block)
                ],
            }
            for section in document.sections
        ],
    }
    made_at = datetime.combine(document.made_on, time(12), tzinfo=UTC)
    return typeset(_SHEET, content, made_at)
