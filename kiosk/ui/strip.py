"""The strip: what is shown in turns while nobody is here, and the code for a phone."""

from __future__ import annotations

from kiosk.scene import IdleText, Scene
from kiosk.ui.glass import Rect
from kiosk.ui.item import Item, written
from kiosk.ui.sizes import Sizes
from kiosk.ui.type import Measure, Text

_BOTH = 6.0
"""From this ratio of width to height a text and the code stand side by side."""


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

    @property
    def is_there(self) -> bool:
        """Whether there is anything to show."""
        scene = self._scene
        return scene.state == "idle" and bool(scene.idle_texts or scene.write_url)

    def items(self, place: Rect) -> list[Item]:
        """The strip in ``place``: text and code side by side, or in turns."""
        texts, has_code = self._scene.idle_texts, bool(self._scene.write_url)
        if not texts:
            return self._code(place)
        if has_code and place.width >= place.height * _BOTH:
            half = (place.width - self._sizes.gap) * 0.6
            text = Rect(place.x, place.y, half, place.height)
            code = Rect(text.right + self._sizes.gap, place.y, place.width, place.height)
            code = Rect(code.x, code.y, place.right - code.x, place.height)
            return [*self._text(texts[self._turn % len(texts)], text), *self._code(code)]
        turn = self._turn % (len(texts) + has_code)
        return self._text(texts[turn], place) if turn < len(texts) else self._code(place)

    def _text(self, idle: IdleText, place: Rect) -> list[Item]:
        lines = [f"{idle.lead} {idle.text}", f"{idle.reply_lead} {idle.reply}"]
        return [self._set("\n".join(line.strip() for line in lines).strip(), place)]

    def _code(self, place: Rect) -> list[Item]:
        side = place.height
        box = Rect(place.x, place.y, side, side)
        left = box.right + self._sizes.gap
        words = Rect(left, place.y, place.right - left, side)
        code = Item(role="qr", rect=box, value=self._scene.write_url)
        if not self._scene.write_text or words.width <= 0:
            return [code]
        return [code, self._set(self._scene.write_text, words)]

    def _set(self, text: str, place: Rect) -> Item:
        sizes = self._sizes
        block = Text(text, self._measure).fit(
            place.width, place.height, largest=sizes.body, least=sizes.least
        )
        top = place.y + max(0.0, (place.height - block.height) / 2)
        box = Rect(place.x, top, place.width, block.height)
        return written("strip", box, block, align="left", ink="faint")
