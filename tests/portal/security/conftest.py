"""A portal with its sample content on a port, and what attackers send."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from portal.web.portal import Portal
from tests.fixtures.portal_server import Served, served
from tests.wire.samples import BAD_INPUT


@pytest.fixture
def site(portal: Portal) -> Iterator[Served]:
    """The portal on a port."""
    with served(portal) as running:
        yield running


@pytest.fixture(scope="session")
def naughty() -> list[str]:
    """Strings that break software."""
    path = BAD_INPUT / "naughty_strings_half.json"
    if not path.exists():
        pytest.skip(f"shared data absent: no file {path}; set OTZIV_SHARED")
    strings = [str(string) for string in json.loads(path.read_text("utf-8"))]
    return [
        *strings,
        "\x00",
        "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        "а" * 9_000,
    ]
