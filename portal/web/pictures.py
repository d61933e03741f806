"""Pictures without what they tell besides: where and with what they were taken. Pure.

A picture is taken apart into its segments and put together from those that draw it; places, serial
numbers, thumbnails, comments and whatever is hidden behind the end stay out. What is drawn is not
touched. Which way is up is kept, or many a photograph would lie on its side.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import Final

_PNG: Final = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT pHYs bKGD cICP".split()
)
_MAX_SIDE: Final = 20_000
"""Pixels; whoever draws 20 000 × 20 000 needs more than a gigabyte."""
_MAX_PIXELS: Final = 120_000_000

_JPEG_KEPT_NOTES: Final = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
"""APP0, APP2 and APP14: how the colours are meant."""
_EXIF: Final = b"Exif\0\0"
_ORIENTATION: Final = 0x0112
_IN_SCAN: Final = frozenset((0, 0xFF, *range(0xD0, 0xD8)))
"""What follows FF inside a scan: a stuffed byte, filling, restarts."""
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def without_notes_png(content: bytes) -> bytes:
    """A PNG with the chunks that draw it.

    Raises:
        ValueError: it is none, or damaged, or larger than anybody needs.
    """
    if not content.startswith(_PNG):
        raise ValueError("no PNG")
    chunks = list(_png_chunks(content))
    if chunks[0][0] != b"IHDR" or chunks[-1][0] != b"IEND" or b"IDAT" not in dict(chunks):
        raise ValueError("a PNG without beginning, picture or end")
    width, height = struct.unpack(">II", chunks[0][1][:8])
    _check_size(width, height)
    kept = (_png_chunk(kind, body) for kind, body in chunks if kind in _PNG_KEPT)
    return _PNG + b"".join(kept)


def without_notes_jpeg(content: bytes) -> bytes:
    """A JPEG with the segments that draw it, and which way is up.

    Raises:
        ValueError: it is none, or damaged, or larger than anybody needs.
    """
    if not content.startswith(b"\xff\xd8\xff"):
        raise ValueError("no JPEG")
    kept = [b"\xff\xd8"]
    is_drawn = False
    for marker, body, scan in _jpeg_segments(content):
        if marker in _FRAMES:
            height, width = struct.unpack(">HH", body[1:5])
            _check_size(width, height)
            is_drawn = True
        if marker == 0xE1 and body.startswith(_EXIF) and (way := _orientation(body[6:])) > 1:
            kept.append(_segment(0xE1, _EXIF + _only_orientation(way)))
        elif _is_kept(marker, body):
            kept += (_segment(marker, body), scan)
    if not is_drawn:
        raise ValueError("a JPEG without a picture")
    return b"".join((*kept, b"\xff\xd9"))


def _check_size(width: int, height: int) -> None:
    if not (0 < width <= _MAX_SIDE and 0 < height <= _MAX_SIDE and width * height <= _MAX_PIXELS):
        raise ValueError(f"a picture of {width} × {height}")


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Kind and body of each chunk up to the end."""
    at, kind = len(_PNG), b""
    while kind != b"IEND":
        (size,) = struct.unpack(">I", content[at : at + 4].ljust(4, b"\xff"))
        kind, body = content[at + 4 : at + 8], content[at + 8 : at + 8 + size]
        check = content[at + 8 + size : at + 12 + size]
        if len(body) != size or check != struct.pack(">I", zlib.crc32(kind + body)):
            raise ValueError("a PNG with a damaged chunk")
        yield kind, body
        at += 12 + size


def _png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Marker and body of each segment up to the end, with what is drawn behind a scan's."""
    at = 2
    while True:
        while content[at : at + 2] == b"\xff\xff":
            at += 1  # markers may be filled up
        if content[at : at + 1] != b"\xff":
            raise ValueError("a JPEG with a damaged segment")
        marker = content[at + 1]
        if marker == 0xD9:
            return
        (size,) = struct.unpack(">H", content[at + 2 : at + 4])
        body = content[at + 4 : at + 2 + size]
        if size < 2 or len(body) != size - 2:
            raise ValueError("a JPEG that is cut off")
        at += 2 + size
        end = _scan_end(content, at) if marker == 0xDA else at
        yield marker, body, content[at:end]
        at = end


def _scan_end(content: bytes, at: int) -> int:
    """Where a scan's picture ends: at a marker that is neither filling nor a restart."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise ValueError("a JPEG that is cut off")
        following = content[at + 1]
        if following not in _IN_SCAN:
            return at
        at += 1 if following == 0xFF else 2


def _is_kept(marker: int, body: bytes) -> bool:
    """Whether a segment draws, or tells how colours are meant."""
    if 0xE0 <= marker <= 0xEF:
        return body.startswith(_JPEG_KEPT_NOTES.get(marker, b"\0none"))
    return marker != 0xFE


def _segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def _orientation(tiff: bytes) -> int:
    """Which way is up (1 to 8; 1 is upright), by the first directory of an Exif note."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return 1
    (start,) = struct.unpack(f"{order}I", tiff[4:8])
    (count,) = struct.unpack(f"{order}H", tiff[start : start + 2].ljust(2, b"\0"))
    for number in range(count):
        entry = tiff[start + 2 + 12 * number :][:12]
        if len(entry) < 12:
            break
        tag, kind, _count, value = struct.unpack(f"{order}HHIH", entry[:10])
        if tag == _ORIENTATION and kind == 3 and 1 <= value <= 8:
            return int(value)
    return 1


def _only_orientation(way: int) -> bytes:
    """An Exif note that says nothing else."""
    return b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHIHH", _ORIENTATION, 3, 1, way, 0) + b"\0" * 4
