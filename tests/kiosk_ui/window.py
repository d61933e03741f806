"""A real screen in a real window, and a hand that finds what is drawn there."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from fontTools.ttLib import TTFont

from kiosk.scene import Choice, Scene, Tongue
from kiosk.ui.glass import Glass
from kiosk.ui.item import Item
from kiosk.ui.layout import arrange
from tests.fixtures.display import Display

END_S: Final = 20

WORDS: Final = ("Много зле", "Зле", "Добре", "Много добре")
FACES: Final = tuple(
    Choice(button=f"face-{rank}", kind="face", text=text, rank=rank, of=4)
    for rank, text in enumerate(WORDS, 1)
)
QUESTION: Final = Scene(
    number=1,
    state="idle",
    language="bg",
    title="Доволни ли сте от обслужването днес?",
    choices=FACES,
    tongues=(Tongue("bg", "Български"), Tongue("en", "English")),
)
REASONS: Final = Scene(
    number=2,
    state="follow-up",
    language="bg",
    title="Какво не беше наред?",
    choices=(
        *(
            Choice(button=f"option-{number}", kind="option", text=text)
            for number, text in enumerate(("Дълго чакане", "Отношение", "Неясни указания"), 1)
        ),
        Choice(button="skip", kind="skip", text="Пропускам"),
    ),
)


class Window:
    """One screen process on one display.

    Args:
        folder: for its settings, and its home.
        display: where its window opens.
        options: more of its arguments.
        settings: more lines of its settings.
    """

    def __init__(
        self, folder: Path, display: Display, *options: str, settings: str = "[screen]\n"
    ) -> None:
        self.display = display
        self.glass = Glass(display.width, display.height, diagonal_in=7.0)
        self.home = folder / "home"
        self.home.mkdir(exist_ok=True)
        path = folder / "kiosk.toml"
        path.write_text(
            'site = "troyan"\ndevice = "kiosk-1"\ndata = "."\n'
            'panel.kind = "virtual"\npanel.path = "panel.sock"\n' + settings
        )
        command = [sys.executable, "-m", "kiosk.ui", "--settings", str(path), *options]
        environment = display.environment | {
            "HOME": str(self.home),
            "CACHE_DIRECTORY": str(folder.parent / "shaders"),  # as the unit has one
        }
        self.process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE)

    def tap(self, scene: Scene, target: str, page: int = 0) -> None:
        """Tap the middle of what means ``target`` while ``scene`` is shown."""
        rect = self.find(scene, target, page).rect
        self.display.tap(rect.x + rect.width / 2, rect.y + rect.height / 2)

    def find(self, scene: Scene, target: str, page: int = 0) -> Item:
        """Where ``target`` is while ``scene`` is shown."""
        (found,) = [item for item in self.arranged(scene, page) if item.target == target]
        return found

    def arranged(self, scene: Scene, page: int = 0) -> tuple[Item, ...]:
        """All that is drawn while ``scene`` is shown."""
        return arrange(scene, self.glass, measure=measure, page=page).items

    def end(self) -> int:
        """Ask it to end; returns its exit status."""
        self.process.terminate()
        status = self.process.wait(END_S)
        assert self.process.stderr is not None
        self.process.stderr.close()
        return status

    def kill(self) -> None:
        """Let it die."""
        self.process.kill()
        self.end()


def measure(text: str, font_px: float) -> float:
    """Width of a line of text, as the screen measures it."""
    widths, em = _widths()
    return sum(widths.get(ord(letter), em / 2) for letter in text) * font_px / em


@cache
def _widths() -> tuple[dict[int, float], float]:
    """Widths of letters in units of the font, and how many of them make an em."""
    spec = find_spec("kivy")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    with TTFont(Path(spec.submodule_search_locations[0]) / "data/fonts/Roboto-Bold.ttf") as font:
        widths = font["hmtx"].metrics
        return {code: widths[name][0] for code, name in font.getBestCmap().items()}, font[
            "head"
        ].unitsPerEm
