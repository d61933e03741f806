"""Buttons as people know them: the values of a scale, each with a word under it. Pure."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from broker.wire.scales import SCALES
from kiosk.scene import Choice, ChoiceKind
from kiosk.words import Words, mark

_WORDS: Final = {
    "faces-4": (mark("Very bad"), mark("Bad"), mark("Good"), mark("Very good")),
    "faces-5": (mark("Very bad"), mark("Bad"), mark("So-so"), mark("Good"), mark("Very good")),
    "yes-no": (mark("No"), mark("Yes")),
}
"""The word under each value, the worst first. It judges the service, so it has no gender."""

_KINDS: Final[dict[str, ChoiceKind]] = {
    "faces-4": "face",
    "faces-5": "face",
    "yes-no": "yes-no",
    "nps-11": "number",
}


def scale_choices(scale: str, buttons: Container[str], words: Words) -> tuple[Choice, ...]:
    """The values of ``scale`` that ``buttons`` give, the worst first; none for an empty one."""
    if not scale:
        return ()
    values = SCALES[scale].values
    return tuple(
        Choice(
            button=button,
            kind=_KINDS[scale],
            text=words(_WORDS[scale][rank]) if scale in _WORDS else str(value),
            rank=rank + 1,
            of=len(values),
        )
        for rank, value in enumerate(values)
        if (button := f"face-{value}") in buttons
    )


def name_of(button: str, words: Words) -> str:
    """What people call ``button``."""
    kind, _, number = button.partition("-")
    names = {
        "face": words("face {n}", n=number),
        "option": words("answer {n}", n=number),
        "skip": words("the button to skip"),
        "previous": words("the key back"),
        "next": words("the key on"),
        "select": words("the key to choose"),
        "help": words("the key for help"),
    }
    return names.get(kind, button)
