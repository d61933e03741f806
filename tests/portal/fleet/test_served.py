"""People served in the browser: a day by hand, a file of a queue system."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from broker.store.place_tables import Served
from broker.store.registry import add_site, add_touchpoint
from broker.store.tables import table_of
from portal.web.portal import Portal
from tests.fixtures.portals import submit, token_in
from tests.portal.fleet.test_places import notes

ORIGIN = {"Origin": "http://portal.test"}


def counts(town: Portal) -> dict[tuple[str, int, str], int]:
    """Place, local hour of the day and source → people."""
    table = table_of(Served)
    zone = ZoneInfo("Europe/Sofia")
    with town.feedback.reading() as connection:
        rows = connection.execute(select(table)).all()
    return {(row.code, row.hour_at.astimezone(zone).hour, row.source): row.people for row in rows}


def yesterday(town: Portal) -> str:
    """As people write it."""
    return f"{(town.clock() - timedelta(days=1)).astimezone(ZoneInfo('Europe/Sofia')):%d.%m.%Y}"


def test_a_day_is_entered_by_hand(town: Portal, administrator: TestClient) -> None:
    """Hours that were not counted stay unknown; entered again, a number replaces the one before."""
    day = yesterday(town)
    fields = {"place": "location/hall-1", "on": day, "hour-9": "14", "hour-10": "0"}
    assert submit(administrator, "/staff/served/day", fields).status_code == 303
    done = submit(administrator, "/staff/served/day", {**fields, "hour-9": "15"})
    assert done.status_code == 303
    assert counts(town) == {("hall-1", 9, "hand"): 15, ("hall-1", 10, "hand"): 0}
    html = administrator.get(done.headers["location"]).text
    assert "Зала 1" in html
    assert "15" in html
    iso = "-".join(reversed(day.split(".")))
    again = administrator.get(f"/staff/served/day?place=location/hall-1&on={iso}").text
    assert 'name="hour-9" type="text" value="15"' in again


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"hour-9": "a few"}, "цяло число от 0 до"),
        ({"hour-9": "10001"}, "цяло число от 0 до"),
        ({}, "поне в един час"),
        ({"place": "location/nowhere", "hour-9": "1"}, "Изберете един от отговорите"),
        ({"on": "утре", "hour-9": "1"}, "Напишете дата"),
    ],
)
def test_a_day_that_can_not_be(
    town: Portal, administrator: TestClient, fields: dict[str, str], said: str
) -> None:
    """Nothing is recorded."""
    given: dict[str, str | list[str]] = {
        "place": "location/hall-1",
        "on": yesterday(town),
        **fields,
    }
    answer = submit(administrator, "/staff/served/day", given)
    assert answer.status_code == 422
    assert said in answer.text
    assert counts(town) == {}


def test_a_day_to_come_is_refused(town: Portal, administrator: TestClient) -> None:
    """Nobody was served then."""
    day = f"{town.clock() + timedelta(days=2):%d.%m.%Y}"
    fields = {"place": "location/hall-1", "on": day, "hour-9": "3"}
    assert submit(administrator, "/staff/served/day", fields).status_code == 422
    assert counts(town) == {}


def check(client: TestClient, content: bytes) -> object:
    """Send a file to be checked."""
    page = client.get("/staff/served/import").text
    return client.post(
        "/staff/served/import",
        data={"form_token": token_in(page)},
        files={"file": ("october.csv", content, "text/csv")},
        headers=ORIGIN,
    )


def test_a_file_is_checked_and_then_recorded(town: Portal, administrator: TestClient) -> None:
    """As Excel saves it in Bulgaria: semicolons, and the old character set."""
    day = yesterday(town)
    text = f"place;hour;people;source;бележка\nhall-1;{day} 09:00;14;queue;Иванова\n"
    answer = check(administrator, text.encode("cp1251"))
    assert answer.status_code == 200, answer.text  # type: ignore[attr-defined]
    html = answer.text  # type: ignore[attr-defined]
    assert counts(town) == {}
    content = html.partition("<textarea")[2].partition(">\n")[2].partition("</textarea>")[0]
    done = administrator.post(
        "/staff/served/import",
        data={"form_token": token_in(html), "content": content, "step": "save"},
        headers=ORIGIN,
    )
    assert done.status_code == 303
    assert counts(town) == {("hall-1", 9, "queue"): 14}
    assert notes(town)[-1] == ("fleet.served-import", "", "done")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "В първия ред на файла липсват следните колони: place, hour"),
        (b"place,hour,people,source\nnowhere,2026-10-01 09:00,1,hand\n", "nowhere"),
        (
            b"place,hour,people,source\nhall-1,2026-10-01 09:00,many,hand\n",
            "Ред 2: „many“ не е брой хора",
        ),
        (b"PK\x03\x04\0\0binary", "CSV"),
        (b"place,hour,people,source\n" + b"x" * 600_000, "твърде голям"),
    ],
    ids=["empty", "strange", "words", "binary", "large"],
)
def test_a_file_that_can_not_be(
    town: Portal, administrator: TestClient, content: bytes, said: str
) -> None:
    """It is said what is wrong, and where; nothing is recorded."""
    answer = check(administrator, content)
    assert answer.status_code == 422  # type: ignore[attr-defined]
    assert said in answer.text  # type: ignore[attr-defined]
    assert counts(town) == {}


def test_another_municipalitys_place_is_unknown_here(
    town: Portal, administrator: TestClient
) -> None:
    """Its counts are nobody's business here."""
    add_site(town.feedback, "lovech")
    add_touchpoint(town.feedback, "lovech-desk", site="lovech")
    content = b"place,hour,people,source\nlovech-desk,2026-10-01 09:00,1,hand\n"
    assert check(administrator, content).status_code == 422  # type: ignore[attr-defined]
    assert counts(town) == {}


def test_no_file_is_said(administrator: TestClient) -> None:
    """Beside the field."""
    answer = submit(administrator, "/staff/served/import", {})
    assert answer.status_code == 422
    assert "Изберете файл" in answer.text
