"""What a municipality says of itself, in both languages, and how pages read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

Conformance: TypeAlias = Literal["full", "partial", "none"]
"""The three of the model statement: fully, partially, not conforming to EN 301 549."""

Method: TypeAlias = Literal["self", "external"]


class Facts(BaseModel):
    """All of it, flat as the forms that change parts of it; what is not told yet is empty."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name_bg: str = ""
    name_en: str = ""
    short_name_bg: str = ""
    short_name_en: str = ""
    address_bg: str = ""
    address_en: str = ""
    phone: str = ""
    email: str = ""
    hours_bg: str = ""
    hours_en: str = ""
    officer_bg: str = ""
    """The data protection officer, by name or post: whom texts of privacy name."""
    officer_en: str = ""
    officer_phone: str = ""
    officer_email: str = ""
    welcome_bg: str = ""
    welcome_en: str = ""
    """Text of the first page, above the services."""
    ways_bg: str = ""
    """What signals, proposals and complaints are, as its lawyer says; empty: a text of ours."""
    ways_en: str = ""
    conformance: Conformance = "partial"
    method: Method = "self"
    prepared_on: date | None = None
    """Of the accessibility statement; likewise the next. Only an administrator enters it, so that
    without it nothing is said in the municipality's name."""
    reviewed_on: date | None = None
    failures_bg: str = ""
    """Known failures of the municipality's own contents, one a line; ours come by themselves."""
    failures_en: str = ""
    accessibility_email: str = ""
    """Where complaints about accessibility go; empty: to the general address."""
    accessibility_phone: str = ""
    answer_days: int = 14
    """Within how many days complaints are answered: a promise of the municipality's own."""
    enforcement_bg: str = ""
    """Who looks after it if the answer does not satisfy: a rule that a lawyer has to confirm."""
    enforcement_en: str = ""
    security_contact: str = ""
    """E-mail or web address of ``security.txt``; empty: the general e-mail."""
    security_until: date | None = None
    """Until when ``security.txt`` holds (RFC 9116, 2.5.5); without it there is none."""

    def security_contact_on(self, today: date) -> str:
        """Whom to tell of a hole; empty: nobody said, or what was said has expired."""
        until = self.security_until
        return "" if until is None or until < today else self.security_contact or self.email

    @property
    def has_confirmed_statement(self) -> bool:
        """Whether the municipality has said itself how accessible its website is."""
        return self.prepared_on is not None


@dataclass(frozen=True, slots=True)
class Contact:
    """How the municipality is reached; what is not told is empty."""

    address: Mapping[str, str]
    phone: str
    email: str
    hours: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Municipality:
    """What pages know of it.

    Attributes:
        name: by language.
        short_name: for narrow places; the name where there is none.
        arms: the address of its arms; empty without.
        contact: how it is reached.
        facts: all the rest.
    """

    name: Mapping[str, str]
    short_name: Mapping[str, str]
    arms: str
    contact: Contact
    facts: Facts


NAMELESS: Final = {"bg": "Община", "en": "Municipality"}


def present(facts: Facts, arms_hash: str | None) -> Municipality:
    """``facts`` as pages want them."""
    name = _texts(facts.name_bg, facts.name_en)
    name = name if any(name.values()) else NAMELESS
    short = _texts(facts.short_name_bg, facts.short_name_en)
    return Municipality(
        name,
        short if any(short.values()) else name,
        f"/municipality/arms?v={arms_hash}" if arms_hash else "",
        Contact(
            _texts(facts.address_bg, facts.address_en),
            facts.phone,
            facts.email,
            _texts(facts.hours_bg, facts.hours_en),
        ),
        facts,
    )


def _texts(bg: str, en: str) -> Mapping[str, str]:
    return {"bg": bg, "en": en}
