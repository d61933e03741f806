"""Uploads: what is taken, what of it is kept, and what a scanner has to say."""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from starlette.datastructures import UploadFile

from portal.web.file_types import UploadError, shown_name
from portal.web.uploads import MAX_BYTES, MAX_FILES, InfectedError, Shelf, take
from portal.web.virtual_clamav import EICAR, VirtualClamAV
from portal.web.virus_scan import ClamAV

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
GPS = b"GPS 42.894 N 24.716 E"


def chunk(kind: bytes, body: bytes) -> bytes:
    """A chunk of a PNG."""
    check = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + check


def png(*extra: bytes, width: int = 1, behind: bytes = b"") -> bytes:
    """A PNG of a dot."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, 1, 8, 0, 0, 0, 0))
    drawn = chunk(b"IDAT", zlib.compress(b"\0\x7f"))
    begin = b"\x89PNG\r\n\x1a\n"
    return begin + head + b"".join(extra) + drawn + chunk(b"IEND", b"") + behind


def exif(orientation: int) -> bytes:
    """An Exif note with a place in it."""
    entry = struct.pack("<HHIHH", 0x0112, 3, 1, orientation, 0)
    return b"Exif\0\0II*\0\x08\0\0\0\x01\0" + entry + b"\0\0\0\0" + GPS


def segment(marker: int, body: bytes) -> bytes:
    """A segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def jpeg(*extra: bytes, behind: bytes = b"", width: int = 8) -> bytes:
    """A JPEG as far as its segments go."""
    frame = segment(0xC0, struct.pack(">BHHB", 8, 8, width, 1) + b"\x01\x11\0")
    scan = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"\x12\xff\x00\x34\xff\xd0\x56"
    return b"\xff\xd8" + b"".join(extra) + frame + scan + b"\xff\xd9" + behind


def docx(**extra: bytes) -> bytes:
    """A document of Word as far as its parts go."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document>Здравейте</document>")
        for name, content in extra.items():
            archive.writestr(name, content)
    return made.getvalue()


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    """A shelf of a portal without a scanner."""
    return Shelf(tmp_path / "uploads", None)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Молба.pdf", PDF),
        ("снимка.JPG", jpeg()),
        ("знак.png", png()),
        ("писмо.docx", docx()),
        ("писмо.p7s", bytes.fromhex("300b06092a864886f70d010702")),
        ("писмо.p7s", b"-----BEGIN PKCS7-----\nAA==\n-----END PKCS7-----\n"),
    ],
)
def test_what_is_taken(shelf: Shelf, tmp_path: Path, name: str, content: bytes) -> None:
    """It can be read again; its name is shown and nowhere on the disk."""
    stored = shelf.put(name, content)

    assert shelf.read(stored.id) == content
    assert (stored.state, shelf.state(stored.id)) == ("ready", "ready")
    assert stored.name.casefold() == name.casefold()
    (path,) = (p for p in tmp_path.rglob("*") if p.is_file())
    assert path.name == stored.id
    assert path.stat().st_mode & 0o077 == 0
    shelf.erase(stored.id)
    assert shelf.state(stored.id) == "gone"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b""),
        ("a.pdf", b"<html><script>alert(1)</script>%%EOF"),
        ("a.pdf", PDF[:20]),
        ("a.pdf", b"MZ\x90" + PDF),
        ("a.png", jpeg()),
        ("a.jpg", png()),
        ("a.jpg", jpeg()[:30]),
        ("a.jpg", b"\xff\xd8\xff"),
        ("a.jpg", jpeg(width=30_000)),
        ("a.png", png(width=60_000)),
        ("a.png", png()[:-3]),
        ("a.png", png().replace(b"\x7f", b"\x7e")[:-10]),
        ("a.docx", PDF),
        ("a.docx", docx()[:-30]),
        ("a.docx", docx(**{"word/vbaProject.bin": b"macro"})),
        ("a.docx", docx(**{"word/media/bomb": b"\0" * 30_000_000})),
        ("a.p7s", b"\x30\x82\xff\xff" + bytes.fromhex("06092a864886f70d010702")),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.pdf.exe", PDF),
        ("pdf", PDF),
        ("", PDF),
        ("a.html", b"<html>"),
    ],
)
def test_what_is_refused(shelf: Shelf, tmp_path: Path, name: str, content: bytes) -> None:
    """The message names the file; nothing lies on the disk."""
    with pytest.raises(UploadError) as told:
        shelf.put(name, content)

    assert shown_name(name) in str(told.value)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_ten_megabytes_are_the_most(shelf: Shelf) -> None:
    """One byte more is too much; macro and size are told as such."""
    most = PDF[:-7] + b"x" * (MAX_BYTES - len(PDF)) + PDF[-7:]

    assert shelf.put("a.pdf", most).size_bytes == MAX_BYTES
    with pytest.raises(UploadError, match="larger than 10 MB"):
        shelf.put("a.pdf", most + b"\n")
    with pytest.raises(UploadError, match="macros"):
        shelf.put("a.docx", docx(**{"word/vbaProject.bin": b"macro"}))


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\fakepath\\Молба.PDF", "Молба.pdf"),
        ("фактура\u202efdp.exe", "фактураfdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf"),
        (".pdf", "file.pdf"),
        ("", "file"),
        ("x" * 500 + ".pdf", "x" * 110 + ".pdf"),
        ("con.pdf", "con.pdf"),
    ],
)
def test_names_are_made_harmless(typed: str, shown: str) -> None:
    """No paths, no line breaks, nothing that turns the rest round."""
    assert shown_name(typed) == shown


def test_pictures_lose_where_they_were_taken(shelf: Shelf) -> None:
    """Places, comments and what hides behind the end go; what is drawn stays."""
    told = (segment(0xE1, exif(1)), segment(0xFE, GPS), segment(0xED, GPS))
    photo = shelf.put("a.jpg", jpeg(*told, behind=b"<script>" + GPS))
    sign = shelf.put("a.png", png(chunk(b"tEXt", GPS), chunk(b"eXIf", GPS), behind=GPS))

    assert shelf.read(photo.id) == jpeg()
    assert shelf.read(sign.id) == png()


def test_a_photograph_stays_upright(shelf: Shelf) -> None:
    """Which way is up is all that is kept of the note; colours stay as they are meant."""
    colours = segment(0xE2, b"ICC_PROFILE\0\x01\x01colours")
    photo = shelf.read(shelf.put("a.jpg", jpeg(segment(0xE1, exif(6)), colours)).id)

    assert GPS not in photo
    assert colours in photo
    assert photo.count(b"Exif\0\0") == 1
    again = shelf.read(shelf.put("a.jpg", photo).id)
    assert again == photo
    assert b"\x01\x12\0\x03\0\0\0\x01\0\x06" in photo


@pytest.mark.parametrize("whole", [jpeg(segment(0xE1, exif(3))), png(), docx(), PDF])
def test_damaged_files_are_refused_or_taken_never_a_fault(shelf: Shelf, whole: bytes) -> None:
    """Cut off or changed anywhere."""
    chance = random.Random(5)
    for _ in range(300):
        damaged = bytearray(whole[: chance.randrange(1, len(whole) + 1)])
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        for extension in ("jpg", "png", "docx", "pdf", "p7s"):
            try:
                stored = shelf.put(f"a.{extension}", bytes(damaged))
            except UploadError:
                continue
            shelf.erase(stored.id)


def test_all_files_of_a_field_or_none(shelf: Shelf) -> None:
    """A bad one takes the good ones with it; six are too many."""
    good = UploadFile(io.BytesIO(PDF), filename="a.pdf")
    bad = UploadFile(io.BytesIO(b"x"), filename="b.pdf")

    with pytest.raises(UploadError, match=r"b\.pdf"):
        take(shelf, [good, bad])
    assert list(shelf.all()) == []
    with pytest.raises(UploadError, match="at most 5"):
        take(shelf, [good] * (MAX_FILES + 1))


def test_a_virus_is_not_kept(tmp_path: Path, clamav: str) -> None:
    """The test file is found wherever it stands in a file; another one is clean."""
    shelf = Shelf(tmp_path / "uploads", ClamAV(clamav))
    infected = PDF[:-7] + EICAR + PDF[-7:]

    assert shelf.is_searched
    assert shelf.put("a.pdf", PDF).state == "ready"
    with pytest.raises(InfectedError, match="virus"):
        shelf.put("b.pdf", infected)
    assert len(list(shelf.all())) == 1


def test_what_cannot_be_searched_waits(tmp_path: Path) -> None:
    """Nobody gets it before it was searched; then the good one is there, the bad one refused."""
    with VirtualClamAV() as daemon:
        shelf = Shelf(tmp_path / "uploads", ClamAV(daemon.address))
        daemon.most_bytes = 10
        good = shelf.put("a.pdf", PDF)
        bad = shelf.put("b.pdf", PDF[:-7] + EICAR + PDF[-7:])
        assert (good.state, bad.state) == ("being-checked", "being-checked")
        with pytest.raises(LookupError, match="being-checked"):
            shelf.read(good.id)
        assert shelf.search_waiting() == 0

        daemon.most_bytes = 1_000_000
        assert shelf.search_waiting() == 2
        assert shelf.read(good.id) == PDF
        assert shelf.state(bad.id) == "infected"
        with pytest.raises(LookupError, match="infected"):
            shelf.read(bad.id)


@pytest.mark.parametrize("address", ["127.0.0.1:1", "/nowhere/clamd.sock", "nonsense"])
def test_a_scanner_that_is_not_there_clears_nothing(tmp_path: Path, address: str) -> None:
    """Files wait."""
    shelf = Shelf(tmp_path / "uploads", ClamAV(address))

    assert shelf.put("a.pdf", PDF).state == "being-checked"


def test_a_scanner_that_says_nothing_clears_nothing(tmp_path: Path) -> None:
    """It took the file and hung up."""
    with VirtualClamAV() as daemon:
        daemon.is_silent = True
        shelf = Shelf(tmp_path / "uploads", ClamAV(daemon.address))
        assert shelf.put("a.pdf", PDF).state == "being-checked"


def test_an_id_is_no_path(shelf: Shelf) -> None:
    """Whatever an address may hold."""
    for identity in ("../../portal.key", "", "a" * 31, "G" * 32):
        with pytest.raises(LookupError):
            shelf.read(identity)
