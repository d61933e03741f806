"""The dashboard behind its gate over sample years, and its peer, for ``otziv bench dashboard``."""

from __future__ import annotations

import http.client
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select

from analytics.dashboard.launch import OPTIONS
from broker.server.process import LOOPBACK, free_port
from broker.store.database import Database
from broker.store.tables import Event, table_of
from otziv.bench.costs import rss_mib
from otziv.installation import open_installation
from otziv.portal_process import READY_S, gate_process, portal_settings
from otziv.process import Process
from otziv.sample_years.filling import fill
from otziv.sample_years.towns import LARGE
from portal.accounts import tickets
from portal.accounts.accounts import change, make_staff
from portal.accounts.sessions import begin
from portal.gate.admission import Admission, name_of, new_door, seal
from portal.settings import PortalSettings
from portal.web.opening import opened

SITE: Final = "bench"
ZONE: Final = "Europe/Sofia"
PASS: Final = "otziv-dashboard"  # noqa: S105 - its name
"""Cookie that the gate gives, where browsers come without TLS."""


@dataclass(frozen=True)
class Dashboard:
    """One that answers.

    Attributes:
        url: scheme, host and port.
        cookies: that let a browser in.
        ready_s: from its start until it answered.
        rss_mib: its memory before anybody looked.
    """

    url: str
    pid: int
    ready_s: float
    rss_mib: float
    cookies: Mapping[str, str] = field(default_factory=dict)


def sample_store(given: Path, folder: Path) -> str:
    """The address of a store with sample years: the one in ``given``, else a new one in ``folder``.

    What is in ``given`` is read, and nothing is written there.
    """
    file = given / "feedback.sqlite3"
    if file.exists() and _is_sample(file):
        return f"sqlite:///{file.absolute()}"
    installation = open_installation(folder / "sample", site=SITE, timezone=ZONE)
    with installation.store() as database:
        fill(database, SITE, ZONE, datetime.now(UTC))
    return installation.database_url


def _is_sample(file: Path) -> bool:
    database = Database(f"sqlite:///{file.absolute()}")
    event = table_of(Event)
    wanted = select(event.c.id).where(event.c.touchpoint == LARGE.desks[0].code).limit(1)
    try:
        with database.reading() as connection:
            return connection.execute(wanted).first() is not None
    finally:
        database.close()


@contextmanager
def our_dashboard(folder: Path, store: str) -> Iterator[Dashboard]:
    """The gate's process, once it answers, and a manager's pass to it."""
    ports = {"portal_port": free_port(), "dashboard_port": free_port()}
    installation = open_installation(folder, site=SITE, database=store, **ports)
    settings = portal_settings(installation)
    passed = _pass(settings)
    gate = gate_process(installation, settings)
    gate.environment |= {"HOME": str(folder)}
    began_s = time.monotonic()
    gate.start()
    try:
        gate.wait_until_ready(READY_S)
        ready_s = time.monotonic() - began_s
        pid = _pid(gate)
        yield Dashboard(settings.dashboard_url, pid, ready_s, rss_mib(pid), {PASS: passed})
    finally:
        gate.stop()


def _pass(settings: PortalSettings) -> str:
    """What the gate gives somebody who comes from the portal."""
    now = datetime.now(UTC)
    with opened(settings) as portal:
        with portal.database.transaction() as connection:
            account = make_staff(connection, "bench", "Ева Илиева", now=now, roles=["manager"])
            change(connection, account, state="active")
            session, _ = begin(connection, portal.keys, account, now=now)
        door = new_door()
        ticket = tickets.issue(portal, session)
        passed = Admission(portal).admit(ticket, seal(portal.keys, ticket, name_of(door)), door)
    if passed is None:
        raise RuntimeError("the gate lets nobody in")
    return passed


@contextmanager
def plain_dashboard(folder: Path, store: str) -> Iterator[Dashboard]:
    """The peer: ``streamlit run`` of one file over the raw rows."""
    script, port = Path(__file__).with_name("plain_dashboard.py"), free_port()
    given = {**OPTIONS, "server.address": LOOPBACK, "server.port": str(port)}
    flags = [f"--{name}={value}" for name, value in given.items()]
    argv = [sys.executable, "-m", "streamlit", "run", str(script), *flags]
    told = {"PLAIN_DATABASE": store.removeprefix("sqlite:///"), "HOME": str(folder)}
    process = Process("plain", argv, folder / "plain.log", told)
    began_s = time.monotonic()
    process.start()
    try:
        _await_health(process, port)
        ready_s, pid = time.monotonic() - began_s, _pid(process)
        yield Dashboard(f"http://{LOOPBACK}:{port}", pid, ready_s, rss_mib(pid))
    finally:
        process.stop()


def _await_health(process: Process, port: int) -> None:
    deadline_s = time.monotonic() + READY_S
    while time.monotonic() < deadline_s:
        process.check()
        connection = http.client.HTTPConnection(LOOPBACK, port, timeout=5)
        with suppress(OSError):
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().read() == b"ok":
                connection.close()
                return
        connection.close()
        time.sleep(0.1)
    raise RuntimeError("the plain dashboard does not answer")


def _pid(process: Process) -> int:
    if process.pid is None:
        raise RuntimeError(f"{process.name} has ended; see {process.log}")
    return process.pid
