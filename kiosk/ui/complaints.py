"""What this screen has to complain of, and what it has told: pure."""

from __future__ import annotations

from collections.abc import Callable, Collection

from kiosk.scene import Complaint, Scene


class Complaints:
    """Languages that lack letters, told once to each firmware, and again when one is offered anew.

    Args:
        tell: says a complaint; ``False`` where nobody heard it.
    """

    def __init__(self, tell: Callable[[Complaint], bool]) -> None:
        self._tell = tell
        self._told: frozenset[str] = frozenset()
        self._offered: frozenset[str] = frozenset()
        self._connection = 0

    def look(self, lacking: Collection[str], scene: Scene, connection: int) -> None:
        """Tell what is new.

        Args:
            lacking: languages without a font that has all their letters.
            scene: what is shown.
            connection: how many times the firmware was met: another one has heard nothing yet.
        """
        offered = frozenset(tongue.tag for tongue in scene.tongues)
        if connection != self._connection:
            self._told = frozenset()
        self._told -= offered - self._offered
        self._connection, self._offered = connection, offered
        for language in self._told ^ frozenset(lacking):
            self._say(language, is_present=language in lacking)

    def _say(self, language: str, *, is_present: bool) -> None:
        fault = f"lacks-glyphs-{language}"
        if self._tell(Complaint(fault=fault, is_present=is_present)):
            self._told = self._told | {language} if is_present else self._told - {language}
