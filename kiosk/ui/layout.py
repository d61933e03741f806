"""Arrange a scene on a glass: pure, no Kivy; every size is in millimetres first.

The screen draws what it gets: :func:`arrange` decides all places, sizes, colours and lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from kiosk.scene import Scene, State
from kiosk.ui.choices import groups
from kiosk.ui.glass import Glass, Rect
from kiosk.ui.header import Header
from kiosk.ui.item import Arrangement, Item, Role, Scheme, page_of
from kiosk.ui.overlay import corner, framed, warned
from kiosk.ui.pages import Page, Pages
from kiosk.ui.room import Room, room_on
from kiosk.ui.setting import Setting
from kiosk.ui.sizes import sizes
from kiosk.ui.staff import Staff
from kiosk.ui.strip import Strip
from kiosk.ui.type import Measure

__all__ = ["Arrangement", "Glass", "Item", "Measure", "Rect", "arrange", "page_of"]

_PICTURES: Final[dict[State, str]] = {
    "not-set-up": "wrench",
    "idle": "hand",
    "correction": "tick",
    "thanks": "tick",
    "out-of-hours": "clock",
    "out-of-order": "wrench",
}
"""What is drawn where there is nothing to choose."""
_SWAPPED: Final = {"more": "back", "back": "more", "skip": "skip-back"}
"""What points on, points left where people write from right to left."""


def arrange(
    scene: Scene,
    glass: Glass,
    *,
    measure: Measure,
    page: int | None = None,
    turn: int = 0,
    pin_length: int = 0,
) -> Arrangement:
    """Arrange ``scene``.

    Args:
        scene: what to show.
        glass: on what.
        measure: width of a line of text.
        page: which page of the choices; ``None`` for the one with the focus, else the first.
        turn: counts up every few seconds while idle: which of ``idle_texts`` is shown.
        pin_length: how many digits of the PIN were typed so far.
    """
    room = room_on(glass, sizes(glass))
    if scene.state == "maintenance":
        items, page, pages = _maintenance(scene, room, measure, page or 0, pin_length)
    else:
        items, page, pages = _choices(scene, room, measure, page, turn)
    items = _layered(items, scene, glass, room, measure)
    if scene.direction == "rtl":
        items = [_turned_round(item, glass.width_px) for item in items]
    return Arrangement(
        items=tuple(items), page=page, pages=pages, scheme=_scheme(scene), cut=_cut(items)
    )


def _maintenance(
    scene: Scene, room: Room, measure: Measure, page: int, pin_length: int
) -> tuple[list[Item], int, int]:
    staff = Staff(scene, room, measure)
    return (staff.pad(pin_length), 0, 1) if scene.asks_pin else staff.facts(page)


def _choices(
    scene: Scene, room: Room, measure: Measure, page: int | None, turn: int
) -> tuple[list[Item], int, int]:
    header = Header(scene, room.sizes, measure)
    strip = Strip(scene, room.sizes, measure, turn)
    pages = Pages(groups(scene, measure), header, room, measure)
    found = pages.all(has_strip=strip.is_there)
    number = _focused(found) if page is None else page % len(found)
    setting = Setting(room, header, _PICTURES.get(scene.state, ""), strip.items)
    return setting.items(found[number]), number, len(found)


def _focused(pages: Sequence[Page]) -> int:
    for number, page in enumerate(pages):
        if any(tile.is_focused for tile in page.tiles):
            return number
    return 0


def _layered(
    items: list[Item], scene: Scene, glass: Glass, room: Room, measure: Measure
) -> list[Item]:
    """``items`` with what lies over them."""
    if scene.warns_until_ms:
        items = warned(items, scene, glass, room, measure)
    if scene.state != "maintenance":
        items = [*items, corner(items, glass, room)]
    return [*items, framed(glass, room)] if scene.is_pressed else items


def _turned_round(item: Item, width: float) -> Item:
    mirrored = item.mirrored(width)
    return replace(mirrored, drawing=_SWAPPED.get(item.drawing, item.drawing))


def _scheme(scene: Scene) -> Scheme:
    if scene.is_high_contrast:
        return "high-contrast"
    return "dark" if scene.is_dim else "light"


def _cut(items: Sequence[Item]) -> tuple[Role, ...]:
    return tuple({item.role: None for item in items if item.is_cut})
