"""Packages of the system that a kiosk's parts need."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kiosk.settings import Settings

_FOR_SOUND: Final = {"alsa-utils": "usr/bin/aplay", "espeak-ng": "usr/bin/espeak-ng"}
_FOR_SCREEN: Final = {
    "libgbm1": "usr/lib/*/libgbm.so.1",
    "libegl1": "usr/lib/*/libEGL.so.1",
    "libgles2": "usr/lib/*/libGLESv2.so.2",
    "libmtdev1": "usr/lib/*/libmtdev.so.1",
    "libgl1-mesa-dri": "usr/lib/*/dri/*_dri.so",
}
"""Package → a file of it. What draws and reads touch without a desktop (SDL on KMS and DRM)."""


def missing_packages(settings: Settings, root: Path) -> list[str]:
    """Return those that are not installed below ``root``."""
    return [name for name, file in _needed(settings) if next(root.glob(file), None) is None]


def _needed(settings: Settings) -> Iterator[tuple[str, str]]:
    if settings.sound.kind == "alsa":
        yield from _FOR_SOUND.items()
    if settings.screen is not None:
        yield from _FOR_SCREEN.items()
