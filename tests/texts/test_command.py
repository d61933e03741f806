"""``otziv texts``: from the facts of a municipality to a file that a clerk can edit."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import docx
import pytest
from typer.testing import CliRunner

from otziv.backup.afterwards import open_portal_of
from otziv.cli.texts import app
from otziv.installation import open_installation
from portal.audit.log import CONSOLE
from portal.municipality.service import change_facts
from portal.texts.errors import TextError


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """An installation whose municipality told its name."""
    folder = tmp_path / "data"
    installation = open_installation(folder, comment_months=6)
    (folder / "otziv.toml").write_text("comment_months = 6\n", "utf-8")
    facts = {"name_bg": "Община Горна чешма", "email": "info@example.bg"}
    with open_portal_of(installation) as portal:
        change_facts(portal.database, CONSOLE, portal.settings.site, facts, datetime.now(UTC))
    return folder


def test_a_text_is_written_and_what_is_open_is_told(data: Path, tmp_path: Path) -> None:
    """The file alone on standard output, the rest on standard error."""
    words = ["render", "privacy", "--out", str(tmp_path / "new" / "out"), "--data", str(data)]
    result = CliRunner().invoke(app, words)
    assert result.exit_code == 0, result.output
    file = tmp_path / "new" / "out" / "privacy.bg.docx"
    assert result.stdout.strip() == str(file)
    told = [part.text for part in docx.Document(str(file)).paragraphs]
    assert any("Община Горна чешма" in each and "info@example.bg" in each for each in told)
    assert any("6 месеца" in each for each in told)
    assert "fill in: адрес на общината (1. Кой отговаря за данните)" in result.stderr
    assert "наименование на общината" not in result.stderr


@pytest.mark.parametrize("form", ["docx", "pdf", "html"])
def test_each_format_has_its_file(data: Path, tmp_path: Path, form: str) -> None:
    """Named by text, language and format."""
    words = ["render", "notice", "--out", str(tmp_path), "--language", "en", "--format", form]
    result = CliRunner().invoke(app, [*words, "--data", str(data)])
    assert result.exit_code == 0, result.output
    assert (tmp_path / f"notice.en.{form}").stat().st_size > 1_000


def test_where_it_can_not_be_written_is_said(data: Path, tmp_path: Path) -> None:
    """A file stands where the folder should be."""
    (tmp_path / "taken").touch()
    words = ["render", "notice", "--out", str(tmp_path / "taken"), "--data", str(data)]
    result = CliRunner().invoke(app, words)
    assert isinstance(result.exception, TextError)
    assert "can't be written" in str(result.exception)


def test_the_list_names_all_with_their_languages() -> None:
    """For people and for programs."""
    shown = CliRunner().invoke(app, ["list"]).stdout
    assert "privacy  bg, en" in shown
    listed = json.loads(CliRunner().invoke(app, ["list", "--json"]).stdout)
    assert [each["name"] for each in listed] == ["notice", "rules", "staff", "dpia", "privacy"]
