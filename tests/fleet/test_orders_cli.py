"""The commands: a device that answers, one that is away, and notices in words."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from broker.fleet.notices import close_notice, open_notice
from broker.store.database import Database
from broker.store.fleet_tables import DeviceOrder
from broker.store.registry import add_device, add_site, add_touchpoint
from broker.store.status import StatusWriter
from broker.store.tables import table_of
from otziv.cli import device_orders, notices
from otziv.installation import open_installation
from tests.fleet.test_orders_keeper import say_online
from tests.intake.making import SITE

RUNNER = CliRunner()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Database]:
    """An installation with ``kiosk-1``."""
    with open_installation(tmp_path).store() as database:
        add_site(database, SITE)
        add_touchpoint(database, "hall-desk-1", site=SITE, name="Гише 1")
        add_device(database, "kiosk-1", touchpoint="hall-desk-1")
        yield database


def answer(database: Database, *, is_over: threading.Event, report: str) -> None:
    """Stand in for the fleet and the device: answer what is asked."""
    order = table_of(DeviceOrder)
    said = {"sent_at": datetime.now(UTC), "answered_at": datetime.now(UTC), "is_ok": True}
    while not is_over.wait(0.05):
        with database.transaction() as connection:
            connection.execute(update(order).values(detail="well", report=report, **said))


def test_an_order_waits_for_its_answer(store: Database, tmp_path: Path) -> None:
    """The answer is shown, a report goes to a file, and the status is 0."""
    say_online(StatusWriter(store))
    is_over, where = threading.Event(), tmp_path / "report.txt"
    kiosk = threading.Thread(
        target=answer, args=(store,), kwargs={"is_over": is_over, "report": "line 1\nline 2"}
    )
    kiosk.start()
    try:
        done = RUNNER.invoke(device_orders.app, ["report", "kiosk-1", "--data", str(tmp_path)])
        filed = ["report", "kiosk-1", "--to", str(where), "--json", "--data", str(tmp_path)]
        as_json = RUNNER.invoke(device_orders.app, filed)
    finally:
        is_over.set()
        kiosk.join()
    assert done.exit_code == 0
    assert done.output == "kiosk-1  report  done: well\nline 1\nline 2\n"
    assert json.loads(as_json.output)["state"] == "done"
    assert where.read_text() == "line 1\nline 2"


@pytest.mark.usefixtures("store")
def test_a_device_that_is_away_is_said_so_at_once(tmp_path: Path) -> None:
    """In words, with status 1."""
    said = RUNNER.invoke(device_orders.app, ["restart", "kiosk-1", "--data", str(tmp_path)])
    assert said.exit_code == 1
    assert "failed: the device is not connected; it was never seen" in said.output


def test_an_order_that_is_never_sent_times_out(store: Database, tmp_path: Path) -> None:
    """Nobody runs the fleet: after its time it is said so, with status 1."""
    say_online(StatusWriter(store))
    words = ["ping", "kiosk-1", "--within", "1", "--data", str(tmp_path)]
    said = RUNNER.invoke(device_orders.app, words)
    assert said.exit_code == 1
    assert "timed-out: it was never sent" in said.output


def test_notices_are_listed_and_shown(store: Database, tmp_path: Path) -> None:
    """In words, in either language; what is over only when asked for."""
    now, where = datetime.now(UTC), ["--data", str(tmp_path)]
    number = open_notice(
        store, SITE, "kiosk-1", "fault:lamp-2:dead", '{"fault": "lamp-2:dead"}', now
    )
    listed = RUNNER.invoke(notices.app, ["list", *where])
    assert listed.output.startswith(f"{number}  kiosk-1 (Гише 1)  something is broken: lamp 2 is")
    shown = RUNNER.invoke(notices.app, ["show", str(number), "--language", "bg", *where])
    assert "повреда: не свети лампа 2" in shown.output
    close_notice(store, SITE, "kiosk-1", "fault:lamp-2:dead", now)
    assert RUNNER.invoke(notices.app, ["list", *where]).output == "nothing is wrong\n"
    (only,) = json.loads(RUNNER.invoke(notices.app, ["list", "--all", "--json", *where]).output)
    assert (only["number"], only["place"]) == (number, "Гише 1")
