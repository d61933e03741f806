"""Design tokens: colours and sizes by name, from ``tokens.toml``; and the contrast of colours."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

TOKENS: Final = Path(__file__).with_name("tokens.toml")


@dataclass(frozen=True, slots=True)
class Tokens:
    """What everything is drawn with.

    Attributes:
        colours: scheme (``light``, ``dark``, ``high-contrast``) → name → ``#rrggbb``.
        type: heights of letters in millimetres, and ratios.
        space: sizes in millimetres.
    """

    colours: dict[str, dict[str, str]]
    type: dict[str, float]
    space: dict[str, float]


def read_tokens(path: Path = TOKENS) -> Tokens:
    """Read the tokens of a file."""
    found: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    return Tokens(found["colours"], found["type"], found["space"])


def contrast(one: str, other: str) -> float:
    """The contrast of two colours, 1 (none) to 21 (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0–1 (WCAG 2.2)."""
    channels = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
