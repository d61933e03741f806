"""What touches mean: pure, no Kivy, all times given in milliseconds of device uptime.

A finger counts when it comes down, at once, so that two seconds at the kiosk suffice. Which
presses are void, doubled or a correction is the session's business alone (docs/architecture.md,
"What counts as a press"); here we only find out what was *meant*:

* *One hand at a time.* While a finger rests on something, further ones mean nothing. One that
  rests for 10 s (a drop of water, a bag) is taken for a stuck button and no longer holds up the
  others. Fingers on empty glass hold up nobody.
* *Two at once.* A second finger on something else within 50 ms is passed on too: the session then
  makes both void, as it does with two buttons.
* *A palm* is three contacts or more within 50 ms, wherever they land. The first two may have been
  passed on by then, since to hold touches back for 50 ms would make every honest press feel dull.
  But the session holds each press for those 50 ms anyway. So if a palm has pressed one button
  only, we pass on a second, harmless one (``extend``), and the session makes both void; if it
  pressed two different ones, they are void already. What comes after the third contact means
  nothing until the whole palm has gone.
* *Nobody answers what they have not seen yet.* A finger that lands within 300 ms after the glass
  changed was on its way before: eye and hand need that long. It means what stood there before. So
  the second tap of a double tap is the same face again, not the reason that has just appeared
  under it, and a question that ends in this moment does not turn an answer into a rating.
* *The corner* held for 5 s opens the maintenance screen; a finger that slides off it does not.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass
from typing import Final

from kiosk.ui.glass import Rect
from kiosk.ui.item import Arrangement

AT_ONCE_MS: Final = 50
PALM_CONTACTS: Final = 3
STUCK_MS: Final = 10_000
REACTION_MS: Final = 300
CORNER_MS: Final = 5_000

CORNER: Final = "corner"
EXTEND: Final = "extend"


@dataclass(frozen=True, slots=True)
class _Contact:
    """A finger that is down.

    Attributes:
        target: what it touched; empty for nothing, or for what was not to count.
        is_palm: part of a palm: it holds up everything, whatever it touches.
    """

    at_ms: float
    target: str
    is_palm: bool = False


class Touches:
    """All fingers on one glass."""

    def __init__(self) -> None:
        self._glasses: deque[tuple[float, Arrangement]] = deque()
        self._down: dict[Hashable, _Contact] = {}
        self._recent: deque[_Contact] = deque(maxlen=PALM_CONTACTS - 1)
        self._is_corner_told = False

    def arrange(self, arrangement: Arrangement, at_ms: float) -> None:
        """From ``at_ms`` on, ``arrangement`` is what people see."""
        if self._glasses and _touchable(self._glasses[-1][1]) == _touchable(arrangement):
            self._glasses[-1] = (self._glasses[-1][0], arrangement)
        else:
            self._glasses.append((at_ms, arrangement))

    def down(self, finger: Hashable, x: float, y: float, at_ms: float) -> list[str]:
        """A finger comes down; returns the targets that this means, in order."""
        target = self._aimed_at(x, y, at_ms)
        if self._is_palm(at_ms):
            return self._press_palm(finger, at_ms)
        is_meant = bool(target) and not self._is_held_up(target, at_ms)
        contact = _Contact(at_ms, target if is_meant else "")
        self._down[finger] = contact
        self._recent.append(contact)
        return [target] if is_meant and target != CORNER else []

    def move(self, finger: Hashable, x: float, y: float) -> None:
        """A finger slides; off the corner, it no longer holds it."""
        contact = self._down.get(finger)
        if contact is not None and contact.target == CORNER and self._target(x, y) != CORNER:
            self._down[finger] = _Contact(contact.at_ms, "")

    def up(self, finger: Hashable) -> None:
        """A finger is lifted."""
        self._down.pop(finger, None)

    def is_corner_held(self, at_ms: float) -> bool:
        """Whether the corner has been held long enough; said once each time."""
        held = [contact for contact in self._down.values() if contact.target == CORNER]
        is_held = any(at_ms - contact.at_ms >= CORNER_MS for contact in held)
        is_news = is_held and not self._is_corner_told
        self._is_corner_told = is_held
        return is_news

    def _press_palm(self, finger: Hashable, at_ms: float) -> list[str]:
        pressed = {contact.target for contact in self._recent} - {"", CORNER}
        for other, contact in self._down.items():
            if contact in self._recent:
                self._down[other] = _Contact(contact.at_ms, contact.target, is_palm=True)
        self._down[finger] = _Contact(at_ms, "", is_palm=True)
        self._recent.append(self._down[finger])
        return [EXTEND] if len(pressed) == 1 else []

    def _is_palm(self, at_ms: float) -> bool:
        """Whether a contact at ``at_ms`` is one too many."""
        near = [contact for contact in self._recent if at_ms - contact.at_ms < AT_ONCE_MS]
        return len(near) >= PALM_CONTACTS - 1

    def _is_held_up(self, target: str, at_ms: float) -> bool:
        """Whether a finger that is down already makes one on ``target`` mean nothing."""
        for contact in self._down.values():
            age_ms = at_ms - contact.at_ms
            is_other = contact.target != target and age_ms < AT_ONCE_MS
            is_pressing = contact.target not in ("", CORNER) and not is_other
            if age_ms < STUCK_MS and (contact.is_palm or is_pressing):
                return True
        return False

    def _aimed_at(self, x: float, y: float, at_ms: float) -> str:
        """What stood there when the finger set out."""
        while len(self._glasses) > 1 and self._glasses[1][0] <= at_ms - REACTION_MS:
            self._glasses.popleft()
        return self._glasses[0][1].target_at(x, y) if self._glasses else ""

    def _target(self, x: float, y: float) -> str:
        return self._glasses[-1][1].target_at(x, y) if self._glasses else ""


def _touchable(arrangement: Arrangement) -> list[tuple[str, Rect]]:
    """What a finger could tell apart."""
    return [(item.target, item.rect) for item in arrangement.items if item.target]
