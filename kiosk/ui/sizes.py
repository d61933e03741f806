"""Every size of the screen in pixels of one glass.

The rule for type (``tokens.toml``): read from 60 cm, a capital letter of the question is at least
7.4 mm high, of other text 4.5 mm; a long word under a picture may be smaller, down to 2.8 mm.
Larger glasses are read from further away, so there everything wants to be larger, too; only on
glasses below 7 inches may the question be as small as other text.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from kiosk.ui.drawings import tokens
from kiosk.ui.glass import Glass

_USUAL_SIDE_MM: Final = 95.0
"""The shorter side of a glass of 7 inches."""
_MOST: Final = 2.0
_CODE_MM: Final = 25.0
"""Side of a QR code with its white border: forty modules of 0.6 mm, read from an arm's length."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """In pixels; type as its em.

    Attributes:
        question, question_least: what the question should have, and what it must have.
        body, body_least: the same for other text.
        least: the smallest type that there is.
        target, gap: the least side of what is touched, the least distance of two.
        row: height of a row of tiles at the bottom.
        picture: side of a drawing that is large enough.
        code: the least side of a QR code.
        is_small: a glass below 7 inches.
    """

    question: float
    question_least: float
    body: float
    body_least: float
    least: float
    target: float
    row: float
    gap: float
    margin: float
    padding: float
    radius: float
    edge: float
    focus: float
    picture: float
    code: float
    is_small: bool


def sizes(glass: Glass) -> Sizes:
    """All sizes for ``glass``."""
    letters, space = tokens().type, tokens().space
    short_mm = min(glass.width_px, glass.height_px) / glass.px_per_mm
    grow = min(max(short_mm / _USUAL_SIDE_MM, 1.0), _MOST)
    scale = max(grow, min(max(glass.text_scale, 1.0), _MOST))

    def em(name: str) -> float:
        return glass.px(letters[name] / letters["cap_height"])

    return Sizes(
        question=em("question_mm") * scale,
        question_least=em("question_mm"),
        body=em("body_mm") * scale,
        body_least=em("body_mm"),
        least=em("least_mm"),
        target=glass.px(space["target_mm"]),
        row=glass.px(space["target_mm"]) * math.sqrt(grow),
        gap=glass.px(space["gap_mm"]),
        margin=glass.px(space["margin_mm"]),
        padding=glass.px(space["padding_mm"]),
        radius=glass.px(space["radius_mm"]),
        edge=max(1.0, glass.px(space["edge_mm"])),
        focus=max(2.0, glass.px(space["focus_mm"])),
        picture=glass.px(30) * grow,
        code=glass.px(_CODE_MM),
        is_small=glass.diagonal_in < 6.5,
    )
