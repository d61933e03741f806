"""The forms of the page about the municipality; each changes facts of the same names."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, field_validator

from portal.municipality.facts import Conformance, Method
from portal.web.fields import Day, EmailAddress, Line, Phone, check_email, check_url
from portal.web.forms import Form

_Note = Annotated[str, Field(max_length=2_000)]


class NameForm(Form):
    """What it is called."""

    name_bg: Line
    name_en: Line = ""
    short_name_bg: Line = ""
    short_name_en: Line = ""


class ContactForm(Form):
    """How it is reached."""

    address_bg: Line = ""
    address_en: Line = ""
    phone: Phone = ""
    email: EmailAddress = ""
    hours_bg: Annotated[str, Field(max_length=500)] = ""
    hours_en: Annotated[str, Field(max_length=500)] = ""


class OfficerForm(Form):
    """The data protection officer."""

    officer_bg: Line = ""
    officer_en: Line = ""
    officer_phone: Phone = ""
    officer_email: EmailAddress = ""


class WelcomeForm(Form):
    """What the first page says."""

    welcome_bg: _Note = ""
    welcome_en: _Note = ""


class WaysForm(Form):
    """What signals, proposals and complaints are."""

    ways_bg: _Note = ""
    ways_en: _Note = ""


class AccessibilityForm(Form):
    """The accessibility statement."""

    conformance: Conformance
    method: Method
    prepared_on: Day
    reviewed_on: Day | None = None
    failures_bg: _Note = ""
    failures_en: _Note = ""
    accessibility_email: EmailAddress = ""
    accessibility_phone: Phone = ""
    answer_days: Annotated[int, Field(ge=1, le=60)]
    enforcement_bg: _Note = ""
    enforcement_en: _Note = ""


class SecurityForm(Form):
    """Who is told of a hole."""

    security_contact: Line = ""
    security_until: Day | None = None

    @field_validator("security_contact")
    @classmethod
    def _is_reachable(cls, given: str) -> str:
        return check_url(given) if given.startswith("https://") else check_email(given)


SECTIONS: Final[dict[str, type[Form]]] = {
    "name": NameForm,
    "contact": ContactForm,
    "officer": OfficerForm,
    "welcome": WelcomeForm,
    "ways": WaysForm,
    "accessibility": AccessibilityForm,
    "security": SecurityForm,
}
"""The part of the address behind /staff/municipality/, and its form."""
