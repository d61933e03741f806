"""Places side by side: ranked, against the funnel, and against the period before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from analytics.closed.asked import Asked, Votes
from analytics.closed.book import Book
from analytics.closed.standing import Named
from analytics.figures.key import change_between
from analytics.figures.spread import spread_of
from analytics.measures.change import Change, false_discovery_rates
from analytics.measures.funnel import Funnel, Standing, funnel
from analytics.measures.ranking import Ranked, ranking
from analytics.measures.shares import Share, share_of

FEWEST: Final = 2
"""One place alone is not ranked."""

FEWEST_RANKED: Final = 3
"""Of two places one is always the worst: to show that as a ranking would say nothing."""

WORST: Final = 3


@dataclass(frozen=True, slots=True)
class Compared:
    """A place among others.

    Attributes:
        ranked: where it stands, the odds with it; ``None`` where there is nothing to rank.
        standing: against the funnel; ``None`` likewise.
        change: against as many days before; ``None`` where there are no votes of them.
        rate: p of the change, corrected for being one of many places; 1 without a change.
    """

    named: Named
    votes: Votes
    satisfied: Share
    ranked: Ranked | None
    standing: Standing | None
    change: Change | None
    rate: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Places on one scale, the worst first.

    Attributes:
        worst: how many "the worst" and "the best" are in the odds.
        funnel: ``None`` for a single place.
    """

    scale: str
    places: tuple[Compared, ...]
    worst: int
    funnel: Funnel | None

    @property
    def is_ranking(self) -> bool:
        """Whether there are places enough to show as a ranking and in the funnel."""
        return len(self.places) >= FEWEST_RANKED


def comparisons(book: Book, asked: Asked, places: Sequence[Named]) -> list[Comparison]:
    """Compare places that don't lie in one another, scale by scale, most votes first.

    Those without votes on a scale are left out of it.
    """
    now: dict[str, list[tuple[Named, Votes]]] = {}
    before: dict[tuple[str, Named], Votes] = {}
    for named in places:
        here = asked.at(named.place)
        for votes in book.votes(here):
            now.setdefault(votes.scale, []).append((named, votes))
        for votes in book.votes(here.in_period(asked.period.before)):
            before[votes.scale, named] = votes
    ordered = sorted(now, key=lambda scale: -sum(votes.n for _, votes in now[scale]))
    return [_compared(book, asked, scale, now[scale], before) for scale in ordered]


def _compared(
    book: Book,
    asked: Asked,
    scale: str,
    found: list[tuple[Named, Votes]],
    before: dict[tuple[str, Named], Votes],
) -> Comparison:
    changes = [
        _change(book, asked.at(named.place), before.get((scale, named)), votes)
        for named, votes in found
    ]
    known = [each for each in changes if each is not None]
    corrected = iter(false_discovery_rates([each.p for each in known]))
    rates = [1.0 if each is None else next(corrected) for each in changes]
    counts = [(votes.satisfied, votes.n) for _, votes in found]
    limits = funnel(counts) if len(found) >= FEWEST else None
    ranks = {each.number: each for each in ranking(counts, WORST).places} if limits else {}
    order = list(ranks) or list(range(len(found)))
    rows = [
        Compared(
            found[at][0],
            found[at][1],
            share_of(*counts[at]),
            ranks.get(at),
            limits.standing(*counts[at]) if limits else None,
            changes[at],
            rates[at],
        )
        for at in order
    ]
    return Comparison(scale, tuple(rows), min(WORST, max(len(found) // 2, 1)), limits)


def _change(book: Book, here: Asked, before: Votes | None, now: Votes) -> Change | None:
    if before is None:
        return None
    return change_between(before, now, spread_of(book, here, now.scale))
