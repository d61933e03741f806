"""Public pages about the municipality: the first page, its statement, its arms."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Final

from starlette.responses import PlainTextResponse, Response

from portal.municipality.arms import POLICY
from portal.municipality.facts import Facts
from portal.municipality.service import read_arms
from portal.municipality.signboard import Signboard
from portal.municipality.statement import KNOWN_FAILURES, STATED_ON
from portal.web.language import NAMES
from portal.web.navigation import SERVICES
from portal.web.page import Page
from portal.web.routes import Area, Here
from portal.web.rules import ANYONE

AREA: Final = Area("municipality")

_A_YEAR: Final = "public, max-age=31536000, immutable"
_AN_HOUR: Final = "public, max-age=3600"


@AREA.get("/", ANYONE)
def first(page: Here) -> Response:
    """The first page: what can be done here."""
    return page.render("municipality/first.html", services=SERVICES)


@AREA.get("/accessibility", ANYONE)
def statement(page: Here) -> Response:
    """The accessibility statement; until the municipality confirms one, what its makers know."""
    facts = _facts(page)
    own = {"bg": facts.failures_bg, "en": facts.failures_en}
    return page.render(
        "municipality/accessibility.html",
        facts=facts,
        stated_on=STATED_ON,
        failures=KNOWN_FAILURES,
        own_failures=[line for line in page.language.of(own).splitlines() if line.strip()],
        enforcement=page.language.of({"bg": facts.enforcement_bg, "en": facts.enforcement_en}),
    )


@AREA.get("/municipality/arms", ANYONE)
def arms(page: Here) -> Response:
    """The arms; their address changes with them, so browsers may keep them for good."""
    found = page.need(read_arms(page.portal.database, page.portal.settings.site))
    answer = page.send(found.content, found.media_type)
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["Cache-Control"] = _A_YEAR
    return answer


@AREA.get("/.well-known/security.txt", ANYONE)
def security(page: Here) -> Response:
    """Whom to tell of a hole (RFC 9116); there is none after its time, since it would mislead."""
    facts = _facts(page)
    today = page.portal.clock().astimezone(page.language.zone).date()
    contact, until = page.need(facts.security_contact_on(today) or None), facts.security_until
    assert until is not None  # noqa: S101  # as was just seen
    end = datetime.combine(until, time.max, page.language.zone).astimezone(UTC)
    lines = [
        f"Contact: {contact if contact.startswith('https://') else f'mailto:{contact}'}",
        f"Expires: {end:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(NAMES)}",
        f"Canonical: {page.portal.settings.public_url}/.well-known/security.txt",
    ]
    return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": _AN_HOUR})


@AREA.get("/robots.txt", ANYONE)
def robots(page: Here) -> Response:
    """What search engines may read: public pages; nothing of a demonstration."""
    closed = ["/"] if page.portal.settings.is_sample else ["/staff", "/sign-in"]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return PlainTextResponse("\n".join(lines) + "\n", headers={"Cache-Control": _AN_HOUR})


def _facts(page: Page) -> Facts:
    return page.portal.part(Signboard).shown(page.portal).facts
