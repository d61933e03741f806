"""Sign-language clips: zip files of pictures, one of which is in memory at a time.

Kivy's own sequences keep every picture as it is drawn: half a minute would be 150 MB.
"""

from __future__ import annotations

import logging
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import Final
from zipfile import BadZipFile, ZipFile

from kivy.core.image import Image
from kivy.graphics.texture import Texture

from kiosk.scene import Scene

FRAME_MS: Final = 84
"""Twelve pictures a second: signs can be read, and a Raspberry Pi has time for all else."""

SUFFIXES: Final = frozenset({".png", ".jpg", ".jpeg"})

_log: Final = logging.getLogger(__name__)


class ClipError(Exception):
    """A clip that can't be played; says which and why."""


class Clip:
    """One clip, which is played round and round.

    Raises:
        ClipError: it is no zip file, or there is no picture in it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._zip = ZipFile(path)
        except (OSError, BadZipFile) as error:
            raise ClipError(f"{path} is no zip file of pictures: {error}") from error
        names = sorted(self._zip.namelist())
        self._names = [name for name in names if PurePosixPath(name).suffix.lower() in SUFFIXES]
        self._number = -1
        self._texture: Texture | None = None
        if not self._names:
            raise ClipError(f"{path} has no PNG or JPEG picture")
        self.picture(0)

    def picture(self, at_ms: float) -> Texture:
        """The picture of that moment.

        Raises:
            ClipError: it can't be read.
        """
        number = int(at_ms // FRAME_MS) % len(self._names)
        if number != self._number or self._texture is None:
            self._number, self._texture = number, self._read(self._names[number])
        return self._texture

    def close(self) -> None:
        """Close the file."""
        self._zip.close()

    def _read(self, name: str) -> Texture:
        suffix = PurePosixPath(name).suffix.lower().removeprefix(".")
        try:
            picture = Image(BytesIO(self._zip.read(name)), ext=suffix, nocache=True)
        except Exception as error:  # Kivy's loaders raise anything, Exception itself among it.
            raise ClipError(f"{self.path}: {name} can't be read: {error}") from error
        return picture.texture


class Clips:
    """The clips in ``folder``: ``bg/overall.zip``; one is open at a time."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._wanted: Path | None = None
        self._clip: Clip | None = None

    def find(self, scene: Scene | None) -> Clip | None:
        """The clip that belongs to ``scene``, if there is one."""
        wanted = None
        if self._folder is not None and scene is not None and scene.clip:
            wanted = self._folder / scene.language / f"{scene.clip}.zip"
        if wanted != self._wanted:
            self._wanted = wanted
            self.drop()
            self._clip = None if wanted is None else _opened(wanted)
        return self._clip

    def drop(self) -> None:
        """Show no clip any more, until another one is wanted."""
        if self._clip is not None:
            self._clip.close()
            self._clip = None


def _opened(path: Path) -> Clip | None:
    if not path.exists():
        return None
    try:
        return Clip(path)
    except ClipError as error:
        _log.error("%s", error)
        return None
