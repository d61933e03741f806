"""Files that a power cut leaves whole."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from hardware.files import replace_file


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    """The new content is there, and nothing else beside it."""
    path = tmp_path / "kept"
    for content in (b"one", b"two"):
        replace_file(path, content)
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_nobody_else_reads_it_not_even_while_it_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mask: int
) -> None:
    """The mode is there from the first byte on, whatever the umask."""
    modes = []

    def look(descriptor: int) -> None:
        modes.append(stat.S_IMODE(os.fstat(descriptor).st_mode))

    monkeypatch.setattr(os, "fsync", look)
    before = os.umask(mask)
    try:
        replace_file(tmp_path / "secret", b"scrypt:", 0o640)
    finally:
        os.umask(before)
    assert modes[0] == 0o640
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o640


def test_what_cannot_be_written_leaves_the_old_one(tmp_path: Path) -> None:
    """A leftover of a power cut is no obstacle, but a folder in its place is an error."""
    path = tmp_path / "kept"
    replace_file(path, b"old")
    fresh = tmp_path / "kept.otziv-new"
    fresh.write_bytes(b"half")
    replace_file(path, b"new")
    fresh.mkdir()
    with pytest.raises(OSError, match="kept"):
        replace_file(path, b"newer")
    assert path.read_bytes() == b"new"
