"""A figure: shapes that are drawn one over another, in colours that have names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from otziv.look.geometry import Path

THIN: Final = 0.035
THICK: Final = 0.06
"""Width of lines, as a part of the figure's own. At 20 mm a thick line is 1.2 mm: seen from 60 cm
by everyone who sees the figure at all."""


@dataclass(frozen=True, slots=True)
class Shape:
    """A path that is filled, drawn along, or both.

    Attributes:
        fill, stroke: names of colours (:mod:`otziv.look.tokens`); empty for none.
        width: of the line; its ends and corners are round.
    """

    path: Path
    fill: str = ""
    stroke: str = ""
    width: float = 0.0


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing in the unit square.

    Attributes:
        title: what it shows, for those who don't see it.
    """

    name: str
    title: str
    shapes: tuple[Shape, ...]


def strokes(*paths: Path, width: float = THICK, colour: str = "ink") -> tuple[Shape, ...]:
    """Lines along each path."""
    return tuple(Shape(path, stroke=colour, width=width) for path in paths)


def areas(*paths: Path, fill: str, width: float = THICK) -> tuple[Shape, ...]:
    """Areas with a border of ``ink``."""
    return tuple(Shape(path, fill=fill, stroke="ink", width=width) for path in paths)


def spots(*paths: Path, colour: str = "ink") -> tuple[Shape, ...]:
    """Areas without a border."""
    return tuple(Shape(path, fill=colour) for path in paths)


def figure(name: str, title: str, *parts: Iterable[Shape]) -> Figure:
    """Put a figure together."""
    return Figure(name, title, tuple(shape for part in parts for shape in part))
