"""Figures as flat data: polylines and triangles, which the kiosk draws without any mathematics."""

from __future__ import annotations

from typing import Any

from otziv.look.figure import Figure, Shape
from otziv.look.triangles import triangles


def flat(figure: Figure) -> list[dict[str, Any]]:
    """``figure`` as parts in drawing order, :class:`kiosk.ui.drawings.Part` tells the fields."""
    return [_part(shape) for shape in figure.shapes]


def _part(shape: Shape) -> dict[str, Any]:
    corners = [(_rounded(x), _rounded(y)) for x, y in shape.path.flattened()]
    part: dict[str, Any] = {"points": [list(corner) for corner in corners]}
    if shape.path.is_closed:
        part["is_closed"] = True
    if shape.fill:
        part |= {"fill": shape.fill, "triangles": triangles(corners)}
    if shape.stroke:
        part |= {"stroke": shape.stroke, "width": shape.width}
    return part


def _rounded(number: float) -> float:
    """To four digits, the same on every machine.

    The last digits of a sine differ between C libraries. At a half they would decide, so they are
    rounded away first.
    """
    return round(round(number, 9), 4)
