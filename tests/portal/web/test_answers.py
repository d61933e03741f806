"""What every answer has: headers, an error page without insides, a size that is bounded."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.testclient import TestClient

from portal.app import make_app
from portal.web.assets import FOLDER, address
from portal.web.body_limit import MAX_BODY_BYTES, MAX_PLAIN_BYTES
from portal.web.form_token import new_token
from portal.web.forms import TOKEN_FIELD
from portal.web.portal import Portal
from portal.web.routes import MAX_FIELDS
from tests.fixtures.portals import PUBLIC_URL


@pytest.mark.parametrize("path", ["/", "/nowhere", "/static/portal.css", "/trial/broken"])
def test_every_answer_is_safe(client: TestClient, path: str) -> None:
    """Pages, files, and faults, too: nothing foreign, nothing inline, nobody's frame."""
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "form-action 'self'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in headers
    assert "server" not in headers


def test_over_tls_browsers_are_told_to_stay_there(portal: Portal) -> None:
    """HSTS, two years."""
    settings = portal.settings.model_copy(update={"public_url": "https://portal.test"})
    client = TestClient(
        make_app(replace(portal, settings=settings)), base_url="https://portal.test"
    )
    assert "max-age=63072000" in client.get("/").headers["strict-transport-security"]


def test_a_foreign_host_name_is_refused(client: TestClient) -> None:
    """No page is made for a name that is not ours: links and mails would lead there."""
    assert client.get("/", headers={"Host": "elsewhere.example"}).status_code == 421
    assert client.get("/", headers={"Host": "PORTAL.test"}).status_code == 200


def test_a_fault_shows_a_number_and_nothing_else(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    """The log has the rest under the same number."""
    with caplog.at_level(logging.ERROR):
        answer = client.get("/trial/broken")
    assert answer.status_code == 500
    assert "Нещо се обърка" in answer.text
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert re.search(r"номер: [0-9a-f]{8}", answer.text)
    assert answer.headers["cache-control"] == "no-store"


def test_a_page_that_is_not_there_says_what_to_do(client: TestClient) -> None:
    """In the language of its address."""
    assert "Няма такава страница" in client.get("/nowhere").text
    answer = client.get("/en/nowhere")
    assert answer.status_code == 404
    assert "To the first page" in answer.text


def test_what_is_too_large_is_not_read(client: TestClient, portal: Portal) -> None:
    """Whether it tells its size or not; what it says of itself is no number: neither."""
    assert _post(client, portal, {"Content-Length": str(MAX_BODY_BYTES + 1)}, b"") == 413
    assert _post(client, portal, {"Content-Length": "many"}, b"") == 413
    page = client.get("/en/surveys", headers={"Content-Length": str(MAX_BODY_BYTES + 1)})
    assert (page.status_code, "This is too large" in page.text) == (413, True)
    assert "<main" in page.text

    def endless() -> Iterator[bytes]:
        yield from (b"x" * 100_000 for _ in range(MAX_PLAIN_BYTES // 100_000 + 2))

    assert client.post("/trial/machine", content=endless()).status_code == 200  # it reads nothing
    form = {"Content-Type": "application/x-www-form-urlencoded", "Origin": PUBLIC_URL}
    answer = client.post("/trial/form", content=endless(), headers=form)
    assert answer.status_code == 413
    assert "Това е твърде голямо" in answer.text


def test_files_are_taken_only_where_they_are_expected(client: TestClient, portal: Portal) -> None:
    """A form without files is read no further than a form is long, whatever it says it is."""
    token = new_token(portal.keys, "", portal.clock())
    origin = {"Origin": PUBLIC_URL}
    large = {"file": ("x.pdf", b"x" * (MAX_PLAIN_BYTES + 1))}
    data = {TOKEN_FIELD: token, "name": "x"}
    taken = client.post("/trial/file", data=data, files=large, headers=origin)
    assert (taken.status_code, taken.text) == (200, str(MAX_PLAIN_BYTES + 1))
    for path in ("/trial/form", "/trial/machine", "/sign-in"):
        answer = client.post(path, data=data, files=large, headers=origin)
        assert answer.status_code == 413, path
    small = {"file": ("x.pdf", b"x")}
    answer = client.post("/trial/form", data=data, files=small, headers=origin)
    assert answer.status_code == 400


def test_a_database_whose_connections_are_all_taken_is_busy(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, portal: Portal
) -> None:
    """It can be tried again soon: this is no fault of whoever asks."""

    def taken(*_: object, **__: object) -> None:
        raise PoolTimeoutError("QueuePool limit of size 5 overflow 10 reached")

    monkeypatch.setattr(type(portal.database.engine.pool), "connect", taken)
    answer = client.get("/municipality/arms")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "30"


def test_what_a_form_has_too_much_of_is_said(client: TestClient, portal: Portal) -> None:
    """Fields, or signs in one of them; in a page of ours, in both ways to send a form."""
    token = new_token(portal.keys, "", portal.clock())
    many = {f"f{n}": "x" for n in range(MAX_FIELDS + 2)}
    long = {"name": "x" * (1024 * 1024 + 1)}
    for fields, said in ((many, "too much in this form"), (long, "longer than 1 MB")):
        sent = {TOKEN_FIELD: token, **fields}
        parts = {name: (None, value) for name, value in sent.items()}
        origin = {"Origin": PUBLIC_URL}
        for answer in (
            client.post("/en/trial/form", headers=origin, data=sent),
            client.post("/en/trial/form", headers=origin, files=parts),
        ):
            assert answer.status_code == 413
            assert said in answer.text


def test_a_length_that_is_told_twice_ends_the_connection(client: TestClient) -> None:
    """RFC 9112, 6.3: somebody may be hiding a second request in the first."""
    twice = {"Content-Length": "1", "Transfer-Encoding": "chunked"}
    answer = client.post("/trial/machine", headers=twice)
    assert (answer.status_code, answer.headers["connection"]) == (400, "close")


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\ny\r\n"),
        ("multipart/form-data; boundary=x", b"\xff\xfe\x00"),
        ("application/x-www-form-urlencoded", b"name=%FF%FE&=&&%"),
        ("application/json", b'{"name": "x"}'),
        ("", b"\x00"),
    ],
)
def test_a_broken_form_is_no_fault_of_ours(
    client: TestClient, media_type: str, content: bytes
) -> None:
    """It gets an answer that says no."""
    headers = {"Content-Type": media_type, "Origin": PUBLIC_URL}
    answer = client.post("/trial/form", content=content, headers=headers)
    assert answer.status_code in {400, 403}


def test_files_are_kept_for_good_under_the_mark_of_their_content(
    client: TestClient, portal: Portal, tmp_path: Path
) -> None:
    """A new content has a new address; a municipality's own file stands before ours."""
    ours = address("tokens.css")
    answer = client.get(ours)
    assert "immutable" in answer.headers["cache-control"]
    assert client.get("/static/tokens.css").headers["cache-control"] == "public, max-age=300"
    assert client.get("/static/nothing.css").headers["cache-control"] == "no-store"
    (tmp_path / "tokens.css").write_text(":root { --accent: #123456; }")
    assert address("tokens.css", tmp_path) != ours
    assert address("portal.css", tmp_path) == address("portal.css")
    settings = portal.settings.model_copy(update={"look": tmp_path})
    own = TestClient(make_app(replace(portal, settings=settings)), base_url=PUBLIC_URL)
    assert "#123456" in own.get(address("tokens.css", tmp_path)).text
    assert own.get("/static/portal.css").content == (FOLDER / "portal.css").read_bytes()


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static//etc/passwd"]
)
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    """Files are those of the folder."""
    assert client.get(path).status_code == 404


def _post(client: TestClient, portal: Portal, headers: dict[str, str], content: bytes) -> int:
    token = new_token(portal.keys, "", portal.clock())
    given = {"Origin": PUBLIC_URL, "X-Token": token, **headers}
    return client.post("/trial/form", content=content, headers=given).status_code
