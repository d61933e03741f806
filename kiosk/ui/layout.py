"""Arrange a scene on a glass: pure, no Kivy; every size is in millimetres first.

The screen draws what it gets: :func:`arrange` decides all places, sizes, colours and lines.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from kiosk.scene import Scene, State
from kiosk.ui.choices import groups
from kiosk.ui.code import Code
from kiosk.ui.glass import Glass, Rect
from kiosk.ui.header import Header
from kiosk.ui.item import Arrangement, Item, Role, Scheme, page_of
from kiosk.ui.overlay import corner, framed, warned
from kiosk.ui.pages import Page, Pages
from kiosk.ui.room import Room, room_on
from kiosk.ui.setting import Setting
from kiosk.ui.signing import clip_places
from kiosk.ui.sizes import Sizes, sizes
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

Shown: TypeAlias = tuple[list[Item], int, int]
"""The items of a page, which page it is, and how many there are."""


def arrange(  # noqa: PLR0913 -- each says one thing about this moment, by its name
    scene: Scene,
    glass: Glass,
    *,
    measure: Measure,
    page: int | None = None,
    turn: int = 0,
    pin_length: int = 0,
    has_clip: bool = False,
) -> Arrangement:
    """Arrange ``scene``.

    Args:
        scene: what to show.
        glass: on what.
        measure: width of a line of text.
        page: which page of the choices; ``None`` for the one with the focus, else the first.
        turn: counts up every few seconds while idle: which of ``idle_texts`` is shown.
        pin_length: how many digits of the PIN were typed so far.
        has_clip: a sign-language clip is to be shown, if there is room.
    """
    room = room_on(glass, sizes(glass))
    if scene.state == "maintenance":
        items, page, pages = _maintenance(scene, room, measure, page or 0, pin_length)
    else:
        shown = _choices(scene, room, measure, page, turn)
        if has_clip:
            shown = _signed(shown, scene, room, measure, page, turn)
        items, page, pages = shown
    items = _layered(items, scene, glass, room, measure)
    if scene.direction == "rtl":
        items = [_turned_round(item, glass.width_px) for item in items]
    return Arrangement(
        items=tuple(items), page=page, pages=pages, scheme=_scheme(scene), cut=_cut(items)
    )


def _maintenance(scene: Scene, room: Room, measure: Measure, page: int, pin_length: int) -> Shown:
    staff = Staff(scene, room, measure)
    return (staff.pad(pin_length), 0, 1) if scene.asks_pin else staff.facts(page)


def _choices(scene: Scene, room: Room, measure: Measure, page: int | None, turn: int) -> Shown:
    header = Header(scene, room.sizes, measure)
    strip = Strip(scene, room.sizes, measure, turn)
    pages = Pages(groups(scene, measure), header, room, measure)
    found = pages.all(strip.heights)
    number = _focused(found) if page is None else page % len(found)
    code = Code(scene, room.sizes, measure)
    setting = Setting(room, header, _PICTURES.get(scene.state, ""), code, strip.items)
    return setting.items(found[number]), number, len(found)


def _signed(
    whole: Shown, scene: Scene, room: Room, measure: Measure, page: int | None, turn: int
) -> Shown:
    """The same beside a clip, if nothing suffers from it: no more pages, no small question."""
    for place, left in clip_places(room):
        try:
            tried = _choices(scene, left, measure, page, turn)
        except ValueError:
            continue  # no room for targets: a smaller clip may leave some
        if _is_as_good(tried, whole, room.sizes):
            items, number, pages = tried
            return [*items, Item(role="clip", rect=place)], number, pages
    return whole


def _is_as_good(tried: Shown, whole: Shown, here: Sizes) -> bool:
    is_whole = set(_cut(tried[0])) <= set(_cut(whole[0]))
    question = min(_question_px(whole[0]), here.question_least)
    return tried[2] == whole[2] and is_whole and _question_px(tried[0]) >= question - 0.1


def _question_px(items: Sequence[Item]) -> float:
    return max((item.font_px for item in items if item.role == "title"), default=0.0)


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
