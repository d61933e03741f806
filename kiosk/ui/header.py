"""The upper part: whose kiosk it is, what is asked, and what is being said."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from kiosk.scene import Scene
from kiosk.ui.glass import Rect
from kiosk.ui.item import Item, written
from kiosk.ui.sizes import Sizes
from kiosk.ui.type import LINE, Block, Measure, Text

_STEP: Final = 0.96
_WISH: Final = 0.8
_AIR: Final = 0.25
"""Between title and text, in em of the text."""


class Header:
    """The texts of a scene that are not touched.

    Args:
        scene: whose.
        sizes: of the glass.
        measure: its font.
    """

    def __init__(self, scene: Scene, sizes: Sizes, measure: Measure) -> None:
        self._sizes = sizes
        self._title = Text(scene.title, measure)
        self._text = Text(scene.text, measure)
        self._name = Text(scene.name, measure)
        number, of = scene.progress
        self._progress = Text(f"{number} / {of}" if of > 1 else "", measure)
        is_shown = scene.caption in f"{scene.title} {scene.text}"
        self._caption = Text("" if is_shown else scene.caption, measure)

    def least_height(self, width: float, font: float) -> float:
        """What title and text need when the title has type of ``font``; ``inf``: too wide."""
        if not self._title.text:
            return self._text_height(width)
        title = self._title.wrap(width, font)
        is_too_wide = title.is_broken and font > self._sizes.body_least
        return math.inf if is_too_wide else title.height + self._text_height(width)

    def wished_height(self, width: float) -> float:
        """What title and text would like to have; not all of it, for faces speak louder."""
        blocks = self._wrapped(width, _WISH)
        return sum(block.height for block in blocks) + self._air(blocks) + self._sizes.gap

    def _least_of_all(self, width: float) -> float:
        return self._title.wrap(width, self._sizes.least).height

    def _text_height(self, width: float) -> float:
        if not self._text.text:
            return 0.0
        least = self._sizes.body_least
        return self._text.wrap(width, least).height + least * _AIR

    def items(self, area: Rect) -> list[Item]:
        """All texts, set into ``area``.

        A caption takes its room from the title, and from nothing that is touched: while a voice
        speaks, nothing may move under a finger. Where it leaves too little, it stands alone.
        """
        top, left_over = self._top(area)
        low, left_over = self._captioned(left_over)
        if self._least_of_all(left_over.width) > left_over.height + 0.5 and low:
            return [*top, *low]
        blocks = self._blocks(left_over)
        height = sum(block.height for block in blocks) + self._air(blocks)
        y = left_over.y + max(0.0, (left_over.height - height) / 2)
        found = []
        for is_title, block in zip((True, False), blocks, strict=True):
            if block.lines:
                found.append(
                    _large(Rect(area.x, y, area.width, block.height), block, is_title=is_title)
                )
                y += block.height + self._air(blocks)
        return [*top, *found, *low]

    def _air(self, blocks: list[Block]) -> float:
        return blocks[1].font_px * _AIR if all(block.lines for block in blocks) else 0.0

    def _blocks(self, area: Rect) -> list[Block]:
        """Title and text: shrunk together down to what they need, and further only if they must."""
        sizes = self._sizes
        share = 1.0
        while share > sizes.body_least / sizes.body:
            blocks = self._wrapped(area.width, share)
            if self._fits(blocks, area.height):
                return [self._title.balanced(blocks[0], area.width), blocks[1]]
            share *= _STEP
        blocks = self._wrapped(area.width, sizes.body_least / sizes.body)
        if self._fits(blocks, area.height):
            return [self._title.balanced(blocks[0], area.width), blocks[1]]
        return self._squeezed(area)

    def _wrapped(self, width: float, share: float) -> list[Block]:
        sizes = self._sizes
        title = self._title.wrap(width, max(sizes.question * share, sizes.question_least))
        return [title, self._text.wrap(width, max(sizes.body * share, sizes.body_least))]

    def _fits(self, blocks: list[Block], height: float) -> bool:
        needed = sum(block.height for block in blocks) + self._air(blocks)
        return needed <= height + 0.5 and not any(block.is_broken for block in blocks)

    def _squeezed(self, area: Rect) -> list[Block]:
        """The title smaller than it should be; the text gets at most half of the room."""
        sizes = self._sizes
        most = area.height / 2 if self._title.text else area.height
        text = self._text.fit(area.width, most, largest=sizes.body_least, least=sizes.least)
        left = area.height - text.height - (text.font_px * _AIR if text.lines else 0.0)
        title = self._title.fit(area.width, left, largest=sizes.question_least, least=sizes.least)
        return [title, text]

    def _top(self, area: Rect) -> tuple[list[Item], Rect]:
        """Name and progress in one line, where there is room for more than the question."""
        font = self._sizes.body_least
        line = self._name.wrap(area.width, font).line_px
        need = self.least_height(area.width, self._sizes.question_least) + line * 1.3
        if not (self._name.text or self._progress.text) or area.height < need:
            return [], area
        share = 0.8 if self._progress.text else 1.0
        found = []
        if self._name.text:
            box = Rect(area.x, area.y, area.width * share, line)
            block = self._name.fit(box.width, line, largest=font, least=self._sizes.least)
            found.append(written("name", box, block, align="left", ink="faint"))
        if self._progress.text:
            box = Rect(area.x + area.width * 0.8, area.y, area.width * 0.2, line)
            block = self._progress.fit(box.width, line, largest=font, least=self._sizes.least)
            found.append(written("progress", box, block, align="right", ink="faint"))
        return found, Rect(area.x, area.y + line, area.width, area.height - line)

    def _captioned(self, area: Rect) -> tuple[list[Item], Rect]:
        if not self._caption.text:
            return [], area
        line = self._sizes.least * LINE
        most = max(line, min(area.height * 0.4, self._sizes.body_least * 2 * LINE))
        block = self._caption.fit(
            area.width, most, largest=self._sizes.body_least, least=self._sizes.least
        )
        box = Rect(area.x, area.bottom - block.height, area.width, block.height)
        found = replace(
            written("caption", box, block, ink="on-accent"),
            fill="accent",
            radius_px=self._sizes.radius / 2,
        )
        return [found], Rect(area.x, area.y, area.width, area.height - block.height)


def _large(box: Rect, block: Block, *, is_title: bool) -> Item:
    if is_title:
        return written("title", box, block, is_bold=True)
    return written("text", box, block, ink="faint")
