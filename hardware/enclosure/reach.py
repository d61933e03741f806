"""Who can reach it: front, side and floor plan of a kiosk to scale, and a wheelchair's place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hardware.board import Board
from hardware.drawing import Point, Sheet, Word, number
from hardware.enclosure.box import Box, Hole, holes_of
from hardware.enclosure.rules import FLOOR_MM, OPERABLE_MM, REACH_MM

SCALE: Final = 12.5

POST_MM: Final = 80.0
"""Width of the post. Drawn so; any that carries the box will do."""

FOOT_MM: Final = 400.0
"""Side of the square foot plate."""

FLOOR_Y: Final = 132.0
PLAN_Y: Final = 165.0
FRONT_X: Final = 52.0
SIDE_X: Final = 150.0
"""Where on the sheet the floor, the plan, the front view's middle and the back of the box are."""


@dataclass(frozen=True, slots=True)
class Height:
    """How high parts of one kind are, in whole millimetres over the floor.

    Attributes:
        kind: ``faces``, ``keys``, ``headphones`` or ``display``.
        low_mm: lower edge of the lowest.
        high_mm: upper edge of the highest.
        reach_mm: how far the farthest is behind the foremost edge.
    """

    kind: str
    low_mm: int
    high_mm: int
    reach_mm: int


def heights_of(box: Box, board: Board) -> list[Height]:
    """Return the heights of all that visitors operate, the highest first."""
    kinds: dict[str, list[Hole]] = {}
    for hole in holes_of(box, board):
        if hole.is_operated:
            kinds.setdefault(_kind(hole.part), []).append(hole)
    heights = [_height(box, kind, holes) for kind, holes in kinds.items()]
    return sorted(heights, key=lambda height: -height.high_mm)


def _kind(part: str) -> str:
    if part.startswith(("face-", "option-")) or part == "skip":
        return "faces"
    return part if part in {"headphones", "display"} else "keys"


def _height(box: Box, kind: str, holes: list[Hole]) -> Height:
    low = min(hole.y_mm - hole.cap_mm[1] / 2 for hole in holes)
    high = max(hole.y_mm + hole.cap_mm[1] / 2 for hole in holes)
    return Height(
        kind, round(box.over_floor(low)), round(box.over_floor(high)), round(box.reach(high))
    )


def reach_drawing(title: str, box: Box, board: Board, word: Word) -> Sheet:
    """Draw ``box`` on its post, what is on it, and the place before it."""
    sheet = Sheet(f"{word('Heights and reach')}: {title}")
    sheet.text((12, 13), f"{word('Heights and reach')}: {title}", "title")
    scale = f"{word('Measures in millimetres')}. {word('Scale')} 1 : {number(SCALE, word)}."
    sheet.text((12, 19), scale, "small")
    _zone(sheet, word)
    _front(sheet, box, board, word)
    _side(sheet, box, board, word)
    _plan(sheet, box, word)
    return sheet


def _over(height_mm: float) -> float:
    """Where on the sheet a height over the floor is."""
    return FLOOR_Y - height_mm / SCALE


def _zone(sheet: Sheet, word: Word) -> None:
    low, high = OPERABLE_MM
    sheet.box((12, _over(high)), (273, (high - low) / SCALE), "zone")
    sheet.line([(12, FLOOR_Y), (285, FLOOR_Y)], "thick")
    sheet.text((284, _over(high) + 4), word("operable parts"), "small", "end")
    sheet.text((284, _over(high) + 8), f"{low:g} – {high:g}", "small", "end")


def _front(sheet: Sheet, box: Box, board: Board, word: Word) -> None:
    sheet.text((FRONT_X, 30), word("From the front"), "head", "middle")
    half = box.width_mm / 2 / SCALE
    base, top = _over(box.base_mm), _over(box.base_mm + box.back_mm)
    _stand(sheet, FRONT_X, base)
    sheet.box((FRONT_X - half, top), (2 * half, base - top), "paper")
    for hole in holes_of(box, board):
        if hole.is_operated:
            _opening(sheet, box, hole)
    # Each kind has a line of its own, so that no figure stands upon another.
    for index, height in enumerate(heights_of(box, board)):
        middle = (height.low_mm + height.high_mm) / 2
        start = (FRONT_X + half, FLOOR_Y)
        end = (FRONT_X + half, _over(middle))
        sheet.measure(end, start, f"{word(height.kind)} {middle:.0f}", 5 + 6.5 * index)
    left = FRONT_X - half
    sheet.measure((left, FLOOR_Y), (left, base), number(box.base_mm, word), 5)
    total = box.base_mm + box.back_mm
    sheet.measure((left, FLOOR_Y), (left, top), f"{total:.0f}", 12)


def _opening(sheet: Sheet, box: Box, hole: Hole) -> None:
    """Draw a part as it is seen straight on, flattened by the tilt."""
    width, height = (size / SCALE for size in hole.cap_mm)
    flat = box.back_mm / box.height_mm
    x = FRONT_X + (hole.x_mm - box.width_mm / 2) / SCALE
    y = _over(box.over_floor(hole.y_mm))
    if hole.is_round:
        sheet.circle((x, y), width / 2, "shade", flat)
    else:
        sheet.box((x - width / 2, y - height * flat / 2), (width, height * flat), "shade")


def _stand(sheet: Sheet, x: float, base: float) -> None:
    post, foot = POST_MM / SCALE, FOOT_MM / SCALE
    sheet.box((x - post / 2, base), (post, FLOOR_Y - base), "shade")
    sheet.box((x - foot / 2, FLOOR_Y - 0.8), (foot, 0.8), "solid")


def _side(sheet: Sheet, box: Box, board: Board, word: Word) -> None:
    sheet.text((SIDE_X, 30), word("From the side"), "head")
    base, top = _over(box.base_mm), _over(box.base_mm + box.back_mm)
    deep, shallow = SIDE_X + box.bottom_mm / SCALE, SIDE_X + box.top_mm / SCALE
    _stand(sheet, (SIDE_X + deep) / 2, base)
    sheet.shape([(SIDE_X, base), (deep, base), (shallow, top), (SIDE_X, top)], "paper")
    _wheelchair(sheet, deep)
    farthest = max(heights_of(box, board), key=lambda height: height.reach_mm)
    at = deep - farthest.reach_mm / SCALE
    words = f"{farthest.reach_mm} (≤ {REACH_MM:g})"
    sheet.measure((at, _over(farthest.high_mm)), (deep, _over(farthest.high_mm)), words, 12)
    low, high = (_over(height) for height in OPERABLE_MM)
    left = SIDE_X - 4
    sheet.measure((left, FLOOR_Y), (left, low), f"{OPERABLE_MM[0]:g}", 3)
    sheet.measure((left, FLOOR_Y), (left, high), f"{OPERABLE_MM[1]:g}", 10)


def _wheelchair(sheet: Sheet, front: float) -> None:
    """Sketch someone in a wheelchair who faces the kiosk; nothing here is measured."""

    def at(x: float, y: float) -> Point:
        return front + x / SCALE, _over(y)

    sheet.circle(at(740, 300), 300 / SCALE, "thin")
    sheet.circle(at(240, 90), 90 / SCALE, "thin")
    sheet.line([at(80, 110), at(210, 130), at(330, 470), at(830, 470), at(900, 900)], "thin")
    sheet.line([at(800, 520), at(710, 1000), at(690, 1060)], "thick")
    sheet.line([at(800, 530), at(360, 560), at(220, 150), at(100, 150)], "thick")
    sheet.line([at(715, 970), at(430, 850), at(-30, 930)], "thick")
    sheet.circle(at(670, 1170), 110 / SCALE, "paper")


def _plan(sheet: Sheet, box: Box, word: Word) -> None:
    width, depth = FLOOR_MM
    deep = SIDE_X + box.bottom_mm / SCALE
    half = width / 2 / SCALE
    sheet.text((12, PLAN_Y - 8), word("From above"), "head")
    sheet.text((12, PLAN_Y - 2), word("Clear, level floor for a wheelchair:"), "small")
    sheet.text((12, PLAN_Y + 3), f"{width:g} × {depth:g} mm.", "small")
    sheet.text((12, PLAN_Y + 8), word("Nothing stands here and no door opens into it."), "small")
    turned = "To come from the side, turn it: it then lies across."
    sheet.text((12, PLAN_Y + 13), word(turned), "small")
    across, foot = box.width_mm / SCALE, FOOT_MM / SCALE
    right = deep + depth / SCALE
    sheet.box((SIDE_X, PLAN_Y - across / 2), (deep - SIDE_X, across), "paper")
    sheet.box((deep, PLAN_Y - half), (right - deep, 2 * half), "zone")
    middle = (SIDE_X + deep) / 2
    sheet.box((middle - foot / 2, PLAN_Y - foot / 2), (foot, foot), "hidden")
    sheet.box((deep, PLAN_Y - half), (right - deep, 2 * half), "hidden")
    sheet.measure((deep, PLAN_Y - half), (right, PLAN_Y - half), f"{depth:g}", -5)
    sheet.measure((right, PLAN_Y - half), (right, PLAN_Y + half), f"{width:g}", 6)
    _bar(sheet, word)


def _bar(sheet: Sheet, word: Word) -> None:
    """Draw half a metre: a copier may have changed the scale."""
    start, end = (12, PLAN_Y + 24), (12 + 500 / SCALE, PLAN_Y + 24)
    sheet.measure(start, end, "500", 0.1)
    sheet.text((12, PLAN_Y + 29), word("Measure this line before you trust a copy."), "small")
