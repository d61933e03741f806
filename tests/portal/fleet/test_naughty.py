"""Whatever is sent to these pages, they answer: none fails, and none shows it unescaped."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from portal.fleet.views import AREA
from portal.web.portal import Portal
from tests.fixtures.portals import PUBLIC_URL, token_in
from tests.portal.fleet.conftest import hear

NAUGHTY: Final = (
    "",
    " ",
    "0",
    "-1",
    "99999999999999999999",
    "1e309",
    "NaN",
    "null",
    "[]",
    "' OR 1=1 --",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "%s%n{x}",
    "../../etc/passwd",
    "\u202eabc\u0000",
    "\ud7ff\U0010ffff",
    "9999-12-31",
    "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59+00:00",
    "31.12.9999",
    "а" * 5_000,
)
FIELDS: Final = (
    *("name", "code", "into", "from_on", "seen", "on", "is_test", "step", "deed", "touchpoint"),
    *("why", "old", "order", "to", "days", "number", "reason", "which", "distrusts_clock", "place"),
    *("hour-9", "content", "first", "last", "verdict", "cause", "from_at", "mode", "hours"),
    *("day-1", "row-1-on", "row-1-survey", "row-x-on", "row-1-days", "month", "percent", "choice"),
    *("text-bg", "others", "more", "url", "unit", "survey", "ratings", "row-1-said-bg"),
)
ASKED: Final = (
    "into",
    "place",
    "month",
    "on",
    "year",
    "touchpoint",
    "wait",
    "done",
    "of",
    "number",
)
PLACES: Final = {
    "kind": "location",
    "code": "hall-1",
    "name": "kiosk-1",
    "key": "planned",
    "on": "2026-12-24",
    "number": "1",
    "reason": "not-json",
}
ROUTES: Final = sorted({(route.method, route.path) for route in AREA.routes})


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_no_page_fails(running: Portal, administrator: TestClient, method: str, path: str) -> None:
    """In the path, in the query, in every field; a good path with bad fields, and the reverse."""
    hear(running, "kiosk-1")
    token = token_in(administrator.get("/staff/devices").text)
    good = path.format(**PLACES)
    for naughty in NAUGHTY:
        bad = path.format(**dict.fromkeys(PLACES, quote(naughty[:200], safe="") or "x"))
        for address in {good, bad}:
            if method == "GET":
                asked = dict.fromkeys(ASKED, naughty[:200])
                answer = administrator.get(address, params=asked)
            else:
                data = {**dict.fromkeys(FIELDS, naughty), "form_token": token}
                answer = administrator.post(address, data=data, headers={"Origin": PUBLIC_URL})
            assert answer.status_code < 500, (address, naughty, answer.text)
            assert "<script>alert" not in answer.text
