"""Walking: going through what can be chosen, and choosing it, without seeing or reaching it.

Four tactile keys do it (:data:`hardware.panel.TACTILE_KEYS`). Where a panel in audio mode has
none, its faces take their place for whatever they don't answer themselves:

=========  ==========  ========  ==========  ==========
faces      the first   the next  between     the last
=========  ==========  ========  ==========  ==========
two        next                              select
three      previous    next                  select
more       previous    next      help        select
=========  ==========  ========  ==========  ==========
"""

from __future__ import annotations

from typing import Final

from hardware.panel import Closure
from kiosk.means import Means
from kiosk.visit import Step

WALKING: Final = frozenset({"previous", "next"})
SELECT: Final = "select"
HELP: Final = "help"


def moved(choices: tuple[str, ...], focus: str, key: str) -> str:
    """Where the focus stands after ``key``, one of :data:`WALKING`; past the end it goes round.

    Standing nowhere (``""``), it goes to the first choice, or backward to the last one.
    """
    if focus not in choices:
        return choices[0 if key == "next" else -1]
    step = 1 if key == "next" else -1
    return choices[(choices.index(focus) + step) % len(choices)]


def key_of(closure: Closure, step: Step, means: Means) -> str:
    """The button that ``closure`` stands for while ``step`` is asked.

    It is the one pressed, unless that is a face of the panel which walks now. A face on the screen
    is what it shows, whatever those of the panel do.
    """
    if closure.input != "button" or not faces_walk(step, means):
        return closure.button
    return _keys(means.faces).get(closure.button, closure.button)


def faces_walk(step: Step, means: Means) -> bool:
    """Whether the panel's faces are keys while ``step`` is asked.

    They are where they can't give every value: on a panel of four faces, nobody could answer eleven
    values fairly.
    """
    is_answered_by_faces = bool(step.scale) and means.buttons.issuperset(step.answers)
    return means.is_walked and not means.has_keys and not is_answered_by_faces


def _keys(faces: tuple[str, ...]) -> dict[str, str]:
    """What each of two faces or more stands for."""
    first, second, *_ = faces
    if len(faces) == 2:  # with two there is no way back but round
        return {first: "next", second: SELECT}
    between = dict.fromkeys(faces[2:-1], HELP)
    return {first: "previous", second: "next", **between, faces[-1]: SELECT}
