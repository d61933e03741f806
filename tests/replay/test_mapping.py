"""The map: what it may say, and how a mistake is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from otziv.replay.errors import MapError
from otziv.replay.mapping import Map, load_map

HEAD = """
site = "town"
survey = "reception"
question = "overall"
scale = "faces-5"
timezone = "Europe/Sofia"
"""
COLUMNS = """
[columns]
time = "time"
touchpoint = "desk"
value = "rating"
"""


def load(folder: Path, text: str) -> Map:
    """The map that ``text`` is."""
    path = folder / "map.toml"
    path.write_text(text, encoding="utf-8")
    return load_map(path)


def test_defaults(tmp_path: Path) -> None:
    """What a short map leaves out has the stated defaults."""
    found = load(tmp_path, HEAD + COLUMNS)
    assert (found.channel, found.survey_version, found.language) == ("device", 1, "und")
    assert (found.delimiter, found.encoding, found.time_format) == (",", "utf-8-sig", ())


def test_texts_are_tidied(tmp_path: Path) -> None:
    """Stray spaces in names and texts mean nothing."""
    text = HEAD + COLUMNS.replace('"desk"', '" the  desk "') + '[values]\n" very  good " = 5\n'
    found = load(tmp_path, text)
    assert found.columns.touchpoint == "the desk"
    assert found.values == {"very good": 5}


def test_one_time_format_or_several(tmp_path: Path) -> None:
    """``time_format`` takes a text or a list."""
    one = load(tmp_path, HEAD + 'time_format = "%d.%m.%Y"' + COLUMNS)
    two = load(tmp_path, HEAD + 'time_format = ["%d.%m.%Y", "%Y"]' + COLUMNS)
    assert one.time_format == ("%d.%m.%Y",)
    assert two.time_format == ("%d.%m.%Y", "%Y")


def test_constant_touchpoint(tmp_path: Path) -> None:
    """A file of one touchpoint needs no column for it."""
    found = load(tmp_path, HEAD + 'touchpoint = "desk-1"' + COLUMNS.replace("touchpoint", "#"))
    assert found.touchpoint == "desk-1"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (HEAD, "columns: is missing; add it"),
        (HEAD.replace("site", "cite") + COLUMNS, "cite: unknown key; known are site, survey"),
        (HEAD + COLUMNS + 'tme = "x"', "columns.tme: unknown key; known are time, value"),
        (HEAD + COLUMNS.replace('"time"', "3").replace("time", "x", 1), "columns.time: is missing"),
        (HEAD.replace("Sofia", "Troyan") + COLUMNS, "timezone: no time zone is called"),
        (HEAD.replace('"Europe/Sofia"', '"../etc"') + COLUMNS, "timezone: no time zone is called"),
        (HEAD.replace("faces-5", "faces-9") + COLUMNS, "scale:"),
        (HEAD.replace("town", "Town Hall") + COLUMNS, "site:"),
        (HEAD + COLUMNS + "[values]\ngood = 6", "6 is not on the scale faces-5 (1 to 5)"),
        (HEAD + COLUMNS + '[values]\ngood = "leave"', "values.good"),
        (HEAD + COLUMNS + "[values]\ngood = true", "values.good"),
        (HEAD + COLUMNS + "[values]\ngood = 4.0", "values.good"),
        (HEAD + COLUMNS + '[touchpoints]\n"Desk 1" = "Desk 1"', "touchpoints.Desk 1"),
        (HEAD + 'touchpoint = "x"' + COLUMNS, "give either touchpoint"),
        (HEAD + COLUMNS.replace("touchpoint", "option"), "give either touchpoint"),
        (HEAD + 'time_format = "%d %H:%M"' + COLUMNS, "has no year"),
        (HEAD + 'encoding = "cp99"' + COLUMNS, "no encoding is called 'cp99'"),
        (HEAD + 'delimiter = "\\""' + COLUMNS, "can't separate cells"),
        (HEAD + 'delimiter = ";;"' + COLUMNS, "delimiter:"),
        (HEAD + 'channel = "pigeon"' + COLUMNS, "channel:"),
        (HEAD + "[columns", "is no TOML"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, text: str, told: str) -> None:
    """A mistake is refused with the file, the key, and what is wrong."""
    with pytest.raises(MapError) as caught:
        load(tmp_path, text)
    assert told in str(caught.value)
    assert "map.toml" in str(caught.value)


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    """Several mistakes are told together, so that one look mends them."""
    with pytest.raises(MapError, match=r"timezone:.*; columns: is missing"):
        load(tmp_path, HEAD.replace("Sofia", "Troyan"))


def test_absent_map(tmp_path: Path) -> None:
    """A map that is not there is told by its name."""
    with pytest.raises(MapError, match=r"absent\.toml can't be read"):
        load_map(tmp_path / "absent.toml")


@pytest.mark.parametrize("name", ["nhs_fft", "sfo_2016"])
def test_example_maps(project: Path, name: str) -> None:
    """The maps in the documentation are good ones."""
    assert load_map(project / "docs" / "maps" / f"{name}.toml").scale == "faces-5"
