"""A document as plain text, for the body of a mail; charts are told in words."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import fill
from typing import Final

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
from analytics.reports.marks import Marks, front_lines, writing_of

_WIDTH: Final = 78


def to_text(document: Document) -> str:
    """``document`` in lines of at most 78 letters; what a person changed is told at the end."""
    writing = writing_of(document)
    marks = Marks(writing)
    lines = [document.title.upper(), *front_lines(document, writing)]
    if not document.shown():
        lines += ["", writing.text("Nothing to report for this period.")]
    for section in document.shown():
        lines += ["", "", section.title.upper()]
        for block in section.blocks:
            lines += ["", *_lines(block, marks)]
    if marks.notes:
        notes = [f"[{at}] {note}" for at, note in enumerate(marks.notes, 1)]
        lines += ["", "", writing.text("Notes").upper(), *notes]
    return legible("\n".join(lines)) + "\n"


def _lines(block: Block, marks: Marks) -> Iterator[str]:
    match block:
        case Heading(text):
            yield text
        case Paragraph(text) | Note(text):
            yield _wrapped(_said(text, marks))
        case Bullets(items):
            yield from (_wrapped(_said(item, marks), "- ") for item in items)
        case KeyFigures(items):
            yield from (_key_figure(item, marks) for item in items)
        case Table():
            yield from _table(block, marks)
        case Chart():
            yield _wrapped(f"{block.caption}. {block.alternative}")


def _key_figure(item: KeyFigure, marks: Marks) -> str:
    value, words = _said(item.value, marks), _said(item.words, marks)
    return f"{item.label}: {value}" + (f" ({words})" if words else "")


def _table(table: Table, marks: Marks) -> Iterator[str]:
    """A line for each row: columns would not stand below one another in most programs."""
    yield f"{table.caption}:"
    for row in table.rows:
        first, *others = (_said(cell, marks) for cell in row)
        told = (
            f"{name.lower()} {cell}" for name, cell in zip(table.columns[1:], others, strict=True)
        )
        yield _wrapped(f"{first}: {'; '.join(told)}", "- ")


def _said(text: Text, marks: Marks) -> str:
    """The words; a number that a person changed has the number of its note behind it."""
    said = []
    for piece in text:
        is_marked = marks.note(piece) is not None
        said.append(f"{piece.text} [{len(marks.notes)}]" if is_marked else piece.text)
    return "".join(said)


def _wrapped(text: str, bullet: str = "") -> str:
    return fill(
        " ".join(text.split("\n")),
        _WIDTH,
        initial_indent=bullet,
        subsequent_indent=" " * len(bullet),
        break_long_words=False,
        break_on_hyphens=False,
    )
