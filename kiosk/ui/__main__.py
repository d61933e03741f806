"""``python -m kiosk.ui --settings FILE``: the touchscreen of one kiosk, until SIGTERM."""

from __future__ import annotations

import argparse
import logging
import re
import sys
from functools import partial
from pathlib import Path
from typing import Final

from kiosk.logs import set_up_logs
from kiosk.settings import ScreenSettings, Settings, SettingsError, load_settings
from kiosk.ui.client import Client
from kiosk.ui.drawings import wear
from kiosk.ui.glass import Glass
from kiosk.ui.toolkit import tame
from kiosk.words import words_in

PROGRAM: Final = "python -m kiosk.ui"
_SIZE: Final = re.compile(r"([1-9]\d{2,4})x([1-9]\d{2,4})")


def main(arguments: list[str] | None = None) -> int:
    """Run a screen; returns the exit status: 0 ended as asked, 2 can't start."""
    parser = argparse.ArgumentParser(
        prog=PROGRAM, description="Run a kiosk's touchscreen.", allow_abbrev=False
    )
    parser.add_argument("--settings", type=Path, required=True, help="the kiosk's settings (TOML)")
    parser.add_argument("--window", type=read_size, metavar="WxH", help="in a window of this size")
    parser.add_argument(
        "--panel", type=Path, help="draw the virtual panel at this socket beside it"
    )
    options = parser.parse_args(arguments)
    set_up_logs("info", is_json=False)
    try:
        settings = load_settings(options.settings)
    except SettingsError as error:
        logging.getLogger("kiosk.ui").critical("this screen can't start: %s", error)
        return 2
    run(settings, options.window, options.panel)
    return 0


def read_size(text: str) -> tuple[int, int]:
    """Read ``800x480``.

    Raises:
        ValueError: it is no such thing; ``argparse`` makes a sentence of it.
    """
    match = _SIZE.fullmatch(text)
    if match is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no size in pixels, such as 800x480")
    return int(match[1]), int(match[2])


def run(settings: Settings, window: tuple[int, int] | None, panel: Path | None) -> None:
    """Show the screen until SIGTERM, or until its window is closed."""
    screen = settings.screen or ScreenSettings()
    wear(screen.look)
    tame(window, rotation=screen.rotation, has_panel=panel is not None)
    # Kivy opens its window when it is imported, set up as above.
    from kiosk.ui.app import Place, Screen  # noqa: PLC0415
    from kiosk.ui.panel_view import PanelView  # noqa: PLC0415

    glass_of = partial(
        Glass, diagonal_in=screen.diagonal_in, reach=screen.reach, text_scale=screen.text_scale
    )
    place = Place(
        glass_of=glass_of,
        words_of=words_in(settings.languages),
        fonts=screen.fonts,
        clips=screen.clips,
        is_windowed=window is not None,
        panel=None if panel is None else PanelView(panel),
    )
    Screen(Client(settings.screen_socket), place).run()


if __name__ == "__main__":
    sys.exit(main())
