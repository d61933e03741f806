"""A document as PDF/UA-1 by Typst: tagged, in its language, with charts that have a text."""

from __future__ import annotations

from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Final

from analytics.reports.document import (
    Block,
    Bullets,
    Chart,
    Document,
    Heading,
    KeyFigure,
    KeyFigures,
    Note,
    Paragraph,
    Table,
    Text,
    legible,
)
from analytics.reports.drawn import size_px, svg
from analytics.reports.marks import Marks, front_lines, tables_of_charts, writing_of
from analytics.typesetting.typeset import Format, typeset

_TEMPLATE: Final = Path(__file__).with_name("report.typ")
_PAGE_MM: Final = 170.0
"""Between the margins."""
_PX_MM: Final = 0.24
"""A pixel of a chart, a little less than 1/96 inch: its letters are as small as a caption's."""


def to_pdf(document: Document, look: Path | None = None, form: Format = "pdf") -> bytes:
    """``document`` as PDF; ``png`` and ``svg`` are its first page.

    Args:
        document: what is set.
        form: of the file.
        look: folder with the municipality's own colours; without one ours hold.

    Raises:
        TypesetError: it can't be set.
        DrawingError: one of its charts can't be drawn.
    """
    writing = writing_of(document)
    setting = _Setting(Marks(writing))
    sections = [*document.shown(), tables_of_charts(document, writing)]
    content = {
        "language": document.language,
        "title": legible(document.title),
        "municipality": legible(document.municipality),
        "front": [legible(line) for line in front_lines(document, writing)],
        # Typst puts the numbers in.
        "page": writing.text("Page {page} of {pages}", page="\x00", pages="\x00").split("\x00"),
        "empty": "" if document.shown() else writing.text("Nothing to report for this period."),
        "sections": [
            {
                "title": legible(section.title),
                "blocks": [setting.block(block) for block in section.blocks],
            }
            for section in sections
            if section.blocks
        ],
    }
    made_at = datetime.combine(document.made_on, time(12), tzinfo=UTC)
    return typeset(_TEMPLATE, content, made_at, setting.pictures, form, look)


class _Setting:
    """Blocks as the template reads them, and the pictures they ask for."""

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self.pictures: dict[str, bytes] = {}

    def block(self, block: Block) -> dict[str, Any]:
        made: dict[str, Any]
        match block:
            case Heading(text):
                made = {"is": "heading", "text": legible(text)}
            case Paragraph(text):
                made = {"is": "paragraph", "text": self._text(text)}
            case Note(text):
                made = {"is": "note", "text": self._text(text)}
            case Bullets(items):
                made = {"is": "bullets", "items": [self._text(item) for item in items]}
            case Table():
                made = self._table(block)
            case KeyFigures(items):
                made = {"is": "key-figures", "items": [self._key_figure(item) for item in items]}
            case Chart():
                made = self._chart(block)
        return made

    def _text(self, text: Text) -> list[dict[str, Any]]:
        return [
            {
                "text": legible(piece.text),
                "strong": piece.strong,
                "note": legible(self._marks.note(piece) or ""),
            }
            for piece in text
        ]

    def _key_figure(self, item: KeyFigure) -> dict[str, Any]:
        return {
            "label": legible(item.label),
            "value": self._text(item.value),
            "words": self._text(item.words),
        }

    def _table(self, table: Table) -> dict[str, Any]:
        return {
            "is": "table",
            "caption": legible(self._marks.of_table(table)),
            "columns": [legible(column) for column in table.columns],
            "align": list(table.aligned()),
            "rows": [[self._text(cell) for cell in row] for row in table.rows],
        }

    def _chart(self, chart: Chart) -> dict[str, Any]:
        drawing = svg(chart.spec)
        caption = self._marks.of_chart(chart)
        name = f"chart-{self._marks.charts}"
        self.pictures[name] = drawing.encode()
        return {
            "is": "chart",
            "caption": legible(caption),
            "alternative": legible(chart.alternative),
            "picture": name,
            "width_mm": min(_PAGE_MM, size_px(drawing)[0] * _PX_MM),
        }
