"""Displays that the kernel sees: where each is plugged in, its picture, and how large its glass is.

The size is in the display's own description (EDID): in centimetres at bytes 21 and 22, in
millimetres in the description of its preferred picture, at byte 54 (VESA E-EDID 1.4, sections 3.6.2
and 3.10.2). Ribbon-cable displays of the Raspberry Pi have none.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DRM: Final = Path("/sys/class/drm")

_HEADER: Final = b"\x00\xff\xff\xff\xff\xff\xff\x00"
_BLOCK_BYTES: Final = 128
_MM_PER_INCH: Final = 25.4


@dataclass(frozen=True, slots=True)
class Display:
    """One display that is plugged in.

    Attributes:
        connector: ``HDMI-A-1``, ``DSI-1`` …
        mode: its preferred picture, ``1280x800``; empty if it tells none.
        diagonal_in: of the glass in inches; ``None`` if it does not tell.
    """

    connector: str
    mode: str
    diagonal_in: float | None


def find_displays(drm: Path = DRM) -> list[Display]:
    """Return the displays that are plugged in, in order of their connectors."""
    folders = sorted(drm.glob("card*-*"))
    return [_display(each) for each in folders if _read(each / "status") == "connected"]


def diagonal_in(edid: bytes) -> float | None:
    """Return the diagonal in inches that ``edid`` tells; ``None`` where it tells none."""
    if len(edid) < _BLOCK_BYTES or not edid.startswith(_HEADER):
        return None
    timing = edid[54:72]
    width_mm = timing[12] | (timing[14] & 0xF0) << 4
    height_mm = timing[13] | (timing[14] & 0x0F) << 8
    is_timing = timing[0] or timing[1]  # a pixel clock of 0 marks another kind of description
    if not (is_timing and width_mm and height_mm):
        width_mm, height_mm = 10 * edid[21], 10 * edid[22]
    if not (width_mm and height_mm):
        return None
    return round(math.hypot(width_mm, height_mm) / _MM_PER_INCH, 1)


def _display(folder: Path) -> Display:
    modes = _read(folder / "modes").split()
    try:
        edid = (folder / "edid").read_bytes()
    except OSError:
        edid = b""
    connector = folder.name.partition("-")[2]
    return Display(connector, modes[0] if modes else "", diagonal_in(edid))


def _read(path: Path) -> str:
    """The text of a file of the kernel; empty where there is none."""
    try:
        return path.read_text("ascii", "replace").strip()
    except OSError:
        return ""
