"""When a verdict becomes a notice, and when a notice is over: not at once, and not for ever. Pure.

A notice opens when its rule said *bad* for the rule's time, without a stretch of *good* of a third
of it, or that would have closed it; it closes after *good* alone for its own time. What can't be
told (the device isn't heard, the hall is shut) opens nothing and closes nothing: waiting begins
anew. A family's verdict (``fault``) holds for all its members (``fault:lamp-1:dead``) that are not
named.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from broker.fleet.health_rules import RULES, Verdicts, family


@dataclass(slots=True)
class _Since:
    bad_at: datetime | None = None
    good_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What a look made of it: rules with what is wrong, and rules that are over."""

    opened: list[tuple[str, str]] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)


_UNTOLD: Final = "untold"


class Hysteresis:
    """Remembers since when each rule says what it says; in memory only.

    After a restart all times begin anew, so that a notice opens later, never twice: which ones are
    open is not known here but in the store.
    """

    def __init__(self) -> None:
        self._since: dict[Hashable, dict[str, _Since]] = {}

    def look(
        self, who: Hashable, verdicts: Verdicts, is_open: Collection[str], now: datetime
    ) -> Changes:
        """Take the verdicts of ``now`` on ``who``, of whom the rules ``is_open`` have notices."""
        known = self._since.setdefault(who, {})
        changes = Changes()
        if not known and not is_open and not any(verdicts.values()):
            return changes  # as a rule
        for rule in {*verdicts, *is_open, *known}:
            verdict = verdicts.get(rule, verdicts.get(family(rule), _UNTOLD))
            if verdict is None:
                if self._is_over(known, rule, is_open, now):
                    changes.closed.append(rule)
            elif verdict == _UNTOLD:
                known.pop(rule, None)
            else:
                self._when_bad(known, rule, now)
                waited = now - (known[rule].bad_at or now)
                if rule not in is_open and waited >= RULES[family(rule)].opens_after:
                    changes.opened.append((rule, verdict))
        return changes

    def forget(self, who: Hashable) -> None:
        """Drop what is known of ``who``."""
        self._since.pop(who, None)

    def _when_bad(self, known: dict[str, _Since], rule: str, now: datetime) -> None:
        since = known.setdefault(rule, _Since())
        since.bad_at, since.good_at = since.bad_at or now, None

    def _is_over(
        self, known: dict[str, _Since], rule: str, is_open: Collection[str], now: datetime
    ) -> bool:
        """Take a good verdict; whether it closes a notice."""
        if rule not in known and rule not in is_open:
            return False
        since = known.setdefault(rule, _Since())
        since.good_at = since.good_at or now
        patience = RULES[family(rule)]
        enough = patience.closes_after
        if rule not in is_open:
            enough = min(enough, patience.opens_after / 3)
        if now - since.good_at < enough:
            return False
        del known[rule]
        return rule in is_open
