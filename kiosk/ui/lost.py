"""What the screen says by itself, when the firmware is gone."""

from __future__ import annotations

from collections.abc import Callable

from kiosk.scene import Scene
from kiosk.words import Words


def out_of_order(last: Scene, words_of: Callable[[str], Words]) -> Scene:
    """Out of order, in the language that was spoken, and drawn in the same way."""
    words = words_of(last.language)
    return Scene(
        number=0,
        state="out-of-order",
        language=last.language,
        direction=words.direction,
        name=last.name,
        title=words("Out of order"),
        text=words("Sorry, we can't take ratings now."),
        is_high_contrast=last.is_high_contrast,
    )
