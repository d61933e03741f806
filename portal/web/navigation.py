"""The service navigation: what whoever is signed in finds above every page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from portal.web.actor import Actor
from portal.web.rules import Rule, staff


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


NAVIGATION: Final[list[tuple[Rule, str, str]]] = [
    # (who sees it, path, message in English); one line each, in the order in which they stand.
    (staff("clerk", "mayoralty-clerk", "auditor"), "/staff/people", _("People and companies")),
    (staff(), "/staff/employees", _("Colleagues")),
    (staff("administrator"), "/staff/units", _("Units")),
    (staff("administrator"), "/staff/settlements", _("Settlements")),
    (staff(), "/staff/surveys", _("Surveys")),
    (staff("editor"), "/staff/comments", _("Comments")),
    (
        staff("editor", "head-of-unit", "manager", "auditor", "administrator"),
        "/dashboard",
        _("Dashboard"),
    ),
    (staff("administrator", "manager", "head-of-unit", "auditor"), "/staff/places", _("Places")),
    (staff("administrator", "manager", "head-of-unit", "auditor"), "/staff/devices", _("Devices")),
    (staff("administrator", "manager", "head-of-unit", "auditor"), "/staff/health", _("Health")),
    (staff("administrator"), "/staff/municipality", _("Municipality")),
    (staff("clerk", "mayoralty-clerk"), "/staff/citizens", _("Access for citizens")),
    (staff("administrator"), "/staff/users", _("Users")),
    (staff("auditor"), "/staff/audit", _("Audit log")),
]


def navigation(actor: Actor, path: str) -> Iterator[tuple[str, str, bool]]:
    """Path, message and whether it is the section that ``path`` is in, for what ``actor`` sees."""
    for rule, target, message in NAVIGATION:
        if actor.kind != "anonymous" and rule.judge(actor) == "welcome":
            yield target, message, path == target or path.startswith(f"{target}/")


SERVICES: Final[list[tuple[str, str, str]]] = [
    # (path, title, what it is for), in English; what citizens find on the first page.
    ("/surveys", _("Surveys"), _("Tell us how we served you. It takes a minute.")),
    (
        "/write-to-us",
        _("Signals, proposals, complaints"),
        _("What each of them is, where it goes, and how you get an answer."),
    ),
]
