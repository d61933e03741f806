"""Contrast of colours (WCAG 2.2), and which pairs of ours must have how much."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

TEXT: Final = 4.5
SHAPE: Final = 3.0
"""The least contrasts: 1.4.3 for text, 1.4.11 for borders, focus and drawings."""

PAIRS: Final[tuple[tuple[str, str, float], ...]] = (
    ("ink", "ground", TEXT),
    ("ink", "card", TEXT),
    ("faint", "ground", TEXT),
    ("faint", "card", TEXT),
    ("on-accent", "accent", TEXT),
    ("good", "ground", TEXT),
    ("good", "card", TEXT),
    ("bad", "ground", TEXT),
    ("bad", "card", TEXT),
    ("accent", "ground", TEXT),
    ("accent", "card", TEXT),
    ("face-line", "face-middle", TEXT),
    ("edge", "ground", SHAPE),
    ("edge", "card", SHAPE),
    ("ink", "tint", SHAPE),
    *(("face-line", f"face-{rank}", SHAPE) for rank in ("worst", "poor", "middle", "good", "best")),
    ("face-line", "face-mouth", SHAPE),
)
"""What stands in front, what behind, and the least contrast between them, in every scheme."""


def contrast(one: str, other: str) -> float:
    """The contrast of two colours ``#rrggbb``: 1 (none) to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0–1."""
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0–255, of ``#rrggbb``."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mixed(one: str, other: str, share: float) -> str:
    """``share`` of ``one`` over ``other``, as a browser blends them."""
    pairs = zip(channels(one), channels(other), strict=True)
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def too_faint(colours: Mapping[str, str]) -> Iterator[tuple[str, str, float, float]]:
    """Pairs of a scheme with too little contrast: front, behind, what it is, what it must be."""
    for front, behind, least in PAIRS:
        found = contrast(colours[front], colours[behind])
        if found < least:
            yield front, behind, found, least
