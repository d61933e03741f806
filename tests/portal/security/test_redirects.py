"""Redirections stay with us, whatever an address or a form asks for."""

from __future__ import annotations

import re
from html import unescape

import pytest
from starlette.testclient import TestClient

from portal.app import guarded_routes
from portal.web.actor import ROLES
from portal.web.portal import Portal
from tests.fixtures.portals import PUBLIC_URL, sign_in_staff
from tests.portal.security.test_every_route import address

ELSEWHERE = [
    "https://evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/%2f%2fevil.example",
    "https:evil.example",
    "javascript:alert(1)",
    "/\t/evil.example",
    "/\n//evil.example",
    " //evil.example",
    "http://portal.test@evil.example",
    "http://portal.test.evil.example/",
    "/..//evil.example",
    "%0d%0aLocation: https://evil.example",
    "data:text/html,x",
]
NAMES = ("next", "back", "to", "url", "return", "then", "from", "after")


def is_ours(location: str) -> bool:
    """Whether a browser that follows it stays here."""
    if location.startswith(f"{PUBLIC_URL}/"):
        location = location.removeprefix(PUBLIC_URL)
    plain = location.replace("\t", "").replace("\n", "").replace("\r", "")
    return plain.startswith("/") and not plain.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "goal",
    [*ELSEWHERE[:2], *(pytest.param(goal, marks=pytest.mark.slow) for goal in ELSEWHERE[2:])],
)
def test_no_route_leads_elsewhere(portal: Portal, client: TestClient, goal: str) -> None:
    """Every GET route with every name that could mean a way on, signed in or not."""
    for is_staff in (False, True):
        if is_staff:
            sign_in_staff(portal, client, *ROLES)
        for route in guarded_routes():
            if route.method == "GET":
                asked = dict.fromkeys(NAMES, goal)
                answer = client.get(address(route.path), params=asked)
                assert answer.status_code < 500, route.path
                location = answer.headers.get("location")
                assert location is None or is_ours(location), (route.path, location)


@pytest.mark.parametrize("goal", ELSEWHERE)
def test_the_way_back_after_signing_in_is_ours(client: TestClient, goal: str) -> None:
    """The form's hidden field holds none of it."""
    page = client.get("/sign-in", params={"next": goal})
    assert page.status_code == 200
    (kept,) = re.findall(r'name="next" value="([^"]*)"', page.text)
    assert kept == "" or is_ours(unescape(kept))
    leads = re.findall(r'(?:href|action|src)="([^"]*)"', page.text)
    assert all(is_ours(unescape(lead)) or lead.startswith("#") for lead in leads)


@pytest.mark.parametrize("path", ["//evil.example", "/en//evil.example", "/\\evil.example", "/en"])
def test_odd_addresses_are_not_followed(client: TestClient, path: str) -> None:
    """Nor is a slash added that makes a host of a path."""
    answer = client.get(f"{PUBLIC_URL}{path}")
    location = answer.headers.get("location")
    assert location is None or is_ours(location)
