"""Ledger against database, press by press: the promise as arithmetic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from otziv.demo.ledger import Press


class Row(NamedTuple):
    """What the reckoning needs of a stored or quarantined event."""

    id: str
    visit: str
    outcome: str | None
    is_quarantined: bool = False


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The balance of a run.

    Attributes:
        pressed: presses that reached a kiosk.
        thanked: presses that the visitor was thanked for.
        stored: presses of this run that have a row.
        unthanked: presses without thanks (void, double strikes, a kiosk killed in between).
        missing: thanked presses without a row: must be 0.
        extra: rows beyond one a press, or without a press: must be 0.
        quarantined: presses of this run that are in quarantine.
        timeouts: rows for questions that nobody answered; no press belongs to them.
    """

    pressed: int
    thanked: int
    stored: int
    unthanked: int
    missing: int
    extra: int
    quarantined: int
    timeouts: int
    missing_ids: list[str] = field(default_factory=list)
    extra_ids: list[str] = field(default_factory=list)


def reckon(presses: Sequence[Press], rows: Iterable[Row], earlier: Collection[str]) -> Reckoning:
    """Lay ledger and database side by side.

    Args:
        presses: of this run.
        rows: of all events at the demo's touchpoints, stored and quarantined, of every run.
        earlier: tokens of earlier runs; their rows are nobody's concern here.
    """
    rows = list(rows)
    stored = Counter(row.id for row in rows if not row.is_quarantined)
    quarantined = {row.id for row in rows if row.is_quarantined}
    tokens = {press.token for press in presses}
    thanked = {press.token for press in presses if press.thanked_at_s is not None}
    silent = [row for row in rows if row.outcome == "timeout"]
    known_visits = {row.visit for row in rows if row.id in tokens or row.id in earlier}
    pressless = {row.id for row in silent if row.visit in known_visits}
    missing = sorted(thanked - stored.keys())
    extra = sorted(
        id_
        for id_, count in stored.items()
        if count > 1 or not (id_ in tokens or id_ in earlier or id_ in pressless)
    )
    return Reckoning(
        pressed=len(tokens),
        thanked=len(thanked),
        stored=len(tokens & stored.keys()),
        unthanked=len(tokens - thanked),
        missing=len(missing),
        extra=len(extra),
        quarantined=len(tokens & quarantined),
        timeouts=len(pressless),
        missing_ids=missing,
        extra_ids=extra,
    )
