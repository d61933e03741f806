"""``python -m kiosk.ui.pictures --to DIR``: the main screens as pictures, drawn by the screen."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path
from typing import Final

from kiosk.ui.glass import Glass
from kiosk.ui.samples import samples
from kiosk.ui.toolkit import tame
from kiosk.ui.view import View

SIZES: Final = {(480, 800): 7.0, (800, 480): 7.0, (1280, 800): 10.1}
"""Width and height in pixels → diagonal in inches: the displays that are usual."""

LANGUAGES: Final = ("bg", "en")

SHOWN: Final = frozenset(
    {
        "800x480-bg-idle",
        "800x480-bg-follow-up",
        "800x480-bg-thanks",
        "800x480-bg-warning",
        "800x480-bg-out-of-hours",
        "800x480-bg-high-contrast",
        "800x480-en-idle",
        "800x480-en-numbers",
        "480x800-bg-idle",
        "480x800-en-follow-up",
        "480x800-bg-maintenance",
        "800x480-en-out-of-order",
        "1280x800-bg-follow-up",
        "1280x800-bg-idle",
        "1280x800-en-thanks",
    }
)
"""Those that the documents show (``docs/pictures/kiosk``)."""


def main(arguments: list[str] | None = None) -> int:
    """Draw all pictures; returns 0."""
    parser = argparse.ArgumentParser(
        prog="python -m kiosk.ui.pictures", description="Draw the kiosk's main screens."
    )
    parser.add_argument("--to", type=Path, required=True, help="the folder, which may exist")
    parser.add_argument("--shown", action="store_true", help="only those that documents show")
    parser.add_argument("--size", choices=[_name(size) for size in SIZES], help="only this size")
    options = parser.parse_args(arguments)
    options.to.mkdir(parents=True, exist_ok=True)
    if options.size is None:
        return _draw_each_size(options.to, is_shown=options.shown)
    (size,) = [size for size in SIZES if _name(size) == options.size]
    draw(options.to, size, only=SHOWN if options.shown else None)
    return 0


def _name(size: tuple[int, int]) -> str:
    return f"{size[0]}x{size[1]}"


def _draw_each_size(folder: Path, *, is_shown: bool) -> int:
    """A process for each: a window without a display can't change its size."""
    shown = ["--shown"] if is_shown else []
    environment = os.environ | {"SDL_VIDEODRIVER": "offscreen"}
    for size in SIZES:
        command = [sys.executable, "-m", "kiosk.ui.pictures", "--to", str(folder), *shown]
        subprocess.run([*command, "--size", _name(size)], env=environment, check=True)
    return 0


def draw(folder: Path, size: tuple[int, int], *, only: frozenset[str] | None = None) -> None:
    """Draw the pictures of one size; ``only`` those named."""
    tame(size)
    from kiosk.ui.studio import Studio  # noqa: PLC0415 -- Kivy opens its window when imported

    studio = Studio(Glass(*size, diagonal_in=SIZES[size]))
    for language in LANGUAGES:
        for name, scene in samples(language):
            full_name = f"{_name(size)}-{language}-{name}"
            if only is None or full_name in only:
                view = View(new_id=str)
                view.show(scene, 0)
                studio.draw(view, folder / f"{full_name}.png")


if __name__ == "__main__":
    sys.exit(main())
