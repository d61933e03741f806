"""What all renderers say alike: numbered captions, and notes on what a person changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from analytics.charts.writing import Writing
from analytics.reports.document import Chart, Document, Figure, Piece, Run, Section, Table, Text

_MESSAGES: Final = Path(__file__).with_name("messages")


def writing_of(document: Document) -> Writing:
    """The words of reports in the language of ``document``."""
    return Writing(document.language, (_MESSAGES,))


@dataclass(slots=True)
class Marks:
    """Counts charts, tables and notes through one document."""

    writing: Writing
    charts: int = 0
    tables: int = 0
    notes: list[str] = field(default_factory=list)

    def of_chart(self, chart: Chart) -> str:
        """The caption of the next chart."""
        self.charts += 1
        number = str(self.charts)
        return self.writing.text("Chart {number}. {what}", number=number, what=chart.caption)

    def of_table(self, table: Table) -> str:
        """The caption of the next table."""
        self.tables += 1
        number = str(self.tables)
        return self.writing.text("Table {number}. {what}", number=number, what=table.caption)

    def note(self, piece: Piece) -> str | None:
        """What must be said of ``piece``; ``None`` where a figure stands as it was generated."""
        if not isinstance(piece, Figure) or piece.generated is None:
            return None
        if piece.generated:
            text = self.writing.text("Changed by a person; it was {was}.", was=piece.generated)
        else:
            text = self.writing.text("Added by a person; it doesn't come from the measures.")
        self.notes.append(text)
        return text


def front_lines(document: Document, writing: Writing) -> list[str]:
    """What stands below the title."""
    made = writing.text("Figures as of {day}", day=writing.day(document.made_on))
    lines = [document.subtitle, document.municipality]
    if document.kind != "text":  # it has no figures
        lines.append(made)
    if document.is_draft:
        lines.append(writing.text("Draft, not yet approved"))
    return [line for line in lines if line]


def tables_of_charts(document: Document, writing: Writing) -> Section:
    """The figures of all charts, for paper, where nothing can be unfolded."""
    charts = [
        block
        for section in document.shown()
        for block in section.blocks
        if isinstance(block, Chart)
    ]
    tables = tuple(
        Table(
            writing.text("The figures of chart {number}. {what}", number=str(at), what=one.caption),
            one.table.columns,
            one.table.rows,
            one.table.align,
        )
        for at, one in enumerate(charts, 1)
        if one.table.rows
    )
    return Section(writing.text("Tables of the charts"), tables)


def cells(rows: tuple[tuple[str, ...], ...]) -> tuple[tuple[Text, ...], ...]:
    """Rows of plain words as a table has them."""
    return tuple(tuple((Run(cell),) for cell in row) for row in rows)
