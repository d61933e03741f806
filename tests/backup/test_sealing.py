"""The encrypted file: what went in comes out, and nothing else ever does."""

from __future__ import annotations

import io
import json
import random
import struct
from pathlib import Path

import pytest

from otziv.backup.archive import packing, unpack
from otziv.backup.errors import BackupError
from otziv.backup.sealing import MAGIC, SealedReader, SealedWriter

PASSPHRASE = "correct horse battery staple"
CHANCE = random.Random(8)


def sealed(path: Path, content: bytes) -> Path:
    """A sealed file with ``content``."""
    with path.open("wb") as file:
        writer = SealedWriter(file, PASSPHRASE)
        writer.write(content)
        writer.close()
    return path


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keys that cost nothing: these tests make many."""
    monkeypatch.setattr("otziv.backup.sealing._COSTS", {"n": 2**10, "r": 8, "p": 1})


@pytest.fixture
def whole(tmp_path: Path) -> tuple[Path, bytes]:
    """A sealed file of three pieces, and what is in it."""
    content = CHANCE.randbytes(2 * 1024 * 1024 + 5_000)
    return sealed(tmp_path / "whole", content), content


@pytest.mark.parametrize("size", [0, 1, 1024 * 1024, 1024 * 1024 + 1, 2 * 1024 * 1024])
def test_what_went_in_comes_out(tmp_path: Path, size: int) -> None:
    """Whatever its length, a piece's included; and the file doesn't show it."""
    content = CHANCE.randbytes(size)
    path = sealed(tmp_path / "file", content)

    with SealedReader(path, PASSPHRASE) as reader:
        assert reader.read() == content
        assert reader.read(10) == b""
    assert size < 32 or content[:32] not in path.read_bytes()


def test_two_of_the_same_look_different(tmp_path: Path) -> None:
    """Salts are never the same."""
    one, other = sealed(tmp_path / "1", b"same"), sealed(tmp_path / "2", b"same")

    assert one.read_bytes()[-20:] != other.read_bytes()[-20:]


def test_another_passphrase_is_told_as_such(whole: tuple[Path, bytes]) -> None:
    """Before anything is given out."""
    with pytest.raises(BackupError, match="does not open with this passphrase"):
        SealedReader(whole[0], "correct horse battery stable")


def test_a_short_passphrase_is_refused() -> None:
    """Whoever has the file can try for ever."""
    with pytest.raises(BackupError, match="at least 12"):
        SealedWriter(io.BytesIO(), "too short")


def test_a_file_cut_off_anywhere_is_told(tmp_path: Path, whole: tuple[Path, bytes]) -> None:
    """At each place it is an error of ours, at the edges of pieces too."""
    content = whole[0].read_bytes()
    edges = [0, 4, len(MAGIC), 20, 150, 1024 * 1024, len(content) - 1, len(content) - 5_000]
    for end in [*edges, *(CHANCE.randrange(len(content)) for _ in range(4))]:
        path = tmp_path / "cut"
        path.write_bytes(content[:end])
        with pytest.raises(BackupError), SealedReader(path, PASSPHRASE) as reader:
            reader.read()


def test_whole_pieces_left_out_are_told(tmp_path: Path, whole: tuple[Path, bytes]) -> None:
    """The last one, the one in the middle, or one more behind the end."""
    content = whole[0].read_bytes()
    piece = 4 + 1024 * 1024 + 16
    end = len(content) - (4 + 5_000 + 16)
    for damaged in (
        content[:end],
        content[: end - piece] + content[end:],
        content[: end - 2 * piece] + content[end - piece : end] + content[end - 2 * piece :],
        content + content[end:],
        content + b"x",
    ):
        path = tmp_path / "damaged"
        path.write_bytes(damaged)
        with pytest.raises(BackupError), SealedReader(path, PASSPHRASE) as reader:
            reader.read()


def test_a_changed_byte_anywhere_is_told(tmp_path: Path, whole: tuple[Path, bytes]) -> None:
    """In the header, in lengths, in contents: nothing false is ever given out as whole."""
    content = bytearray(whole[0].read_bytes())
    for place in (0, 9, 14, 40, 118, 130, 140, 200, 1_000_000, 1_100_000, len(content) - 1):
        damaged = content.copy()
        damaged[place] ^= 0x41
        path = tmp_path / "damaged"
        path.write_bytes(damaged)
        with pytest.raises(BackupError), SealedReader(path, PASSPHRASE) as reader:
            reader.read()


def test_a_header_that_asks_for_all_memory_is_refused(tmp_path: Path) -> None:
    """It is read before anything is proved."""
    header = json.dumps({"kdf": "scrypt", "salt": "00" * 16, "n": 2**30, "r": 64, "p": 1}).encode()
    path = tmp_path / "file"
    path.write_bytes(MAGIC + struct.pack(">I", len(header)) + header + b"\0" * 100)
    with pytest.raises(BackupError, match="damaged at its beginning"):
        SealedReader(path, PASSPHRASE)


@pytest.mark.parametrize("name", ["../evil", "/etc/evil", "a/../../evil"])
def test_no_entry_leads_out_of_its_folder(tmp_path: Path, name: str) -> None:
    """Whoever knows the passphrase still writes nowhere else."""
    path = tmp_path / "file"
    with path.open("wb") as file, packing(file, PASSPHRASE) as packer:
        packer.add_bytes(name, b"evil")

    with pytest.raises(BackupError, match="leads out"):
        unpack(path, PASSPHRASE, tmp_path / "into")
    assert not (tmp_path / "evil").exists()
