"""What lies over a scene: the warning before a time-out, the frame after a press, the corner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kiosk.scene import Scene
from kiosk.ui.glass import Glass, Rect
from kiosk.ui.item import Item, written
from kiosk.ui.room import Room
from kiosk.ui.tiles import Tile, dress
from kiosk.ui.type import Measure, Text

_COUNTDOWN: Final = 0.15
"""Height of the bar that runs out, as a part of a target's side."""
_FRAME: Final = 0.6
"""Width of the frame, as a part of the margin: it stays clear of the borders of tiles."""


def warned(
    items: Sequence[Item], scene: Scene, glass: Glass, room: Room, measure: Measure
) -> list[Item]:
    """``items`` under a veil, where nothing can be touched; the warning and its button above."""
    sizes = room.sizes
    area = room.area.inset(sizes.padding * 2)
    height = sizes.row * 1.2
    button = Rect(area.x, area.bottom - height, area.width, height)
    bar = button.moved(0, -sizes.target * _COUNTDOWN - sizes.gap)
    bar = replace(bar, height=sizes.target * _COUNTDOWN)
    place = Rect(area.x, area.y, area.width, bar.y - sizes.gap - area.y)
    words = Text(scene.warning, measure)
    block = words.balanced(
        words.fit(place.width, place.height, largest=sizes.question, least=sizes.body_least),
        place.width,
    )
    top = place.y + max(0.0, (place.height - block.height) / 2)
    text = Rect(place.x, top, place.width, block.height)
    extend = Tile(
        role="extend",
        target="extend",
        label=Text(scene.extend_text, measure),
        drawing="",
        is_loud=True,
    )
    return [
        *(replace(item, target="") for item in items),
        Item(role="veil", rect=glass.rect, fill="ground"),
        Item(
            role="card",
            rect=room.area,
            fill="card",
            edge="accent",
            edge_px=sizes.edge,
            radius_px=sizes.radius,
        ),
        written("warning", text, block, is_bold=True),
        Item(role="countdown", rect=bar, fill="accent", radius_px=bar.height / 2),
        *dress([extend], [button], sizes).items,
    ]


def framed(glass: Glass, room: Room) -> Item:
    """Lights the border of the glass: a press was felt. The same one for every value."""
    edge_px = room.sizes.margin * _FRAME
    return Item(role="frame", rect=glass.rect, edge="accent", edge_px=edge_px)


def corner(items: Sequence[Item], glass: Glass, room: Room) -> Item:
    """Where staff hold a finger for seconds; unseen, and out of the way of all targets."""
    sizes = room.sizes
    tops = [item.rect.y for item in items if item.target]
    height = min([sizes.target, *(top - sizes.gap for top in tops)])
    rect = Rect(glass.width_px - sizes.target, 0, sizes.target, max(0.0, height))
    return Item(role="corner", rect=rect, target="corner")
