"""Pictograms of the usual reasons."""

from __future__ import annotations

from otziv.look.figure import Figure, areas, figure, spots, strokes
from otziv.look.geometry import Path, Point, arc, box, circle, curve, line, polygon, rounded


def _bust(x: float, top: float, size: float) -> tuple[Path, Path]:
    """Head and shoulders of a person; ``size`` is how wide the shoulders are."""
    head = circle((x, top + size * 0.27), size * 0.27)
    low, high, half = top + size * 1.2, top + size * 0.66, size / 2
    shoulders = Path(
        (x - half, low),
        (
            ((x - half, high + size * 0.1), (x - half * 0.6, high), (x, high)),
            ((x + half * 0.6, high), (x + half, high + size * 0.1), (x + half, low)),
            *line((x + half, low), (x - half, low)).curves,
        ),
        is_closed=True,
    )
    return head, shoulders


def _page(left: float = 0.2, right: float = 0.8) -> Path:
    """A sheet of paper."""
    return box(left, 0.08, right, 0.92, 0.06)


def _tick(at: Point, size: float) -> Path:
    x, y = at
    return line((x, y), (x + size * 0.36, y + size * 0.36), (x + size, y - size * 0.42))


def reasons() -> list[Figure]:
    """Pictograms of the built-in reasons, named like their codes."""
    return [
        _waiting_time(),
        _attitude(),
        _clarity(),
        _completeness(),
        _accessibility(),
        _premises(),
    ]


def _waiting_time() -> Figure:
    """An hourglass, half run down."""
    bulbs = Path(
        (0.26, 0.1),
        (
            ((0.26, 0.32), (0.44, 0.4), (0.44, 0.5)),
            ((0.44, 0.6), (0.26, 0.68), (0.26, 0.9)),
            *line((0.26, 0.9), (0.74, 0.9)).curves,
            ((0.74, 0.68), (0.56, 0.6), (0.56, 0.5)),
            ((0.56, 0.4), (0.74, 0.32), (0.74, 0.1)),
            *line((0.74, 0.1), (0.26, 0.1)).curves,
        ),
        is_closed=True,
    )
    above = curve(
        (0.34, 0.3),
        ((0.39, 0.37), (0.45, 0.41), (0.5, 0.47)),
        ((0.55, 0.41), (0.61, 0.37), (0.66, 0.3)),
    )
    below = curve(
        (0.33, 0.84),
        ((0.36, 0.72), (0.44, 0.69), (0.5, 0.66)),
        ((0.56, 0.69), (0.64, 0.72), (0.67, 0.84)),
    )
    return figure(
        "waiting-time",
        "Hourglass",
        areas(bulbs, fill="tint"),
        spots(above, below),
        strokes(line((0.18, 0.1), (0.82, 0.1)), line((0.18, 0.9), (0.82, 0.9))),
    )


def _attitude() -> Figure:
    """A clerk behind the desk who speaks."""
    head, shoulders = _bust(0.34, 0.26, 0.42)
    bubble = rounded(
        [
            (0.56, 0.08),
            (0.94, 0.08),
            (0.94, 0.4),
            (0.74, 0.4),
            (0.64, 0.52),
            (0.64, 0.4),
            (0.56, 0.4),
        ],
        0.035,
    )
    return figure(
        "attitude",
        "Clerk who speaks",
        areas(shoulders, head, fill="tint"),
        areas(bubble, fill="card", width=0.05),
        strokes(line((0.66, 0.24), (0.84, 0.24)), width=0.05),
        areas(box(0.06, 0.76, 0.94, 0.9, 0.03), fill="card"),
    )


def _clarity() -> Figure:
    """A sheet with a question mark."""
    mark = curve(
        (0.37, 0.37),
        ((0.37, 0.2), (0.63, 0.2), (0.63, 0.38)),
        ((0.63, 0.5), (0.5, 0.48), (0.5, 0.62)),
    )
    return figure(
        "clarity",
        "Sheet with a question mark",
        areas(_page(), fill="tint"),
        strokes(mark, width=0.08),
        spots(circle((0.5, 0.76), 0.052)),
    )


def _completeness() -> Figure:
    """A list: two things are done, the last one isn't."""
    return figure(
        "completeness",
        "List that is not done",
        areas(_page(0.14, 0.86), fill="tint"),
        strokes(_tick((0.25, 0.27), 0.15), _tick((0.25, 0.5), 0.15)),
        strokes(line((0.52, 0.26), (0.74, 0.26)), line((0.52, 0.49), (0.74, 0.49))),
        strokes(line((0.26, 0.66), (0.39, 0.79)), line((0.39, 0.66), (0.26, 0.79))),
        strokes(line((0.52, 0.725), (0.74, 0.725))),
    )


def _accessibility() -> Figure:
    """A person in a wheelchair who moves on."""
    return figure(
        "accessibility",
        "Person in a wheelchair",
        spots(circle((0.42, 0.14), 0.09)),
        strokes(
            line((0.42, 0.3), (0.42, 0.56), (0.66, 0.56), (0.76, 0.82), (0.86, 0.79)),
            line((0.43, 0.41), (0.64, 0.41)),
            width=0.085,
        ),
        strokes(arc((0.42, 0.66), 0.25, 20, 222)),
    )


def _premises() -> Figure:
    """A town hall."""
    columns = [line((x, 0.48), (x, 0.78)) for x in (0.24, 0.41, 0.59, 0.76)]
    return figure(
        "premises",
        "Town hall",
        spots(box(0.2, 0.42, 0.8, 0.82), colour="tint"),
        areas(polygon((0.08, 0.38), (0.5, 0.1), (0.92, 0.38)), fill="tint"),
        strokes(*columns),
        strokes(line((0.1, 0.88), (0.9, 0.88))),
        spots(circle((0.5, 0.27), 0.045)),
    )
