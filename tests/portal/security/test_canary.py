"""The log tells what was done with which route, and nothing of anybody."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from portal.app import guarded_routes
from portal.web.actor import ROLES
from portal.web.form_token import new_token
from portal.web.forms import TOKEN_FIELD
from portal.web.portal import Portal
from tests.fixtures.portals import PUBLIC_URL, sign_in_staff
from tests.portal.security.test_every_route import address

CANARIES = ("Kanarche Ptitsovo", "8001010008", "kanarche@example.bg", "0888777666", "tayna-parola")


@pytest.mark.parametrize("is_staff", [False, True])
def test_no_log_line_holds_what_was_sent(
    portal: Portal,
    client: TestClient,
    capsys: pytest.CaptureFixture[str],
    *,
    is_staff: bool,
) -> None:
    """In fields with the usual names, in addresses, in headers; with every route."""
    session = ""
    if is_staff:
        sign_in_staff(portal, client, *ROLES)
    names = ("name", "sign_in_name", "identifier", "egn", "e_mail", "phone", "password", "text")
    said = " ".join(CANARIES)
    for route in guarded_routes():
        fields = {
            **dict.fromkeys(names, said),
            TOKEN_FIELD: new_token(portal.keys, session, portal.clock()),
        }
        headers = {"Origin": PUBLIC_URL, "User-Agent": said, "X-Forwarded-For": said}
        client.request(
            route.method,
            f"{address(route.path, quote(CANARIES[0]))}?q={quote(said)}",
            data=fields if route.method == "POST" else None,
            headers=headers,
        )
    logged = "".join(capsys.readouterr())

    assert "answered" in logged
    for canary in CANARIES:
        assert canary not in logged
        assert quote(canary) not in logged
