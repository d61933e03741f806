"""The virtual panel: played from other processes, through kills, and with faults."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Final

import pytest

from hardware.address import connect
from hardware.buttons import Press
from hardware.ids import mint_id
from hardware.panel import Closure, Fault, PanelError
from hardware.virtual import VirtualPanel, VirtualPanelClient, wait_for_any
from hardware.virtual.script import Shown, bounce, hold, press_two, stick
from tests.hardware.bench import HandClock

PATIENCE_S: Final = 20.0


def wait_until(is_true: Callable[[], bool]) -> None:
    """Look again and again until ``is_true``, for a limited time."""
    end_s = time.monotonic() + PATIENCE_S
    while not is_true():
        assert time.monotonic() < end_s, "it did not happen in time"
        time.sleep(0.005)


@contextlib.contextmanager
def kiosk(path: Path, project: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A kiosk process at ``path``, killed at the end."""
    program = [sys.executable, "-m", "tests.hardware.kiosk_process", str(path)]
    with subprocess.Popen(program, cwd=project) as process:
        yield process
        process.kill()


def thanks(client: VirtualPanelClient, press_id: str) -> Shown:
    """Wait for the thanks for ``press_id``."""
    end_s = time.monotonic() + PATIENCE_S
    while time.monotonic() < end_s:
        for shown in client.wait(0.1):
            if shown.press_id == press_id:
                return shown
    raise AssertionError(f"no thanks for {press_id}")


def test_a_press_from_another_process_is_thanked(tmp_path: Path, project: Path) -> None:
    """A press crosses the socket with its id, and its thanks come back with lit lamps."""
    path = tmp_path / "panel.sock"
    client = VirtualPanelClient(path)
    with kiosk(path, project):
        wait_until(client.connect)
        press_id = mint_id()
        assert client.press("face-2", press_id)
        shown = thanks(client, press_id)
    assert shown.signal == "thanks"
    assert shown.lamps == ("lamp-1", "lamp-2", "lamp-3", "lamp-4")
    client.close()


def test_a_killed_kiosk_is_found_again_on_its_path(tmp_path: Path, project: Path) -> None:
    """After SIGKILL presses are refused; a kiosk restarted on the path is found by waiting."""
    path = tmp_path / "panel.sock"
    client = VirtualPanelClient(path)
    for round_number in range(1, 4):
        with kiosk(path, project) as process:
            wait_until(lambda: bool(client.wait(0.05) or client.is_connected))
            press_id = mint_id()
            assert client.press("face-1", press_id)
            assert thanks(client, press_id).signal == "thanks"
            assert client.connections == round_number
            process.kill()
            wait_until(lambda: not (client.wait(0.05) or client.is_connected))
        assert not client.press("face-1", mint_id())
    client.close()


def test_one_presses_and_another_watches(tmp_path: Path, project: Path) -> None:
    """Whoever is attached sees all that is shown, and is greeted with what the panel is."""
    path = tmp_path / "panel.sock"
    with kiosk(path, project):
        presser, watcher = VirtualPanelClient(path), VirtualPanelClient(path)
        wait_until(lambda: presser.connect() and watcher.connect())
        wait_until(lambda: bool(watcher.wait(0.05) or watcher.hello))
        press_id = mint_id()
        assert presser.press("face-4", press_id)
        assert thanks(watcher, press_id) == thanks(presser, press_id)
    assert watcher.hello is not None
    assert watcher.hello.buttons == ("face-1", "face-2", "face-3", "face-4")
    presser.close()
    watcher.close()


def test_one_thread_plays_a_whole_hall(tmp_path: Path, project: Path) -> None:
    """``wait_for_any`` hears several panels, while one of them is not there at all."""
    paths = [tmp_path / f"kiosk-{number}.sock" for number in range(3)]
    clients = [VirtualPanelClient(path) for path in paths]
    with kiosk(paths[0], project), kiosk(paths[1], project):
        wait_until(lambda: clients[0].connect() and clients[1].connect())
        sent = {client: mint_id() for client in clients[:2]}
        for client, press_id in sent.items():
            assert client.press("face-1", press_id)
        heard: dict[VirtualPanelClient, str | None] = {}
        end_s = time.monotonic() + PATIENCE_S
        while len(heard) < 2 and time.monotonic() < end_s:
            heard |= {client: shown.press_id for client, shown in wait_for_any(clients, 0.1)}
    assert heard == sent
    for client in clients:
        client.close()


def test_many_presses_arrive_in_order_and_quickly(tmp_path: Path) -> None:
    """500 presses over the socket reach the waiting thread in order; the median within 5 ms."""
    panel = VirtualPanel(path=tmp_path / "panel.sock")
    client = VirtualPanelClient(tmp_path / "panel.sock")
    felt: list[tuple[str, float]] = []
    is_felt = threading.Semaphore(0)

    def feel() -> None:
        while len(felt) < 500:
            for notice in panel.wait(PATIENCE_S):
                assert isinstance(notice, Closure)
                felt.append((notice.id, time.perf_counter()))
                is_felt.release()

    kiosk_thread = threading.Thread(target=feel)
    kiosk_thread.start()
    sent = []
    for _ in range(500):
        sent.append((press_id := mint_id(), time.perf_counter()))
        assert client.press("face-1", press_id)
        assert is_felt.acquire(timeout=PATIENCE_S)
    kiosk_thread.join()
    assert [press_id for press_id, _ in felt] == [press_id for press_id, _ in sent]
    delays_ms = sorted(
        (at - sent_at) * 1000 for (_, at), (_, sent_at) in zip(felt, sent, strict=True)
    )
    assert delays_ms[250] < 5
    client.close()
    panel.close()


def test_two_kiosks_cannot_share_a_path(tmp_path: Path) -> None:
    """A second panel on a living one's path is refused, and the first goes on."""
    first = VirtualPanel(path=tmp_path / "panel.sock")
    with pytest.raises(PanelError, match="another kiosk is using this socket"):
        VirtualPanel(path=tmp_path / "panel.sock")
    client = VirtualPanelClient(tmp_path / "panel.sock")
    first.wait(0)
    client.press("face-1", mint_id())
    assert len(first.wait(PATIENCE_S)) == 1
    client.close()
    first.close()
    assert not (tmp_path / "panel.sock").exists()


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_what_is_no_socket_stays(tmp_path: Path, kind: str) -> None:
    """Somebody's file at the path is not deleted, and the error names it."""
    path = tmp_path / "panel.sock"
    path.mkdir() if kind == "folder" else path.write_text("mine")
    with pytest.raises(PanelError, match="is no socket"):
        VirtualPanel(path=path)
    assert path.exists()


def test_a_path_may_be_long(tmp_path: Path) -> None:
    """A path longer than a socket's address serves all the same."""
    path = tmp_path / ("very-" * 30) / "panel.sock"
    panel = VirtualPanel(path=path)
    client = VirtualPanelClient(path)
    assert client.is_connected
    client.close()
    panel.close()


def test_only_the_owner_may_press(tmp_path: Path) -> None:
    """The socket is closed to other users of the machine."""
    panel = VirtualPanel(path=tmp_path / "panel.sock")
    assert (tmp_path / "panel.sock").stat().st_mode & 0o777 == 0o600
    panel.close()


def test_nonsense_is_refused_and_harms_nobody(tmp_path: Path) -> None:
    """Unreadable lines and unknown buttons come back as refusals; other visitors go on."""
    path = tmp_path / "panel.sock"
    panel = VirtualPanel(path=path)
    stranger, visitor = connect(path), VirtualPanelClient(path)
    assert stranger is not None
    stranger.sendall(b'{"type":"play"\n\xff\n{"type":"dance"}\n')
    panel.wait(0)
    panel.wait(0)
    assert stranger.recv(65_536).count(b"refusal") == 3
    visitor.play(Press(button="face-1", id=mint_id()), Press(button="face-9", id=mint_id()))
    panel.wait(0)
    with pytest.raises(PanelError, match="no button 'face-9'"):
        visitor.wait(PATIENCE_S)
    visitor.press("face-1", mint_id())
    assert len(panel.wait(PATIENCE_S)) == 1
    stranger.close()
    visitor.close()
    panel.close()


def test_a_watcher_that_never_reads_is_let_go(tmp_path: Path) -> None:
    """A client that does not read is detached; the kiosk is not held up."""
    panel = VirtualPanel(path=tmp_path / "panel.sock")
    client = VirtualPanelClient(tmp_path / "panel.sock")
    panel.wait(0)
    for _ in range(20_000):
        panel.show("idle")
    wait_until(lambda: not client.press("face-1", mint_id()) or client.connections > 1)
    client.close()
    panel.close()


def test_faults_are_reported_and_mended(tmp_path: Path) -> None:
    """A dead lamp is reported and stays dark; a pulled cable stops presses; both are mended."""
    panel = VirtualPanel(path=tmp_path / "panel.sock")
    client = VirtualPanelClient(tmp_path / "panel.sock")
    shown: list[Shown] = []
    panel.watch(shown.append)
    panel.wait(0)
    client.set_lamp("lamp-2", is_dead=True)
    assert panel.wait(PATIENCE_S) == [Fault("lamp-2", "dead", is_present=True)]
    panel.show("pressed")
    client.set_cable(is_pulled=True)
    assert panel.wait(PATIENCE_S) == [Fault("cable", "pulled", is_present=True)]
    panel.show("pressed")
    client.press("face-1", mint_id())
    assert panel.wait(0.05) == []
    client.set_cable(is_pulled=False)
    client.set_lamp("lamp-2", is_dead=False)
    assert panel.wait(PATIENCE_S) == [
        Fault("cable", "pulled", is_present=False),
        Fault("lamp-2", "dead", is_present=False),
    ]
    panel.show("pressed")
    assert [len(show.lamps) for show in shown] == [3, 0, 4]
    client.close()
    panel.close()


@pytest.mark.parametrize("seed", range(50))
def test_a_seeded_bounce_is_one_press_with_its_id(seed: int) -> None:
    """Bounce of 0.1 to 20 ms, as cheap and worn switches make it, is one press, exactly timed."""
    clock, chance = HandClock(), Random(seed)
    panel = VirtualPanel(uptime=clock.uptime, sleep=clock.sleep)
    press_id = mint_id()
    panel.play(*bounce("face-1", press_id, chance=chance, chatter_ms=chance.uniform(0.1, 20)))
    notices = [notice for _ in range(10) for notice in panel.wait(0.1)]
    assert [notice.id for notice in notices if isinstance(notice, Closure)] == [press_id]
    panel.close()


def test_a_stuck_key_cannot_be_pressed() -> None:
    """While a key is down, a press of it is nothing; an hour passes in a moment."""
    clock = HandClock()
    panel = VirtualPanel(uptime=clock.uptime, sleep=clock.sleep)
    panel.play(*stick("face-1"))
    assert len(panel.wait(1)) == 1
    assert panel.wait(20) == [Fault("face-1", "stuck", is_present=True)]
    panel.press("face-1", mint_id())
    assert panel.wait(3_600) == []
    assert clock.now_ms > 3_600_000
    panel.close()


@pytest.mark.parametrize("apart_ms", [5, 40, 60])
def test_two_at_once_are_as_far_apart_as_asked(apart_ms: int) -> None:
    """Scripts keep their times exactly, however late the kiosk looks."""
    clock = HandClock()
    panel = VirtualPanel(uptime=clock.uptime, sleep=clock.sleep)
    panel.play(*press_two(("face-1", mint_id()), ("face-4", mint_id()), apart_ms))
    clock.sleep(1)
    first, second = panel.wait(1)
    assert isinstance(first, Closure)
    assert isinstance(second, Closure)
    assert second.at_ms - first.at_ms == apart_ms
    panel.close()


def test_a_clean_hold_is_one_press() -> None:
    """A contact closed for 7 ms is nothing, for 8 ms a press."""
    clock = HandClock()
    panel = VirtualPanel(uptime=clock.uptime, sleep=clock.sleep)
    panel.play(*hold("face-1", for_ms=7))
    assert panel.wait(0.1) == []
    panel.play(*hold("face-1", for_ms=8))
    assert len(panel.wait(0.1)) == 1
    panel.close()


def test_a_simulated_clock_and_a_socket_exclude_each_other(tmp_path: Path) -> None:
    """A panel on a socket with a simulated clock would never hear anyone: it is refused."""
    clock = HandClock()
    with pytest.raises(PanelError, match="real time"):
        VirtualPanel(path=tmp_path / "panel.sock", uptime=clock.uptime, sleep=clock.sleep)
