"""Pages in Markdown as pages to print: A4, large type, no network, no script.

Only what these pages use is understood: headings, paragraphs, lists, tables, **strong** words and
``code``. Anything else is a mistake of the page's writer, and told as one.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final

STYLE: Final = """
@page { size: A4; margin: 12mm 15mm }
body { font: 11pt/1.35 'DejaVu Sans', Verdana, Arial, sans-serif; color: #000; max-width: 180mm;
  margin: 0 auto }
h1 { font-size: 20pt; line-height: 1.2; margin: 0 0 4mm }
h2 { font-size: 14pt; margin: 4mm 0 1.5mm; break-after: avoid }
p, ul, ol { margin: 0 0 3mm } li { margin-bottom: 1.5mm }
table { border-collapse: collapse; width: 100%; margin: 2mm 0 4mm; font-size: 9.5pt }
th, td { border: 0.3mm solid #000; padding: 1mm 1.5mm; text-align: left; vertical-align: top }
th { background: #eee } th:last-child { min-width: 22mm }
tr { break-inside: avoid } code { font-size: 0.95em }
@media screen { body { padding: 10mm } }
.notice { font-size: 19pt } .cleaning { font-size: 16pt }
.notice h1 { font-size: 34pt } .notice h2 { font-size: 22pt }
"""

_LIST: Final = re.compile(r"(?:-|\d+\.) ")
_UNKNOWN: Final = re.compile(r"[>#]|\s|!\[|```")


class PageError(ValueError):
    """A page that can't be printed; the text quotes the line."""


def printed(markdown: str, language: str, kind: str) -> str:
    """Return the page as HTML; ``kind`` becomes the class of its body.

    Raises:
        PageError: it has something that is not understood.
    """
    title = markdown.partition("\n")[0].removeprefix("# ")
    return (
        f'<!doctype html>\n<html lang="{language}">\n<meta charset="utf-8">\n'
        f"<title>{html.escape(title)}</title>\n<style>{STYLE}</style>\n"
        f'<body class="{kind}">\n' + "\n".join(_blocks(markdown)) + "\n</body>\n</html>\n"
    )


def _blocks(markdown: str) -> Iterator[str]:
    lines = [line for line in markdown.splitlines() if not line.startswith("<!--")]
    for is_blank, block in groupby(lines, key=lambda line: not line.strip()):
        if not is_blank:
            yield _block(list(block))


def _block(lines: list[str]) -> str:
    first = lines[0]
    if heading := re.fullmatch(r"(##?) (.+)", first):
        level = len(heading[1])
        return f"<h{level}>{_inline(heading[2])}</h{level}>"
    if first.startswith("|"):
        return _table(lines)
    if _LIST.match(first):
        return _list(lines)
    if _UNKNOWN.match(first):
        raise PageError(f"this can't be printed: {first!r}")
    return f"<p>{_inline(' '.join(lines))}</p>"


def _table(lines: list[str]) -> str:
    rows = [[_inline(cell.strip()) for cell in line.strip("|").split("|")] for line in lines]
    head = "".join(f"<th>{cell}</th>" for cell in rows[0])
    body = ("".join(f"<td>{cell or '&nbsp;'}</td>" for cell in row) for row in rows[2:])
    return "\n".join(["<table>", f"<tr>{head}</tr>", *(f"<tr>{r}</tr>" for r in body), "</table>"])


def _list(lines: list[str]) -> str:
    """One item a line; a line that is set in goes on with the item before it."""
    items: list[str] = []
    for line in lines:
        if mark := _LIST.match(line):
            items.append(line[mark.end() :])
        else:
            items[-1] += " " + line.strip()
    tag = "ul" if lines[0].startswith("-") else "ol"
    inner = "\n".join(f"<li>{_inline(item)}</li>" for item in items)
    return f"<{tag}>\n{inner}\n</{tag}>"


def _inline(text: str) -> str:
    strong = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", html.escape(text, quote=False))
    return re.sub(r"`(.+?)`", r"<code>\1</code>", strong)
