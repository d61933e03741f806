"""A screen in its service: it says that it lives, what it lacks, and plays a clip."""

from __future__ import annotations

import re
import socket
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import psutil
import pytest
from msgspec.structs import replace

from kiosk.scene import Complaint, Scene, Tongue
from kiosk.ui.samples import samples
from tests.fixtures.display import Colour, Display, display, wait_until
from tests.kiosk_ui.stand_in import StandIn
from tests.kiosk_ui.window import QUESTION, Window

__all__ = ["display"]

WORST = (0xE0, 0x76, 0x5C)
MOST_MB = 170
RENDERER = re.compile(r"libLLVM|libgallium|swrast")
RED, BLUE = (200, 0, 0), (0, 0, 200)
ARABIC = Tongue("ar", "العربية")


@pytest.fixture
def firmware(tmp_path: Path) -> Iterator[StandIn]:
    """A firmware that says only what the test says."""
    made = StandIn(tmp_path / "screen.sock")
    yield made
    made.close()


def test_it_says_that_it_is_ready_and_lives(
    tmp_path: Path, display: Display, firmware: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """READY at its first frame, WATCHDOG again and again while nothing happens, STOPPING."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(20)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        monkeypatch.setenv("WATCHDOG_USEC", "1500000")
        window = Window(tmp_path, display)
        firmware.accept(QUESTION)
        told = [manager.recv(100) for _ in range(4)]
        assert told == [b"READY=1", *[b"WATCHDOG=1"] * 3]
        window.end()
        manager.setblocking(False)
        rest = [manager.recv(100)]
        while rest[-1] != b"STOPPING=1":
            rest.append(manager.recv(100))


def test_it_complains_of_letters_that_it_lacks(
    tmp_path: Path, display: Display, firmware: StandIn
) -> None:
    """Once; and again to a firmware that was started anew."""
    window = Window(tmp_path, display)
    scene = replace(QUESTION, tongues=(*QUESTION.tongues, ARABIC))
    firmware.accept(scene)
    complaint = Complaint(fault="lacks-glyphs-ar", is_present=True)
    assert firmware.heard(1) == [complaint]
    firmware.show(replace(QUESTION, number=2))
    assert firmware.heard_all() == []
    firmware.accept(scene)
    assert firmware.heard(1) == [complaint]
    window.end()


def test_a_clip_is_played_round_and_round(
    tmp_path: Path, display: Display, firmware: StandIn
) -> None:
    """One picture after another, beside the question; other questions have none."""
    (tmp_path / "clips/bg").mkdir(parents=True)
    with ZipFile(tmp_path / "clips/bg/day-overall.zip", "w") as clip:
        for number, colour in enumerate((RED, BLUE)):
            for copy in range(6):
                clip.writestr(f"{number}-{copy}.png", _png(colour))
    window = Window(tmp_path, display, settings='[screen]\nclips = "clips"\n')
    firmware.accept(replace(QUESTION, clip="day-overall"))
    for seen in (RED, BLUE, RED):
        _wait_for_colour(display, seen)
    firmware.show(replace(QUESTION, number=2, clip="day-other"))
    wait_until(lambda: not {RED, BLUE} & display.colours(), "there is no clip")
    assert window.end() == 0


def test_it_stays_small(tmp_path: Path, display: Display, firmware: StandIn) -> None:
    """After all screens in two languages it has 170 MB of memory at the most.

    What draws in place of a graphics card is left out: it is the display's, and grows with Mesa.
    """
    window = Window(tmp_path, display)
    firmware.accept()
    for number, (_, scene) in enumerate((*samples("bg"), *samples("en"))):
        _show(display, firmware, replace(scene, number=number))
    mappings = psutil.Process(window.process.pid).memory_maps()
    ours = (each.rss for each in mappings if not RENDERER.search(each.path))
    assert sum(ours) / 1024**2 <= MOST_MB
    window.end()


def test_a_broken_clip_is_told_and_left_out(
    tmp_path: Path, display: Display, firmware: StandIn
) -> None:
    """The question is asked all the same."""
    (tmp_path / "clips/bg").mkdir(parents=True)
    with ZipFile(tmp_path / "clips/bg/day-overall.zip", "w") as clip:
        clip.writestr("1.png", b"no picture")
    window = Window(tmp_path, display, settings='[screen]\nclips = "clips"\n')
    firmware.accept(replace(QUESTION, clip="day-overall"))
    wait_until(lambda: WORST in display.colours(), "the question is seen")
    window.process.terminate()
    _, told = window.process.communicate(timeout=20)
    assert b"1.png can't be read" in told


def _show(display: Display, firmware: StandIn, scene: Scene) -> None:
    before = display.seen()
    firmware.show(scene)
    wait_until(lambda: display.seen() != before, "it is drawn")


def _wait_for_colour(display: Display, colour: Colour) -> None:
    wait_until(lambda: colour in display.colours(), "the clip goes on")


def _png(colour: Colour) -> bytes:
    """A picture of 64 pixels' side, all of one colour."""
    rows = (b"\0" + bytes(colour) * 64) * 64
    head = struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0)
    chunks = (b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )
