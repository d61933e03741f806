"""What passes the gate, and what browsers are told there."""

from __future__ import annotations

import pytest
from starlette.datastructures import MutableHeaders
from starlette.testclient import TestClient

from portal.gate.gate import Addresses
from portal.gate.policy import Policy
from portal.gate.requests import cookies_of, only
from tests.portal.gate.conftest import Inside

FORGED = {
    "X-Otziv-Person": '{"name": "Mayor", "roles": ["administrator"], "portal": ""}',
    "x-otziv-person": '{"name": "Mayor", "roles": ["administrator"], "portal": ""}',
    "X_Otziv_Person": "Mayor",
    "X-Forwarded-User": "mayor",
    "X-Forwarded-Email": "mayor@example.bg",
    "Remote-User": "mayor",
    "X-Remote-User": "mayor",
    "X-WEBAUTH-USER": "mayor",
    "Authorization": "Basic bWF5b3I6",
    "X-Streamlit-User": "mayor",
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_identity_is_dropped(admitted: TestClient, inside: Inside, name: str) -> None:
    """Whatever it is called: who somebody is, the gate alone says."""
    assert admitted.get("/", headers={name: FORGED[name]}).status_code == 200
    (got,) = inside.headers
    assert "ayor" not in got["x-otziv-person"].lower().replace("manager", "")
    assert not {key: value for key, value in got.items() if "mayor" in value.lower()}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_identity_lets_nobody_in(visitor: TestClient, inside: Inside, name: str) -> None:
    """Without a pass there is nothing behind the gate."""
    assert visitor.get("/", headers={name: FORGED[name]}).status_code == 303
    assert not inside.paths


def test_the_dashboard_sees_no_cookie_of_ours(admitted: TestClient, inside: Inside) -> None:
    """A fault in it must not give passes away; its own cookies it gets."""
    admitted.cookies.set("_streamlit_xsrf", "2|a|b|c")
    admitted.get("/")
    assert inside.headers[0]["cookie"] == "_streamlit_xsrf=2|a|b|c"


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_nothing_is_taken(admitted: TestClient, inside: Inside, method: str) -> None:
    """No uploads, and no way in for programs."""
    assert admitted.request(method, "/_stcore/upload_file/x/y").status_code == 405
    assert not inside.paths


@pytest.mark.parametrize(
    "path",
    [
        "/_stcore/upload_file/x",
        "/_stcore/metrics",
        "/_stcore/agent/openapi.json",
        "/_stcore/agent/interact",
        "/_stcore/script-health-check",
        "/today/_stcore/agent/openapi.json",
        "/auth/login",
        "/oauth2callback",
        "/app/static/x",
    ],
)
def test_what_the_browser_does_not_need_is_not_there(
    admitted: TestClient, inside: Inside, path: str
) -> None:
    """Whoever has a pass can't use it either."""
    assert admitted.get(path).status_code == 404
    assert not inside.paths


@pytest.mark.parametrize("host", ["portal.test", "dashboard.test:81", "dashboard.test.evil.bg", ""])
def test_another_name_is_refused(admitted: TestClient, inside: Inside, host: str) -> None:
    """So no foreign name can be made to point here."""
    assert admitted.get("/", headers={"Host": host}).status_code == 421
    assert not inside.paths


def test_every_answer_is_safe(admitted: TestClient) -> None:
    """The dashboard's, the gate's own, and refusals."""
    for path in ("/", "/enter", "/_stcore/metrics", "/static/x.js"):
        headers = admitted.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
    policy = admitted.get("/").headers["content-security-policy"]
    scripts = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "'unsafe-inline'" not in scripts
    assert "'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='" in scripts  # of the script "1"


def test_over_tls_browsers_are_told_to_stay_there() -> None:
    """And cookies are bound to the host."""
    headers = MutableHeaders()
    Policy([], "wss://d.bg", is_secure=True).add_to(headers, is_own=False)
    assert headers["strict-transport-security"].startswith("max-age=63072000")
    assert Addresses("https://p.bg", "https://d.bg:8443").socket == "wss://d.bg:8443"


def test_a_header_twice_is_none() -> None:
    """What stands between may have read the other one."""
    headers = [(b"origin", b"http://a"), (b"origin", b"http://b"), (b"host", b"a")]
    assert only({"headers": headers}, "origin") is None
    assert only({"headers": headers}, "host") == "a"
    assert only({"headers": []}, "origin") is None


def test_what_never_changes_may_be_kept() -> None:
    """What has a hash of its content in its name; all else is asked for again."""
    headers = MutableHeaders({"cache-control": "public, immutable, max-age=31536000"})
    Policy([], "ws://d", is_secure=False).add_to(headers, is_own=False)
    assert "immutable" in headers["cache-control"]


@pytest.mark.parametrize(
    ("sent", "known"),
    [
        ("a=1; b=2", {"a": "1", "b": "2"}),
        ("a=1;;; =x; c", {"a": "1"}),
        ("bad\x00name=1; a=1", {"a": "1"}),
        ('a="quoted"', {"a": "quoted"}),
        ("", {}),
    ],
)
def test_cookies_that_cannot_be_read_are_not_there(sent: str, known: dict[str, str]) -> None:
    """A strange one of another program on this host hides none of ours."""
    assert cookies_of({"headers": [(b"cookie", sent.encode("latin-1"))]}) == known
