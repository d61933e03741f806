"""``otziv report``: files on disk, from a data folder, with and without a portal."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert
from typer.testing import CliRunner, Result

from analytics.improvement.journal import NewEntry
from broker.fleet.places import add_location
from broker.store.place_settings import put_setting
from broker.store.places import Place, put_placement
from broker.store.registry import add_touchpoint
from broker.store.tables import RatingDay, table_of
from otziv.backup.afterwards import open_portal_of
from otziv.cli.app import app
from otziv.installation import open_installation
from portal.audit.log import CONSOLE
from portal.improvement.office import office_of
from portal.improvement.service import ImprovementDesk
from portal.municipality.service import change_facts
from portal.web.actor import Actor

SITE = "troyan"
MAYOR = Actor("staff", "m", "Кмет", frozenset({"manager"}))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A hall with forty votes a day in the last hundred days."""
    installation = open_installation(tmp_path / "data", site=SITE)
    (tmp_path / "data" / "otziv.toml").write_text(f'site = "{SITE}"\n', "utf-8")
    now = datetime.now(UTC)
    first = now.date() - timedelta(100)
    hall = Place("location", "hall")
    with installation.store() as database:
        add_location(database, "hall", site=SITE, now=now, name="Приемна", from_on=first)
        add_touchpoint(database, "desk", site=SITE, name="Гише 1", is_test=False)
        days = [first + timedelta(number) for number in range(100)]
        with database.transaction() as connection:
            put_placement(connection, Place("touchpoint", "desk"), first, "hall")
            put_setting(connection, hall, "unit", '"centre"', from_on=first, now=now)
            rows = [_row(on, value, n) for on in days for value, n in ((1, 4), (4, 36))]
            connection.execute(insert(table_of(RatingDay)), rows)
    return tmp_path / "data"


def _row(on: date, value: int, n: int) -> dict[str, object]:
    return {
        "touchpoint": "desk", "day": on, "survey": "reception", "question": "overall",
        "scale": "faces-4", "channel": "device", "value": value, "raw": n, "filtered": n,
    }  # fmt: skip


def run(data: Path, out: Path, *words: str) -> Result:
    """Run ``otziv report``."""
    told = ["report", *words, "--out", str(out), "--data", str(data)]
    return CliRunner().invoke(app, told)


def test_the_annual_report_is_made_by_the_command(data: Path, tmp_path: Path) -> None:
    """As typed in a shell: a PDF, whose path is printed."""
    year = (datetime.now(UTC).date() - timedelta(1)).year
    out = tmp_path / "out"
    words = ["report", "annual", "--year", str(year), "--language", "bg", "--out", str(out)]
    found = subprocess.run(  # ours
        [sys.executable, "-m", "otziv", *words, "--data", str(data)],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    path = Path(found.stdout.strip())
    assert path == out / f"annual-{year}-bg.pdf"
    assert path.read_bytes().startswith(b"%PDF")
    assert not (data / "portal.sqlite3").exists()  # looking makes no portal


def test_every_report_has_every_form(data: Path, tmp_path: Path) -> None:
    """Each by its own period, where none is named."""
    for which, more in (
        ("weekly", ()),
        ("periodic", ("--language", "en")),
        ("team", ("--unit", "centre")),
    ):
        result = run(data, tmp_path / which, which, "--format", "docx,html", *more)
        assert result.exit_code == 0, result.output
        assert sorted(each.suffix for each in (tmp_path / which).iterdir()) == [".docx", ".html"]
    page = next((tmp_path / "team").glob("*.html")).read_text("utf-8")
    assert "нямаше достъп до портал" in page
    assert "Гише 1" not in page


def test_what_the_portal_knows_is_in_it(data: Path, tmp_path: Path) -> None:
    """The journal, and the municipality's name."""
    today = datetime.now(UTC).date()
    with open_portal_of(open_installation(data)) as portal:
        entry = NewEntry(
            method="mystery-client", from_on=today, to_on=today, n=3, findings="Любезни служители."
        )
        ImprovementDesk(office_of(portal)).enter(MAYOR, entry)
        facts = {"name_bg": "Община Троян"}
        change_facts(portal.database, CONSOLE, SITE, facts, datetime.now(UTC))
    result = run(data, tmp_path, "annual", "--year", str(today.year), "--format", "html")
    assert result.exit_code == 0, result.output
    page = next(tmp_path.glob("*.html")).read_text("utf-8")
    assert "Любезни служители." in page
    assert "Община Троян" in page
    assert "нямаше достъп до портал" not in page


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("annual", "--format", "odt"), "--format odt: write any of"),
        (("weekly", "--month", "3"), "--month is of a --year"),
        (("weekly", "--from", "2026-01-02"), "--from and --to"),
        (("weekly", "--from", "2026-01-02", "--to", "2026-01-01"), "is after --to"),
        (("annual", "--from", "0001-01-01", "--to", "2026-01-01"), "of the years 1991 to 2099"),
        (("weekly", "--from", "9998-12-25", "--to", "9999-12-31"), "of the years 1991 to 2099"),
        (("annual", "--year", "1990"), "1991"),
        (("annual", "--year", "2100"), "2099"),
        (("annual", "--place", "location:moon"), "no such place"),
        (("annual", "--place", "touchpoint:desk"), "no such place"),
        (("annual", "--unit", "moon"), "no place of unit 'moon'"),
        (("team",), "a team sheet is of one unit"),
    ],
)
def test_what_can_not_be_made_is_said(
    data: Path, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    """In one line, and no file is written."""
    result = run(data, tmp_path / "out", *words)
    assert result.exit_code == 2
    assert said in result.output
    assert not (tmp_path / "out").exists()
