"""Kivy, tamed: set up before it is imported, in memory only, and without its ways out.

Kivy reads its environment and its configuration while it is imported, takes our arguments for its
own, writes to the home folder, leaves on Esc, and draws red dots for the right button of a mouse.
None of that must happen in a hall. Import it only after :func:`tame`.
"""

from __future__ import annotations

import logging
import os
from typing import Final

ENVIRONMENT: Final = {
    "KIVY_NO_ARGS": "1",
    "KIVY_NO_CONFIG": "1",
    "KIVY_NO_ENV_CONFIG": "1",
    "KIVY_NO_FILELOG": "1",
    # Its messages go to our logs. KIVY_NO_CONSOLELOG would swallow tracebacks.
    "KIVY_LOG_MODE": "PYTHON",
    "KIVY_WINDOW": "sdl2",
    "KIVY_TEXT": "sdl2",
    "KIVY_IMAGE": "sdl2",
    # There is nothing to paste; the other clipboards start programs.
    "KIVY_CLIPBOARD": "dummy",
    # A pixel is a pixel: millimetres come from the settings, not from what a display says.
    "KIVY_METRICS_DENSITY": "1",
    "KIVY_DPI": "96",
}

MOUSE: Final = "mouse,disable_multitouch,disable_on_activity,disable_hover"
"""SDL makes a mouse of the first finger, too; ``disable_on_activity`` drops it where the
touchscreen is read directly."""

FINGERS: Final = "probesysfs,provider=mtdev,use_mouse=1"
"""All touchscreens of the machine, every finger; Kivy's default on a Raspberry Pi (hidinput) would
report each key twice."""

MAX_FPS: Final = 60
"""Of the loop, which draws only what changed. A touch waits for two turns of it at the most."""

REST_FPS: Final = 40
"""While nobody is there: it saves 0.6 % of a core, and the first touch waits up to 16 ms longer."""

PANEL_PX: Final = 220
"""Width of the drawn button panel."""


def tame(
    size: tuple[int, int] | None = None, *, rotation: int = 0, has_panel: bool = False
) -> None:
    """Set Kivy up.

    Args:
        size: of the screen in a window on a desktop, in pixels; without it all of the display.
        has_panel: there is a drawn panel beside it.
        rotation: of the picture, clockwise, in degrees.
    """
    os.environ.update(ENVIRONMENT | _shader_cache())
    # A filter, since Kivy sets the level of its logger itself.
    logging.getLogger("kivy").addFilter(lambda record: record.levelno >= logging.WARNING)
    from kivy.config import Config  # noqa: PLC0415 -- reads the environment when imported

    is_windowed = size is not None
    width, height = size or (800, 480)
    width += PANEL_PX if has_panel else 0
    for section, values in _configuration(width, height, is_windowed=is_windowed).items():
        for name, value in values.items():
            Config.set(section, name, str(value))
    # Kivy turns against the clock.
    Config.set("graphics", "rotation", str(-rotation % 360))
    Config.remove_option("input", "%(name)s")
    if not is_windowed:
        Config.set("input", "%(name)s", FINGERS)


def set_pace(*, is_resting: bool) -> None:
    """How often the loop turns from now on; Kivy reads its setting only when it starts."""
    from kivy.clock import Clock  # noqa: PLC0415 -- reads the configuration when imported

    Clock._max_fps = REST_FPS if is_resting else MAX_FPS  # noqa: SLF001 -- there is no other way


def _shader_cache() -> dict[str, str]:
    """Where Mesa keeps compiled shaders: in the unit's cache, else nowhere.

    Left alone it writes to the home folder. Without any, the first visitor after each start waits
    for the compiler: half a second where no graphics card helps.
    """
    folder = os.environ.get("CACHE_DIRECTORY")
    if folder is None:
        return {"MESA_SHADER_CACHE_DISABLE": "true"}
    return {"MESA_SHADER_CACHE_DIR": folder, "MESA_SHADER_CACHE_MAX_SIZE": "32M"}


def _configuration(
    width: int, height: int, *, is_windowed: bool
) -> dict[str, dict[str, str | int]]:
    return {
        "kivy": {"exit_on_escape": 0, "pause_on_minimize": 0},
        "graphics": {
            "width": width,
            "height": height,
            "fullscreen": 0 if is_windowed else "auto",
            "borderless": int(not is_windowed),
            "resizable": int(is_windowed),
            "show_cursor": int(is_windowed),
            "allow_screensaver": int(is_windowed),
            "maxfps": MAX_FPS,
            # Edges are smooth without it (kiosk.ui.figures).
            "multisamples": 0,
        },
        "input": {"mouse": MOUSE},
    }
