"""Figures as flat data: polylines and triangles, which the kiosk draws without any mathematics."""

from __future__ import annotations

from typing import Any

from otziv.look.figure import Figure, Shape
from otziv.look.triangles import triangles


def flat(figure: Figure) -> list[dict[str, Any]]:
    """``figure`` as parts in drawing order, :class:`kiosk.ui.drawings.Part` tells the fields."""
    return [_part(shape) for shape in figure.shapes]


def _part(shape: Shape) -> dict[str, Any]:
    corners = shape.path.flattened()
    part: dict[str, Any] = {"points": [[round(x, 4), round(y, 4)] for x, y in corners]}
    if shape.path.is_closed:
        part["is_closed"] = True
    if shape.fill:
        part |= {"fill": shape.fill, "triangles": triangles(corners)}
    if shape.stroke:
        part |= {"stroke": shape.stroke, "width": shape.width}
    return part
