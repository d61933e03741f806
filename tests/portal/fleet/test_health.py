"""Health in the browser: what is wrong, what to do, who looks after it; and the quarantine."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from broker.fleet.notices import close_notice, open_notice
from broker.intake.intake import Intake
from broker.intake.reasons import EXPLANATIONS
from broker.store.quarantine import count_waiting
from broker.store.registry import add_touchpoint
from broker.store.tables import Event, table_of
from portal.mail.outgoing import note_refused, queue
from portal.web.portal import Portal
from tests.fixtures.portals import SITE, sign_in_staff, submit
from tests.intake.making import delivery, rating
from tests.portal.fleet.conftest import hear
from tests.portal.fleet.test_places import notes


@pytest.fixture
def silent(town: Portal) -> int:
    """A notice that kiosk 2 is silent; its number."""
    facts = json.dumps({"last_seen_at": (town.clock() - timedelta(hours=3)).isoformat()})
    return open_notice(town.feedback, SITE, "kiosk-2", "silent", facts, town.clock())


def test_what_is_wrong_is_said_in_words(administrator: TestClient, silent: int) -> None:
    """In the reader's language, with what to do about it."""
    html = administrator.get("/staff/health").text
    assert "устройството не се обажда" in html
    notice = administrator.get(f"/staff/health/{silent}").text
    assert "Проверете захранването" in notice
    assert "Check its power" in administrator.get(f"/en/staff/health/{silent}").text


def test_mails_that_do_not_go_out_are_seen(town: Portal, administrator: TestClient) -> None:
    """How many wait since when, and how many never arrive."""
    assert "since" not in administrator.get("/en/staff/health").text
    with town.database.transaction() as connection:
        queue(connection, "ivan@example.bg", "Код", "Код", now=town.clock())
        refused = queue(connection, "eva@example.bg", "Код", "Код", now=town.clock())
    note_refused(town.database, refused, "no such mailbox (550)", town.clock())
    html = administrator.get("/en/staff/health").text
    assert "1, the oldest since" in html
    assert "Mails that a mail server refused for good" in html


def test_a_notice_is_taken_up(town: Portal, administrator: TestClient, silent: int) -> None:
    """Others see that somebody looks after it."""
    path = f"/staff/health/{silent}"
    assert submit(administrator, path, {"deed": "take-up"}).status_code == 303
    assert "поето" in administrator.get("/staff/health").text
    assert "още от никого" not in administrator.get(path).text
    assert notes(town)[-1][:2] == ("fleet.notice-take-up", str(silent))


def test_a_notice_is_put_off(town: Portal, administrator: TestClient, silent: int) -> None:
    """It stands below until then, and comes back by itself."""
    path = f"/staff/health/{silent}"
    assert submit(administrator, path, {"deed": "put-off", "days": "7"}).status_code == 303
    html = administrator.get("/staff/health").text
    assert html.index("Отложени") < html.index(path)
    with town.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE notice_handling SET snoozed_until = 1000")
    assert "Отложени" not in administrator.get("/staff/health").text


def test_what_is_over_stands_below(town: Portal, administrator: TestClient, silent: int) -> None:
    """With when; nobody need look after it."""
    close_notice(town.feedback, SITE, "kiosk-2", "silent", town.clock())
    html = administrator.get("/staff/health").text
    assert "Всичко е наред" in html
    assert html.index("Приключили") < html.index(f"/staff/health/{silent}")
    assert "Поемам го" not in administrator.get(f"/staff/health/{silent}").text


def test_auditors_look_and_heads_handle(
    town: Portal, new_client: Callable[[], TestClient], silent: int
) -> None:
    """Whoever stands beside the device may take it up; who audits only looks."""
    path = f"/staff/health/{silent}"
    auditor, head = new_client(), new_client()
    sign_in_staff(town, auditor, "auditor")
    sign_in_staff(town, head, "head-of-unit")
    assert "Поемам го" not in auditor.get(path).text
    assert submit(head, path, {"deed": "take-up"}).status_code == 303
    assert is_forbidden(auditor, path)


def is_forbidden(client: TestClient, path: str) -> bool:
    """Whether posting there is forbidden."""
    return client.post(path, data={"deed": "take-up"}).status_code == 403


def test_no_notice_no_page(administrator: TestClient) -> None:
    """A number that never was, and one that is none."""
    assert administrator.get("/staff/health/4711").status_code == 404
    assert administrator.get("/staff/health/x").status_code == 404
    assert administrator.get(f"/staff/health/{2**70}").status_code == 404


def test_numbers_are_those_of_the_hall(running: Portal, administrator: TestClient) -> None:
    """Connected devices, what waits in them, and whether the fleet's process runs."""
    hear(running, "kiosk-1", waiting=5)
    html = administrator.get("/staff/health").text
    assert "1 от 2" in html
    assert "работи" in html


@pytest.fixture
def quarantined(town: Portal) -> list[int]:
    """Three ratings of a touchpoint that nobody entered, and one of a clock that runs ahead."""
    now = town.clock()
    strange = [
        rating(seq, 3, touchpoint="desk-9", answered_at=now - timedelta(hours=1))
        for seq in (1, 2, 3)
    ]
    ahead = rating(4, 3, touchpoint="desk-1", answered_at=now + timedelta(hours=2))
    Intake(town.feedback).admit([delivery(*strange, ahead, received_at=now)])
    waiting = count_waiting(town.feedback)
    assert {each.reason: each.number for each in waiting} == {
        "unknown-touchpoint": 3,
        "future-time": 1,
    }
    return [1, 2, 3]


def stored(town: Portal) -> int:
    """Events in the store."""
    with town.feedback.reading() as connection:
        return len(connection.execute(select(table_of(Event).c.id)).all())


def test_the_quarantine_explains_itself(administrator: TestClient, quarantined: list[int]) -> None:
    """Why, how many, and what to do; one entry whole."""
    html = administrator.get("/staff/quarantine").text
    explained = EXPLANATIONS["unknown-touchpoint"]
    assert explained.meaning_bg in html
    assert explained.remedy_bg in html
    assert explained.meaning_en in administrator.get("/en/staff/quarantine").text
    entry = administrator.get(f"/staff/quarantine/{quarantined[0]}").text
    assert "desk-9" in entry
    assert "&#34;kind&#34;: &#34;rating&#34;" in entry


def test_entries_are_accepted_when_the_cause_is_mended(
    town: Portal, administrator: TestClient, quarantined: list[int]
) -> None:
    """Some, then all of a reason; the page says how many."""
    add_touchpoint(town.feedback, "desk-9", site=SITE)
    page = "/staff/quarantine/reasons/unknown-touchpoint"
    fields = {"which": "chosen", "number": str(quarantined[0]), "reason": "unknown-touchpoint"}
    done = submit(administrator, page, fields, to="/staff/quarantine/readmit")
    assert done.status_code == 303
    assert "1 от 1 вече са сред гласовете" in administrator.get(done.headers["location"]).text
    assert stored(town) == 1
    fields = {"which": "reason", "reason": "unknown-touchpoint"}
    done = submit(administrator, page, fields, to="/staff/quarantine/readmit")
    assert "2 от 2" in administrator.get(done.headers["location"]).text
    assert stored(town) == 3
    assert administrator.get(page).status_code == 404
    assert notes(town)[-1] == ("fleet.quarantine-readmit", "unknown-touchpoint", "done")


def test_what_can_still_not_be_accepted_stays(
    town: Portal, administrator: TestClient, quarantined: list[int]
) -> None:
    """And it is said; a wrong clock can be passed over."""
    assert quarantined
    page = "/staff/quarantine/reasons/future-time"
    fields = {"which": "reason", "reason": "future-time"}
    done = submit(administrator, page, fields, to="/staff/quarantine/readmit")
    assert "0 от 1" in administrator.get(done.headers["location"]).text
    fields["distrusts_clock"] = "yes"
    submit(administrator, page, fields, to="/staff/quarantine/readmit")
    assert stored(town) == 1


def test_all_of_it_is_tried(
    town: Portal, administrator: TestClient, quarantined: list[int]
) -> None:
    """Every reason at once."""
    assert quarantined
    add_touchpoint(town.feedback, "desk-9", site=SITE)
    done = submit(
        administrator, "/staff/quarantine", {"which": "all"}, to="/staff/quarantine/readmit"
    )
    assert (
        "3 от 4 вече са сред гласовете; 1 остават"
        in administrator.get(done.headers["location"]).text
    )
    assert stored(town) == 3


def test_nothing_chosen_changes_nothing(
    town: Portal, administrator: TestClient, quarantined: list[int]
) -> None:
    """Back to where one was; an entry that is not there is not found."""
    assert quarantined
    page = "/staff/quarantine/reasons/unknown-touchpoint"
    fields = {"which": "chosen", "reason": "unknown-touchpoint"}
    done = submit(administrator, page, fields, to="/staff/quarantine/readmit")
    assert done.headers["location"].endswith(page)
    for number in ("0", "999", str(2**60)):
        assert administrator.get(f"/staff/quarantine/{number}").status_code == 404
    assert stored(town) == 0


def test_a_strangers_words_are_shown_and_not_obeyed(
    town: Portal, administrator: TestClient
) -> None:
    """Markup and control characters of what came."""
    with town.feedback.transaction() as connection:
        connection.exec_driver_sql(
            "INSERT INTO quarantine (received_at, last_seen_at, times_seen, digest, site, device, "
            "topic, reason, detail, payload) VALUES (1, 1, 1, 'd', 'troyan', '<b>', 't', "
            "'not-json', '<script>alert(1)</script>', ?)",
            (b"<img src=x onerror=alert(1)>\x1b[2J",),
        )
    html = administrator.get("/staff/quarantine/1").text
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "\\x1b[2J" in html
