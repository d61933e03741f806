"""``otziv kiosk check``: what an administrator learns before a configuration is sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kiosk.__main__ import main
from tests.wire.samples import CONFIGURATION


def _check(path: Path, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[int, list[str]]:
    status = main(["check", str(path), *more])
    return status, capsys.readouterr().out.splitlines()


def _write(folder: Path, **changes: Any) -> Path:  # noqa: ANN401 JSON
    path = folder / "configuration.json"
    path.write_text(json.dumps(CONFIGURATION | changes), encoding="utf-8")
    return path


def test_a_good_one_is_taken(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Status 0, and which it is."""
    status, told = _check(_write(tmp_path, languages=["bg"]), capsys)
    assert status == 0
    assert told[-1].startswith("a kiosk takes it: revision ")


def test_each_fault_is_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Status 1: where it is, and what to do."""
    status, told = _check(_write(tmp_path, languages=["bg"], timezone="Mars/Crater"), capsys)
    assert status == 1
    assert [line for line in told if line.startswith("fault: timezone: ")]
    assert not any("takes it" in line for line in told)


@pytest.mark.parametrize("content", ["", "[]", '{"v": 1}', "\x00"])
def test_what_is_no_configuration_is_a_fault(
    tmp_path: Path, content: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, status 1."""
    (tmp_path / "file").write_text(content)
    status, told = _check(tmp_path / "file", capsys)
    assert (status, len(told)) == (1, 1)
    assert told[0].startswith("fault: ")


def test_long_reasons_are_advised_against(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """More than three words take too long to read; it is taken all the same."""
    follow_up = {
        "question": "reason",
        "texts": {"bg": "Какво не беше наред?"},
        "when": [1],
        "options": [{"code": "wait", "texts": {"bg": "Чаках много дълго на опашка"}}],
    }
    survey = json.loads(json.dumps(CONFIGURATION["survey"]))
    survey["questions"] = [survey["questions"][0] | {"follow_ups": [follow_up]}]
    status, told = _check(_write(tmp_path, languages=["bg"], survey=survey), capsys)
    assert status == 0, told
    assert any(line.startswith("advice: ") and "5 words" in line for line in told)


def test_a_language_that_would_not_be_offered_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without a catalogue, or with one that is not whole: then with what is missing."""
    path = _write(tmp_path, languages=["tr"])
    _, told = _check(path, capsys)
    assert any("tr is not offered: there is no catalogue" in line for line in told)
    (tmp_path / "tr.po").write_text('msgid "Yes"\nmsgstr "Evet"\n', encoding="utf-8")
    _, told = _check(path, capsys, "--languages", str(tmp_path))
    assert any("'English' is not translated" in line for line in told)


def test_a_file_that_is_not_there_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 2, one line."""
    assert main(["check", str(tmp_path / "none")]) == 2
    assert "can't be read" in capsys.readouterr().err
