"""The drawings as the kiosk uses them: complete, and placed where they should be."""

from __future__ import annotations

import pytest

from kiosk.ui.drawings import STANDS_IN, colour, drawing, drawings, placed, tokens
from kiosk.ui.glass import Rect
from kiosk.ui.item import Scheme

NAMES = [
    *(f"face-{rank}-of-{of}" for of in (4, 5) for rank in range(1, of + 1)),
    *("yes", "no", "skip", "skip-back", "more", "back", "correct", "erase", "other"),
    *("waiting-time", "attitude", "clarity", "completeness", "accessibility", "premises"),
    *("language", "sound", "tick", "wrench", "clock", "hand", "phone"),
]
SCHEMES: list[Scheme] = ["light", "dark", "high-contrast"]


@pytest.mark.parametrize("name", NAMES)
def test_a_drawing_is_whole(name: str) -> None:
    """Each has lines or areas within the unit square, its triangles point to its corners."""
    assert drawings()[name]
    for part in drawings()[name]:
        half = part.width / 2
        for x, y in part.points:
            assert min(x, y) - half >= -0.01
            assert max(x, y) + half <= 1.01
        assert all(corner < len(part.points) for each in part.triangles for corner in each)
        assert bool(part.fill) == bool(part.triangles)
        assert part.fill or part.stroke


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_colour_of_a_drawing_exists(scheme: Scheme) -> None:
    """Each scheme has each colour that is drawn with."""
    names = {
        name for parts in drawings().values() for part in parts for name in (part.fill, part.stroke)
    } - {""}
    for name in names:
        assert all(0 <= channel <= 1 for channel in colour(scheme, name))
    assert set(tokens().colours) == set(SCHEMES)


def test_triangles_cover_the_area() -> None:
    """The triangles of a filled part are as large together as the polygon."""
    for parts in drawings().values():
        for part in parts:
            if part.fill:
                whole = abs(_area(part.points))
                pieces = sum(
                    abs(_area(tuple(part.points[n] for n in each))) for each in part.triangles
                )
                assert pieces == pytest.approx(whole, rel=1e-3)


def test_a_drawing_is_placed_in_its_box() -> None:
    """Points of the unit square go to the box, in pixels."""
    (part, *_) = drawing("tick")
    points = placed(part, Rect(100, 50, 40, 40))
    assert all(100 <= x <= 140 and 50 <= y <= 90 for x, y in points)


def test_an_unknown_drawing_has_a_stand_in() -> None:
    """A survey may name a drawing that a later version has."""
    assert drawing("unicorn") == drawings()[STANDS_IN]


def _area(points: tuple[tuple[float, float], ...]) -> float:
    return (
        sum(
            points[n - 1][0] * points[n][1] - points[n][0] * points[n - 1][1]
            for n in range(len(points))
        )
        / 2
    )
