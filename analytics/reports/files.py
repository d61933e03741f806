"""A document as a file, by the name of its form."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, TypeAlias

from analytics.reports.document import Document

Form: TypeAlias = Literal["pdf", "html", "docx"]

MEDIA: Final[Mapping[Form, str]] = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def render(document: Document, form: Form, look: Path | None = None) -> bytes:
    """``document`` in that form; ``look``: folder with the municipality's own colours.

    Raises:
        TypesetError: it can't be set.
        DrawingError: one of its charts can't be drawn.
    """
    # Each is loaded when it is asked for: a page needs neither Typst nor python-docx.
    if form == "pdf":
        from analytics.reports.pdf import to_pdf  # noqa: PLC0415

        return to_pdf(document, look)
    if form == "docx":
        from analytics.reports.docx import to_docx  # noqa: PLC0415

        return to_docx(document)
    from analytics.reports.html import to_html  # noqa: PLC0415

    return to_html(document, look).encode()
