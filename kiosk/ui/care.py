"""Care of the glass: the picture wanders so that nothing burns in, and is dark when nobody comes.

Pure functions of uptime. A touch is unaffected: everything wanders less than the margin is wide.
"""

from __future__ import annotations

from typing import Final

from kiosk.scene import Scene
from kiosk.ui.drawings import tokens
from kiosk.ui.glass import Glass

STEP_MS: Final = 60_000
"""One pixel a minute: nobody sees it move."""

BRIGHT: Final = 1.0
RESTING: Final = 0.6
DARK: Final = 0.15
REST_AFTER_MS: Final = 300_000
FADE_MS: Final = 2_000
"""How long it takes to become darker; brighter it becomes at once."""


def shift(uptime_ms: int, glass: Glass) -> tuple[int, int]:
    """How far the whole picture stands right and down of its place, in pixels.

    It goes to and fro over every place within half a margin, one pixel a minute.
    """
    reach = most_shift(glass)
    side = 2 * reach + 1
    step = uptime_ms // STEP_MS % (2 * side * side)
    place = min(step, 2 * side * side - 1 - step)
    row, column = divmod(place, side)
    if row % 2:
        column = side - 1 - column
    return column - reach, row - reach


def most_shift(glass: Glass) -> int:
    """The most that :func:`shift` moves the picture in each direction, in pixels."""
    return int(glass.px(tokens().space["margin_mm"]) / 2)


def brightness(scene: Scene, still_ms: int) -> float:
    """How bright the backlight is, 0–1.

    Args:
        scene: what is shown.
        still_ms: since when nobody has touched anything.
    """
    if scene.is_dim:
        return _faded(DARK, still_ms)
    if scene.state == "idle" and still_ms >= REST_AFTER_MS:
        return _faded(RESTING, still_ms - REST_AFTER_MS)
    return BRIGHT


def _faded(to: float, since_ms: int) -> float:
    """Between bright and ``to``, by how long it has been fading."""
    done = min(max(since_ms / FADE_MS, 0.0), 1.0)
    return BRIGHT + (to - BRIGHT) * done
