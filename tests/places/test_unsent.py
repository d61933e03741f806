"""Without certificates there is no fleet process: whoever enters something is told so."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from otziv.cli import place


@pytest.mark.parametrize(("tls", "is_told"), [("false", True), ("true", False)])
def test_nothing_is_sent_without_certificates(tmp_path: Path, tls: str, *, is_told: bool) -> None:
    """It is kept, for the day on which they are switched on."""
    (tmp_path / "otziv.toml").write_text(f'site = "troyan"\nmqtt_tls = {tls}\n')
    at = ["set", "troyan", "staff", "-1", "--data", str(tmp_path)]
    refused = CliRunner().invoke(place.app, at)
    assert "No such option" not in refused.output
    at[3] = "4"
    done = CliRunner().invoke(place.app, at)
    assert done.exit_code == 0, done.output
    assert ("nothing is sent to devices" in done.stderr) is is_told
