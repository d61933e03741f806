"""The code for a phone: a QR code, and beside it the words that say what it is for."""

from __future__ import annotations

from kiosk.scene import Scene
from kiosk.ui.glass import Rect
from kiosk.ui.item import Item, written
from kiosk.ui.sizes import Sizes
from kiosk.ui.type import Measure, Text


class Code:
    """Sets the code of a scene.

    Args:
        scene: which has an address, or none.
        sizes: of the glass.
        measure: its font.
    """

    def __init__(self, scene: Scene, sizes: Sizes, measure: Measure) -> None:
        self._url = scene.write_url
        self._words = Text(scene.write_text, measure)
        self._sizes = sizes

    @property
    def is_there(self) -> bool:
        """Whether there is an address to show."""
        return bool(self._url)

    @property
    def least_px(self) -> float:
        """The least side that a phone reads from where people stand, its white border included."""
        return self._sizes.code

    def items(self, place: Rect) -> list[Item]:
        """The code at the left of ``place``, as high as that; its words in what is left."""
        box = Rect(place.x, place.y, place.height, place.height)
        left = box.right + self._sizes.gap
        return [self._drawn(box), *self._said(Rect(left, box.y, place.right - left, box.height))]

    def column(self, place: Rect) -> list[Item]:
        """The code at the top of ``place``, as wide as that; its words below, if they fit."""
        box = Rect(place.x, place.y, place.width, place.width)
        top = box.bottom + self._sizes.padding
        return [self._drawn(box), *self._said(Rect(box.x, top, box.width, place.bottom - top))]

    def _drawn(self, box: Rect) -> Item:
        return Item(role="qr", rect=box, value=self._url)

    def _said(self, place: Rect) -> list[Item]:
        """Its words in the middle of ``place``; none where they would be cut or broken."""
        if not self._words.text or min(place.width, place.height) <= 0:
            return []
        sizes = self._sizes
        block = self._words.fit(place.width, place.height, largest=sizes.body, least=sizes.least)
        if block.is_cut or block.is_broken:
            return []
        top = place.y + (place.height - block.height) / 2
        box = Rect(place.x, top, place.width, block.height)
        return [written("strip", box, block, align="left", ink="faint")]
