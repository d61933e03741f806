"""What our pin factory says where there are no pins; tests/machines has it on a kernel's lines."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from hardware.gpio import open_factory
from hardware.gpiod_factory import HEADER_LABELS, open_header
from hardware.panel import PanelError


def test_without_chips_it_says_so(tmp_path: Path) -> None:
    """Where there is no GPIO at all, the error names what was looked for and the way out."""
    with pytest.raises(PanelError, match=f"there is no {tmp_path}/gpiochip.*the virtual panel"):
        open_header(devices=tmp_path)


@pytest.mark.parametrize("label", HEADER_LABELS)
def test_every_pi_is_looked_for(tmp_path: Path, label: str) -> None:
    """Pi Zero to 3, Pi 4 and Pi 5 have chips of their own, found by label."""
    with pytest.raises(PanelError, match=label):
        open_header(devices=tmp_path)


def test_another_chip_may_be_wanted(tmp_path: Path) -> None:
    """The settings may name a chip, and the error then names it."""
    with pytest.raises(PanelError, match="no chip is expander"):
        open_header("expander", devices=tmp_path)


def test_what_is_no_chip_is_told(tmp_path: Path) -> None:
    """A device by that name that isn't one of GPIO is a clear error with its path."""
    (tmp_path / "gpiochip0").touch()
    with pytest.raises(PanelError, match=r"gpiochip0: .+; run this on"):
        open_header(devices=tmp_path)


def test_without_gpiod_it_says_what_to_install(project: Path) -> None:
    """It is there for Linux only, and comes with the kiosk's packages."""
    program = (
        "import sys; sys.modules['gpiod'] = None\n"
        "from hardware.gpio import open_factory\n"
        "from hardware.panel import PanelError\n"
        "try:\n    open_factory()\nexcept PanelError as error:\n    print(error)\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], cwd=project, capture_output=True, text=True, check=True
    )
    assert "gpiod" in ran.stdout
    assert "with the extra kiosk" in ran.stdout


def test_open_factory_looks_for_the_header() -> None:
    """This machine is no Raspberry Pi."""
    with pytest.raises(PanelError, match="no GPIO pins here"):
        open_factory()
