"""What is known of a municipality and its installation, as texts name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from babel.dates import format_date

from analytics.measures.minima import MIN_STAFF, MIN_VOTES
from portal.municipality.facts import Facts
from portal.texts.laws import Language
from portal.upkeep.portal_tables import LINK_AGE, MAIL_AGE, SESSION_AGE, UNREADABLE_AGE

LABELS: Final[Mapping[str, Mapping[Language, str]]] = {
    "municipality": {"bg": "наименование на общината", "en": "name of the municipality"},
    "address": {"bg": "адрес на общината", "en": "address of the municipality"},
    "phone": {"bg": "телефон на общината", "en": "telephone of the municipality"},
    "email": {"bg": "имейл на общината", "en": "e-mail of the municipality"},
    "portal": {"bg": "адрес на портала", "en": "address of the portal"},
    "officer": {
        "bg": "име или длъжност на длъжностното лице по защита на данните",
        "en": "name or post of the data protection officer",
    },
    "officer_contact": {
        "bg": "телефон и имейл на длъжностното лице по защита на данните",
        "en": "telephone and e-mail of the data protection officer",
    },
}
"""What a municipality may not have told yet, and what stands at its blank then."""


@dataclass(frozen=True, slots=True)
class Times:
    """The settings that decide how long something is kept, or waits.

    Attributes:
        comment_months: of comments.
        undecodable_days: of bytes in quarantine that can't be decoded.
        backup_days: of backups.
        escalation_days: after which a manager hears of an overdue action.
    """

    comment_months: int
    undecodable_days: int
    backup_days: int
    escalation_days: int


def known(
    facts: Facts, times: Times, portal_url: str, today: date, language: Language
) -> dict[str, str]:
    """Every name that a text may use and what stands for it; empty where nobody told.

    Nothing is borrowed from the other language: a Bulgarian address in an English text is a blank.
    """
    is_bg = language == "bg"
    return {
        "municipality": facts.name_bg if is_bg else facts.name_en,
        "address": _in_one_line(facts.address_bg if is_bg else facts.address_en),
        "phone": facts.phone,
        "email": facts.email,
        "portal": portal_url,
        "officer": facts.officer_bg if is_bg else facts.officer_en,
        "officer_contact": ", ".join(filter(None, (facts.officer_phone, facts.officer_email))),
        "today": format_date(today, "long", locale=language),
        "min_votes": str(MIN_VOTES),
        "min_staff": str(MIN_STAFF),
        "comment_age": _months(times.comment_months, language),
        "undecodable_age": _days(times.undecodable_days, language),
        "backup_age": _days(times.backup_days, language),
        "escalation_age": _days(times.escalation_days, language),
        "unreadable_age": _days(UNREADABLE_AGE.days, language),
        "mail_age": _days(MAIL_AGE.days, language),
        "link_age": _days(LINK_AGE.days, language),
        "session_age": _days(SESSION_AGE.days, language),
    }


def _in_one_line(text: str) -> str:
    return ", ".join(line.strip() for line in text.splitlines() if line.strip())


def _months(n: int, language: Language) -> str:
    one, more = ("месец", "месеца") if language == "bg" else ("month", "months")
    return f"{n} {one if n == 1 else more}"


def _days(n: int, language: Language) -> str:
    one, more = ("ден", "дни") if language == "bg" else ("day", "days")
    return f"{n} {one if n == 1 else more}"
