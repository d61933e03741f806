"""Sets lines of text: which font for which language, how wide a line is, and its picture."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

import msgspec
from kivy.core.text import Label
from kivy.graphics.texture import Texture

from kiosk.scene import Scene
from kiosk.ui.fonts import Font, FontError, find_font, own_font, system_fonts

MAX_PICTURES: Final = 40
"""Lines that are kept as textures; one page of one scene has thirty at most."""
MAX_FONTS: Final = 64
"""Languages with the letters of a scene whose font is kept."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line that one font can set.

    Attributes:
        texture: its letters, white on nothing.
        ascent_px: from its top down to the line that letters stand on.
    """

    texture: Texture
    ascent_px: float


class Lettering:
    """Knows the fonts of all languages that were shown so far.

    Args:
        folder: fonts that come before all others.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._fonts: dict[tuple[str, frozenset[str]], Font] = {}
        self._missed: dict[str, frozenset[str]] = {}
        self._pieces: OrderedDict[tuple[str, int, Path], Piece] = OrderedDict()
        self._font = own_font()
        self._tongues: dict[str, Font] = {}

    @property
    def lacking(self) -> frozenset[str]:
        """Languages without a font that has all their letters."""
        return frozenset(self._missed)

    def speak(self, scene: Scene) -> None:
        """From now on lines of ``scene`` are set."""
        names = {tongue.name: tongue.tag for tongue in scene.tongues}
        said = "".join(text for text in _texts(scene) if text not in names)
        self._font = self._find(scene.language, said)
        self._tongues = {name: self._find(tag, name) for name, tag in names.items()}

    def look_again(self) -> None:
        """Look whether somebody has installed fonts for the languages that lacked letters."""
        system_fonts.cache_clear()
        for language, letters in [*self._missed.items()]:
            with suppress(FontError):
                find_font(language, "".join(letters), self._folder)
                del self._missed[language]
                self._fonts.clear()

    def measure(self, text: str, font_px: float) -> float:
        """Width of a line in pixels, in bold: it is never wider."""
        return _width(self._font_of(text), text, font_px)

    def pieces(self, text: str, font_px: float, *, is_bold: bool) -> list[Piece]:
        """The line as pictures, from left to right."""
        runs = self._font_of(text).runs(text, is_bold=is_bold)
        return [self._piece(part, round(font_px), file) for file, part in runs]

    def _font_of(self, text: str) -> Font:
        return self._tongues.get(text, self._font)

    def _find(self, language: str, text: str) -> Font:
        key = (language, frozenset(text))
        if key not in self._fonts:
            if len(self._fonts) >= MAX_FONTS:
                self._fonts.clear()
            try:
                self._fonts[key] = find_font(language, text, self._folder)
            except FontError:
                self._fonts[key] = own_font()
                self._missed[language] = self._missed.get(language, frozenset()) | key[1]
        return self._fonts[key]

    def _piece(self, text: str, font_px: int, file: Path) -> Piece:
        key = (text, font_px, file)
        if key not in self._pieces:
            label = Label(text=text, font_size=font_px, font_name=str(file))
            label.refresh()
            self._pieces[key] = Piece(label.texture, label.get_ascent())
            if len(self._pieces) > MAX_PICTURES:
                self._pieces.popitem(last=False)
        self._pieces.move_to_end(key)
        return self._pieces[key]


@lru_cache(maxsize=2_000)
def _width(font: Font, text: str, font_px: float) -> float:
    width = 0.0
    for file, part in font.runs(text, is_bold=True):
        width += Label(font_size=font_px, font_name=str(file)).get_extents(part)[0]
    return width


def _texts(thing: object) -> Iterator[str]:
    """All texts in ``thing``; names of buttons are among them, and do no harm."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, msgspec.Struct):
        yield from _texts(msgspec.structs.astuple(thing))
    elif isinstance(thing, tuple):
        for part in thing:
            yield from _texts(part)
