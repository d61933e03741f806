"""Forms are stored once, numbered without gaps, whoever sends them again and whatever dies."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from broker.intake.intake import Intake
from broker.intake.submission import Given, events_of, stream_of
from broker.intake.submissions import Submissions, register_sender
from broker.store.completeness import completeness
from broker.store.database import Database
from broker.store.errors import RegistryError
from broker.store.migrate import open_database
from broker.store.quarantine import list_entries
from broker.store.registry import add_device, add_site, add_touchpoint
from broker.store.tables import Event, table_of
from tests.intake.filling import ANSWERS, form
from tests.intake.making import NOON, SITE, register


@pytest.fixture
def forms(database: Database) -> Submissions:
    """The way in of a site whose portal is registered."""
    register(database)
    assert register_sender(database, SITE) == "portal"
    return Submissions(database, SITE, clock=lambda: NOON)


def stored(database: Database) -> list[dict[str, object]]:
    """All rows of events, by number."""
    table = table_of(Event)
    with database.reading() as connection:
        found = connection.execute(select(table).order_by(table.c.seq)).mappings()
        return [dict(row) for row in found]


def account(database: Database) -> tuple[int, int, int, int]:
    """Made, stored, quarantined and missing of the portal's stream."""
    (found,) = [each for each in completeness(database) if each.device == "portal"]
    return found.made, found.stored, found.quarantined, found.missing


def test_every_kind_of_answer(database: Database, forms: Submissions) -> None:
    """A form becomes events of one visit, of which follow-ups name their rating."""
    assert forms.take([form()]) == ["stored"]
    rows = stored(database)
    assert [row["seq"] for row in rows] == [1, 2, 3, 4, 5, 6]
    assert len({row["visit"] for row in rows}) == 1
    rating, reason, came_for, minutes, visited, recommend = rows
    assert (rating["kind"], rating["scale"], rating["value"]) == ("rating", "faces-5", 2)
    assert reason["rating"] == rating["id"]
    assert json.loads(str(came_for["options"])) == ["taxes", "other"]
    assert came_for["rating"] is None
    assert minutes["stated_number"] == 12.5
    assert str(visited["stated_on"]) == "2026-11-19"
    assert recommend["outcome"] == "skipped"
    assert {row["channel"] for row in rows} == {"web"}


def test_twice_is_once(database: Database, forms: Submissions) -> None:
    """Sent again, in one transaction or in another, by whichever process."""
    assert forms.take([form(), form("other"), form()]) == ["stored", "stored", "known"]
    again = Submissions(database, SITE, clock=lambda: NOON)
    assert again.take([form("third"), form("other")]) == ["stored", "known"]
    assert account(database) == (18, 18, 0, 0)


def test_the_first_stays(database: Database, forms: Submissions) -> None:
    """A form of the same nonce that says something else changes nothing."""
    better = (Given("overall", scale="faces-5", value=5),)
    assert forms.take([form(), form(answers=better)]) == ["stored", "other"]
    assert forms.take([form(answers=better)]) == ["other"]
    assert len(stored(database)) == len(ANSWERS)


def test_unknown_touchpoint_waits(database: Database, forms: Submissions) -> None:
    """What nobody registered is kept, is in the account, and costs no vote."""
    lost = form("lost", touchpoint="cellar")
    assert forms.take([lost, form()]) == ["quarantined", "stored"]
    assert forms.take([lost]) == ["quarantined"]
    assert account(database) == (12, 6, 6, 0)
    add_touchpoint(database, "cellar", site=SITE)
    Intake(database).readmit(list_entries(database))
    assert forms.take([lost]) == ["known"]
    assert account(database) == (12, 12, 0, 0)


def test_what_can_be_no_event(database: Database, forms: Submissions) -> None:
    """It is refused whole, and leaves no gap."""
    for answers in (
        (),
        (Given("overall", scale="faces-5", value=7),),
        (Given("overall", value=3),),
        (Given("came-for", options=()),),
        (Given("minutes", number=float("nan")),),
        (Given("came-for", options=("Bad Code",)),),
    ):
        with pytest.raises(ValueError, match=r"\w"):
            forms.take([form("good"), form("bad", answers=answers)])
    assert stored(database) == []


def test_senders_have_streams_of_their_own(database: Database, forms: Submissions) -> None:
    """A tablet's answers are told from the portal's."""
    assert register_sender(database, SITE, "tablet-1") == "tablet-1"
    forms.take([form("a"), form("b", sender="tablet-1", channel="tablet"), form("c")])
    made = {each.device: (each.stream, each.made, each.missing) for each in completeness(database)}
    assert made["portal"] == (stream_of(SITE, "portal"), 12, 0)
    assert made["tablet-1"] == (stream_of(SITE, "tablet-1"), 6, 0)


def test_registering_a_sender(database: Database, forms: Submissions) -> None:
    """The same name again is the same sender; another site's, or a kiosk's, is left alone."""
    assert forms is not None
    assert register_sender(database, SITE) == "portal"
    add_site(database, "lovech")
    assert register_sender(database, "lovech") == "portal-2"
    assert register_sender(database, "lovech") == "portal-2"
    add_device(database, "hall-9", touchpoint="hall-desk-1")
    assert register_sender(database, SITE, "hall-9") == "hall-9-2"
    with pytest.raises(RegistryError):
        register_sender(database, "nowhere")


def test_race_for_numbers(database: Database, forms: Submissions) -> None:
    """Several writers with some forms in common: every form once, every number once."""
    assert forms is not None
    url = database.url.render_as_string(hide_password=False)
    verdicts: Counter[str] = Counter()
    gate, lock = threading.Barrier(4), threading.Lock()

    def write(first: int) -> None:
        own = open_database(url)
        way_in = Submissions(own, SITE, clock=lambda: NOON)
        gate.wait()
        for number in range(first, first + 12):
            found = way_in.take([form(f"n{number}"), form(f"n{number + 3}")])
            with lock:
                verdicts.update(found)
        own.close()

    threads = [threading.Thread(target=write, args=(5 * each,)) for each in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    different = 5 * 3 + 12 + 3
    assert verdicts == {"stored": different, "known": 4 * 24 - different}
    total = different * len(ANSWERS)
    assert account(database) == (total, total, 0, 0)
    assert [row["seq"] for row in stored(database)] == list(range(1, total + 1))


def test_killed_between_any_two_statements(
    database: Database, forms: Submissions, project: Path
) -> None:
    """After each death nothing is there; after the attempt that lives, each form once."""
    assert forms is not None
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.intake.dying_forms", url]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=project, check=False)
    assert ran.returncode == 0, ran.stderr
    *deaths, lived = json.loads(ran.stdout)["sights"]
    assert len(deaths) > 8, "deaths between statements"
    assert deaths == [[0] * len(lived)] * len(deaths)
    assert (lived[0], lived[2]) == (12, 6)
    assert account(database) == (18, 12, 6, 0)


def test_ids_never_change() -> None:
    """Ids are a promise: a tablet may deliver after an update of the server."""
    first, second, *_ = events_of(form("019a"), 1)
    assert first.id == "1bf385db-83bc-5593-88fa-7ea65e400d66"
    assert second.id == "6fd9046f-4f75-5bf6-b3c8-3654dad6fd8a"
    assert first.visit == second.visit == "467ecbd878085481b357a6dd"
    assert events_of(replace(form("019a"), language="en"), 9)[0].id == first.id
