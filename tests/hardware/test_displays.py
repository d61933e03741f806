"""What displays tell of themselves."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardware.displays import Display, diagonal_in, find_displays

HEADER = b"\x00\xff\xff\xff\xff\xff\xff\x00"


def _edid(*, cm: tuple[int, int] = (0, 0), mm: tuple[int, int] = (0, 0), clock: int = 1) -> bytes:
    """The first block of a display's description, with sizes in two places."""
    edid = bytearray(HEADER.ljust(128, b"\0"))
    edid[21:23] = bytes(cm)
    edid[54] = clock
    edid[66], edid[67], edid[68] = mm[0] & 255, mm[1] & 255, mm[0] >> 8 << 4 | mm[1] >> 8
    return bytes(edid)


@pytest.mark.parametrize(
    ("edid", "inches"),
    [
        (_edid(cm=(22, 14), mm=(217, 136)), 10.1),  # millimetres are better than centimetres
        (_edid(cm=(16, 9)), 7.2),
        (_edid(cm=(16, 9), mm=(300, 200), clock=0), 7.2),  # that is a text, no picture
        (_edid(mm=(1218, 685)), 55.0),
        (_edid(), None),  # a projector
        (_edid(cm=(16, 9))[:100], None),
        (b"", None),
        (b"\x01" * 128, None),
    ],
)
def test_the_size_is_read(edid: bytes, inches: float | None) -> None:
    """In inches across; nothing where nothing sensible is told."""
    assert diagonal_in(edid) == inches


def test_only_displays_that_are_plugged_in_are_found(tmp_path: Path) -> None:
    """In order of their connectors; the card itself and empty sockets are none."""
    for name, status, modes in (
        ("card1-HDMI-A-1", "disconnected\n", ""),
        ("card1-DSI-1", "connected\n", "800x480\n"),
        ("card1-Writeback-1", "unknown\n", ""),
        ("card0-HDMI-A-2", "connected\n", ""),
    ):
        (tmp_path / name).mkdir()
        (tmp_path / name / "status").write_text(status)
        (tmp_path / name / "modes").write_text(modes)
    (tmp_path / "card1").mkdir()
    assert find_displays(tmp_path) == [
        Display("HDMI-A-2", "", None),
        Display("DSI-1", "800x480", None),
    ]


def test_a_machine_without_graphics_has_none(tmp_path: Path) -> None:
    """A Pi without a picture, or a container."""
    assert find_displays(tmp_path / "drm") == []
