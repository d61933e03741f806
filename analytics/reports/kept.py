"""A report as a draft is kept: what was generated, and what people made of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

import msgspec

from analytics.reports.document import (
    Block,
    Bullets,
    Document,
    Note,
    Paragraph,
    Text,
    plain,
    texts_of,
)
from analytics.reports.edited import edit


class Kept(msgspec.Struct, frozen=True):
    """Both; each edit begins at ``generated``, so that a figure put back is ours again."""

    generated: Document
    now: Document

    def edited(self, written: Mapping[int, str]) -> Kept:
        """The same with these texts, by their place in ``analytics.reports.document.texts``.

        Raises:
            ValueError: there is no text at such a place.
        """
        return Kept(self.generated, edit(self.generated, written))


class Prose(NamedTuple):
    """A text that people may write anew: its place among all texts, its section, the text."""

    place: int
    section: str
    text: Text


_DECODER: Final = msgspec.json.Decoder(Kept)


def new(document: Document) -> Kept:
    """A report that was just made."""
    return Kept(document, document)


def to_content(kept: Kept) -> str:
    """As a draft has it, JSON text."""
    return msgspec.json.encode(kept).decode()


def from_content(content: str) -> Kept:
    """What :func:`to_content` made.

    Raises:
        ValueError: it is none of ours (msgspec says where).
    """
    return _DECODER.decode(content)


def prose(document: Document) -> Iterator[Prose]:
    """What people edit: paragraphs, lists and notes. Tables and charts stay as they were made."""
    place = 0
    for section in document.shown():
        for block in section.blocks:
            for text in texts_of(block):
                if isinstance(block, Paragraph | Bullets | Note):
                    yield Prose(place, section.title, text)
                place += 1


def to_show(document: Document, *, is_draft: bool) -> Document:
    """The document as it is read: without texts that were emptied, and saying if it is a draft."""
    sections = tuple(
        msgspec.structs.replace(
            section,
            blocks=tuple(block for each in section.blocks for block in _filled(each)),
        )
        for section in document.sections
    )
    return msgspec.structs.replace(document, sections=sections, is_draft=is_draft)


def _filled(block: Block) -> Iterator[Block]:
    if isinstance(block, Bullets):
        items = tuple(item for item in block.items if plain(item).strip())
        if items:
            yield Bullets(items)
    elif not isinstance(block, Paragraph | Note) or plain(block.text).strip():
        yield block
