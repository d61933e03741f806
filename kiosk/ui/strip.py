"""The strip: what is shown in turns while nobody is here, and the code for a phone."""

from __future__ import annotations

from typing import Final

from kiosk.scene import IdleText, Scene
from kiosk.ui.code import Code
from kiosk.ui.glass import Rect
from kiosk.ui.item import Item, written
from kiosk.ui.sizes import Sizes
from kiosk.ui.type import Block, Measure, Text

_WORDS: Final = 0.3
"""The part of the width beside the code that its words get."""


class Strip:
    """Sets the strip of a scene.

    Args:
        turn: counts up every few seconds.
    """

    def __init__(self, scene: Scene, sizes: Sizes, measure: Measure, turn: int) -> None:
        self._scene = scene
        self._sizes = sizes
        self._measure = measure
        self._turn = turn
        self._code = Code(scene, sizes, measure)

    @property
    def heights(self) -> tuple[float, ...]:
        """How high it would like to be, best first; nothing where there is nothing to show."""
        row = self._sizes.row
        if self._scene.state != "idle":
            return ()
        # On a small glass faces need the room that a code would take from them.
        if self._code.is_there and not self._sizes.is_small and row < self._code.least_px:
            return self._code.least_px, row
        return (row,) if self._scene.idle_texts or self._code.is_there else ()

    def items(self, place: Rect) -> list[Item]:
        """The strip in ``place``: text and code side by side, or in turns."""
        texts, has_code = self._scene.idle_texts, self._code.is_there
        if not texts:
            return self._code.items(place)
        if has_code and place.height >= self._code.least_px - 0.5:
            both = self._both(texts, place)
            if both:
                return both
        turn = self._turn % (len(texts) + has_code)
        if turn == len(texts):
            return self._code.items(place)
        return [self._set(self._fitted(texts[turn], place), place)]

    def _both(self, texts: tuple[IdleText, ...], place: Rect) -> list[Item]:
        """The text of this turn, and the code; nothing, if any of the texts has no room."""
        side, gap = place.height, self._sizes.gap
        width = side + gap + (place.width - side) * _WORDS
        left = Rect(place.x, place.y, place.width - width - gap, side)
        if left.width <= 0:
            return []
        blocks = [self._fitted(text, left) for text in texts]
        if any(block.is_cut or block.is_broken for block in blocks):
            return []
        right = Rect(place.right - width, place.y, width, side)
        return [self._set(blocks[self._turn % len(blocks)], left), *self._code.items(right)]

    def _fitted(self, idle: IdleText, place: Rect) -> Block:
        lines = [f"{idle.lead} {idle.text}", f"{idle.reply_lead} {idle.reply}"]
        text = "\n".join(line.strip() for line in lines).strip()
        return Text(text, self._measure).fit(
            place.width, place.height, largest=self._sizes.body, least=self._sizes.least
        )

    def _set(self, block: Block, place: Rect) -> Item:
        top = place.y + max(0.0, (place.height - block.height) / 2)
        box = Rect(place.x, top, place.width, block.height)
        return written("strip", box, block, align="left", ink="faint")
