"""``otziv serve``: what it brings back, what it refuses, and what it leaves behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from http import HTTPStatus
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from broker.server.process import free_port, popen_bound
from broker.store.migrate import open_database
from tests.fixtures.brokers import make_broker
from tests.system.serving import PATIENCE_S, Device, Served, environment, wait_for


def serve(data: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """An ``otziv serve`` (or another command) that is expected to end by itself."""
    argv = [sys.executable, "-m", "otziv", *(words or ("serve", "--no-dashboard", "--no-portal"))]
    return subprocess.run(
        [*argv, "--data", str(data)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=environment(**settings),
    )


def refused(done: subprocess.CompletedProcess[str], *told: str) -> None:
    """Status 2 and one line that tells what to do."""
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    for text in told:
        assert text in done.stderr


def parts(served: Served) -> dict[str, psutil.Process]:
    """The processes that it runs, by what they are."""
    found: dict[str, psutil.Process] = {}
    for child in psutil.Process(served.process.pid).children(recursive=True):
        words = " ".join(child.cmdline())
        for name in ("broker.collector", "nats-server", "streamlit"):
            if name in words:
                found[name] = child
        if child.cmdline()[1:2] == ["-m"]:
            found[child.cmdline()[2]] = child
    return found


def is_told(served: Served, text: str) -> bool:
    """Whether it has printed ``text``."""
    return text in served.said


def press(device: Device, seq: int) -> str:
    """Press, as often as it takes until there is a receipt: as every device does."""
    event = device.rating(seq)
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        device.send_events(event)
        try:
            (word,) = device.wait_for_words(event["id"], patience_s=3)
        except AssertionError:
            continue
        return word
    raise AssertionError(f"press {seq} has no receipt")


def test_what_is_killed_is_started_again(tmp_path: Path) -> None:
    """Broker and collector come back by themselves, on the same port, and are told of."""
    with Served(tmp_path / "data", "--no-dashboard", "--no-portal", OTZIV_BROKER="nats") as served:
        port = served.port
        with closing(Device(port)) as device:
            served.register(device.name)
            assert press(device, 1) == "accepted"
            for seq, (part, told) in enumerate(
                {"broker.collector": "collector", "nats-server": "nats-server"}.items(), 2
            ):
                killed = parts(served)[part]
                killed.kill()
                wait_for(partial(is_told, served, f"{told} had ended"))
                assert press(device, seq) == "accepted"
                assert parts(served)[part].pid != killed.pid
            assert served.port == port
        (account,) = served.ask("feedback", "completeness")
        assert (account["made"], account["stored"], account["missing"]) == (3, 3, 0)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_and_all_its_parts(tmp_path: Path, number: signal.Signals) -> None:
    """Status 0; no process, no port and no announcement is left."""
    with Served(tmp_path / "data", "--no-dashboard", "--no-portal") as served:
        port = served.port
        children = psutil.Process(served.process.pid).children(recursive=True)
        assert len(children) >= 2
        served.process.send_signal(number)
        assert served.process.wait(PATIENCE_S) == 0
        _, alive = psutil.wait_procs(children, timeout=PATIENCE_S)
        assert not alive
        assert served.said.endswith("ended\n")
        assert not is_listening(port)
        assert not (served.data / "running.json").exists()


def is_listening(port: int) -> bool:
    """Whether anybody listens there."""
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0


def test_the_dashboard_is_where_it_says(tmp_path: Path) -> None:
    """Its page answers, is started again when killed, and goes with the rest."""
    with Served(tmp_path / "data", "--no-portal") as served:
        url = served.running["dashboard_url"]
        assert url in served.said
        wait_for(lambda: answers(url))
        killed = parts(served)["streamlit"]
        killed.kill()
        wait_for(lambda: "dashboard had ended" in served.said)
        wait_for(lambda: answers(url))
        dashboard = parts(served)["streamlit"]
        assert served.stop() == 0
        assert psutil.wait_procs([dashboard], timeout=PATIENCE_S)[1] == []


def test_the_portal_and_the_dashboard_behind_it_are_where_it_says(tmp_path: Path) -> None:
    """Both answer, strangers are sent to the portal, and what is killed is started again."""
    with Served(tmp_path / "data", OTZIV_BROKER="nats") as served:
        portal, dashboard = (served.running[f"{name}_url"] for name in ("portal", "dashboard"))
        assert portal in served.said
        assert dashboard in served.said
        wait_for(lambda: answers(dashboard))  # with the portal's page to sign in
        for module, told in (("portal.gate", "dashboard"), ("portal", "portal")):
            killed = parts(served)[module]
            killed.kill()
            wait_for(partial(is_told, served, f"{told} had ended"))
            wait_for(lambda: answers(dashboard))
            assert parts(served)[module].pid != killed.pid
        ended = list(parts(served).values())
        assert served.stop() == 0
        assert psutil.wait_procs(ended, timeout=PATIENCE_S)[1] == []


def answers(url: str) -> bool:
    """Whether a page is there."""
    try:
        with urlopen(url, timeout=5) as page:  # noqa: S310  # the address is our own
            return bool(page.status == HTTPStatus.OK)
    except OSError:
        return False


def test_killed_it_leaves_nothing_and_can_be_started_again(tmp_path: Path) -> None:
    """SIGKILL: its parts die with it, its lock is nobody's, and the next one serves."""
    with Served(tmp_path / "data", "--no-dashboard", "--no-portal") as served:
        children = psutil.Process(served.process.pid).children(recursive=True)
        served.process.kill()
        served.process.wait()
        _, alive = psutil.wait_procs(children, timeout=PATIENCE_S)
        assert not alive
    with Served(tmp_path / "data", "--no-dashboard", "--no-portal") as served:
        assert served.stop() == 0


def test_one_folder_is_served_once(tmp_path: Path) -> None:
    """Neither a second ``serve`` nor a demo starts beside it; it goes on unharmed."""
    with Served(tmp_path / "data", "--no-dashboard", "--no-portal") as served:
        refused(serve(served.data), str(served.data), "in use by another otziv", "--data")
        demo = ("demo", "--headless", "--for", "1")
        refused(serve(served.data, *demo), "in use by another otziv")
        with closing(Device(served.port)) as device:
            served.register(device.name)
            assert press(device, 1) == "accepted"
        added = served.run("device", "add", "kiosk-1", "--touchpoint", "desk-1")
        assert f"127.0.0.1:{served.port}" in added.stdout


@pytest.mark.slow
def test_a_demo_bars_the_folder_too(tmp_path: Path) -> None:
    """Whoever was first has it."""
    data = tmp_path / "data"
    argv = [sys.executable, "-m", "otziv", "demo", "--headless", "--for", "60"]
    with (tmp_path / "demo.log").open("wb") as log:
        demo = popen_bound([*argv, "--data", data], stdout=log, stderr=log, env=environment())
    try:
        wait_for((data / "running.json").exists)
        refused(serve(data), "in use by another otziv")
    finally:
        demo.kill()
        demo.wait()


@contextmanager
def taken_port() -> Iterator[str]:
    """A port on which somebody else listens."""
    with socket.create_server(("127.0.0.1", free_port())) as other:
        yield str(other.getsockname()[1])


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    """The broker's or the dashboard's: one line names it, and nothing is left running."""
    data = tmp_path / "data"
    before = {child.pid for child in psutil.Process().children(recursive=True)}
    with taken_port() as port:
        refused(serve(data, OTZIV_MQTT_PORT=port), f"port {port} of 127.0.0.1 is taken")
        refused(
            serve(data, "serve", "--no-portal", OTZIV_DASHBOARD_PORT=port),
            f"port {port} of 127.0.0.1 is taken",
            "dashboard_port",
        )
        refused(
            serve(data, "serve", OTZIV_PORTAL_PORT=port),
            f"port {port} of 127.0.0.1 is taken",
            "portal_port",
        )
    after = {child.pid for child in psutil.Process().children(recursive=True)}
    assert after <= before
    assert not (data / "running.json").exists()


def test_a_database_that_is_not_there_is_told(tmp_path: Path) -> None:
    """Before anything is started."""
    url = f"sqlite:///{tmp_path / 'nowhere' / 'f.sqlite3'}"
    refused(serve(tmp_path / "data", OTZIV_DATABASE=url), str(tmp_path / "nowhere"))


class Manager:
    """A service manager's ear (sd_notify(3)), at a name that the kernel chooses."""

    def __init__(self) -> None:
        """Listen."""
        self._ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._ear.bind("")
        name: bytes = self._ear.getsockname()
        self.address = "@" + name[1:].decode()

    def hears(self, within_s: float) -> bytes | None:
        """The next word, if any comes in time."""
        self._ear.settimeout(within_s)
        try:
            return self._ear.recv(100)
        except TimeoutError:
            return None

    def close(self) -> None:
        """Stop listening."""
        self._ear.close()


def test_the_collector_says_when_it_hears(tmp_path: Path) -> None:
    """Not before it is subscribed; from then on nothing is missed, and again after a break."""
    url = f"sqlite:///{tmp_path / 'feedback.sqlite3'}"
    open_database(url).close()
    broker = make_broker("nats", tmp_path / "broker")
    with broker:
        port = broker.port
    argv = [sys.executable, "-m", "broker.collector", "--port", str(port), "--database", url]
    with closing(Manager()) as manager, (tmp_path / "collector.log").open("wb") as log:
        told = {**os.environ, "NOTIFY_SOCKET": manager.address}
        collector = popen_bound(argv, stdout=log, stderr=log, env=told)
        try:
            assert manager.hears(within_s=3) is None
            with broker:
                assert manager.hears(PATIENCE_S) == b"READY=1"
                with closing(Device(port)) as device:
                    event = device.rating()
                    device.send_events(event)
                    assert device.wait_for_words(event["id"]) == ["unknown-site"]
                broker.kill()
                broker.start()
                assert manager.hears(PATIENCE_S) == b"READY=1"
        finally:
            collector.terminate()
            assert collector.wait(PATIENCE_S) == 0
