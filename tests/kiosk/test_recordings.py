"""``otziv kiosk recordings``: the list of texts to read."""

from __future__ import annotations

from pathlib import Path

import pytest

from broker.wire.codec import write
from kiosk.__main__ import main
from tests.kiosk.hall import configuration


def listed(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, str]:
    """File and text of each line."""
    assert main(["recordings", *arguments]) == 0
    lines = capsys.readouterr().out.splitlines()
    return dict(line.split("\t") for line in lines)


def test_the_built_in_survey_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    """Without a configuration the built-in survey's texts are listed, in both languages."""
    texts = listed(capsys)
    assert {"Благодарим Ви!", "Thank you!", "Дълго чакане", "Long wait"} <= set(texts.values())
    assert {file.partition("/")[0] for file in texts} == {"bg", "en"}


def test_what_is_recorded_is_left_out(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """With ``--to`` only what is missing there is listed."""
    path = tmp_path / "configuration.json"
    path.write_bytes(write(configuration(("en",))))
    given = ("--configuration", str(path))
    first, *others = listed(capsys, *given)
    (tmp_path / first).parent.mkdir()
    (tmp_path / first).write_bytes(b"")
    assert list(listed(capsys, *given, "--to", str(tmp_path))) == others


def test_what_is_no_configuration_is_an_error(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """One line says which file, and why."""
    assert main(["recordings", "--configuration", str(tmp_path / "none.json")]) == 2
    assert "none.json is no configuration" in capsys.readouterr().err
