"""Replay over the real road: outbox, broker process, collector process, database."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from broker.store.completeness import completeness
from broker.store.migrate import open_database
from broker.store.registry import add_site, add_touchpoint, list_sites, list_touchpoints
from broker.store.tables import Event, table_of
from otziv.installation import Installation, open_installation
from otziv.replay.errors import FileError, ReplayError
from otziv.replay.mapping import load_map
from otziv.replay.result import Result
from otziv.replay.run import alone, replay_file
from otziv.stack import Stack

MAP = """
site = "troyan"
survey = "reception"
question = "overall"
scale = "faces-5"
timezone = "Europe/Sofia"
language = "bg"
[columns]
time = "time"
touchpoint = "desk"
value = "rating"
option = "reason"
[values]
"good" = 5
"bad" = 1
"none" = "skip"
"""
HEADER = "time,desk,rating,reason\n"


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    """An installation on ports of its own."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "otziv.toml").write_text("mqtt_port = 0\ndashboard_port = 0\n", encoding="utf-8")
    return open_installation(data)


def replay(installation: Installation, rows: str, text: str = MAP) -> Result:
    """Replay ``rows`` by the map that ``text`` is."""
    folder = installation.data.parent
    (folder / "map.toml").write_text(text, encoding="utf-8")
    (folder / "old.csv").write_text(HEADER + rows, encoding="utf-8")
    mapping = load_map(folder / "map.toml")
    result = replay_file(installation, folder / "old.csv", mapping, lambda _rows: None)
    accounted = result.stored + result.duplicates + result.skipped + len(result.refused)
    assert accounted == result.rows
    return result


def stored(installation: Installation) -> list[dict[str, Any]]:
    """All events of the store, in order of their arrival."""
    event = table_of(Event)
    with (
        closing(open_database(installation.database_url)) as database,
        database.reading() as connection,
    ):
        query = select(event).order_by(event.c.number)
        return [dict(row) for row in connection.execute(query).mappings()]


def missing(installation: Installation) -> int:
    """Numbers of the replay's stream that are nowhere."""
    with closing(open_database(installation.database_url)) as database:
        return sum(account.missing for account in completeness(database))


def command(data: Path, *arguments: str | Path) -> list[str]:
    """The command line of ``otziv replay``."""
    return [
        *(sys.executable, "-m", "otziv", "replay", "--data", str(data)),
        *map(str, arguments),
    ]


def run(data: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run ``otziv replay`` to its end."""
    return subprocess.run(
        command(data, *arguments), capture_output=True, text=True, check=False, timeout=100
    )


def test_nhs_file(installation: Installation, shared: Path, project: Path) -> None:
    """1,558 real rows: 1,546 stored, 12 skipped, each touchpoint as the file has it; then none."""
    file = shared / "data" / "feedback" / "nhs_fft_three_surgeries.csv"
    example = project / "docs" / "maps" / "nhs_fft.toml"
    first, second = (run(installation.data, file, "--map", example, "--json") for _ in range(2))
    assert (first.returncode, first.stderr, second.returncode) == (0, "", 0)
    figures = {"rows": 1558, "skipped": 12, "refused": [], "quarantined": 0}
    told = json.loads(first.stdout)
    assert told.items() >= (figures | {"stored": 1546, "duplicates": 0}).items()
    assert len(told["touchpoints"]) == 3
    told = json.loads(second.stdout)
    assert told.items() >= (figures | {"stored": 0, "duplicates": 1546}).items()
    assert told["touchpoints"] == []
    assert missing(installation) == 0
    found = Counter((event["touchpoint"], event["value"]) for event in stored(installation))
    assert found == reckon(file)
    assert summarised(installation.data) == reckon(file)


def summarised(data: Path) -> Counter[tuple[str, int]]:
    """Ratings by touchpoint and value, as the operator's reckoning has them."""
    asked = ("feedback", "summary", "--by", "touchpoint", "--json", "--data", str(data))
    told = subprocess.run(
        [sys.executable, "-m", "otziv", *asked], capture_output=True, check=True, timeout=60
    )
    (by_scale,) = json.loads(told.stdout)
    assert by_scale["scale"] == "faces-5"
    counts = {figure["key"]: figure["counts"] for figure in by_scale["figures"]}
    return Counter(
        {(key, int(value)): n for key, each in counts.items() for value, n in each.items() if n}
    )


def reckon(file: Path) -> Counter[tuple[str, int]]:
    """Ratings by touchpoint and value, by the file's other column and nothing of ours."""
    with file.open(encoding="utf-8", newline="") as lines:
        return Counter(
            (row["surgery"].lower().replace(" ", "-"), int(float(row["rating_score"])))
            for row in csv.DictReader(lines)
            if row["rating_score"]
        )


def test_everything_at_once(installation: Installation) -> None:
    """Rows are stored with their own times, follow-ups belong to their ratings, all is counted."""
    result = replay(
        installation,
        "2025-10-26 03:30,Гише 1,good,\n"  # came twice
        "2025-03-30 03:30,Гише 1,bad,Чакане\n"  # was left out
        "2025-01-31,Гише 2,good,\n"
        "2025-01-31,Гише 2,good,\n"
        "2025-01-31,Гише 2,none,\n"
        "2025-01-31,ГИШЕ 2,good,\n",
    )
    assert (result.stored, result.duplicates, result.skipped) == (4, 0, 1)
    assert (result.ambiguous_times, result.missing_times) == (1, 1)
    assert [row.line for row in result.refused] == [7]
    assert result.touchpoints == ["gishe-1", "gishe-2"]
    events = stored(installation)
    assert [event["answered_at"].isoformat() for event in events] == [
        "2025-10-26T00:30:00+00:00",
        "2025-03-30T01:30:00+00:00",
        "2025-03-30T01:30:00+00:00",
        "2025-01-31T10:00:00+00:00",
        "2025-01-31T10:00:00+00:00",
    ]
    rating, answer = events[1:3]
    assert (answer["rating"], answer["visit"]) == (rating["id"], rating["visit"])
    assert json.loads(answer["options"]) == ["chakane"]
    assert {event["device"] for event in events} == {"replay"}
    assert {event["clock"] for event in events} == {"synced"}
    assert [event["precision"] for event in events[-2:]] == ["day", "day"]
    assert [event["seq"] for event in events] == [1, 2, 3, 4, 5]


def test_again_with_a_longer_file(installation: Installation) -> None:
    """A file that grew adds its new rows; another meaning of old rows is refused, not stored."""
    old = "2025-01-31 09:00,A,good,\n2025-01-31 09:00,A,good,\n"
    with Stack(installation):  # the running one is used
        assert replay(installation, old).stored == 2
        grown = replay(installation, "2025-01-31 10:00,A,bad,\n" + old + "2025-02-01 09:00,B,1,\n")
        other = replay(installation, old, MAP.replace('"good" = 5', '"good" = 4'))
    assert (grown.stored, grown.duplicates) == (2, 2)
    assert (other.stored, other.duplicates, other.quarantined) == (0, 0, 2)
    assert all("in quarantine as id-conflict" in row.reason for row in other.refused)
    assert sorted(event["value"] for event in stored(installation)) == [1, 1, 5, 5]


def test_what_is_registered_stays(installation: Installation) -> None:
    """A known site keeps its time zone, a touchpoint its name; another site's is not used."""
    with installation.store() as database:
        add_site(database, "troyan", timezone="Europe/Athens")
        add_site(database, "elsewhere")
        add_touchpoint(database, "hall", site="troyan", name="Приемна")
        add_touchpoint(database, "desk-1", site="elsewhere")
    with Stack(installation):
        result = replay(installation, "2025-01-31,Hall,good,\n2025-01-31,Desk 1,good,\n")
        second = replay(
            installation, "2025-01-31,Desk 1,good,\n", MAP.replace("troyan", "elsewhere")
        )
    assert (result.stored, result.touchpoints) == (1, [])
    assert "belongs to site 'elsewhere'" in result.refused[0].reason
    assert second.stored == 1
    assert [event["device"] for event in stored(installation)] == ["replay", "replay-2"]
    with installation.store() as database:
        zones = {site.code: site.timezone for site in list_sites(database)}
        names = {place.code: place.name for place in list_touchpoints(database)}
    assert zones["troyan"] == "Europe/Athens"
    assert names["hall"] == "Приемна"


@pytest.mark.slow
def test_killed_in_the_middle(installation: Installation) -> None:
    """A replay that was killed is run again: every row is stored once."""
    folder, count = installation.data.parent, 8_000
    lines = (f"2024-01-{1 + n % 28:02} 09:{n % 60:02},D{n % 3},good,\n" for n in range(count))
    (folder / "long.csv").write_text(HEADER + "".join(lines), encoding="utf-8")
    (folder / "map.toml").write_text(MAP, encoding="utf-8")
    arguments = (folder / "long.csv", "--map", folder / "map.toml", "--json")
    killed = subprocess.Popen(
        command(installation.data, *arguments), stdout=subprocess.PIPE, start_new_session=True
    )
    deadline = time.monotonic() + 60
    while not has_events(installation) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate()
    told = json.loads(run(installation.data, *arguments).stdout)
    assert told["stored"] + told["duplicates"] == count
    assert told["duplicates"] > 0
    assert len(stored(installation)) == count
    assert missing(installation) == 0


def has_events(installation: Installation) -> bool:
    """Whether anything is stored yet."""
    if not (installation.data / "feedback.sqlite3").exists():
        return False
    return bool(stored(installation))


@pytest.mark.parametrize(
    ("text", "rows", "told"),
    [
        (MAP.replace("survey", "survei"), HEADER, "survei: unknown key"),
        (MAP, "time;desk;rating;reason\n", "it must have one column 'time'"),
        (MAP, None, "old.csv can't be read"),
    ],
)
def test_unusable(tmp_path: Path, text: str, rows: str | None, told: str) -> None:
    """An unusable map or file ends with status 2 and one clear line, and starts nothing."""
    (tmp_path / "map.toml").write_text(text, encoding="utf-8")
    if rows is not None:
        (tmp_path / "old.csv").write_text(rows, encoding="utf-8")
    ended = run(tmp_path / "data", tmp_path / "old.csv", "--map", tmp_path / "map.toml", "--json")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert told in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert not (tmp_path / "data" / "feedback.sqlite3").exists()


def test_for_people(installation: Installation) -> None:
    """Without ``--json`` the figures are a few lines for people."""
    folder = installation.data.parent
    (folder / "old.csv").write_text(HEADER + "2025-01-31,A,good,\nnever,A,good,\n")
    (folder / "map.toml").write_text(MAP, encoding="utf-8")
    ended = run(installation.data, folder / "old.csv", "--map", folder / "map.toml")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "2 rows for troyan: 1 stored, 0 there before, 0 skipped, 1 refused" in ended.stdout
    assert "line 3: time 'never' is not ISO 8601" in ended.stdout


def test_one_at_a_time(installation: Installation) -> None:
    """A second replay into the same site is told to wait; nothing is harmed."""
    with (
        alone(installation.data / "replay" / "troyan"),
        pytest.raises(ReplayError, match="another replay"),
    ):
        replay(installation, "2025-01-31,A,good,\n")


def test_no_votes(installation: Installation) -> None:
    """A file without a single vote registers no device and is accounted for."""
    result = replay(installation, "2025-01-31,A,none,\n")
    assert (result.rows, result.skipped, result.touchpoints) == (1, 1, [])


def test_file_is_looked_at_first(installation: Installation, tmp_path: Path) -> None:
    """A folder instead of a file is refused before anything is started."""
    (tmp_path / "map.toml").write_text(MAP, encoding="utf-8")
    mapping = load_map(tmp_path / "map.toml")
    with pytest.raises(FileError, match="can't be read"):
        replay_file(installation, tmp_path, mapping, lambda _rows: None)
