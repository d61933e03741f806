"""Tables as HTML: real ones, with a caption and headings of rows, that a screen reader can walk.

Streamlit's own are a drawing (``st.dataframe``) or read every cell as Markdown (``st.table``), and
the name of a place is whatever somebody entered. Here everything is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from types import MappingProxyType
from typing import Final, TypeAlias
from urllib.parse import urlencode

STYLE: Final = """
.otziv-table {width: 100%; border-collapse: collapse; font-size: .95rem; line-height: 1.35}
.otziv-table caption {text-align: left; padding: .25rem 0 .5rem; opacity: .8}
.otziv-table th, .otziv-table td {padding: .45rem .6rem; text-align: right; vertical-align: top;
  border: 0; border-bottom: 1px solid color-mix(in srgb, currentColor 20%, transparent);
  font-variant-numeric: tabular-nums}
.otziv-table thead th {font-weight: 600; vertical-align: bottom; hyphens: auto}
.otziv-table tbody th {font-weight: 400; overflow-wrap: break-word; hyphens: auto}
.otziv-table th:first-child {text-align: left; padding-left: 0}
.otziv-table a, .otziv-table a:visited {color: inherit}
.otziv-table small {display: block; font-size: .82rem; opacity: .8}
.otziv-table td {white-space: nowrap}
.otziv-table tr:has(+ .otziv-note) > * {border-bottom: 0; padding-bottom: 0}
.otziv-table .otziv-note td {text-align: left; padding: .1rem 0 .45rem; font-size: .88rem;
  font-weight: 600; white-space: normal}
.otziv-languages {display: flex; gap: 1rem; justify-content: flex-end; font-size: .95rem}
.otziv-languages a, .otziv-languages a:visited {color: inherit}
.otziv-more a, .otziv-more a:visited {color: inherit}
.otziv-person {margin: 0; text-align: right; font-size: .95rem}
.otziv-person a, .otziv-person a:visited {color: inherit}
@media (max-width: 480px) {
  .otziv-table {font-size: .82rem}
  .otziv-table th, .otziv-table td {padding: .4rem .2rem}
  .otziv-table small {font-size: .72rem}
  .otziv-table thead th {font-size: .7rem; letter-spacing: -.01em}
}
"""
"""Colours come from the theme, so it is the same in light and dark."""


@dataclass(frozen=True, slots=True)
class Link:
    """A cell that leads to another page; ``depth`` sets it in, as in a tree."""

    text: str
    address: str
    depth: int = 0


Cell: TypeAlias = "str | Link"

NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
NO_NOTES: Final[Mapping[int, str]] = MappingProxyType({})


def table(
    caption: str,
    columns: Sequence[str],
    rows: Sequence[Sequence[Cell]],
    notes: Mapping[int, str] = NO_NOTES,
) -> str:
    """An HTML table; the first cell of a row is its heading, later lines of a cell are small.

    ``notes`` has the index of a row and what must be said of it, which stands below it in full
    width.
    """
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in columns)
    body = "".join(_row(row) + _note(notes.get(at), row) for at, row in enumerate(rows))
    return (
        f'<table class="otziv-table"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def _row(cells: Sequence[Cell]) -> str:
    """One row of the body."""
    heading, *others = (_cell(cell) for cell in cells)
    return (
        f'<tr><th scope="row">{heading}</th>{"".join(f"<td>{cell}</td>" for cell in others)}</tr>'
    )


def _note(text: str | None, below: Sequence[Cell]) -> str:
    """What is said of the row ``below`` which it stands, if anything."""
    if text is None:
        return ""
    return f'<tr class="otziv-note"><td colspan="{len(below)}">{escape(text)}</td></tr>'


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        return _lines(cell)
    link = f'<a href="{escape(cell.address, quote=True)}" target="_self">{escape(cell.text)}</a>'
    return f'<span style="padding-left: {cell.depth * 1.1:.1f}rem">{link}</span>'


def _lines(cell: str) -> str:
    """A cell's text, escaped."""
    first, *others = (escape(line) for line in cell.split("\n"))
    return first + "".join(f"<small>{line}</small>" for line in others)


_MARKS: Final = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:&])")


def plain(text: str) -> str:
    """``text`` such that Streamlit's Markdown shows it letter by letter."""
    return _MARKS.sub(r"\\\1", text)


def speak_script(language: str) -> str:
    """A script that says in which language the page is.

    Streamlit says that every page is English, which a screen reader would then read it as.
    """
    return f"document.documentElement.lang = '{language}'"


STAY_SCRIPT: Final = (
    "window.otzivStay ??= setInterval(async () => {"
    'const answer = await fetch("/_stcore/health", {cache: "no-store"}).catch(() => null);'
    "if (answer && answer.status === 401) location.reload();"
    "}, 10000)"
)
"""Leaves the page when the gate no longer knows who is looking: figures must not stay on a screen
whose person has signed out."""


def person_line(text: str, portal: str, back: str) -> str:
    """Who is looking, and the way ``back`` to the portal."""
    return (
        f'<p class="otziv-person">{escape(text)} · '
        f'<a href="{escape(portal, quote=True)}" target="_self">{escape(back)}</a></p>'
    )


def language_links(
    names: dict[str, str], current: str, label: str, kept: Mapping[str, str] = NOTHING
) -> str:
    """Links to the page in other languages; they work without a session and can be bookmarked.

    ``kept``: what else the address says, and goes on saying.
    """
    links = (
        f'<a href="?{escape(urlencode({"lang": code, **kept}), quote=True)}" target="_self" '
        f'lang="{code}" hreflang="{code}">{escape(name)}</a>'
        for code, name in names.items()
        if code != current
    )
    return f'<nav class="otziv-languages" aria-label="{escape(label)}">{"".join(links)}</nav>'
