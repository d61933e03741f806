"""The whole system at once: real kiosks, broker, collector and database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.fixtures.databases import PostgresServer

Json = Callable[..., Any]


def test_every_thanked_press_is_stored_once(otziv_json: Json) -> None:
    """In fair weather all that visitors were thanked for is in the database, and nothing else."""
    report = otziv_json("demo", "--headless", "--for", "8", "--rate", "30", "--seed", "1")

    assert report["kiosks"] == 12
    assert report["thanked"] > 50
    assert (report["missing"], report["extra"], report["quarantined"]) == (0, 0, 0)
    assert report["stored"] >= report["thanked"]
    assert report["drained"]
    assert report["press_to_stored_ms"]["n"] > 50


@pytest.mark.slow
@pytest.mark.postgres
def test_every_thanked_press_is_stored_once_on_postgresql(
    otziv_json: Json, postgres_server: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same where the database is another program's."""
    url = postgres_server.url(postgres_server.create(is_migrated=False))
    monkeypatch.setenv("OTZIV_DATABASE", url)
    report = otziv_json("demo", "--headless", "--for", "5", "--rate", "20", "--seed", "3")

    assert report["database"].startswith("postgresql")
    assert report["thanked"] > 20
    assert (report["missing"], report["extra"], report["quarantined"]) == (0, 0, 0)


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.parametrize(
    "broker", ["nats", pytest.param("mosquitto", marks=(pytest.mark.mosquitto, pytest.mark.slow))]
)
def test_enrolled_kiosks_lose_nothing_either(
    otziv_json: Json, broker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``--secure``: each kiosk enrols by a code and speaks over TLS, killed parts included."""
    monkeypatch.setenv("OTZIV_BROKER", broker)
    words = ("--secure", "--headless", "--for", "15", "--rate", "20", "--chaos", "--seed", "4")
    report = otziv_json("demo", *words, timeout_s=220)

    assert min(report["kills"].values()) >= 1
    assert report["thanked"] > 50
    assert (report["missing"], report["extra"], report["quarantined"]) == (0, 0, 0)


@pytest.mark.timeout(240)
def test_nothing_is_lost_when_parts_are_killed(otziv_json: Json) -> None:
    """Broker, collector and kiosks are killed five times each, and the promise holds."""
    words = ("--for", "30", "--rate", "50", "--chaos", "--seed", "2")
    report = otziv_json("demo", "--headless", *words, timeout_s=220)

    assert min(report["kills"][who] for who in ("broker", "collector", "kiosk")) >= 5
    assert report["thanked"] > 200
    assert (report["missing"], report["extra"]) == (0, 0)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("seed", range(3))
def test_nothing_is_lost_in_long_chaos(otziv_json: Json, seed: int) -> None:
    """The same for two minutes, with other seeds."""
    words = ("--for", "120", "--rate", "50", "--chaos", "--seed", f"{seed}")
    report = otziv_json("demo", "--headless", *words, timeout_s=500)

    assert (report["missing"], report["extra"]) == (0, 0)


@pytest.mark.slow
def test_a_second_run_in_the_same_folder_counts_its_own(otziv_json: Json) -> None:
    """Rows of an earlier run are neither missing nor extra in a later one."""
    words = ("demo", "--headless", "--for", "3", "--rate", "20")
    otziv_json(*words)
    report = otziv_json(*words)

    assert (report["missing"], report["extra"]) == (0, 0)


def test_a_killed_demo_leaves_nothing_running(tmp_path: Path) -> None:
    """SIGKILL the demo: every child of it is gone soon after."""
    data = str(tmp_path / "data")
    argv = [sys.executable, "-m", "otziv", "demo", "--headless", "--for", "100", "--data", data]
    demo = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        children = _wait_for_children(demo.pid, at_least=14)
    finally:
        demo.kill()
        demo.wait()
    _, alive = psutil.wait_procs(children, timeout=20)
    assert not alive


def test_ctrl_c_ends_the_demo_in_good_order(tmp_path: Path) -> None:
    """SIGINT: visitors leave, outboxes drain, the balance is told, status 0."""
    data = str(tmp_path / "data")
    argv = [sys.executable, "-m", "otziv", "demo", "--headless", "--for", "100", "--data", data]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as demo:
        _wait_for_children(demo.pid, at_least=14)
        time.sleep(2)
        os.kill(demo.pid, signal.SIGINT)
        said, _ = demo.communicate(timeout=100)
        assert demo.returncode == 0
    assert "missing 0, extra 0" in said


def _wait_for_children(pid: int, at_least: int) -> list[psutil.Process]:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        children = psutil.Process(pid).children(recursive=True)
        if len(children) >= at_least:
            return children
        time.sleep(0.1)
    raise TimeoutError("the demo does not start its parts")
