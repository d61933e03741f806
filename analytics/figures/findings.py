"""What is new and worth a manager's morning: at most three findings, or none.

A finding is a lasting change of the share satisfied at one place: dated by the change point of its
days, held against the three months before it, and called so only if it is more than chance among
all places looked at (false-discovery rate) and great enough to matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Final, Literal, NamedTuple, TypeAlias

from analytics.closed.asked import Asked, Votes
from analytics.closed.book import Book
from analytics.closed.standing import Named
from analytics.figures.key import change_between
from analytics.figures.reasons import Reason, reasons
from analytics.figures.spread import spread_of
from analytics.measures.certainty import Certainty
from analytics.measures.change import Change, false_discovery_rates
from analytics.measures.change_points import SHUFFLES, Split, split_of
from analytics.period import Period
from broker.store.places import Place

MOST: Final = 3
"""More than three are not read."""

LOOKED_AT: Final = 56
"""Days in which a change is looked for: eight whole weeks."""

NEW_WITHIN: Final = 28
"""A change of longer ago is no news; what it led to stands on the place's own page."""

USUAL: Final = 91
"""Days before the change that say what is usual."""

GREAT: Final = 0.03
"""Three points of a hundred: less is nothing to act on, however sure it is."""

SURE_RATE: Final = 0.01
LIKELY_RATE: Final = 0.05
SPLIT_P: Final = 0.05
"""How clear the day of the change must be; whether there is one at all, the rates decide."""

Kind: TypeAlias = Literal["worse", "better"]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something changed at a place.

    Attributes:
        since_on: the first day of the new level.
        change: of the share satisfied, against what is usual there.
        usual, now: the votes of either side.
        certainty: ``sure`` or ``likely``.
        reason: what was named most since then; ``None`` where nobody was asked or answered.
    """

    kind: Kind
    named: Named
    scale: str
    since_on: date
    usual: Votes
    now: Votes
    change: Change
    certainty: Certainty
    reason: Reason | None

    @property
    def id(self) -> str:
        """The same as long as it is the same finding, though its day may move within a week."""
        year, week, _ = self.since_on.isocalendar()
        where = f"{self.named.place.kind}:{self.named.place.code}:{self.scale}"
        return f"{self.kind}:{where}:{year}-W{week:02}"

    @property
    def weight(self) -> float:
        """Votes a day that differ from what would be usual."""
        return abs(self.change.difference) * self.now.n / self.now.period.length


def findings(book: Book, most: int = MOST) -> list[Finding]:
    """The findings of today: what got worse first, by how many votes it is about.

    The rates are reckoned over all places that were looked at, those included at which nothing is
    new: of what is told, one in twenty is expected to be nothing but chance.
    """
    looked = list(_looked(book))
    rates = false_discovery_rates([each.p for each in looked])
    sure = false_discovery_rates([each.change_p for each in looked])
    clear = [
        _with(book, each.finding, "sure" if sure_rate <= SURE_RATE else "likely")
        for each, rate, sure_rate in zip(looked, rates, sure, strict=True)
        if each.finding is not None
        and rate <= LIKELY_RATE
        and abs(each.finding.change.difference) >= GREAT
    ]
    told = _innermost(book, clear)
    return sorted(told, key=lambda each: (each.kind == "better", -each.weight))[:most]


class _Looked(NamedTuple):
    """A place and scale that was looked at.

    Attributes:
        p: the odds of so clear a change by chance: of its day, and of the difference; 1 for none.
        change_p: of the difference alone.
    """

    finding: Finding | None
    p: float
    change_p: float


def _looked(book: Book) -> Iterable[_Looked]:
    """Every place and scale; each counts among the many, whatever is found there."""
    days = Period(book.period.to_on - timedelta(LOOKED_AT - 1), book.period.to_on)
    shuffles = max(SHUFFLES, ceil(len(book.places) / LIKELY_RATE))
    for named in book.places:
        asked = Asked(days).at(named.place)
        for scale, series in book.trend(asked, "day").items():
            since_on, p = _since(series, days, shuffles)
            finding = since_on and _finding(book, asked, named, scale, since_on)
            if finding:
                yield _Looked(finding, max(p, finding.change.p), finding.change.p)
            else:
                yield _Looked(None, 1.0, 1.0)


def _since(series: Sequence[Votes], days: Period, shuffles: int) -> tuple[date | None, float]:
    """The first day of the latest level, if there is one that is new; how clear it is."""
    start, clear = 0, 0.0
    since_on = None
    while (split := _clear_split(series[start:], shuffles)) is not None:
        start += split.at
        clear = max(clear, split.p)
        since_on = series[start].period.from_on
    newest = days.to_on - timedelta(NEW_WITHIN - 1)
    return (since_on, clear) if since_on is not None and since_on >= newest else (None, 1.0)


def _clear_split(series: Sequence[Votes], shuffles: int) -> Split | None:
    """The likeliest change, if it is clear; where many places are looked at, reckoned finer."""
    counts = [(each.satisfied, each.n) for each in series]
    split = split_of(counts)
    if split is None or split.p > SPLIT_P:
        return None
    if shuffles > SHUFFLES and split.p <= 2 / SHUFFLES:
        return split_of(counts, shuffles)
    return split


def _finding(book: Book, asked: Asked, named: Named, scale: str, since_on: date) -> Finding | None:
    lately = asked.in_period(Period(since_on, asked.period.to_on))
    before = asked.in_period(Period(since_on - timedelta(USUAL), since_on - timedelta(1)))
    now = next((each for each in book.votes(lately) if each.scale == scale), None)
    usual = next((each for each in book.votes(before) if each.scale == scale), None)
    if now is None or usual is None:
        return None
    found = change_between(usual, now, spread_of(book, before, scale))
    kind: Kind = "better" if found.difference > 0 else "worse"
    return Finding(kind, named, scale, since_on, usual, now, found, "likely", None)


def _with(book: Book, finding: Finding, certainty: Certainty) -> Finding:
    """The same with how sure it is, and what people named."""
    asked = Asked(Period(finding.since_on, book.period.to_on)).at(finding.named.place)
    why = next(iter(reasons(book, asked)), None) if finding.kind == "worse" else None
    return Finding(
        finding.kind,
        finding.named,
        finding.scale,
        finding.since_on,
        finding.usual,
        finding.now,
        finding.change,
        certainty,
        why.options[0] if why is not None else None,
    )


def _innermost(book: Book, found: Sequence[Finding]) -> list[Finding]:
    """Without places that only show what happened at one in them."""
    explained = {(above, each.kind) for each in found for above in _above(book, each.named)}
    return [each for each in found if (each.named.place, each.kind) not in explained]


def _above(book: Book, named: Named) -> Iterable[Place]:
    above = named.above
    while above is not None:
        yield above
        over = book.place(above)
        above = over.above if over is not None else None
