"""Pictograms of what the kiosk itself has to say."""

from __future__ import annotations

from otziv.look.figure import Figure, areas, figure, spots, strokes
from otziv.look.geometry import Path, arc, box, circle, curve, line, rounded


def chrome() -> list[Figure]:
    """Pictograms of the kiosk itself."""
    return [
        _language(),
        _sound(),
        figure(
            "tick",
            "Done",
            areas(circle((0.5, 0.5), 0.43), fill="tint"),
            strokes(line((0.29, 0.52), (0.44, 0.67), (0.72, 0.35)), width=0.09),
        ),
        _wrench(),
        _clock(),
        _hand(),
        figure("more", "More", strokes(line((0.38, 0.2), (0.68, 0.5), (0.38, 0.8)), width=0.1)),
        figure("back", "Back", strokes(line((0.62, 0.2), (0.32, 0.5), (0.62, 0.8)), width=0.1)),
        _skip(),
        _skip_back(),
        _correct(),
        _phone(),
        _erase(),
        _question(),
    ]


def _language() -> Figure:
    """A globe."""
    centre = (0.5, 0.5)
    return figure(
        "language",
        "Languages",
        areas(circle(centre, 0.42), fill="tint", width=0.055),
        strokes(
            circle(centre, (0.18, 0.42)),
            line((0.08, 0.5), (0.92, 0.5)),
            curve((0.15, 0.28), ((0.36, 0.36), (0.64, 0.36), (0.85, 0.28))),
            curve((0.15, 0.72), ((0.36, 0.64), (0.64, 0.64), (0.85, 0.72))),
            width=0.045,
        ),
    )


def _sound() -> Figure:
    """A loudspeaker."""
    horn = rounded(
        [(0.08, 0.37), (0.25, 0.37), (0.47, 0.16), (0.47, 0.84), (0.25, 0.63), (0.08, 0.63)], 0.03
    )
    waves = [arc((0.47, 0.5), radius, -42, 42) for radius in (0.17, 0.3, 0.43)]
    return figure("sound", "Sound", areas(horn, fill="tint"), strokes(*waves))


def _wrench() -> Figure:
    """A spanner."""
    jaw = arc((0.68, 0.32), 0.19, -10, 280)
    return figure(
        "wrench",
        "Spanner",
        strokes(line((0.54, 0.46), (0.2, 0.8)), width=0.17),
        strokes(jaw, width=0.12),
        strokes(line((0.54, 0.46), (0.2, 0.8)), width=0.05, colour="tint"),
    )


def _clock() -> Figure:
    """A clock."""
    return figure(
        "clock",
        "Clock",
        areas(circle((0.5, 0.5), 0.42), fill="tint"),
        strokes(line((0.5, 0.24), (0.5, 0.5), (0.67, 0.6))),
    )


def _hand() -> Figure:
    """A hand whose finger presses."""
    hand = Path(
        (0.38, 0.42),
        (
            ((0.38, 0.33), (0.52, 0.33), (0.52, 0.42)),
            *line((0.52, 0.42), (0.52, 0.6)).curves,
            ((0.62, 0.58), (0.82, 0.6), (0.82, 0.7)),
            *line((0.82, 0.7), (0.79, 0.93), (0.47, 0.93)).curves,
            ((0.42, 0.86), (0.3, 0.78), (0.24, 0.69)),
            ((0.2, 0.61), (0.29, 0.57), (0.38, 0.66)),
            *line((0.38, 0.66), (0.38, 0.42)).curves,
        ),
        is_closed=True,
    )
    rays = [arc((0.45, 0.37), radius, 190, 350) for radius in (0.18, 0.3)]
    return figure("hand", "Press here", areas(hand, fill="tint", width=0.055), strokes(*rays))


def _skip() -> Figure:
    """Two arrow heads: on, without an answer."""
    heads = [line((x, 0.25), (x + 0.25, 0.5), (x, 0.75)) for x in (0.24, 0.52)]
    return figure("skip", "Skip", strokes(*heads, width=0.09))


def _skip_back() -> Figure:
    """The same where people write from right to left."""
    heads = [line((x, 0.25), (x - 0.25, 0.5), (x, 0.75)) for x in (0.76, 0.48)]
    return figure("skip-back", "Skip", strokes(*heads, width=0.09))


def _correct() -> Figure:
    """An arrow that turns back."""
    return figure(
        "correct",
        "Change the answer",
        strokes(
            arc((0.53, 0.53), 0.34, -152, 140),
            line((0.15, 0.13), (0.23, 0.37), (0.47, 0.31)),
            width=0.08,
        ),
    )


def _phone() -> Figure:
    """A telephone."""
    return figure(
        "phone",
        "Phone",
        areas(box(0.28, 0.06, 0.72, 0.94, 0.08), fill="tint"),
        strokes(line((0.46, 0.82), (0.54, 0.82))),
    )


def _erase() -> Figure:
    """A key that takes back the last digit."""
    key = rounded([(0.06, 0.5), (0.3, 0.22), (0.94, 0.22), (0.94, 0.78), (0.3, 0.78)], 0.05)
    cross = (line((0.48, 0.39), (0.72, 0.61)), line((0.72, 0.39), (0.48, 0.61)))
    return figure("erase", "Take back", areas(key, fill="tint"), strokes(*cross))


def _question() -> Figure:
    """Stands in where a survey names a drawing that there is none of."""
    return figure(
        "other",
        "Something else",
        areas(circle((0.5, 0.5), 0.42), fill="tint"),
        spots(*(circle((x, 0.5), 0.06) for x in (0.3, 0.5, 0.7))),
    )
