"""Devices in the browser: set up, replaced, moved, barred; codes that only the fleet opens."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from broker.fleet.authority import Authority
from broker.fleet.certificates import issue_within
from broker.fleet.codes import find_code, secret_of
from broker.fleet.device_places import move_device
from broker.fleet.errors import FleetError
from broker.fleet.fleet_status import DeviceLine, fleet_status
from broker.fleet.vault import LetterBox, new_key
from broker.link.code import Code
from broker.store.fleet_tables import Enrolment
from broker.store.registry import add_importer
from broker.store.tables import table_of
from portal.audit.tables import AuditEntry
from portal.web.portal import Portal
from tests.fixtures.portals import SITE, submit
from tests.portal.fleet.conftest import FLEET_URL, hear
from tests.portal.fleet.test_places import notes
from tests.portal.fleet.test_settings import hidden


def line_of(portal: Portal, device: str) -> DeviceLine:
    """A device as lists have it."""
    with portal.feedback.reading() as connection:
        return next(
            each for each in fleet_status(connection, portal.clock()) if each.device == device
        )


def code_in(html: str) -> Code:
    """The code that a page shows."""
    found = re.search(r'<p class="code">([0-9A-Z-]{19})</p>', html)
    assert found is not None, html
    return Code.read(found[1])


def certify(portal: Portal, authority: Authority, device: str) -> str:
    """A certificate for a device, as its enrolment would give; its serial."""
    with portal.feedback.transaction() as connection:
        key = new_key().public_key()
        subject = f"{SITE}/{device}"
        return issue_within(connection, authority, subject, key, portal.clock()).serial


def test_a_device_is_set_up_by_a_code(
    running: Portal, administrator: TestClient, authority: Authority
) -> None:
    """Registered, and its code shown as text and as a picture; the fleet's process opens it."""
    fields = {"name": "kiosk-3", "touchpoint": "desk-1"}
    shown = submit(administrator, "/staff/devices/add", fields)
    assert shown.status_code == 200
    code = code_in(shown.text)
    assert 'src="data:image/png;base64,' in shown.text
    assert f"sudo otziv kiosk enrol {code} --server {FLEET_URL}" in shown.text
    line = line_of(running, "kiosk-3")
    assert (line.touchpoint, line.code_expires_at) == (
        "desk-1",
        running.clock() + timedelta(hours=24),
    )
    with running.feedback.reading() as connection:
        row = find_code(connection, code.label)
    assert row is not None
    assert secret_of(row, authority.vault) == code.secret


def test_a_code_stands_nowhere_else(running: Portal, administrator: TestClient) -> None:
    """Not in the store, not in the audit log, not in the address, and no page shows it again."""
    shown = submit(administrator, "/staff/devices/kiosk-1/enrol", {})
    secret = code_in(shown.text).secret
    with running.feedback.reading() as connection:
        sealed = connection.execute(select(table_of(Enrolment).c.secret)).scalars().all()
    assert not any(secret.encode() in each for each in sealed)
    with running.database.reading() as connection:
        facts = connection.execute(select(table_of(AuditEntry).c.facts)).scalars().all()
    assert not any(secret in each or str(code_in(shown.text)) in each for each in facts)
    assert notes(running)[-1] == ("fleet.device-enrol", "kiosk-1", "done")
    assert "no-store" in shown.headers["cache-control"]
    page = administrator.get("/staff/devices/kiosk-1").text
    assert str(code_in(shown.text)) not in page
    assert "код за него може да се използва до" in page


def test_another_code_ends_the_one_before(running: Portal, administrator: TestClient) -> None:
    """Loading the page again does no harm."""
    first = code_in(submit(administrator, "/staff/devices/kiosk-1/enrol", {}).text)
    second = code_in(submit(administrator, "/staff/devices/kiosk-1/enrol", {}).text)
    with running.feedback.reading() as connection:
        rows = {each.label: find_code(connection, each.label) for each in (first, second)}
    assert rows[first.label]["ended_at"] is not None  # type: ignore[index]
    assert rows[second.label]["ended_at"] is None  # type: ignore[index]


def test_who_has_the_public_half_opens_nothing(authority: Authority) -> None:
    """What is sealed by it opens for the vault alone, and only for what it is about."""
    box = LetterBox(authority.vault.letter_key)
    sealed = box.seal(b"secret", "code K7QM")
    assert b"secret" not in sealed
    assert box.seal(b"secret", "code K7QM") != sealed
    assert authority.vault.unseal(sealed, "code K7QM") == b"secret"
    for wrong, about in ((sealed, "code AAAA"), (sealed[:-1] + b"x", "code K7QM")):
        with pytest.raises(FleetError, match="other keys"):
            authority.vault.unseal(wrong, about)
    with pytest.raises(FleetError, match="public key"):
        LetterBox("no key at all")


def test_without_the_fleet_no_device_is_registered(town: Portal, administrator: TestClient) -> None:
    """It is said before and after, and nothing is left behind."""
    assert "никога не е работила" in administrator.get("/staff/devices/add").text
    fields = {"name": "kiosk-3", "touchpoint": "desk-1"}
    answer = submit(administrator, "/staff/devices/add", fields)
    assert answer.status_code == 422
    with town.feedback.reading() as connection:
        assert "kiosk-3" not in [each.device for each in fleet_status(connection, town.clock())]


def test_a_fleet_that_does_not_run_is_told(running: Portal, administrator: TestClient) -> None:
    """Codes can be made all the same; they work when it does."""
    running.clock.now += timedelta(minutes=5)  # type: ignore[attr-defined]
    assert "не работи" in administrator.get("/staff/devices").text
    assert submit(administrator, "/staff/devices/kiosk-1/enrol", {}).status_code == 200


@pytest.mark.parametrize(
    ("name", "said"),
    [("k", "от 2 до 31"), ("kiosk-1", "Има устройство с това име"), ("Киоск", "латински")],
)
def test_a_name_that_can_not_be(
    running: Portal, administrator: TestClient, name: str, said: str
) -> None:
    """It is said beside the field."""
    fields = {"name": name, "touchpoint": "desk-1"}
    answer = submit(administrator, "/staff/devices/add", fields)
    assert answer.status_code == 422
    assert said in answer.text
    assert notes(running) == []


def test_a_device_is_replaced(
    running: Portal, administrator: TestClient, authority: Authority
) -> None:
    """The new one stands there and gets a code; the old one is in the drawer, let in for a week."""
    certify(running, authority, "kiosk-1")
    hear(running, "kiosk-1", waiting=3)
    path = "/staff/devices/kiosk-1/replace"
    page = administrator.get(path).text
    assert "чакат 3 отговора" in page
    fields = {**hidden(page), "name": "kiosk-9", "old": "keep"}
    shown = administrator.post(path, data=fields, headers={"Origin": "http://portal.test"})
    assert shown.status_code == 200
    assert code_in(shown.text).label
    assert line_of(running, "kiosk-9").touchpoint == "desk-1"
    old = line_of(running, "kiosk-1")
    assert (old.touchpoint, old.standing) == (None, "good")


def test_a_stolen_device_is_replaced_and_barred(
    running: Portal, administrator: TestClient, authority: Authority
) -> None:
    """At once."""
    certify(running, authority, "kiosk-1")
    fields = {"name": "kiosk-9", "old": "bar", "seen": "desk-1"}
    assert submit(administrator, "/staff/devices/kiosk-1/replace", fields).status_code == 200
    assert line_of(running, "kiosk-1").standing == "revoked"


def test_a_replacement_over_another_ones_move_is_refused(
    running: Portal, administrator: TestClient
) -> None:
    """The page said that the new one stands at desk 1, and that is no longer so."""
    path = "/staff/devices/kiosk-1/replace"
    page = administrator.get(path).text
    move_device(running.feedback, "kiosk-1", "desk-2", now=running.clock())
    fields = {**hidden(page), "name": "kiosk-9", "old": "keep"}
    answer = administrator.post(path, data=fields, headers={"Origin": "http://portal.test"})
    assert answer.status_code == 409
    assert line_of(running, "kiosk-1").touchpoint == "desk-2"


def test_a_device_moves_and_goes_into_the_drawer(town: Portal, administrator: TestClient) -> None:
    """In the drawer it gets no code."""
    path = "/staff/devices/kiosk-1/move"
    done = submit(administrator, path, {"touchpoint": "desk-2", "seen": "desk-1"})
    assert done.status_code == 303
    assert line_of(town, "kiosk-1").touchpoint == "desk-2"
    assert submit(administrator, path, {"touchpoint": "", "seen": "desk-1"}).status_code == 409
    submit(administrator, path, {"touchpoint": "", "seen": "desk-2"})
    assert line_of(town, "kiosk-1").touchpoint is None
    answer = submit(administrator, "/staff/devices/kiosk-1/enrol", {})
    assert answer.status_code == 422
    assert "в шкафа" in answer.text


def test_barring_says_what_it_does_first(
    town: Portal, administrator: TestClient, authority: Authority
) -> None:
    """A page that tells; a reason is needed; then its certificate is no good any more."""
    certify(town, authority, "kiosk-1")
    hear(town, "kiosk-1", waiting=12)
    path = "/staff/devices/kiosk-1/revoke"
    page = administrator.get(path).text
    assert "чакат 12 отговора" in page
    assert submit(administrator, path, {"why": ""}).status_code == 422
    assert line_of(town, "kiosk-1").standing == "good"
    assert submit(administrator, path, {"why": "откраднато"}).status_code == 303
    assert line_of(town, "kiosk-1").standing == "revoked"
    assert "със спрян достъп" in administrator.get("/staff/devices/kiosk-1").text


def test_a_device_is_retired_for_good(town: Portal, administrator: TestClient) -> None:
    """It stands in a table of its own, and can't be moved any more."""
    assert submit(administrator, "/staff/devices/kiosk-1/retire", {}).status_code == 303
    assert line_of(town, "kiosk-1").is_retired
    html = administrator.get("/staff/devices").text
    assert html.index("Извън употреба") < html.index("kiosk-1")
    answer = submit(
        administrator, "/staff/devices/kiosk-1/move", {"touchpoint": "desk-1", "seen": ""}
    )
    assert answer.status_code == 422


def test_the_list_says_how_each_does(town: Portal, administrator: TestClient) -> None:
    """Connected or not, when it was seen, what waits."""
    hear(town, "kiosk-1", waiting=1234, version="1.2")
    html = administrator.get("/staff/devices").text
    assert "свързано" in html
    assert "никога не се е обаждало" in html
    assert "1234" in html.replace("\xa0", "").replace("\u202f", "")


def test_under_whose_name_tablets_deliver_is_no_device(
    town: Portal, administrator: TestClient
) -> None:
    """It never stood anywhere, and can't be set up; one in the drawer can."""
    add_importer(town.feedback, "tablet-12345678", site=SITE)
    move_device(town.feedback, "kiosk-1", None, now=town.clock())
    shown = administrator.get("/staff/devices").text
    assert "kiosk-1" in shown
    assert "tablet-12345678" not in shown
    assert administrator.get("/staff/devices/tablet-12345678").status_code == 404


def test_orders_go_through_the_store(town: Portal, administrator: TestClient) -> None:
    """No broker is needed to ask: the row is there for the fleet's process; the answer is shown."""
    hear(town, "kiosk-1")
    page = "/staff/devices/kiosk-1"
    done = submit(administrator, page, {"order": "identify"}, to=f"{page}/orders")
    assert done.status_code == 303
    where = done.headers["location"].partition("?")[0]
    shown = administrator.get(where).text
    assert "чака изпращане" in shown
    assert "Проверка отново" in shown
    with town.feedback.transaction() as connection:
        connection.exec_driver_sql(
            "UPDATE device_order SET sent_at = asked_at, answered_at = asked_at, is_ok = 1, "
            "detail = 'blinked <b>thrice</b>', report = 'line one'"
        )
    shown = administrator.get(where).text
    assert "изпълнено" in shown
    assert "blinked &lt;b&gt;thrice" in shown
    assert "line one" in shown
    assert "Да премигне и изсвири" in administrator.get(page).text
    assert notes(town)[-1] == ("fleet.device-order", "kiosk-1", "done")


def test_an_order_of_another_device_is_not_there(town: Portal, administrator: TestClient) -> None:
    """Nor one that never was, nor an order that no device knows."""
    page = "/staff/devices/kiosk-1"
    done = submit(administrator, page, {"order": "ping"}, to=f"{page}/orders")
    number = done.headers["location"].partition("?")[0].rpartition("/")[2]
    assert administrator.get(f"/staff/devices/kiosk-2/orders/{number}").status_code == 404
    assert administrator.get(f"{page}/orders/{'0' * 32}").status_code == 404
    wrong = submit(administrator, page, {"order": "self-destruct"}, to=f"{page}/orders")
    assert wrong.status_code == 404
    assert [about for _, about, _ in notes(town)] == ["kiosk-1", "kiosk-1"]


def test_tries_to_set_up_are_shown(running: Portal, administrator: TestClient) -> None:
    """Who tried, with what result; whatever stood in the code is escaped."""
    with running.feedback.transaction() as connection:
        connection.exec_driver_sql(
            "INSERT INTO enrolment_attempt (at, address, label, device, result) "
            "VALUES (1795000000000, '10.0.0.9', '<i>X', NULL, 'wrong-code')"
        )
    html = administrator.get("/staff/devices/attempts").text
    assert "грешен код" in html
    assert "&lt;i&gt;X-…" in html
    assert "<i>X" not in html


def test_loading_the_code_s_page_again_gives_another_code(
    running: Portal, administrator: TestClient, authority: Authority
) -> None:
    """As long as the device has never been set up, and only at that place."""
    for path, fields, at in (
        ("/staff/devices/add", {"name": "kiosk-3", "touchpoint": "desk-1"}, "desk-1"),
        (
            "/staff/devices/kiosk-2/replace",
            {"name": "kiosk-4", "old": "keep", "seen": "desk-2"},
            "desk-2",
        ),
    ):
        shown = [submit(administrator, path, fields) for _ in range(2)]
        assert [each.status_code for each in shown] == [200, 200], shown[1].text
        first, second = [code_in(each.text) for each in shown]
        assert first != second
        with running.feedback.reading() as connection:
            rows = [find_code(connection, code.label) for code in (first, second)]
        assert [row is not None and row["ended_at"] is None for row in rows] == [False, True]
        assert line_of(running, fields["name"]).touchpoint == at
    add = {"name": "kiosk-3", "touchpoint": "desk-2"}
    assert submit(administrator, "/staff/devices/add", add).status_code == 422
    certify(running, authority, "kiosk-3")
    add["touchpoint"] = "desk-1"
    assert submit(administrator, "/staff/devices/add", add).status_code == 422


def test_a_spare_is_set_up_at_a_touchpoint_first(
    running: Portal, administrator: TestClient
) -> None:
    """Nothing is chosen beforehand, and the page says how a device comes into the drawer."""
    page = administrator.get("/staff/devices/add").text
    assert '<option value="" selected>Изберете точка' in page
    assert "Когато е готово, приберете го в шкафа." in page
    refused = submit(administrator, "/staff/devices/add", {"name": "kiosk-3", "touchpoint": ""})
    assert refused.status_code == 422
    assert 'id="error-touchpoint"' in refused.text
    assert notes(running) == []
    given = {"name": "kiosk-3", "touchpoint": "desk-1"}
    assert submit(administrator, "/staff/devices/add", given).status_code == 200
    move = "/staff/devices/kiosk-3/move"
    away = {**hidden(administrator.get(move).text), "touchpoint": ""}
    assert submit(administrator, move, away).status_code == 303
    assert line_of(running, "kiosk-3").touchpoint is None
    page = administrator.get("/staff/devices/kiosk-3/enrol").text
    assert "То е в шкафа: първо посочете къде стои." in page
