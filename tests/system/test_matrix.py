"""Both brokers × both databases: the promise under kills, in every configuration."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.fixtures.databases import PostgresServer, postgres_server

__all__ = ["postgres_server"]

pytestmark = [pytest.mark.slow, pytest.mark.postgres, pytest.mark.mosquitto]


@pytest.mark.timeout(400)
@pytest.mark.parametrize("broker", ["nats", "mosquitto"])
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_nothing_is_lost_on_any_pair(
    broker: str,
    kind: str,
    otziv_json: Callable[..., Any],
    postgres_server: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A minute of chaos on each pair: what was thanked for is stored once."""
    monkeypatch.setenv("OTZIV_BROKER", broker)
    if kind == "postgresql":
        name = postgres_server.create(is_migrated=False)
        monkeypatch.setenv("OTZIV_DATABASE", postgres_server.url(name))

    words = ("--for", "60", "--rate", "30", "--chaos", "--seed", "11")
    report = otziv_json("demo", "--headless", *words, timeout_s=380)

    assert report["database"].startswith(kind)
    assert min(report["kills"].values()) >= 5
    assert report["thanked"] > 300
    assert (report["missing"], report["extra"]) == (0, 0)
