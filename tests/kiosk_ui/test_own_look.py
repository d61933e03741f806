"""A municipality's own colours on the glass; a kiosk shows a face whatever is in their file."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.settings import load_settings
from kiosk.ui.drawings import LOOK, colour, tokens, wear

OURS = json.loads((LOOK / "tokens.json").read_text("utf-8"))


@pytest.fixture(autouse=True)
def _undressed() -> Iterator[None]:
    """Colours are the process's; afterwards they are ours again."""
    yield
    wear(None)


def test_own_colours_are_worn(tmp_path: Path) -> None:
    """Those of the file; sizes stay ours, since they are a matter of accessibility."""
    own = json.loads(json.dumps(OURS))
    own["colours"]["light"]["accent"] = "#7A1f3d"
    own["space"]["target_mm"] = 1.0
    (tmp_path / "tokens.json").write_text(json.dumps(own), "utf-8")
    wear(tmp_path / "tokens.json")
    assert colour("light", "accent") == (0x7A / 255, 0x1F / 255, 0x3D / 255)
    assert tokens().space == OURS["space"]


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"colours": 7, "type": {}, "space": {}}', "\udcff"],
)
def test_a_damaged_file_is_told_and_ours_are_shown(
    tmp_path: Path, content: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever reads the log learns which file; visitors see a screen."""
    path = tmp_path / "tokens.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    wear(path)
    with caplog.at_level(logging.ERROR):
        assert tokens().colours == OURS["colours"]
    assert str(path) in caplog.text


def test_a_missing_file_is_no_end(tmp_path: Path) -> None:
    """Neither is a colour that is none, or one that a later version has."""
    wear(tmp_path / "nothing.json")
    assert tokens().colours == OURS["colours"]
    odd = {"colours": {"light": {"ink": "black", "glow": "#ffffff"}}, "type": {}, "space": {}}
    (tmp_path / "odd.json").write_text(json.dumps(odd))
    wear(tmp_path / "odd.json")
    assert tokens().colours == OURS["colours"]


def test_the_settings_name_the_file(tmp_path: Path) -> None:
    """``look`` of ``[screen]``; a relative path is beside the settings, as others are."""
    (tmp_path / "kiosk.toml").write_text(
        'site="troyan"\ndevice="k1"\ntouchpoint="t"\ndata="/d"\n[panel]\nkind="gpio"\n'
        '[screen]\nlook="tokens.json"\n'
    )
    screen = load_settings(tmp_path / "kiosk.toml").screen
    assert screen is not None
    assert screen.look == tmp_path / "tokens.json"
