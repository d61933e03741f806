"""Findings of the measures that somebody took up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from analytics.improvement.who import ImprovementError, need_text

MOST_NOTE: Final = 1_000
MOST_ID: Final = 200


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A finding, as far as taking it up goes.

    Attributes:
        id: the same as long as it is the same finding, as the dashboard makes it.
        unit: code of whose it is; empty: the whole municipality's.
        words: the sentence, for lists and mails.
    """

    id: str
    unit: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """What became of a finding.

    Attributes:
        acknowledged_by: account; empty: nobody did.
        assigned_to: account; empty: nobody has it. ``assignee`` is his name.
        note: the last one.
    """

    finding: Finding
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
    assigned_to: str = ""
    assignee: str = ""
    assigned_at: datetime | None = None
    note: str = ""


def check_finding(finding: Finding, note: str) -> None:
    """See that it can be taken up.

    Raises:
        ImprovementError: no id or no words, or too long ones.
    """
    need_text(finding.id, "finding", MOST_ID)
    need_text(finding.words, "finding", MOST_NOTE)
    if len(note) > MOST_NOTE:
        raise ImprovementError(_("Write at most {bound} characters"), field="note", bound=MOST_NOTE)


def need_free(finding: Finding, unit: str) -> None:
    """See that the finding, as it was taken up before, is of the same unit.

    Raises:
        ImprovementError: somebody uses one id for two findings.
    """
    if finding.unit != unit:
        raise ImprovementError(_("This finding belongs to another unit"), field="finding")
