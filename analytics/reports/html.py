"""A document as one accessible web page: nothing is loaded from elsewhere and nothing runs."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Final

from analytics.charts.look import colours, steps
from analytics.charts.writing import Writing
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
    Piece,
    Section,
    Table,
    Text,
    legible,
)
from analytics.reports.drawn import for_a_page, svg
from analytics.reports.marks import Marks, front_lines, writing_of

_STYLE: Final = Path(__file__).with_name("report.css")
_POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
_CONTENTS_FROM: Final = 3
"""Sections; fewer need no table of contents."""


def to_html(document: Document, look: Path | None = None) -> str:
    """``document`` as a page; light, dark where the reader asks for it, light on paper.

    ``look`` is the folder with the municipality's own colours; without one ours hold.

    Raises:
        DrawingError: one of its charts can't be drawn.
    """
    page = _Page(writing_of(document))
    front = "".join(f"<p>{_said(line)}</p>" for line in front_lines(document, page.writing))
    main = page.sections(document.shown())
    if not document.shown():
        main = f"<p>{_said(page.writing.text('Nothing to report for this period.'))}</p>"
    return (
        f'<!doctype html>\n<html lang="{_said(document.language)}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{_said(document.title)}</title>'
        f"<style>{_style(look)}</style></head><body>"
        f"<header><h1>{_said(document.title)}</h1>{front}</header>"
        f"{page.contents(document.shown())}<main>{main}{page.notes()}</main>"
        f"<footer><p>{_said(document.municipality)}</p></footer></body></html>\n"
    )


def _said(text: str) -> str:
    return escape(legible(text), quote=True)


def _sideways(name: str, content: str) -> str:
    """``content`` that may be wider than a phone; the keyboard reaches it, too."""
    return f'<div class="wide" tabindex="0" role="group" aria-label="{_said(name)}">{content}</div>'


def _style(look: Path | None) -> str:
    """The sheet with the colours of both schemes; drawings are light, and dark by these rules."""
    light, dark = colours("light", look), colours("dark", look)
    pairs = [(light[name], dark[name]) for name in _DRAWN]
    pairs += [(one[0], other[0]) for one, other in zip(steps(light), steps(dark), strict=True)]
    turned = "".join(
        f'.chart svg [{kind}="{one}"]{{{kind}:{other}}}'
        for one, other in dict(pairs).items()
        for kind in ("fill", "stroke")
    )
    return (
        f":root{{{_variables(light)}}}@media screen and (prefers-color-scheme:dark)"
        f"{{:root{{{_variables(dark)}}}{turned}}}\n{_STYLE.read_text('utf-8')}"
    )


def _variables(palette: Mapping[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in palette.items())


_DRAWN: Final = ("on-accent", "edge", "ink", "faint", "accent", "tint", "good", "bad", "card")
"""The colours of charts that differ between the schemes; where two are one, the last of them."""


class _Page:
    """The parts of the page, with what is counted through them."""

    def __init__(self, writing: Writing) -> None:
        self.writing = writing
        self._marks = Marks(writing)

    def contents(self, sections: tuple[Section, ...]) -> str:
        """Links to the sections, where there are some."""
        if len(sections) < _CONTENTS_FROM:
            return ""
        links = "".join(
            f'<li><a href="#part-{at}">{_said(section.title)}</a></li>'
            for at, section in enumerate(sections, 1)
        )
        title = _said(self.writing.text("Contents"))
        return f'<nav aria-label="{title}"><ol>{links}</ol></nav>'

    def sections(self, sections: tuple[Section, ...]) -> str:
        """The body."""
        return "".join(
            f'<section aria-labelledby="part-{at}"><h2 id="part-{at}">{_said(section.title)}</h2>'
            f"{''.join(self.block(block) for block in section.blocks)}</section>"
            for at, section in enumerate(sections, 1)
        )

    def block(self, block: Block) -> str:
        """One block."""
        made: str
        match block:
            case Heading(text):
                made = f"<h3>{_said(text)}</h3>"
            case Paragraph(text):
                made = f"<p>{self._text(text)}</p>"
            case Note(text):
                made = f'<p class="note">{self._text(text)}</p>'
            case Bullets(items):
                made = f"<ul>{''.join(f'<li>{self._text(item)}</li>' for item in items)}</ul>"
            case Table():
                made = self._table(block, self._marks.of_table(block))
            case KeyFigures(items):
                made = f'<dl class="key">{"".join(map(self._key_figure, items))}</dl>'
            case Chart():
                made = self._chart(block)
        return made

    def notes(self) -> str:
        """What was to be said of figures, each with the way back."""
        if not self._marks.notes:
            return ""
        back = _said(self.writing.text("back to the text"))
        items = "".join(
            f'<li id="note-{at}">{_said(note)} <a href="#from-{at}">{back}</a></li>'
            for at, note in enumerate(self._marks.notes, 1)
        )
        title = _said(self.writing.text("Notes"))
        return (
            f'<section aria-labelledby="notes"><h2 id="notes">{title}</h2>'
            f"<ol>{items}</ol></section>"
        )

    def _text(self, text: Text) -> str:
        return "".join(map(self._piece, text))

    def _piece(self, piece: Piece) -> str:
        said = _said(piece.text)
        if piece.strong:
            said = f"<strong>{said}</strong>"
        if self._marks.note(piece) is None:
            return said
        number = len(self._marks.notes)
        label = _said(self.writing.text("note {number}", number=str(number)))
        return (
            f'<mark>{said}</mark><sup><a id="from-{number}" href="#note-{number}"'
            f' aria-label="{label}">{number}</a></sup>'
        )

    def _key_figure(self, item: KeyFigure) -> str:
        words = f"<dd>{self._text(item.words)}</dd>" if item.words else ""
        value = f'<dd class="value">{self._text(item.value)}</dd>'
        return f"<div><dt>{_said(item.label)}</dt>{value}{words}</div>"

    def _table(self, table: Table, caption: str) -> str:
        sides = table.aligned()
        head = "".join(
            f'<th scope="col" class="{side}">{_said(column)}</th>'
            for side, column in zip(sides, table.columns, strict=True)
        )
        body = "".join(self._row(row, sides) for row in table.rows)
        return _sideways(
            caption,
            f"<table><caption>{_said(caption)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>",
        )

    def _row(self, row: tuple[Text, ...], sides: tuple[str, ...]) -> str:
        heading, *others = (
            f'class="{side}">{self._text(cell)}' for side, cell in zip(sides, row, strict=True)
        )
        return (
            f'<tr><th scope="row" {heading}</th>'
            f"{''.join(f'<td {each}</td>' for each in others)}</tr>"
        )

    def _chart(self, chart: Chart) -> str:
        caption = self._marks.of_chart(chart)
        number = self._marks.charts
        drawing = for_a_page(svg(chart.spec), f"chart-{number}-")
        start, _, rest = drawing.partition(">")
        named = f'<svg role="img" aria-labelledby="said-{number} told-{number}" '
        start = start.replace("<svg ", named)
        drawing = (
            f'{start}><title id="said-{number}">{_said(caption)}</title>'
            f'<desc id="told-{number}">{_said(chart.alternative)}</desc>{rest}'
        )
        unfold = _said(self.writing.text("The figures as a table"))
        # Within the figure the table needs no number of its own.
        table = self._table(chart.table, chart.table.caption)
        return (
            f'<figure class="chart"><figcaption>{_said(caption)}</figcaption>'
            f"{_sideways(caption, drawing)}"
            f"<details><summary>{unfold}</summary>{table}</details></figure>"
        )
