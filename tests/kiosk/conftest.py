"""Fixtures for tests of the kiosk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from hardware.open import VirtualSettings
from kiosk.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of a kiosk in ``tmp_path``."""
    return Settings(
        site="troyan",
        device="kiosk-1",
        touchpoint="desk-1",
        data=tmp_path / "data",
        panel=VirtualSettings(path=tmp_path / "unused.sock"),
    )


@pytest.fixture
def stack() -> Iterator[ExitStack]:
    """Ends what a test began."""
    with ExitStack() as opened:
        yield opened
