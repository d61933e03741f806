"""Key figures of a place in a period, beside those of as many days before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.closed.asked import Asked, Votes
from analytics.closed.book import Book
from analytics.figures.spread import spread_of
from analytics.measures.change import Change, change
from analytics.measures.index import SatisfactionIndex, satisfaction_index
from analytics.measures.net_promoter import NetPromoter, net_promoter
from analytics.measures.shares import Share, dissatisfied_share, share_of
from broker.store.scales import SCALES


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The figures of votes on one scale.

    Attributes:
        votes: of the period.
        before: of as many days before it; ``None`` where there are none.
        change: of the share satisfied, its interval widened by how much days differ anyway;
            ``None`` likewise.
        net_promoter: on ``nps-11`` only.
    """

    scale: str
    votes: Votes
    satisfied: Share
    dissatisfied: Share
    index: SatisfactionIndex
    net_promoter: NetPromoter | None
    before: Votes | None
    change: Change | None


def key_figures(book: Book, asked: Asked) -> list[KeyFigures]:
    """The figures scale by scale, most votes first; none for no votes."""
    earlier = {each.scale: each for each in book.votes(asked.in_period(asked.period.before))}
    return [
        _figures(votes, earlier.get(votes.scale), spread_of(book, asked, votes.scale))
        for votes in book.votes(asked)
    ]


def main_figures(book: Book, asked: Asked) -> KeyFigures | None:
    """Those of the scale with most votes; ``None`` for no votes."""
    found = key_figures(book, asked)
    return found[0] if found else None


def change_between(before: Votes, after: Votes, spread: float = 1.0) -> Change:
    """The change of the share satisfied between two periods, votes of one scale."""
    return change((before.satisfied, before.n), (after.satisfied, after.n), spread=spread)


def _figures(votes: Votes, before: Votes | None, spread: float) -> KeyFigures:
    scale = SCALES[votes.scale]
    return KeyFigures(
        votes.scale,
        votes,
        share_of(votes.satisfied, votes.n),
        dissatisfied_share(votes.counts, scale),
        satisfaction_index(votes.counts, scale),
        net_promoter(votes.counts) if votes.scale == "nps-11" else None,
        before,
        change_between(before, votes, spread) if before else None,
    )


def total(several: Sequence[Votes]) -> int:
    """All votes of several figures together."""
    return sum(each.n for each in several)
