"""Who gets in, and which forms are taken."""

from __future__ import annotations

from datetime import timedelta

import httpx2
import pytest
from starlette.testclient import TestClient

from portal.app import guarded_routes
from portal.web.actor import ROLES, Actor
from portal.web.form_token import LIFETIME, is_good_token, new_token
from portal.web.forms import TOKEN_FIELD
from portal.web.portal import Portal
from portal.web.rules import ANYONE, CITIZEN, SIGNED_IN, staff
from tests.fixtures.portals import (
    PUBLIC_URL,
    FrozenClock,
    sign_in_citizen,
    sign_in_staff,
)

EDITOR = Actor("staff", "1", "Ева", frozenset({"editor"}))


def test_rules_judge_by_kind_and_role() -> None:
    """Strangers are asked to sign in; whoever is known and has another role is turned away."""
    nobody, citizen = Actor(), Actor("citizen", "2")
    assert ANYONE.judge(nobody) == ANYONE.judge(EDITOR) == "welcome"
    assert SIGNED_IN.judge(nobody) == "sign-in"
    assert CITIZEN.judge(EDITOR) == staff("editor").judge(citizen) == "forbidden"
    assert staff("editor").judge(EDITOR) == staff().judge(EDITOR) == "welcome"
    assert staff("manager").judge(EDITOR) == "forbidden"
    assert not ANYONE.is_personal
    assert SIGNED_IN.is_personal


def test_strangers_are_sent_to_sign_in_and_come_back(client: TestClient) -> None:
    """The way back holds the whole address; the language stays."""
    answer = client.get("/en/trial/editor/7?a=б")
    assert answer.status_code == 303
    assert answer.headers["location"] == ("/en/sign-in?next=%2Ftrial%2Feditor%2F7%3Fa%3D%25D0%25B1")


def test_only_whom_the_rule_names_gets_in(client: TestClient, portal: Portal) -> None:
    """A citizen and staff of another role get a page that says no; the right ones get in."""
    sign_in_citizen(portal, client)
    assert client.get("/trial/citizen").text == "Мария Петрова"
    assert client.get("/trial/editor/7").status_code == 403
    sign_in_staff(portal, client, "manager")
    assert client.get("/trial/editor/7").status_code == 403
    assert client.get("/trial/citizen").status_code == 403
    sign_in_staff(portal, client, "editor")
    assert client.get("/trial/editor/7").text == "Ева Илиева 7"
    assert client.get("/trial/known").status_code == 200


def test_what_does_not_fit_is_not_there(client: TestClient, portal: Portal) -> None:
    """A word where a number belongs, or a sign that no database takes, is no page of ours."""
    sign_in_staff(portal, client, "editor")
    assert client.get("/trial/editor/seven").status_code == 404
    assert client.get("/trial/open?x=%00").status_code == 404
    assert client.get("/trial/open%01").status_code == 404
    assert client.get("/trial/open?x=%ED%A0%80").status_code == 200  # a browser's own slip


def test_a_form_of_ours_is_taken(client: TestClient, portal: Portal) -> None:
    """With a token and from here; then the browser is sent on, with a code of what was done."""
    answer = _post(client, _token(portal))
    assert answer.status_code == 303
    assert answer.headers["location"] == "/trial/open?name=%D0%95%D0%B2%D0%B0&said=saved"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": f"{PUBLIC_URL}.elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Referer": "https://elsewhere.example/trial/form"},
        {"Referer": f"{PUBLIC_URL}@elsewhere.example/"},
    ],
)
def test_a_form_of_another_site_is_refused(
    client: TestClient, portal: Portal, headers: dict[str, str]
) -> None:
    """Whatever tells where it comes from must name us; the token alone is not enough."""
    answer = _post(client, _token(portal), headers=headers)
    assert answer.status_code == 403
    assert "Този формуляр не идва от наша страница" in answer.text


def test_a_browser_that_does_not_tell_needs_the_token(client: TestClient, portal: Portal) -> None:
    """Old browsers send nothing of where they come from."""
    assert _post(client, _token(portal), headers={}).status_code == 303
    assert _post(client, "", headers={}).status_code == 403


@pytest.mark.parametrize("token", ["", "x", "1.a.b", "x.y.z", "²."])
def test_a_made_up_token_is_refused(client: TestClient, token: str) -> None:
    """And said so in plain words."""
    answer = _post(client, token)
    assert answer.status_code == 403
    assert "твърде стар" in answer.text


def test_tokens_are_bound_to_the_session_and_to_a_day(portal: Portal, clock: FrozenClock) -> None:
    """Somebody else's token is no good, nor one of yesterday or of next week; no two are alike."""
    keys, now = portal.keys, clock()
    token = new_token(keys, "mine", now)
    assert token != new_token(keys, "mine", now)
    assert is_good_token(token, keys, "mine", now + LIFETIME)
    assert not is_good_token(token, keys, "mine", now + LIFETIME + timedelta(seconds=1))
    assert not is_good_token(token, keys, "mine", now - timedelta(hours=1))
    assert not is_good_token(token, keys, "yours", now)
    assert not is_good_token(token, keys, "", now)


def test_without_a_token_nobody_is_recognised(client: TestClient, portal: Portal) -> None:
    """What needs no token could be sent by any site, so it is done in nobody's name."""
    sign_in_staff(portal, client, "administrator")
    assert client.get("/trial/open").text == "staff bg"
    assert client.post("/trial/machine", content=b"{}").text == "anonymous"


def test_personal_pages_are_kept_by_no_cache(client: TestClient, portal: Portal) -> None:
    """Public ones may be kept; anything shown to somebody known may not, nor may errors of his."""
    assert "cache-control" not in client.get("/trial/open").headers
    sign_in_staff(portal, client, "editor")
    for path in ("/trial/open", "/trial/editor/7", "/trial/citizen", "/nowhere"):
        assert client.get(path).headers["cache-control"] == "no-store", path


def test_head_is_answered_like_get(client: TestClient) -> None:
    """Monitors and proxies ask so; what is only posted to is no page."""
    answer = client.head("/trial/open")
    assert answer.status_code == 200
    assert not answer.content
    assert client.get("/trial/machine").status_code == 405


def test_every_route_has_a_rule_and_posts_are_safe() -> None:
    """All that is reachable stands in the table, once; roles are those that there are."""
    routes = guarded_routes()
    assert len({(route.method, route.path) for route in routes}) == len(routes)
    for route in routes:
        assert route.rule.roles <= set(ROLES), route
        assert not route.rule.roles or route.rule.kinds == {"staff"}, route
        if route.method == "POST" and not route.needs_token:
            assert not route.rule.is_personal, f"{route.path} takes anything in somebody's name"


def _token(portal: Portal) -> str:
    return new_token(portal.keys, "", portal.clock())


def _post(client: TestClient, token: str, headers: dict[str, str] | None = None) -> httpx2.Response:
    return client.post(
        "/trial/form",
        data={"name": "Ева", TOKEN_FIELD: token},
        headers={"Origin": PUBLIC_URL} if headers is None else headers,
    )
