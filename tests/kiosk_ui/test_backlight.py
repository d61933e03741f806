"""The display's backlight: dim where it obeys, and no fault where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.ui.backlight import Backlight


@pytest.fixture
def light(tmp_path: Path) -> Path:
    """A backlight with 200 steps."""
    folder = tmp_path / "10-0045"
    folder.mkdir()
    (folder / "max_brightness").write_text("200\n")
    (folder / "brightness").write_text("200\n")
    return folder / "brightness"


@pytest.mark.parametrize(("level", "step"), [(1.0, "200"), (0.5, "100"), (0.0, "1")])
def test_it_is_as_bright_as_asked(light: Path, level: float, step: str) -> None:
    """Never quite off: a dark screen looks broken."""
    assert Backlight(light.parent.parent).set(level)
    assert light.read_text() == step


def test_a_display_without_one_is_no_fault(tmp_path: Path) -> None:
    """Then the picture itself has to be dark."""
    assert not Backlight(tmp_path).set(0.5)


def test_one_that_does_not_obey_is_left_alone(
    light: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is said once."""
    backlight = Backlight(light.parent.parent)
    light.unlink()
    light.mkdir()
    assert not backlight.set(0.5)
    assert not backlight.set(0.4)
    assert caplog.text.count("can't be set") == 1
