"""A font that has all letters of a language: from a folder, Kivy's own, or the system's.

Kivy's own (Roboto) has Latin, Cyrillic and Greek. Kivy sets letter after letter from left to right,
so scripts whose letters join, change or run from the right (Arabic, Hebrew, those of India …) would
come out broken, whatever the font: they are refused; better another language than broken text.
"""

from __future__ import annotations

import logging
import subprocess
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from itertools import groupby
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont, TTLibError

_log: Final = logging.getLogger(__name__)

_FC_LIST_S: Final = 20.0
_SUFFIXES: Final = frozenset({".ttf", ".otf", ".ttc"})
# First and last letter of scripts that need shaping: Hebrew to Arabic, of India, Thai and Lao,
# Tibetan, Myanmar, Khmer, Mongolian, Balinese to Lepcha, Meetei Mayek, presentation forms.
_SHAPED: Final = (
    (0x0590, 0x08FF),
    (0x0900, 0x0DFF),
    (0x0E00, 0x0FFF),
    (0x1000, 0x109F),
    (0x1780, 0x18AF),
    (0x1900, 0x1C7F),
    (0xA800, 0xABFF),
    (0xFB1D, 0xFDFF),
    (0xFE70, 0xFEFC),
)


class FontError(Exception):
    """A text that can't be displayed; says which letters, and what to do.

    Attributes:
        missing: the letters.
    """

    def __init__(self, text: str, missing: set[str]) -> None:
        super().__init__(text)
        self.missing = missing


@dataclass(frozen=True, slots=True)
class Font:
    """Files to set a language in.

    Attributes:
        regular, bold: of one typeface; the same where it has no bold.
        fallback: for letters that these lack: fonts of one script often have no "?" of their own.
    """

    regular: Path
    bold: Path
    fallback: Path

    def runs(self, text: str, *, is_bold: bool = False) -> list[tuple[Path, str]]:
        """``text`` in parts, each with the file to set it in."""
        first = self.bold if is_bold else self.regular
        by_file = groupby(text, lambda letter: self._file(letter, first))
        return [(file, "".join(letters)) for file, letters in by_file]

    def _file(self, letter: str, first: Path) -> Path:
        return self.fallback if missing_glyphs(letter, first) else first


def find_font(language: str, text: str, folder: Path | None = None) -> Font:
    """A font with all letters of ``text``, those aside that Kivy's own has.

    Args:
        language: its tag, to ask the system for.
        text: everything that is to be shown in that language.
        folder: fonts that come before all others, such as ``fonts`` beside the settings.

    Raises:
        FontError: none has them all, or the script can't be displayed.
    """
    shaped = needs_shaping(text)
    if shaped:
        raise FontError(
            f"{language}: the screen can't join letters or write from the right: "
            f"{' '.join(sorted(shaped)[:8])}. Offer another language on this kiosk.",
            shaped,
        )
    own = own_font()
    least = set(text)
    for path in _candidates(language, folder):
        missing = missing_glyphs(text, path)
        if not missing_glyphs("".join(missing), own.regular):
            return own if path == own.regular else Font(path, _bold(path), own.regular)
        least = min(least, missing, key=len)
    raise FontError(
        f"{language}: no font has {' '.join(sorted(least)[:8])}. Install one "
        "(Debian: fonts-noto-core, fonts-noto-cjk), or put it into the folder of fonts.",
        least,
    )


def missing_glyphs(text: str, font: Path) -> set[str]:
    """Letters of ``text`` that ``font`` has no glyph for; all, if it can't be read."""
    return {letter for letter in text if _is_drawn(letter) and ord(letter) not in _letters(font)}


def needs_shaping(text: str) -> set[str]:
    """Letters of ``text`` that Kivy would set side by side though they join or turn."""
    return {
        letter for letter in text if any(first <= ord(letter) <= last for first, last in _SHAPED)
    }


def own_font() -> Font:
    """The font that comes with Kivy; Kivy itself is not loaded.

    Raises:
        FontError: Kivy is not installed.
    """
    spec = find_spec("kivy")
    if spec is None or spec.origin is None:
        raise FontError("Kivy is not installed: install otziv[touch]", set())
    folder = Path(spec.origin).parent / "data/fonts"
    regular = folder / "Roboto-Regular.ttf"
    return Font(regular, folder / "Roboto-Bold.ttf", regular)


def _candidates(language: str, folder: Path | None) -> Iterator[Path]:
    """Fonts in the order in which they are tried."""
    if folder is not None and folder.is_dir():
        yield from sorted(p for p in folder.iterdir() if p.suffix.lower() in _SUFFIXES)
    yield own_font().regular
    yield from system_fonts(language)


@cache
def system_fonts(language: str) -> tuple[Path, ...]:
    """Upright fonts of the system for a language: sans serif first, then plain names first."""
    wanted = f":lang={language.lower()}:slant=0:weight=80"
    try:
        found = subprocess.run(
            ["fc-list", "-f", "%{file}\n", wanted],
            capture_output=True,
            text=True,
            check=True,
            timeout=_FC_LIST_S,
        )
    except (OSError, subprocess.SubprocessError) as error:
        _log.warning("fonts for %s can't be looked for: %s", language, error)
        return ()
    paths = {Path(line) for line in found.stdout.splitlines()}
    usable = (path for path in paths if path.suffix.lower() in _SUFFIXES)
    return tuple(sorted(usable, key=_preference))


def _preference(path: Path) -> tuple[bool, bool, int]:
    name = path.name
    return "NotoSans" not in name, "Sans" not in name, len(name)


def _bold(regular: Path) -> Path:
    bold = regular.with_name(regular.name.replace("-Regular", "-Bold"))
    return bold if bold.is_file() else regular


def _is_drawn(letter: str) -> bool:
    """Spaces and marks of control have no shape."""
    return unicodedata.category(letter) not in {"Cc", "Cf", "Zs", "Zl", "Zp"}


@cache
def _letters(font: Path) -> frozenset[int]:
    try:
        with font.open("rb") as file, TTFont(file, fontNumber=0, lazy=True) as opened:
            return frozenset(opened.getBestCmap() or ())
    except (OSError, TTLibError) as error:
        _log.warning("%s can't be read as a font: %s", font, error)
        return frozenset()
