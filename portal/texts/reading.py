"""Reading a source: Markdown of few means becomes the sections of a document.

Headings (``#`` the title, ``##`` a section, ``###`` within it), paragraphs, lists, tables. A
paragraph that begins with ``^`` is the caption of the table below it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from analytics.reports.document import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    Run,
    Section,
    Table,
    Text,
)
from portal.texts.errors import TextError
from portal.texts.filling import Filling

_READER: Final = MarkdownIt("zero").enable(["heading", "list", "table", "backticks"])
"""Nothing else: no HTML, no emphasis, no links."""


@dataclass(frozen=True, slots=True)
class Source:
    """A source that was read and filled."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]


@dataclass(slots=True)
class _Part:
    title: str
    blocks: list[Block] = field(default_factory=list)


def read(source: str, filling: Filling) -> Source:
    """``source``, filled; a paragraph between its title and its first section is the subtitle.

    Raises:
        TextError: it has no title, headings in a wrong order, a table without a caption, or a mark
            that nobody knows.
    """
    nodes = SyntaxTreeNode(_READER.parse(source)).children
    if not nodes or nodes[0].tag != "h1":
        raise TextError("a text begins with its title")
    title, subtitle = filling.heading(_words(nodes.pop(0))), ""
    if nodes and nodes[0].type == "paragraph":
        subtitle = filling.line(_words(nodes.pop(0)))
    parts = _parts(nodes, filling)
    return Source(title, subtitle, tuple(Section(each.title, tuple(each.blocks)) for each in parts))


def _parts(nodes: Sequence[SyntaxTreeNode], filling: Filling) -> list[_Part]:
    parts: list[_Part] = []
    caption = ""
    for node in nodes:
        words = _words(node)
        if node.tag == "h2":
            parts.append(_Part(filling.heading(words)))
        elif not parts:
            raise TextError(f"this stands before the first section: {words[:60]!r}")
        elif node.type == "paragraph" and words.startswith("^"):
            caption = filling.line(words[1:].strip())
        else:
            parts[-1].blocks += _blocks(node, filling, caption)
            caption = ""
    return parts


def text_of(line: str) -> Text:
    """A line as a document takes it."""
    return (Run(line),)


def _blocks(node: SyntaxTreeNode, filling: Filling, caption: str) -> Iterator[Block]:
    match node.type:
        case "heading" if node.tag == "h3":
            yield Heading(filling.heading(_words(node)))
        case "paragraph":
            yield Paragraph(text_of(filling.line(_words(node))))
        case "bullet_list":
            yield Bullets(tuple(text_of(filling.line(_words(each))) for each in node.children))
        case "ordered_list":  # rules cite their points by number, so numbers are words
            for number, each in enumerate(node.children, 1):
                yield Paragraph(text_of(f"{number}. {filling.line(_words(each))}"))
        case "table" if caption:
            yield _table(node, filling, caption)
        case _:
            raise TextError(f"a text can't have {node.tag or node.type} here: {_words(node)[:60]}")


def _table(node: SyntaxTreeNode, filling: Filling, caption: str) -> Table:
    columns, *rows = list(_rows(node))
    return Table(
        caption,
        tuple(filling.line(cell) for cell in columns),
        tuple(tuple(text_of(filling.line(cell)) for cell in row) for row in rows),
        tuple("start" for _ in columns),
    )


def _rows(node: SyntaxTreeNode) -> Iterator[Sequence[str]]:
    for child in node.children:
        if child.type == "tr":
            yield [_words(cell) for cell in child.children]
        else:
            yield from _rows(child)


def _words(node: SyntaxTreeNode) -> str:
    """All that ``node`` says, in one line."""
    if node.children:
        return "".join(_words(child) for child in node.children)
    return " ".join(node.content.split()) if node.type == "code_inline" else _line(node)


def _line(node: SyntaxTreeNode) -> str:
    return node.content.replace("\n", " ") if node.type == "text" else ""
