"""Other people's tools against a running portal: Schemathesis and sqlmap."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
import threading
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from portal.app import AREAS
from portal.web.forms import TOKEN_FIELD
from tests.fixtures.portal_server import Served

FOUND = "sqlmap identified the following injection point"

pytestmark = pytest.mark.timeout(3_600)


def description() -> dict[str, Any]:
    """What FastAPI knows of our routes; we show it to nobody."""
    app = FastAPI()
    for area in AREAS:
        app.include_router(area.router)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # GET and HEAD share a name
        found = get_openapi(title="Otziv", version="1", routes=app.routes)
    for methods in found["paths"].values():
        methods.pop("head", None)  # answered as GET
    return found


def test_nobody_is_shown_the_description(site: Served) -> None:
    """Nor the pages that FastAPI makes of it."""
    with httpx2.Client(base_url=site.url, timeout=60) as client:
        for path in ("/openapi.json", "/docs", "/redoc"):
            assert client.get(path).status_code == 404


def test_the_description_has_every_route() -> None:
    """So that the next test leaves none out."""
    described = {
        (method.upper(), path)
        for path, methods in description()["paths"].items()
        for method in methods
    }
    known = {(route.method, route.path) for area in AREAS for route in area.routes}
    assert {(method, re.sub(r":\w+}", "}", path)) for method, path in known} <= described


@pytest.mark.slow
@pytest.mark.parametrize("is_staff", [False, True])
def test_schemathesis_finds_no_fault(site: Served, tmp_path: Path, *, is_staff: bool) -> None:
    """Generated paths and queries on every route: no 5xx."""
    schema = tmp_path / "openapi.json"
    schema.write_text(json.dumps(description()), encoding="utf-8")
    words = [str(Path(sys.executable).with_name("schemathesis")), "run", str(schema)]
    words += ["--url", site.url, "--checks", "not_a_server_error", "--phases", "fuzzing"]
    words += ["--max-examples", "15", "--seed", "5", "--workers", "1", "--no-color"]
    if is_staff:
        name, secret = site.cookie
        words += ["--header", f"Cookie: {name}={secret}"]
    found = subprocess.run(words, capture_output=True, text=True, check=False, cwd=tmp_path)

    assert found.returncode == 0, found.stdout[-5_000:] + found.stderr[-2_000:]


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [
        "/staff/comments?state=unread&touchpoint=a&survey=b&theme=c&first_on=1.1.2026&number=1",
        "/staff/comments/abc*",
        "/sign-in?next=/account",
        "/s/reception*",
    ],
)
def test_sqlmap_finds_nothing_in_addresses(site: Served, tmp_path: Path, path: str) -> None:
    """Boolean, error-based, union and stacked, on each parameter."""
    name, secret = site.cookie
    told = _sqlmap(
        tmp_path,
        f"{site.url}{path}",
        f"--cookie={name}={secret}",
        "--skip=Cookie",
        "--ignore-code=404",  # what is asked for is not there
    )

    assert FOUND not in told, told[-3_000:]
    assert "do not appear to be injectable" in told, told[-3_000:]


@pytest.mark.slow
def test_sqlmap_would_find_something(tmp_path: Path) -> None:
    """The same options against a page that pastes what it is asked into SQL."""
    database = sqlite3.connect(":memory:", check_same_thread=False)
    database.executescript("CREATE TABLE t (name TEXT); INSERT INTO t VALUES ('a'), ('b')")

    class Careless(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the base's name
            """Answer with rows, or with the fault."""
            name = parse_qs(urlsplit(self.path).query).get("name", [""])[0]
            try:
                rows = database.execute(f"SELECT name FROM t WHERE name = '{name}'").fetchall()  # noqa: S608
                said = f"<p>found {len(rows)}: {rows}</p>"
            except sqlite3.Error as error:
                said = f"<p>sqlite3.OperationalError: {error}</p>"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(said.encode())

        def log_message(self, *_: object) -> None:
            """Be silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Careless) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        told = _sqlmap(tmp_path, f"http://127.0.0.1:{server.server_port}/?name=a")
        server.shutdown()
    assert FOUND in told


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/staff/comments", "comments=a&do=theme:a"),
        ("/staff/themes/new", "code=a&name_bg=b&name_en=c&stems=d"),
    ],
)
def test_sqlmap_finds_nothing_in_forms(
    site: Served, tmp_path: Path, path: str, fields: str
) -> None:
    """Those of editors, which no limit of tries keeps it from; a fresh token for each try."""
    name, secret = site.cookie
    told = _sqlmap(
        tmp_path,
        f"{site.url}{path}",
        f"--data={fields}&{TOKEN_FIELD}=x",
        f"--csrf-token={TOKEN_FIELD}",
        f"--csrf-url={site.url}{path}",
        f"--cookie={name}={secret}",
        f"--skip=Cookie,{TOKEN_FIELD}",
        f"--headers=Origin: {site.url}",
        "--ignore-code=422",
        "--answers=follow=N",
    )
    assert FOUND not in told, told[-3_000:]
    assert "do not appear to be injectable" in told, told[-3_000:]


def _sqlmap(folder: Path, url: str, *more: str) -> str:
    words = [str(Path(sys.executable).with_name("sqlmap")), f"--url={url}", *more]
    words += ["--batch", "--level=1", "--risk=1", "--technique=BEUS", "--dbms=sqlite"]
    words += [f"--output-dir={folder}", "--disable-coloring", "--flush-session"]
    found = subprocess.run(words, capture_output=True, text=True, check=False, timeout=1_800)
    assert "sqlmap" in found.stdout
    return found.stdout
