"""Results that are given back: what the public page, posters and idle screens show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from analytics.improvement.actions import check_json
from analytics.improvement.who import ImprovementError

MOST_CONTENT: Final = 1_000_000
_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A month's results of a unit.

    Attributes:
        month: ``2026-11``.
        unit: code; empty: the whole municipality.
        content: JSON text; unit and month only, no desk and no hour.
        published_by: name; not for the public.
        edition: 2 and more: published again, corrected.
        withdrawn_at: ``None``: they are public; else nobody is shown them.
    """

    month: str
    unit: str
    content: str
    published_at: datetime
    published_by: str
    edition: int = 1
    withdrawn_at: datetime | None = None


def check_publication(month: str, content: str) -> None:
    """See that it can be published.

    Raises:
        ImprovementError: no month, or content that is no JSON.
    """
    if not _MONTH.fullmatch(month):
        raise ImprovementError(_("Write a month, for example 2026-11"), field="month")
    check_json(content, "content", MOST_CONTENT)
