"""Type: lines are wrapped, and letters as large as the place allows. Pure; widths are measured
by whoever has the font.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

Measure: TypeAlias = Callable[[str, float], float]
"""``measure(text, font_px)``: width in pixels of one line of text in type of that size (em)."""

LINE: Final = 1.2
"""From line to line, in em; Cyrillic capitals with accents touch no line above."""
ELLIPSIS: Final = "…"

_REFERENCE_PX: Final = 64.0
# Widths are measured once, at one size, and scaled: fitting is then arithmetic only. Hinted
# letters are up to 2 % wider at other sizes.
_HINTING: Final = 1.02
_STEP: Final = 0.94
_IDEOGRAPH: Final = r"\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
# Lines may be broken after a hyphen or slash that a letter follows (dates stay whole), before the
# port of a host, and on both sides of an ideograph.
_ATOMS: Final = re.compile(
    rf"\n|[{_IDEOGRAPH}]"
    rf"|[^\s{_IDEOGRAPH}]+?(?:[-/](?=[^\W\d_])|(?=:\d{{3}}))"
    rf"|[^\s{_IDEOGRAPH}]+"
)


@dataclass(frozen=True, slots=True)
class Block:
    """Some lines of type.

    Attributes:
        font_px: size of the type (em).
        width: of the longest line, in pixels.
        is_broken: a word was too long for the line.
        is_cut: some of the text is missing, "…" stands for it.
    """

    lines: tuple[str, ...]
    font_px: float
    width: float = 0.0
    is_broken: bool = False
    is_cut: bool = False

    @property
    def line_px(self) -> float:
        """From line to line."""
        return self.font_px * LINE

    @property
    def height(self) -> float:
        """Of all lines."""
        return len(self.lines) * self.line_px


class Text:
    """A text whose widths were measured, to be set in any size.

    Args:
        text: what to set; a line feed always ends a line.
        measure: its font.
    """

    def __init__(self, text: str, measure: Measure) -> None:
        self.text = text
        self._measure = measure
        self._atoms = _atoms(text)
        self._widths: dict[str, float] = {}
        self._wrapped: dict[tuple[float, float], Block] = {}
        self._space = self._em(" ")
        self._longest = max(
            (self._em(atom) for _, atom in self._atoms if atom != "\n"), default=0.0
        )

    def fit(self, width: float, height: float, *, largest: float, least: float) -> Block:
        """As large as fits, between ``largest`` and ``least`` (em, pixels).

        What does not fit at the least size is broken inside words, and then cut.
        """
        for size in _sizes(largest, least):
            if self._longest * size > width:
                continue
            block = self.wrap(width, size)
            if not block.is_broken and block.height <= height + 0.5:
                return block
        return self._cut(self.wrap(width, min(largest, least)), width, height)

    def wrap(self, width: float, size: float) -> Block:
        """The text in lines of at most ``width``, at one size; long words are broken."""
        key = round(width, 3), round(size, 3)
        if key not in self._wrapped:
            self._wrapped[key] = self._wrap(width, size)
        return self._wrapped[key]

    def _wrap(self, width: float, size: float) -> Block:
        em = width / size
        lines: list[str] = []
        here = 0.0
        is_broken = False
        is_fresh = True
        for gap, atom in self._atoms:
            if atom == "\n":
                is_fresh = True
                continue
            wide = self._em(atom)
            if not is_fresh and here + gap * self._space + wide <= em:
                lines[-1] += " " * gap + atom
                here += gap * self._space + wide
                continue
            pieces = [atom] if wide <= em else self._pieces(atom, em)
            is_broken |= len(pieces) > 1
            lines += pieces
            here = self._em(pieces[-1])
            is_fresh = False
        widest = max((self._em(each) for each in lines), default=0.0)
        return Block(tuple(lines), size, widest * size, is_broken=is_broken)

    def balanced(self, block: Block, width: float) -> Block:
        """As many lines, but of like lengths: a word alone in the last line looks lost."""
        low, high = width / 2, width
        best = block
        for _ in range(6 if len(block.lines) > 1 else 0):
            middle = (low + high) / 2
            tried = self.wrap(middle, block.font_px)
            if tried.is_broken or len(tried.lines) > len(block.lines):
                low = middle
            else:
                best, high = tried, middle
        return best

    def _cut(self, block: Block, width: float, height: float) -> Block:
        room = max(1, int((height + 0.5) / block.line_px))
        if len(block.lines) <= room:
            return block
        last = block.lines[room - 1] + ELLIPSIS
        while len(last) > 1 and self._em(last) * block.font_px > width:
            last = last[:-2].rstrip() + ELLIPSIS
        lines = (*block.lines[: room - 1], last)
        return replace(block, lines=lines, is_cut=True)

    def _pieces(self, atom: str, em: float) -> list[str]:
        """A long word in parts that end in a hyphen."""
        pieces = [""]
        for letter in atom:
            if pieces[-1] and self._em(f"{pieces[-1]}{letter}-") > em:
                pieces[-1] += "-"
                pieces.append("")
            pieces[-1] += letter
        return pieces

    def _em(self, text: str) -> float:
        """Width in em."""
        if text not in self._widths:
            self._widths[text] = self._measure(text, _REFERENCE_PX) / _REFERENCE_PX * _HINTING
        return self._widths[text]


def _sizes(largest: float, least: float) -> Iterable[float]:
    size = largest
    while size > least:
        yield size
        size *= _STEP
    yield min(largest, least)


def _atoms(text: str) -> list[tuple[int, str]]:
    """What lines are made of: ``(spaces before it, unbreakable text)``."""
    found = list(_ATOMS.finditer(text))
    starts = [0, *(match.end() for match in found)]
    return [
        (int(match.start() > start), match.group())
        for match, start in zip(found, starts, strict=False)
    ]
