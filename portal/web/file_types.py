"""What an uploaded file is, by what it holds and by how it is called; both must agree. Pure."""

from __future__ import annotations

import io
import re
import struct
import unicodedata
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from portal.web.pictures import without_notes_jpeg, without_notes_png

MAX_RATIO: Final = 100
"""A packed file may hold that many times its own size; text packs to a tenth, a bomb to 1/1000."""
MAX_UNPACKED_BYTES: Final = 100 * 1024 * 1024
MAX_ENTRIES: Final = 2_000

_CMS: Final = bytes.fromhex("06092a864886f70d010702")
"""OID of signed data (PKCS #7, RFC 5652)."""
_NAME: Final = 120


class UploadError(Exception):
    """A file that is not taken; the message is for people, with ``{values}`` to be put in."""

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message.format_map({"name": "", **values}))
        self.message = message
        self.values = values


@dataclass(frozen=True, slots=True)
class FileType:
    """A type of file that is taken.

    Attributes:
        extensions: small, with the dot; the first is what we call it.
        media_type: under which it is sent again, always to be stored.
        check: gives back what to keep; raises :class:`UploadError`.
    """

    code: str
    extensions: tuple[str, ...]
    media_type: str
    check: Callable[[bytes], bytes]


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


_FAULTS: Final = (ValueError, IndexError, struct.error, zipfile.BadZipFile, NotImplementedError)
_DAMAGED: Final = _("The file {name} is damaged, or is not what its name says")


def shown_name(name: str) -> str:
    """A file's name as it is shown and sent again: no path, nothing invisible, not too long."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(c for c in last if c.isprintable() and unicodedata.category(c) != "Cf")
    stem, dot, extension = re.sub(r"\s+", " ", seen).strip().rstrip(".").rpartition(".")
    if not dot:
        return (extension or "file")[:_NAME]
    return f"{stem[: _NAME - 10] or 'file'}.{extension[:9].lower()}"


def check_type(name: str, content: bytes, types: tuple[FileType, ...]) -> tuple[FileType, bytes]:
    """Which of ``types`` a file is, and what of it to keep (pictures lose where they were taken).

    Raises:
        UploadError: none of them, empty, or not what its name says.
    """
    shown = shown_name(name)
    if not content:
        raise UploadError(_("The file {name} is empty"), name=shown)
    extension = f".{shown.rpartition('.')[2]}" if "." in shown else ""
    for each in types:
        if extension in each.extensions:
            try:
                return each, each.check(content)
            except UploadError as error:
                raise UploadError(error.message, name=shown, **error.values) from error
            except _FAULTS as error:
                raise UploadError(_DAMAGED, name=shown) from error
    known = ", ".join(each.extensions[0].removeprefix(".").upper() for each in types)
    raise UploadError(_("The file {name} can't be taken; choose {known}"), name=shown, known=known)


def _pdf(content: bytes) -> bytes:
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-2_048:]:
        raise ValueError("no PDF")
    return content


def _jpeg(content: bytes) -> bytes:
    return without_notes_jpeg(content)


def _png(content: bytes) -> bytes:
    return without_notes_png(content)


def _docx(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        _check_entries(entries, len(content))
        names = {entry.filename for entry in entries}
        if not {"[Content_Types].xml", "word/document.xml"} <= names:
            raise ValueError("no document of Word")
        if any(name.lower().endswith("vbaproject.bin") for name in names):
            raise UploadError(_("The file {name} holds macros; save it without them"))
    return content


def _check_entries(entries: list[zipfile.ZipInfo], packed_bytes: int) -> None:
    """Refuse what grows beyond measure when it is unpacked, without unpacking it."""
    if len(entries) > MAX_ENTRIES or len({entry.header_offset for entry in entries}) < len(entries):
        raise ValueError("too many entries, or several in one place")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > min(MAX_RATIO * packed_bytes, MAX_UNPACKED_BYTES):
        raise ValueError("too large when it is unpacked")
    if any(entry.flag_bits & 1 for entry in entries):
        raise UploadError(_("The file {name} is locked with a password; save it without"))


def _p7s(content: bytes) -> bytes:
    begins = content[:64]
    if begins.startswith((b"-----BEGIN PKCS7-----", b"-----BEGIN CMS-----")):
        return content
    if begins[:1] != b"\x30" or _CMS not in begins or not _is_whole_der(content):
        raise ValueError("no signature")
    return content


def _is_whole_der(content: bytes) -> bool:
    """Whether the outermost value of DER or BER ends where the file does."""
    size = content[1]
    if size < 0x80:
        return len(content) == size + 2
    count = size & 0x7F
    return count == 0 or len(content) == int.from_bytes(content[2 : 2 + count]) + 2 + count


PDF: Final = FileType("pdf", (".pdf",), "application/pdf", _pdf)
JPEG: Final = FileType("jpeg", (".jpg", ".jpeg"), "image/jpeg", _jpeg)
PNG: Final = FileType("png", (".png",), "image/png", _png)
DOCX: Final = FileType(
    "docx",
    (".docx",),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    _docx,
)
P7S: Final = FileType("p7s", (".p7s", ".p7m"), "application/pkcs7-signature", _p7s)
DOCUMENTS: Final = (PDF, JPEG, PNG, DOCX, P7S)
"""What citizens send."""
