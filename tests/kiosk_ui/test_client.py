"""The screen's end of the socket, against a socket that is opened and closed here."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hardware.address import listen
from kiosk.scene import Leave, Scene, read_gesture, write_line
from kiosk.ui.client import LOST_S, RETRY_S, Client

BIG = 1 << 21


def scene(number: int, title: str = "") -> Scene:
    """A scene that can be told from others."""
    return Scene(number=number, state="idle", language="bg", title=title)


class Seconds:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """What time it is."""
        return self.now


class Firmware:
    """The other end: listens, and has one guest."""

    def __init__(self, path: Path) -> None:
        self._open = ExitStack()
        self._listener = self._open.enter_context(listen(path))
        self._listener.settimeout(5)

    def accept(self) -> socket.socket:
        """Let the screen in."""
        guest, _ = self._listener.accept()
        guest.settimeout(5)
        return self._open.enter_context(guest)

    def die(self) -> None:
        """Be killed: the path stays."""
        self._open.close()


@pytest.fixture
def seconds() -> Seconds:
    """The client's clock."""
    return Seconds()


@pytest.fixture
def client(tmp_path: Path, seconds: Seconds) -> Iterator[Client]:
    """A client whose firmware may come."""
    made = Client(tmp_path / "screen.sock", seconds=seconds)
    yield made
    made.close()


@pytest.fixture
def firmware(tmp_path: Path) -> Iterator[Firmware]:
    """A firmware that listens."""
    made = Firmware(tmp_path / "screen.sock")
    yield made
    made.die()


def test_nobody_is_there_yet(client: Client) -> None:
    """No socket, no error, no scene; what is said is not heard."""
    client.read()
    assert (client.scene, client.is_connected, client.send(Leave())) == (None, False, False)


def test_the_latest_scene_counts(client: Client, firmware: Firmware) -> None:
    """Scenes that were overtaken are not shown."""
    client.read()
    firmware.accept().sendall(b"".join(write_line(scene(number)) for number in (1, 2, 3)))
    client.read()
    assert client.scene == scene(3)


def test_a_scene_may_come_in_pieces(client: Client, firmware: Firmware) -> None:
    """Half a line is kept until the rest is there."""
    client.read()
    line = write_line(scene(1, "Въпрос"))
    guest = firmware.accept()
    guest.sendall(line[:20])
    client.read()
    assert client.scene is None
    guest.sendall(line[20:])
    client.read()
    assert client.scene == scene(1, "Въпрос")


def test_a_scene_that_cannot_be_read_is_left_out(
    client: Client, firmware: Firmware, caplog: pytest.LogCaptureFixture
) -> None:
    """The last good one stays, and the log says why."""
    client.read()
    firmware.accept().sendall(write_line(scene(1)) + b'{"type":"scene"}\n')
    client.read()
    assert client.scene == scene(1)
    assert "can't be read" in caplog.text


def test_a_line_without_end_is_hung_up_on(client: Client, firmware: Firmware) -> None:
    """Memory is bounded, whatever comes."""
    client.read()
    guest = firmware.accept()
    guest.settimeout(0)
    sent = 0
    while sent < BIG and client.is_connected:
        sent += guest.send(b"x" * 65_536)
        client.read()
    assert not client.is_connected


def test_a_gesture_arrives(client: Client, firmware: Firmware) -> None:
    """One line of JSON each."""
    client.read()
    guest = firmware.accept()
    assert client.send(Leave())
    assert read_gesture(guest.recv(1_000)) == Leave()


def test_it_is_lost_after_three_seconds(
    client: Client, firmware: Firmware, seconds: Seconds
) -> None:
    """A restart of the firmware in between is nobody's business."""
    client.read()
    firmware.accept()
    firmware.die()
    client.read()
    assert not client.is_lost
    seconds.now += LOST_S
    assert client.is_lost


def test_it_comes_back(
    client: Client, firmware: Firmware, seconds: Seconds, tmp_path: Path
) -> None:
    """It looks again and again, and shows what it is greeted with."""
    client.read()
    firmware.accept()
    firmware.die()
    client.read()
    seconds.now += 3_600
    client.read()
    again = Firmware(tmp_path / "screen.sock")
    seconds.now += RETRY_S
    client.read()
    again.accept().sendall(write_line(scene(7)))
    client.read()
    assert (client.scene, client.is_lost) == (scene(7), False)
    again.die()


def test_a_firmware_that_does_not_listen_is_left(client: Client, firmware: Firmware) -> None:
    """When its buffer is full it hangs: the screen must not hang with it."""
    client.read()
    firmware.accept()
    assert any(not client.send(Leave()) for _ in range(100_000))


def test_a_trouble_is_told_once(
    tmp_path: Path, seconds: Seconds, caplog: pytest.LogCaptureFixture
) -> None:
    """A socket that can't be opened is one line in the log, not four a second."""
    (tmp_path / "file").write_text("")
    client = Client(tmp_path / "file" / "screen.sock", seconds=seconds)
    for _ in range(5):
        seconds.now += RETRY_S
        client.read()
    assert caplog.text.count("can't connect") == 1
