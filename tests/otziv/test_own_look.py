"""A municipality's own colours: entered once, checked, and worn by every part."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from analytics.dashboard.launch import command, options
from analytics.typesetting.typeset import typeset
from otziv.cli.app import app
from otziv.look.contrast import PAIRS, TEXT, contrast, mixed
from otziv.look.own import LookError, own_look, read_own, write_own
from otziv.look.stars import stars
from otziv.look.targets import css, drawing, streamlit
from otziv.look.tokens import read_tokens

CRIMSON = """
[colours.light]
accent = "#7A1F3D"
[colours.dark]
accent = "#f0a3b8"
"""
TOKENS = read_tokens()


@pytest.fixture
def look(tmp_path: Path) -> Path:
    """The folder of a municipality in crimson."""
    (tmp_path / "look.toml").write_text(CRIMSON)
    folder = own_look(tmp_path)
    assert folder is not None
    return folder


def test_every_part_wears_it(look: Path) -> None:
    """Portal, dashboard, documents and kiosk have the colours; what was not set stays ours."""
    assert "--accent: #7a1f3d;" in (look / "tokens.css").read_text("utf-8")
    assert "#7a1f3d" in (look / "icon.svg").read_text("utf-8")
    assert "#f0a3b8" in (look / "faces/star-full.svg").read_text("utf-8")
    assert options(look)["theme.light.primaryColor"] == "#7a1f3d"
    assert "--theme.dark.primaryColor=#f0a3b8" in command("sqlite://", 1, look)[0]
    kiosk = json.loads((look / "tokens.json").read_text("utf-8"))["colours"]
    assert kiosk["light"] == {**TOKENS.colours["light"], "accent": "#7a1f3d"}
    assert kiosk["high-contrast"] == TOKENS.colours["high-contrast"]


def test_documents_wear_it(look: Path, tmp_path: Path) -> None:
    """A heading is printed in the municipality's colour."""
    template = tmp_path / "a.typ"
    template.write_text('#import "otziv.typ": *\n#show: sheet.with(title: "a")\n= Отзив\n', "utf-8")
    at = datetime(2026, 11, 22, tzinfo=UTC)
    assert b"#7a1f3d" in typeset(template, {}, at, form="svg", look=look)
    assert b"#7a1f3d" not in typeset(template, {}, at, form="svg")


def test_only_what_differs_is_written(look: Path, tmp_path: Path) -> None:
    """Each start makes it anew; without a file there is no own look."""
    assert write_own(tmp_path / "look.toml", look) == []
    (look / "theme.json").unlink()
    assert write_own(tmp_path / "look.toml", look) == [look / "theme.json"]
    (tmp_path / "look.toml").unlink()
    assert own_look(tmp_path) is None
    assert options(tmp_path) == options()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "there is no [colours.light] in it"),
        ("accent = 1", "accent is nothing that can be set"),
        ("[colours]\nlight = 1", "[colours.light] is no scheme"),
        ("[colours.sepia]", "[colours.sepia] is no scheme; there are light, dark, high-contrast"),
        ("[colours.light]\nacent = '#0b5d6b'", "did you mean accent?"),
        ("[colours.light]\naccent = 'teal'", "'teal' is no colour; write it as '#0b5d6b'"),
        ("[colours.light]\naccent = '#fff'", "is no colour"),
        ("[colours.light]\naccent = 7", "is no colour"),
        (
            "[colours.light]\naccent = '#ffd54f'",
            "on-accent #ffffff on accent #ffd54f has a contrast of 1.4:1; at least 4.5:1",
        ),
        ("[colours.light", "look.toml: "),
    ],
)
def test_what_cannot_be_used_is_said(tmp_path: Path, text: str, said: str) -> None:
    """What, where, and what to do; nothing is written."""
    source = tmp_path / "look.toml"
    source.write_text(text)
    with pytest.raises(LookError) as wrong:
        own_look(tmp_path)
    assert said in str(wrong.value)
    assert str(source) in str(wrong.value)
    assert not (tmp_path / "look").exists()
    result = CliRunner().invoke(app, ["look", "--own", str(source), "--check"])
    assert result.exit_code == 2


def test_all_faults_are_named_at_once(tmp_path: Path) -> None:
    """Nobody mends one only to meet the next."""
    (tmp_path / "look.toml").write_text("[colours.light]\na = 1\nb = 2\n[colours.x]\n")
    with pytest.raises(LookError) as wrong:
        read_own(tmp_path / "look.toml")
    assert str(wrong.value).count("\n  - ") == 3


def test_the_command_checks_and_writes(tmp_path: Path) -> None:
    """``--own`` with ``--check`` or ``--output``; alone it does not say what to do."""
    (tmp_path / "look.toml").write_text(CRIMSON)
    own = ["look", "--own", str(tmp_path / "look.toml")]
    assert "can be used" in CliRunner().invoke(app, [*own, "--check"]).output
    result = CliRunner().invoke(app, [*own, "--output", str(tmp_path / "made")])
    assert "tokens.css" in result.output
    assert (tmp_path / "made/look.typ").is_file()
    assert CliRunner().invoke(app, own).exit_code == 2
    assert CliRunner().invoke(app, ["look", "--output", str(tmp_path)]).exit_code == 2


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_captions_of_the_dashboard_can_be_read(scheme: str) -> None:
    """Streamlit writes them with 60 % of the ink."""
    theme = json.loads(streamlit(TOKENS))
    ink = theme[f"theme.{scheme}.textColor"]
    for name in ("backgroundColor", "secondaryBackgroundColor"):
        ground = theme[f"theme.{scheme}.{name}"]
        assert contrast(mixed(ink, ground, 0.6), ground) >= TEXT
        assert contrast(theme[f"theme.{scheme}.primaryColor"], ground) >= TEXT


def test_web_drawings_follow_the_screen() -> None:
    """Dark ones on dark screens, by themselves: a page need not have two."""
    full = next(figure for figure in stars() if figure.name == "star-full")
    drawn = drawing(full, TOKENS)
    assert "prefers-color-scheme:dark" in drawn
    assert TOKENS.colours["dark"]["accent"] in drawn
    assert css(TOKENS).count("--accent:") == 3


_COLOURS = st.from_regex("#[0-9a-f]{6}", fullmatch=True)


@given(_COLOURS, _COLOURS)
def test_what_is_accepted_can_be_read(
    tmp_path_factory: pytest.TempPathFactory, one: str, other: str
) -> None:
    """Whatever is chosen: either it is refused, or every pair has its contrast."""
    source = tmp_path_factory.getbasetemp() / "any-look.toml"
    source.write_text(f'[colours.light]\naccent = "{one}"\nground = "{other}"\n')
    try:
        tokens = read_own(source)
    except LookError:
        return
    for front, behind, least in PAIRS:
        colours = tokens.colours["light"]
        assert contrast(colours[front], colours[behind]) >= least
