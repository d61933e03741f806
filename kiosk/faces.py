"""The values of a scale as choices: each face has its rank, and a word under it."""

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
