"""What came in the last minutes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from analytics.questions.asked import Choice
from analytics.questions.raw_votes import read_votes
from broker.store.places import Place
from broker.store.scales import SCALES

RECENTLY: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Recent:
    """A place's newest votes on one scale; ``counts`` has every value, worst first."""

    place: Place
    scale: str
    counts: Mapping[int, int]


def recent(connection: Connection, choice: Choice, now: datetime) -> list[Recent]:
    """The votes of the last 15 minutes, by place and scale; none for no votes.

    Places are those of the scope's last day. Few votes are many people's secret: but on
    touchpoints in test mode, the caller applies the minima (``analytics.measures.minima``), and
    shows a figure anew only when five votes differ.

    Args:
        connection: of the feedback database.
        choice: what is asked.
        now: an aware time; what is answered at it counts. What is known to the day only doesn't.
    """
    scope = choice.scope
    places_of = {
        code: numbers
        for days, part in scope.parts.items()
        if days.to_on == scope.period.to_on
        for code, numbers in part.items()
    }
    after = timedelta(milliseconds=1)
    votes = read_votes(connection, choice, list(places_of), now - RECENTLY + after, now + after)
    found: dict[tuple[int, str], dict[int, int]] = defaultdict(dict)
    for code, _, scale, value, _, _, precision in votes:
        if precision == "day":
            continue
        for number in places_of[code]:
            counts = found[number, scale] or dict.fromkeys(SCALES[scale].values, 0)
            counts[value] += 1
            found[number, scale] = counts
    return [
        Recent(scope.places[number], scale, found[number, scale]) for number, scale in sorted(found)
    ]
