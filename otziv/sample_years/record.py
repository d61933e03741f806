"""What was planted, kept beside the demo for whoever shows, or checks, that it is found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from otziv.sample_years.planting import Planted

FILE: Final = "planted.json"


def write_planted(folder: Path, planted: Sequence[Planted]) -> None:
    """Keep it in ``folder``, which is made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    text = msgspec.json.format(msgspec.json.encode(planted), indent=2)
    (folder / FILE).write_bytes(text)


def read_planted(folder: Path) -> list[Planted]:
    """What was kept there; nothing where no sample years were made."""
    try:
        text = (folder / FILE).read_bytes()
    except FileNotFoundError:
        return []
    return msgspec.json.decode(text, type=list[Planted])
