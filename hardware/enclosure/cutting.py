"""The plates of a box as dimensioned drawings, one A4 sheet for the front and one for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from hardware.board import Board
from hardware.drawing import Point, Sheet, Word, number
from hardware.enclosure.box import Box, Hole
from hardware.enclosure.plates import Plate, front_of, plates_of

FRONT_SCALE: Final = 2.0
PLATES_SCALE: Final = 5.0


def front_drawing(name: str, box: Box, board: Board, word: Word) -> Sheet:
    """Draw the front of ``box`` for ``board``, called ``name``, with the place of every hole."""
    sheet = Sheet(f"{word('Front plate')}: {name}")
    plate = front_of(box, board)
    _head(sheet, f"{word('Front plate')}: {word(board.title)}", box, FRONT_SCALE, word)
    width, height = (size / FRONT_SCALE for size in plate.size_mm)
    corner = ((sheet.width_mm - width) / 2, 40.0)
    _plate(sheet, plate, corner, FRONT_SCALE)
    for hole in plate.holes:
        _label(sheet, hole, _on_paper(plate, hole, corner, FRONT_SCALE), word)
    left, bottom = corner[0], corner[1] + height
    sheet.measure((left + width, bottom), (left, bottom), number(box.width_mm, word), 18)
    sheet.measure((left, bottom), (left, corner[1]), number(box.height_mm, word), 24)
    # The uppermost row is measured above the plate, the other one below it.
    for index, row in enumerate(_rows(plate)):
        marks = [0.0, *(hole.x_mm for hole in row), box.width_mm]
        _across(sheet, marks, (left, bottom if index else corner[1]), word, is_above=not index)
    _along(sheet, plate, corner, word)
    sheet.text((left + 10, corner[1] + 6), _screws(box, word), "small")
    return sheet


def _screws(box: Box, word: Word) -> str:
    hole, edge = number(box.screw_mm, word), number(box.screw_edge_mm, word)
    return f"4 × Ø {hole}; {edge} {word('from both edges')}"


def _across(sheet: Sheet, marks: list[float], edge: Point, word: Word, *, is_above: bool) -> None:
    """Measure ``marks`` along an edge of the front, each from the one before."""
    for start, end in pairwise(marks):
        near, far = ((edge[0] + x / FRONT_SCALE, edge[1]) for x in (start, end))
        ends = (near, far) if is_above else (far, near)
        sheet.measure(*ends, number(end - start, word), 7)


def _along(sheet: Sheet, plate: Plate, corner: Point, word: Word) -> None:
    """Measure the height of each row over the lower edge, on the right."""
    bottom = corner[1] + plate.size_mm[1] / FRONT_SCALE
    right = corner[0] + plate.size_mm[0] / FRONT_SCALE
    for index, row in enumerate(reversed(_rows(plate))):
        y = row[0].y_mm
        end = (right, bottom - y / FRONT_SCALE)
        sheet.measure(end, (right, bottom), number(y, word), 8 + 10 * index)


def _rows(plate: Plate) -> list[list[Hole]]:
    """The holes of parts in rows, the uppermost first."""
    holes = [hole for hole in plate.holes if hole.part != "screw"]
    heights = sorted({hole.y_mm for hole in holes}, reverse=True)
    return [
        sorted((hole for hole in holes if hole.y_mm == height), key=lambda hole: hole.x_mm)
        for height in heights
    ]


def _size(hole: Hole, word: Word) -> str:
    width, height = hole.hole_mm
    across = number(width, word)
    return f"Ø {across}" if hole.is_round else f"{across} × {number(height, word)}"


def _label(sheet: Sheet, hole: Hole, at: Point, word: Word) -> None:
    if hole.part == "screw":
        return
    below = at[1] + (hole.cap_mm[1] / 2 / FRONT_SCALE + 3 if hole.is_round else 0)
    # Parts of the board keep the names of its pin map.
    name = word(hole.part) if hole.part in {"display", "sound"} else hole.part
    sheet.text((at[0], below), name, "tiny bold", "middle")
    sheet.text((at[0], below + 3.2), _size(hole, word), "tiny", "middle")


def plates_drawing(title: str, box: Box, word: Word) -> Sheet:
    """Draw the other plates of ``box``, and the angle of the front."""
    sheet = Sheet(f"{word('Plates of the box')}: {title}")
    _head(sheet, f"{word('Plates of the box')}: {title}", box, PLATES_SCALE, word)
    places = ((20.0, 45.0), (185.0, 45.0), (20.0, 125.0), (160.0, 125.0))
    for plate, corner in zip(plates_of(box), places, strict=True):
        _measured(sheet, plate, corner, word)
    _extras(sheet, box, places, word)
    notes = (
        "Front and back lie on the cheeks; top and bottom between them. Angles 20 × 20 hold all.",
        "Break all edges; grind the corners of the front round, 3 mm.",
        "Measure the parts you bought before cutting, and change the parameters if they differ.",
    )
    for index, note in enumerate(notes):
        sheet.text((15, 190 + index * 5), f"{index + 1}. {word(note)}", "small")
    return sheet


def _measured(sheet: Sheet, plate: Plate, corner: Point, word: Word) -> None:
    _plate(sheet, plate, corner, PLATES_SCALE)
    width, height = plate.size_mm
    left, top = corner
    right, bottom = left + width / PLATES_SCALE, top + height / PLATES_SCALE
    sheet.text((left, top - 11), f"{word(plate.name)}, {plate.pieces} ×", "head")
    sheet.measure((right, bottom), (left, bottom), number(width, word), 8)
    sheet.measure((left, bottom), (left, top), number(height, word), 6)
    for hole in plate.holes:
        if hole.part == "cable":
            at = _on_paper(plate, hole, corner, PLATES_SCALE)
            sheet.text((at[0] + 4, at[1] + 0.9), _size(hole, word), "tiny")


def _extras(sheet: Sheet, box: Box, places: Sequence[Point], word: Word) -> None:
    """Tell what the outer measures of cheek, back and bottom do not."""
    left, top = places[1]
    right = left + box.top_mm / PLATES_SCALE
    foot = (left + box.bottom_mm / PLATES_SCALE, top + box.back_mm / PLATES_SCALE)
    slope = f"{number(box.height_mm, word)}, {number(box.tilt_deg, word)}°"
    sheet.measure((left, top), (right, top), number(box.top_mm, word), 5)
    sheet.measure((right, top), foot, slope, 5)
    sheet.text((places[0][0] + 8, places[0][1] + 5), _screws(box, word), "small")
    hole, side = number(box.post_hole_mm, word), number(box.post_mm, word)
    post = f"4 × Ø {hole}; {side} × {side}"
    sheet.text((places[3][0] + 4, places[3][1] + 6), f"{word('for the post')}: {post}", "small")


def _head(sheet: Sheet, title: str, box: Box, scale: float, word: Word) -> None:
    sheet.text((15, 14), title, "title")
    plate = f"{word(box.material)}, {number(box.thickness_mm, word)} mm"
    measures = f"{word('Measures in millimetres')}. {word('Scale')} 1 : {number(scale, word)}."
    sheet.text((15, 21), f"{plate}. {measures}", "small")


def _plate(sheet: Sheet, plate: Plate, corner: Point, scale: float) -> None:
    height = plate.size_mm[1]
    sheet.shape(
        [(corner[0] + x / scale, corner[1] + (height - y) / scale) for x, y in plate.outline],
        "thick",
    )
    for hole in plate.holes:
        at = _on_paper(plate, hole, corner, scale)
        if not hole.is_round:
            width, tall = (size / scale for size in hole.hole_mm)
            sheet.box((at[0] - width / 2, at[1] - tall / 2), (width, tall))
            continue
        sheet.circle(at, hole.hole_mm[0] / 2 / scale)
        if hole.cap_mm != hole.hole_mm and hole.part != "screw":
            sheet.circle(at, hole.cap_mm[0] / 2 / scale, "hidden")
            arm = hole.hole_mm[0] / 2 / scale + 1.5
            sheet.line([(at[0] - arm, at[1]), (at[0] + arm, at[1])], "axis")
            sheet.line([(at[0], at[1] - arm), (at[0], at[1] + arm)], "axis")


def _on_paper(plate: Plate, hole: Hole, corner: Point, scale: float) -> Point:
    return corner[0] + hole.x_mm / scale, corner[1] + (plate.size_mm[1] - hole.y_mm) / scale
