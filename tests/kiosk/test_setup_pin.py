"""The maintenance PIN that setup is told."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.pin import is_pin
from kiosk.settings import load_settings
from tests.kiosk.disk import TOLD, make_disk


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The disk of a Raspberry Pi."""
    return make_disk(tmp_path)


def _set_up_with_pin(root: Path, monkeypatch: pytest.MonkeyPatch, pin: str, *more: str) -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{pin}\n"))
    return main(["setup", "--root", str(root), *more, "--pin-from-stdin"])


def test_a_pin_comes_by_a_pipe(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its hash is in the settings, stays there without the option, and again changes nothing."""
    assert _set_up_with_pin(root, monkeypatch, "20261122", *TOLD) == 0
    path = root / "etc/otziv/kiosk.toml"
    kept = load_settings(path).maintenance.pin
    assert kept is not None
    assert is_pin("20261122", kept)
    assert main(["setup", "--root", str(root), "--touchpoint", "desk-3"]) == 0
    assert _set_up_with_pin(root, monkeypatch, "20261122") == 0
    assert load_settings(path).maintenance.pin == kept
    assert _set_up_with_pin(root, monkeypatch, "4711") == 0
    assert is_pin("4711", load_settings(path).maintenance.pin or "")


def test_a_pin_that_is_none_is_refused(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is written."""
    before = sorted(root.rglob("*"))
    assert _set_up_with_pin(root, monkeypatch, "12", *TOLD) == 2
    assert "4 to 12 digits" in capsys.readouterr().err
    assert sorted(root.rglob("*")) == before
