"""What screens say, carried out: touches, the way inside, complaints."""

from __future__ import annotations

import re
from typing import Final

from kiosk.house import House
from kiosk.scene import Complaint, Gesture, Leave, TestYourself, Touched, Unlock
from kiosk.words import Words

COMPLAINT: Final = re.compile(r"lacks-[A-Za-z0-9-]{1,48}")
"""What a screen may complain of: a heartbeat is no place for texts from a socket."""


def take_gesture(gesture: Gesture, house: House, words: Words) -> None:
    """Carry ``gesture`` out; ``words`` are those of the hall's own language."""
    now_ms = house.clock.uptime_ms()
    if isinstance(gesture, Touched):
        house.panel.inject(gesture.closure(now_ms))
    elif isinstance(gesture, Complaint):
        _note(gesture, house)
    else:
        _go_inside(gesture, house, words, now_ms)


def _go_inside(
    gesture: Unlock | Leave | TestYourself, house: House, words: Words, now_ms: int
) -> None:
    inside = house.inside
    match gesture:
        case Unlock(pin=""):
            inside.lock.knock(now_ms)
        case Unlock(pin=pin):
            inside.lock.unlock(pin, now_ms)
        case Leave():
            inside.lock.leave()
        case TestYourself():
            if inside.is_open:
                inside.test(words, now_ms)


def _note(complaint: Complaint, house: House) -> None:
    if COMPLAINT.fullmatch(complaint.fault):
        house.health.set_fault("screen", complaint.fault, is_present=complaint.is_present)
        house.programme.hear(complaint.fault, is_present=complaint.is_present)
