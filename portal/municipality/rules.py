"""What must hold between the facts of a municipality."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from portal.municipality.forms import AccessibilityForm, SecurityForm
from portal.web.forms import Form

MOST_AHEAD: Final = timedelta(days=366)
"""``security.txt`` should be confirmed once a year (RFC 9116, 2.5.5)."""


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


def faults(form: Form, today: date) -> Iterator[tuple[str, str]]:
    """Fields of ``form`` that do not go together with others or with ``today``, and why."""
    if isinstance(form, AccessibilityForm):
        yield from _of_statement(form, today)
    if isinstance(form, SecurityForm):
        until = form.security_until
        if until is not None and not today < until <= today + MOST_AHEAD:
            yield "security_until", _("Choose a day within a year from now")
        if form.security_contact and until is None:
            yield "security_until", _("Say until when this holds: a year at most")


def _of_statement(form: AccessibilityForm, today: date) -> Iterator[tuple[str, str]]:
    if form.prepared_on > today:
        yield "prepared_on", _("This day is still to come")
    if form.reviewed_on is not None and not form.prepared_on <= form.reviewed_on <= today:
        yield (
            "reviewed_on",
            _("Choose a day from the day of preparation to today"),
        )
    if form.conformance == "full":
        yield (
            "conformance",
            _("The portal itself has known failures (they are listed below), so this is not so"),
        )
