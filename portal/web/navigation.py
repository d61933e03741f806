"""The service navigation: what whoever is signed in finds above every page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from portal.web.rules import Rule, staff

if TYPE_CHECKING:
    from portal.web.page import Page


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


@dataclass(frozen=True, slots=True)
class Entry:
    """A section.

    Attributes:
        rule: who sees it; each of them may open ``path``.
        message: in English.
        is_dashboard: whether it is there only where a dashboard is.
    """

    rule: Rule
    path: str
    message: str
    is_dashboard: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """An entry as a page shows it: ``is_here`` where the page is in that section."""

    path: str
    message: str
    is_here: bool


_READERS_OF_PLACES: Final = staff("administrator", "manager", "head-of-unit", "auditor")

NAVIGATION: Final[dict[str, tuple[Entry, ...]]] = {
    # In the order in which they stand.
    _("Citizens"): (
        Entry(
            staff("clerk", "mayoralty-clerk", "auditor"), "/staff/people", _("People and companies")
        ),
        Entry(staff("clerk", "mayoralty-clerk"), "/staff/citizens", _("Access for citizens")),
    ),
    _("Feedback"): (
        Entry(staff(), "/staff/surveys", _("Surveys")),
        Entry(
            staff("clerk", "mayoralty-clerk", "editor", "administrator"),
            "/staff/paper",
            _("Paper forms"),
        ),
        Entry(staff("editor", "administrator"), "/staff/tablets", _("Tablets")),
        Entry(staff("editor"), "/staff/comments", _("Comments")),
        Entry(
            staff("editor", "head-of-unit", "manager", "auditor", "administrator"),
            "/dashboard",
            _("Dashboard"),
            is_dashboard=True,
        ),
        Entry(
            staff("editor", "head-of-unit", "manager", "auditor", "administrator"),
            "/staff/improvement",
            _("Improvement"),
        ),
        Entry(
            staff("editor", "head-of-unit", "manager", "auditor", "administrator"),
            "/staff/results",
            _("Results given back"),
        ),
    ),
    _("Places and devices"): (
        Entry(_READERS_OF_PLACES, "/staff/places", _("Places")),
        Entry(_READERS_OF_PLACES, "/staff/devices", _("Devices")),
        Entry(_READERS_OF_PLACES, "/staff/health", _("Health")),
    ),
    _("Organisation"): (
        Entry(staff(), "/staff/employees", _("Colleagues")),
        Entry(staff("administrator"), "/staff/units", _("Units")),
        Entry(staff("administrator"), "/staff/settlements", _("Settlements")),
        Entry(staff("administrator"), "/staff/municipality", _("Municipality")),
        Entry(staff("administrator"), "/staff/users", _("Users")),
        Entry(staff("auditor"), "/staff/audit", _("Audit log")),
    ),
}
"""Sections by what they are about."""


def navigation(page: Page) -> list[tuple[str, list[Link]]]:
    """What whoever asks for ``page`` sees: titles of groups, each with its links."""
    if page.actor.kind == "anonymous":
        return []
    has_dashboard = bool(page.portal.settings.dashboard_url)
    groups = []
    for title, entries in NAVIGATION.items():
        links = [
            Link(each.path, each.message, _is_in(page.path, each.path))
            for each in entries
            if each.rule.judge(page.actor) == "welcome" and (has_dashboard or not each.is_dashboard)
        ]
        if links:
            groups.append((title, links))
    return groups


def _is_in(path: str, section: str) -> bool:
    return path == section or path.startswith(f"{section}/")


SERVICES: Final[list[tuple[str, str, str]]] = [
    # (path, title, what it is for), in English; what citizens find on the first page.
    ("/surveys", _("Surveys"), _("Tell us how we served you. It takes a minute.")),
    (
        "/results",
        _("What you told us, what we did"),
        _("How people rated us, month by month, and what became of it."),
    ),
    (
        "/write-to-us",
        _("Signals, proposals, complaints"),
        _("What each of them is, where it goes, and how you get an answer."),
    ),
]
