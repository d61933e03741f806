"""Pictures of the main screens: made by one command, without a display."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from kiosk.ui.pictures import SHOWN
from kiosk.ui.samples import samples

MAX_BYTES = 100_000


def _size(picture: Path) -> str:
    width, height = struct.unpack(">II", picture.read_bytes()[16:24])
    return f"{width}x{height}"


@pytest.mark.slow
def test_the_command_draws_what_documents_show(tmp_path: Path) -> None:
    """Every picture is there, as large as its name says, and small enough for a repository."""
    environment = {name: value for name, value in os.environ.items() if name != "DISPLAY"}
    command = [sys.executable, "-m", "kiosk.ui.pictures", "--to", str(tmp_path), "--shown"]
    subprocess.run(command, env=environment, check=True, timeout=100)
    pictures = {picture.stem: picture for picture in tmp_path.iterdir()}
    assert set(pictures) == SHOWN
    for name, picture in pictures.items():
        assert name.startswith(f"{_size(picture)}-")
        # One colour alone, or next to nothing, would be a few hundred bytes.
        assert 3_000 < picture.stat().st_size < MAX_BYTES


def test_the_pictures_in_the_documents_are_all_there(project: Path) -> None:
    """`python -m kiosk.ui.pictures --shown --to docs/pictures/kiosk` makes them."""
    found = {picture.stem for picture in (project / "docs/pictures/kiosk").glob("*.png")}
    assert found == SHOWN


def test_samples_are_the_same_screens_in_both_languages() -> None:
    """And no title is the same: nothing was left untranslated."""
    bulgarian, english = dict(samples("bg")), dict(samples("en"))
    assert list(bulgarian) == list(english)
    assert all(bulgarian[name].title != english[name].title for name in bulgarian)
