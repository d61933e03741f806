"""A report as a document: sections of blocks, and every figure in them marked.

It knows neither the data nor how it will look. Texts are pieces: runs of words, and figures. A
figure has the id of what was reckoned and stands as it is written, so that a later hand on it can
be seen (``edited``). Drafts are kept as JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from string import Formatter
from typing import Any, Final, Literal, TypeAlias

import msgspec

Align: TypeAlias = Literal["start", "end"]
Kind: TypeAlias = Literal["weekly", "periodic", "annual", "team", "text"]


class Run(msgspec.Struct, frozen=True, tag="run", omit_defaults=True):
    """Some words; ``strong`` ones carry weight."""

    text: str
    strong: bool = False


class Figure(msgspec.Struct, frozen=True, tag="figure", omit_defaults=True):
    """A figure within a text.

    Attributes:
        id: of what was reckoned, such as ``hall.satisfied.share``; empty for one that was not.
        text: as it is written, unit included where it was written with one.
        generated: as it was written before a person changed it; empty if a person added it,
            ``None`` if nobody touched it.
        strong: whether it carries weight.
    """

    id: str
    text: str
    generated: str | None = None
    strong: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether a person wrote it and not the measures."""
        return self.generated is not None


Piece: TypeAlias = Run | Figure
Text: TypeAlias = tuple[Piece, ...]


class Heading(msgspec.Struct, frozen=True, tag="heading"):
    """A heading within a section."""

    text: str


class Paragraph(msgspec.Struct, frozen=True, tag="paragraph"):
    """Running text."""

    text: Text


class Bullets(msgspec.Struct, frozen=True, tag="bullets"):
    """A list without an order."""

    items: tuple[Text, ...]


class Note(msgspec.Struct, frozen=True, tag="note"):
    """What must be known to read the rest rightly, set apart."""

    text: Text


class Table(msgspec.Struct, frozen=True, tag="table", omit_defaults=True):
    """A table; the first cell of each row is its heading.

    Attributes:
        caption: what it shows.
        columns: headings, the first over the headings of the rows.
        rows: cells, as many in each row as there are columns.
        align: of each column; without it the first begins at the left, others end at the right.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Text, ...], ...]
    align: tuple[Align, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what is no rectangle."""
        if not self.columns or any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.caption!r}: each row needs one cell a column")
        if self.align and len(self.align) != len(self.columns):
            raise ValueError(f"table {self.caption!r}: an alignment for each column, or for none")

    def aligned(self) -> tuple[Align, ...]:
        """The alignment of each column."""
        if self.align:
            return self.align
        others: list[Align] = ["end"] * (len(self.columns) - 1)
        return ("start", *others)


class KeyFigure(msgspec.Struct, frozen=True):
    """One number that matters: what it is, the value, and what it means in words."""

    label: str
    value: Text
    words: Text = ()


class KeyFigures(msgspec.Struct, frozen=True, tag="key-figures"):
    """Some of them, side by side where there is room."""

    items: tuple[KeyFigure, ...]


class Chart(msgspec.Struct, frozen=True, tag="chart"):
    """A drawing in Vega-Lite, with its data within, and the same for who can't see it.

    Attributes:
        caption: what it shows.
        spec: of the drawing, in light colours.
        alternative: what it says, in words.
        table: the same figures.
    """

    caption: str
    spec: dict[str, Any]
    alternative: str
    table: Table


Block: TypeAlias = Heading | Paragraph | Bullets | Note | Table | KeyFigures | Chart


class Section(msgspec.Struct, frozen=True):
    """A part of the document; one without blocks is left out where it is shown."""

    title: str
    blocks: tuple[Block, ...] = ()


class Document(msgspec.Struct, frozen=True, omit_defaults=True):
    """A whole report.

    Attributes:
        language: ``bg`` or ``en``.
        subtitle: such as the period; may be empty.
        municipality: who speaks, as the municipality is called in full.
        made_on: the day the figures were reckoned.
        is_draft: whether nobody has approved it yet; it says so on its face.
    """

    language: str
    kind: Kind
    title: str
    subtitle: str
    municipality: str
    made_on: date
    sections: tuple[Section, ...] = ()
    is_draft: bool = False

    def __post_init__(self) -> None:
        """Refuse a document that can't be found again by its title."""
        if not self.title.strip():
            raise ValueError("a document needs a title")

    def shown(self) -> tuple[Section, ...]:
        """The sections that have something in them."""
        return tuple(section for section in self.sections if section.blocks)


def write(template: str, **values: str | Piece) -> Text:
    """``template`` with ``values`` put in at their names in braces; they are never read again.

    ``write("Доволни са {share} от 100.", share=Figure("hall.share", "78"))``

    Raises:
        KeyError: the template names what isn't given.
    """
    pieces: list[Piece] = []
    for words, name, _, _ in Formatter().parse(template):
        if words:
            pieces.append(Run(words))
        if name is not None:
            value = values[name]
            pieces.append(Run(value) if isinstance(value, str) else value)
    return tuple(pieces)


def plain(text: Text) -> str:
    """The words and figures of ``text`` in one line."""
    return "".join(piece.text for piece in text)


def texts(document: Document) -> Iterator[Text]:
    """All texts that may have figures in them, in the order of reading."""
    for section in document.shown():
        for block in section.blocks:
            yield from texts_of(block)


def texts_of(block: Block) -> Iterator[Text]:
    """The same of one block; what belongs to a chart is never edited."""
    match block:
        case Paragraph(text) | Note(text):
            yield text
        case Bullets(items):
            yield from items
        case Table(rows=rows):
            for row in rows:
                yield from row
        case KeyFigures(items):
            for item in items:
                yield item.value
                yield item.words
        case _:
            return


def to_json(document: Document) -> bytes:
    """``document`` as it is kept."""
    return msgspec.json.encode(document)


def from_json(kept: bytes) -> Document:
    """What :func:`to_json` made.

    Raises:
        ValueError: it is no document of ours (msgspec says where).
    """
    return _DECODER.decode(kept)


_DECODER: Final = msgspec.json.Decoder(Document)


def legible(text: str) -> str:
    """``text`` without what no page can show: control characters and halves of letters."""
    return text.translate(_ILLEGIBLE)


_ILLEGIBLE: Final = {
    **{code: None for code in range(0x20) if code not in (0x09, 0x0A)},
    **dict.fromkeys((*range(0x7F, 0xA0), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF)),
}
