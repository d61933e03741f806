"""Every route, found in the route table: safe headers, and nothing done for a foreign page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from portal.app import guarded_routes
from portal.store.tables import PortalTable
from portal.web.actor import ROLES
from portal.web.form_token import new_token
from portal.web.forms import TOKEN_FIELD
from portal.web.portal import Portal
from tests.fixtures.portals import PUBLIC_URL, sign_in_staff

ROUTES = guarded_routes()
MADE_UP = "0193aaaaaaaa7aaa8aaaaaaaaaaaaaaa"


def address(path: str, value: str = MADE_UP) -> str:
    """A path with something in the place of each parameter."""
    return re.sub(r"{[^}]*}", value, path)


def counts(portal: Portal) -> dict[str, int]:
    """Table → rows, of those that a form would change."""
    with portal.database.reading() as connection:
        return {
            name: int(connection.execute(select(func.count()).select_from(table)).scalar_one())
            for name, table in PortalTable.metadata.tables.items()
            if name not in {"account_session", "sign_in_try"}
        }


@pytest.mark.parametrize("who", ["nobody", "everybody"])
def test_every_answer_has_safe_headers(portal: Portal, client: TestClient, who: str) -> None:
    """Pages, redirections, errors and refusals of every route."""
    if who == "everybody":
        sign_in_staff(portal, client, *ROLES)
    faults = []
    for route in ROUTES:
        answer = client.request(route.method, address(route.path))
        policy = answer.headers.get("content-security-policy", "")
        is_safe = (
            "default-src 'none'" in policy
            and "unsafe" not in policy
            and answer.headers.get("x-content-type-options") == "nosniff"
            and answer.headers.get("x-frame-options") == "DENY"
            and answer.status_code < 500
        )
        if not is_safe:
            faults.append((route.method, route.path, answer.status_code, policy))
    assert faults == []


def test_no_form_is_taken_from_another_site(
    portal: Portal, new_client: Callable[[], TestClient]
) -> None:
    """With the session's cookie, but without a token, with a foreign origin, or another's token."""
    client = new_client()
    sign_in_staff(portal, client, *ROLES)
    before = counts(portal)
    good = new_token(portal.keys, "somebody else's session", portal.clock())
    for route in ROUTES:
        if route.method != "POST" or not route.needs_token:
            continue
        path = address(route.path)
        for fields, headers in (
            ({}, {"Origin": PUBLIC_URL}),
            ({TOKEN_FIELD: good}, {"Origin": PUBLIC_URL}),
            ({TOKEN_FIELD: good}, {"Origin": "https://evil.example"}),
            ({TOKEN_FIELD: good}, {"Origin": "null"}),
            ({TOKEN_FIELD: good}, {"Sec-Fetch-Site": "cross-site"}),
            ({TOKEN_FIELD: "\x00" * 9}, {"Referer": "https://evil.example/"}),
        ):
            answer = client.post(path, data=fields, headers=headers)
            assert answer.status_code in {400, 403, 413, 429}, (path, headers, answer.status_code)
    assert counts(portal) == before


def test_methods_that_nobody_offers_are_refused(client: TestClient) -> None:
    """PUT, DELETE, TRACE and made-up ones reach no view."""
    for route in ROUTES:
        for method in ("PUT", "DELETE", "TRACE", "PROPFIND"):
            assert client.request(method, address(route.path)).status_code in {404, 405}, route.path


@pytest.mark.parametrize(
    "value",
    [
        "%2e%2e%2f",
        "%00",
        "<b>",
        *(
            pytest.param(value, marks=pytest.mark.slow)
            for value in ("../../etc/passwd", "..%5c", "a" * 3_000, "%F0%28%8C%28", "'", "−1")
        ),
    ],
)
def test_odd_paths_are_no_fault(portal: Portal, client: TestClient, value: str) -> None:
    """In the place of every parameter, for somebody who may everything."""
    sign_in_staff(portal, client, *ROLES)
    for route in ROUTES:
        if route.method == "GET" and "{" in route.path:
            answer = client.get(address(route.path, value))
            assert answer.status_code < 500, (route.path, value)
            is_page = answer.headers["content-type"].startswith("text/html")
            assert not is_page or value != "<b>" or value not in answer.text
