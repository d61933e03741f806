"""The front door's parts, with nothing of the developer's own settings in the way."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def _no_settings_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of the shell that runs the tests stay outside."""
    for name in [name for name in os.environ if name.startswith("OTZIV_")]:
        monkeypatch.delenv(name)
