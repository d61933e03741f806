"""The accessibility statement: what of the portal itself is known to fail.

The statement follows the model of Commission Implementing Decision (EU) 2018/1523, which the
Bulgarian Electronic Governance Act (ЗЕУ, чл. 58в) asks public bodies for. Whom people turn to when
the answer does not satisfy is a fact of each municipality: a lawyer has to confirm it.
"""

from __future__ import annotations

from datetime import date
from typing import Final


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


STATED_ON: Final = date(2026, 11, 22)
"""When the list below was last gone through; change both together."""

KNOWN_FAILURES: Final = (
    _(
        "The pages were checked by programs and by keyboard, but not yet by people who use screen "
        "readers or other aids every day."
    ),
    _(
        "The charts of the staff's dashboard can't be explored with a screen reader; the same "
        "figures stand in tables below them (EN 301 549, 9.1.1.1)."
    ),
    _("There are no translations into Bulgarian Sign Language on these pages."),
)
"""Failures of the product itself, and what was not checked."""
