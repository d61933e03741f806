"""Logs of the processes: JSON lines; and nothing of what people typed into an address."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

import pytest
import structlog

from broker.logs import log_as_json


def said(capsys: pytest.CaptureFixture[str], act: Callable[[], None]) -> list[str]:
    """The lines that a process of Otziv logs while it does that."""
    root = logging.getLogger()
    others, root.handlers = root.handlers, []
    try:
        log_as_json()
        act()
    finally:
        root.handlers = others
    return capsys.readouterr().err.splitlines()


def test_an_event_is_a_line_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Ours and a library's alike."""

    def act() -> None:
        structlog.get_logger("otziv.test").info("stored", events=3)
        logging.getLogger("some.library").warning("it rains in %s", "Троян")

    ours, theirs = map(json.loads, said(capsys, act))
    assert (ours["event"], ours["events"], ours["level"]) == ("stored", 3, "info")
    assert (theirs["event"], theirs["logger"]) == ("it rains in Троян", "some.library")


@pytest.mark.parametrize("client", ["httpx", "httpx2", "httpcore.http11"])
def test_addresses_that_we_ask_are_not_logged(
    capsys: pytest.CaptureFixture[str], client: str
) -> None:
    """Codes and names stand in some of them."""
    address = "HTTP Request: GET https://id.example/?code=geheim"
    assert said(capsys, lambda: logging.getLogger(client).info(address)) == []
