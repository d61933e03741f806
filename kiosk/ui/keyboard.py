"""What keys mean: everything that can be touched can be typed; pure, no Kivy.

Keys are known by where they are (USB HID usage, as SDL has it), not by what the layout writes on
them: on a Bulgarian layout the key of H says Х.

==========================  ====================================================================
key                         what it means
==========================  ====================================================================
1 … 9, 0                    the first to ninth choice, the tenth; for numbers that number itself
Shift with a digit          the first … of the faces that correct the rating just given
← ↑ Shift+Tab, → ↓ Tab      ``previous``, ``next``
Enter, Space                ``select``
H, F1                       ``help``
L                           the next language
digits, Backspace, Enter    the PIN, while it is asked for
S, Q                        in maintenance: self-test, and leave
==========================  ====================================================================

Nothing else means anything, Esc and Ctrl included. A key that is held counts once.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from kiosk.scene import Choice, Scene

_DIGITS: Final = {
    **{29 + digit: digit for digit in range(1, 10)},
    39: 0,
    **{88 + digit: digit for digit in range(1, 10)},
    98: 0,
}
_H, _L, _Q, _S = 11, 15, 20, 22
_ENTER, _BACKSPACE, _TAB, _SPACE, _F1, _KEYPAD_ENTER = 40, 42, 43, 44, 58, 88
_RIGHT, _LEFT, _DOWN, _UP = 79, 80, 81, 82

_WALK: Final = {
    _LEFT: "previous",
    _UP: "previous",
    _RIGHT: "next",
    _DOWN: "next",
    _TAB: "next",
    _ENTER: "select",
    _KEYPAD_ENTER: "select",
    _SPACE: "select",
    _H: "help",
    _F1: "help",
}
_MAINTENANCE: Final = {_S: "self-test", _Q: "leave"}
_PIN: Final = {_ENTER: "pin:ok", _KEYPAD_ENTER: "pin:ok", _BACKSPACE: "pin:back", _Q: "leave"}
_SYSTEM: Final = frozenset({"ctrl", "alt", "meta"})


class Keyboard:
    """One keyboard, and which of its keys are down."""

    def __init__(self) -> None:
        self._down: set[int] = set()

    def down(self, key: int, modifiers: Collection[str], scene: Scene) -> str:
        """A key comes down; returns what it means in ``scene``, empty for nothing.

        Args:
            key: its place (SDL scan code).
            modifiers: that are held: ``shift``, ``ctrl``, ``alt``, ``meta``.
            scene: what is shown.
        """
        if key in self._down or not _SYSTEM.isdisjoint(modifiers):
            return ""
        self._down.add(key)
        return meaning(key, scene, is_shifted="shift" in modifiers)

    def up(self, key: int) -> None:
        """A key is released."""
        self._down.discard(key)


def meaning(key: int, scene: Scene, *, is_shifted: bool) -> str:
    """What ``key`` means in ``scene``: a target as in :class:`kiosk.ui.item.Item`, or a key.

    Returns:
        The name of a button, one of the tactile keys, ``pin:7`` …; empty for nothing.
    """
    if scene.state == "maintenance":
        return _in_maintenance(key, scene)
    if key in _DIGITS:
        return _chosen(_DIGITS[key], scene, is_shifted=is_shifted)
    if key == _L:
        return _next_language(scene)
    if key == _TAB and is_shifted:
        return "previous"
    return _WALK.get(key, "")


def _in_maintenance(key: int, scene: Scene) -> str:
    if not scene.asks_pin:
        return _MAINTENANCE.get(key, "")
    return f"pin:{_DIGITS[key]}" if key in _DIGITS else _PIN.get(key, "")


def _chosen(digit: int, scene: Scene, *, is_shifted: bool) -> str:
    choices = scene.corrects if is_shifted or not scene.choices else scene.choices
    numbers = [choice for choice in choices if choice.kind == "number"]
    if numbers:
        return next((number.button for number in numbers if number.text == str(digit)), "")
    return _nth((digit - 1) % 10, choices)


def _nth(index: int, choices: tuple[Choice, ...]) -> str:
    return choices[index].button if index < len(choices) else ""


def _next_language(scene: Scene) -> str:
    tags = [tongue.tag for tongue in scene.tongues]
    if not tags:
        return ""
    at = tags.index(scene.language) if scene.language in tags else -1
    return f"language-{tags[(at + 1) % len(tags)]}"
