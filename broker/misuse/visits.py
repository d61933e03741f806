"""What the rules judge: visits, each with the presses of its first question. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple, TypeAlias

PANELS: Final = frozenset({"device", "tablet"})
"""Channels that are a panel in a hall. Elsewhere two people may well answer in one second."""

FORMS: Final = frozenset({"web", "qr"})
"""Channels by which anybody may send a form, and as many as he likes."""

_MINUTE_MS: Final = 60_000


class Press(NamedTuple):
    """A face, pressed ``at_ms`` milliseconds since 1970 UTC."""

    at_ms: int
    value: int


@dataclass(frozen=True, slots=True)
class Visit:
    """One visitor at one panel, as the kiosk understood it; or a form from the web.

    Attributes:
        id: the visit's.
        device: the panel; two of them at one touchpoint are not one row of presses.
        question: the first one, whose faces begin a visit.
        scale: of that question.
        presses: its rating and the corrections of it, in order of time; at least one.
        said: of a form: all that it says, in short; the same only for forms that say the same.
    """

    id: str
    device: str
    question: str
    scale: str
    presses: tuple[Press, ...]
    said: str = ""

    @property
    def at_ms(self) -> int:
        """When it began."""
        return self.presses[0].at_ms

    @property
    def last_ms(self) -> int:
        """When a face was last pressed in it."""
        return self.presses[-1].at_ms

    @property
    def value(self) -> int:
        """What it says in the end."""
        return self.presses[-1].value


Doubts: TypeAlias = defaultdict[str, set[str]]
"""Visit → the reasons to doubt it."""


def no_doubts() -> Doubts:
    """Nothing is doubted yet."""
    return defaultdict(set)


def by_device(visits: Iterable[Visit]) -> list[list[Visit]]:
    """The visits of each panel, in order of time."""
    found: dict[str, list[Visit]] = defaultdict(list)
    for visit in sorted(visits, key=lambda each: (each.at_ms, each.id)):
        found[visit.device].append(visit)
    return list(found.values())


def are_rounded(visits: Sequence[Visit]) -> bool:
    """Whether these times are too coarse to judge gaps by, as those read in from a table may be.

    All of them are whole minutes, or two are the same: a panel never gives two presses less than
    50 ms apart.
    """
    times_ms = [visit.at_ms for visit in visits]
    is_twice = any(one == other for one, other in pairwise(times_ms))
    are_minutes = len(times_ms) > 1 and all(at_ms % _MINUTE_MS == 0 for at_ms in times_ms)
    return is_twice or are_minutes
