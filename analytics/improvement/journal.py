"""The journal of methods: how the administration listened, besides votes.

The annual report names the methods that were used (art. 24 of the Ordinance on administrative
service), with what was found and what was done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Literal, TypeAlias, get_args

from analytics.improvement.who import ImprovementError, need_text

Method: TypeAlias = Literal[
    "survey",
    "devices",
    "staff-consultation",
    "mystery-client",
    "signals",
    "media",
    "hotline",
    "focus-group",
    "other",
]
"""Surveys; feedback devices; consultations with staff; mystery client; signals, proposals,
complaints and praise; publications in the media; hotline; focus groups; other ways."""
METHODS: Final[tuple[Method, ...]] = get_args(Method)

MOST_TEXT: Final = 5_000


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """That a method was used.

    Attributes:
        unit: code of whose service it was about; empty: the whole municipality.
        to_on: the last day; the first one where it was one day.
        n: people asked, signals, visits, publications …; ``None``: not counted.
        findings: what was learnt; ``done``: what was done about it, empty: nothing yet.
    """

    method: Method
    from_on: date
    to_on: date
    findings: str
    unit: str = ""
    n: int | None = None
    done: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry(NewEntry):
    """An entry of the journal; ``by`` is the name of who entered it."""

    id: str
    by: str
    entered_at: datetime
    revision: int = 1


def check_entry(new: NewEntry) -> None:
    """See that it can be entered.

    Raises:
        ImprovementError: no such method, days the wrong way round, a bad number, or no words.
    """
    if new.method not in METHODS:
        raise ImprovementError(_("Choose one of the answers"), field="method")
    if new.to_on < new.from_on:
        raise ImprovementError(_("The last day is before the first"), field="to_on")
    if new.n is not None and new.n < 0:
        raise ImprovementError(_("Write a number from {bound} up"), field="n", bound=0)
    need_text(new.findings, "findings", MOST_TEXT)
    if len(new.done) > MOST_TEXT:
        raise ImprovementError(_("Write at most {bound} characters"), field="done", bound=MOST_TEXT)
