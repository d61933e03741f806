"""Design tokens: colours and sizes by name, from ``tokens.toml``."""

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
