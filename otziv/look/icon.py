"""The product's own sign: somebody says something, and smiles."""

from __future__ import annotations

from otziv.look.figure import Figure, Shape, figure
from otziv.look.geometry import circle, curve, polygon, rounded


def icon() -> Figure:
    """A speech bubble with a face; readable at 16 pixels."""
    bubble = rounded([(0.04, 0.06), (0.96, 0.06), (0.96, 0.78), (0.04, 0.78)], 0.2)
    tail = polygon((0.24, 0.7), (0.24, 0.98), (0.54, 0.74))
    smile = curve((0.28, 0.46), ((0.36, 0.68), (0.64, 0.68), (0.72, 0.46)))
    return figure(
        "icon",
        "Otziv",
        (Shape(tail, fill="accent"), Shape(bubble, fill="accent")),
        (Shape(circle((0.35, 0.3), 0.07), fill="on-accent"),),
        (Shape(circle((0.65, 0.3), 0.07), fill="on-accent"),),
        (Shape(smile, stroke="on-accent", width=0.09),),
    )
