"""A portal that is killed while people send: what it thanked for is there, once; two share a store.

The portal runs as it does in a town, as processes of its own, on both kinds of databases.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from broker.intake.submission import event_id
from broker.server.process import free_port
from broker.store.completeness import completeness
from broker.store.database import Database
from broker.store.migrate import open_database
from broker.store.registry import add_site, add_touchpoint
from broker.store.tables import Event, table_of
from portal.keys import Keys
from portal.settings import PortalSettings
from portal.web.portal import Portal
from tests.portal.answers.asked import SHORT
from tests.portal.answers.crowd import Crowd, running
from tests.portal.answers.making import open_survey

pytestmark = pytest.mark.timeout(600)

VISITORS = 8
PATIENCE_S = 120


@dataclass(frozen=True)
class Town:
    """A portal's databases, and what its processes are told."""

    settings: PortalSettings
    feedback: Database


@pytest.fixture
def feedback_url(
    request: pytest.FixtureRequest, portal_database: Database, tmp_path: Path
) -> Iterator[str]:
    """The address of a feedback database of the portal's kind."""
    if portal_database.dialect == "sqlite":
        yield f"sqlite:///{tmp_path / 'feedback.sqlite3'}"
        return
    server = request.getfixturevalue("postgres_server")
    name = server.create(is_migrated=True)
    yield server.url(name)
    server.drop(name)


@pytest.fixture
def town(portal_database: Database, feedback_url: str, tmp_path: Path) -> Iterator[Town]:
    """Both databases, with a survey."""
    feedback = open_database(feedback_url)
    add_site(feedback, "troyan")
    add_touchpoint(feedback, "hall-web", site="troyan")
    settings = PortalSettings(
        site="troyan",
        data=tmp_path / "portal",
        database=SecretStr(portal_database.url.render_as_string(hide_password=False)),
        feedback=SecretStr(feedback_url),
        public_url="http://127.0.0.1",
        trusted_proxy="127.0.0.1",
    )
    settings.data.mkdir()
    open_survey(Portal(settings, portal_database, feedback, Keys(b"test" * 8)), SHORT)
    yield Town(settings, feedback)
    feedback.close()


def check(town: Town, crowd: Crowd) -> int:
    """Every form that was thanked for is there once, and no number is missing; how many."""
    table = table_of(Event)
    with town.feedback.reading() as connection:
        found = Counter(connection.execute(select(table.c.id)).scalars())
    thanked = {event_id(nonce, 0) for nonce in crowd.thanked}
    assert thanked, "nobody was thanked"
    assert not thanked - found.keys(), "thanked for, and lost"
    assert set(found.values()) == {1}
    (account,) = completeness(town.feedback)
    assert (account.made, account.stored, account.missing) == (len(found), len(found), 0)
    return len(thanked)


def test_race_of_two_portals(town: Town) -> None:
    """Two processes share the databases; each form is sent to both."""
    ports = [free_port(), free_port()]
    crowd = Crowd(ports)
    with ExitStack() as stack:
        processes = [stack.enter_context(running(town.settings, port)) for port in ports]
        crowd.come(VISITORS)
        _wait_for(crowd, 60, *processes)
        crowd.go()
    assert check(town, crowd) >= 30


@pytest.mark.parametrize("kills", [2, pytest.param(4, marks=pytest.mark.slow)])
def test_race_with_death(town: Town, kills: int) -> None:
    """SIGKILL again and again while people send."""
    port = free_port()
    crowd = Crowd([port])
    try:
        for _ in range(kills):
            with running(town.settings, port) as process:
                if not crowd.thanked:
                    crowd.come(VISITORS)
                before = len(crowd.thanked)
                _wait_for(crowd, before + 25, process)
                os.kill(process.pid, signal.SIGKILL)
        with running(town.settings, port) as process:
            _wait_for(crowd, len(crowd.thanked) + 10, process)
            crowd.go()
    finally:
        crowd.go()
    assert check(town, crowd) >= 12 * kills


def _wait_for(crowd: Crowd, thanks: int, *processes: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while len(crowd.thanked) < thanks:
        seen = f"{len(crowd.thanked)} thanks of {thanks}, answers {dict(crowd.answers)}"
        assert time.monotonic() < deadline, seen
        assert all(process.poll() is None for process in processes), f"a portal ended; {seen}"
        time.sleep(0.01)
