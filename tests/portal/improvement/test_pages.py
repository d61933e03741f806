"""The pages of improvement: for staff, without JavaScript, and for who has a link in a mail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select, update
from starlette.testclient import TestClient

from analytics.improvement.actions import Effect
from broker.store.places import Place
from portal.audit.log import CONSOLE
from portal.improvement.office import office_of
from portal.improvement.service import ImprovementDesk
from portal.improvement.tables import ImprovementAction
from portal.mail.tables import OutgoingMail
from portal.people.units import UnitDetails, add_unit
from portal.store.tables import table_of
from portal.web.actor import Actor
from portal.web.portal import Portal
from tests.fixtures.portals import sign_in_staff, submit
from tests.portal.improvement.house import a_plan
from tests.portal.people.town import LONG_AGO

BASE = "/staff/improvement"


@pytest.fixture(autouse=True)
def units(portal: Portal) -> None:
    """Revenue, with a desk of its own in it, and the registry."""
    for code, name, parent in (
        ("revenue", "Приходи", ""),
        ("patents", "Патентен данък", "revenue"),
        ("registry", "Деловодство", ""),
    ):
        details = UnitDetails("department", name, parent=parent)
        add_unit(portal.database, code, details, LONG_AGO, actor=CONSOLE)


@pytest.fixture
def mayor(portal: Portal, client: TestClient) -> Actor:
    """A manager of the whole municipality, signed in."""
    account = sign_in_staff(portal, client, "manager")
    return Actor("staff", account, "Ева Илиева", frozenset({"manager"}))


@pytest.fixture
def desk(portal: Portal) -> ImprovementDesk:
    """The verbs."""
    return ImprovementDesk(office_of(portal))


def a_target(**given: str) -> dict[str, str]:
    """A target as typed."""
    usual = {
        "unit": "revenue",
        "measure": "satisfied",
        "level": "92,5 %",
        "text_bg": "Девет от десет са доволни.",
        "from_on": "1.1.2026",
    }
    return {**usual, **given}


def an_action(owner: str, **given: str) -> dict[str, str]:
    """An action as typed."""
    usual = {
        "title": "Второ гише по обяд",
        "ground_kind": "finding",
        "ground_words": "По обяд се чака.",
        "owner": owner,
        "due_on": "1.12.2030",
    }
    return {**usual, **given}


def test_a_target_is_set_and_ended(client: TestClient, mayor: Actor, desk: ImprovementDesk) -> None:
    """In percent, with a comma as people write it."""
    answer = submit(client, f"{BASE}/targets/new", a_target())
    assert answer.status_code == 303, answer.text
    (made,) = desk.targets(mayor)
    assert made.level == pytest.approx(0.925)
    shown = client.get(f"{BASE}/targets").text
    assert "Девет от десет са доволни." in shown
    assert "поне 92,5\N{NO-BREAK SPACE}%" in shown
    wrong = submit(client, f"{BASE}/targets/{made.id}/end", {"on": "31.12.2025"})
    assert wrong.status_code == 422
    submit(client, f"{BASE}/targets/{made.id}/end", {"on": "31.3.2026"})
    assert desk.targets(mayor)[0].to_on is not None


def test_points_of_the_index_are_points(
    client: TestClient, mayor: Actor, desk: ImprovementDesk
) -> None:
    """Not hundredths; what is no level is refused with words."""
    submit(client, f"{BASE}/targets/new", a_target(measure="index", level="70"))
    assert desk.targets(mayor)[0].level == pytest.approx(70)
    for level in ("120", "много", "NaN", "-1"):
        answer = submit(client, f"{BASE}/targets/new", a_target(level=level))
        assert answer.status_code == 422
        assert "от 0 до 100" in answer.text


def test_an_action_from_plan_to_public(
    client: TestClient, mayor: Actor, desk: ImprovementDesk
) -> None:
    """Each step is on its page, and its history tells it."""
    page = f"{BASE}/actions/new?unit=revenue"
    assert submit(client, page, an_action(mayor.id)).status_code == 303
    (made,) = desk.actions(mayor)
    here = f"{BASE}/actions/{made.id}"
    change = {**an_action(mayor.id, title="Трето гише"), "revision": "1"}
    assert submit(client, f"{here}/change", change).status_code == 303
    done = {"state": "done", "on": "2.11.2026", "revision": "2"}
    assert submit(client, here, done, to=f"{here}/state").status_code == 303
    stale = {"state": "under-way", "on": "2.11.2026", "revision": "2"}
    answer = submit(client, here, stale, to=f"{here}/state")
    assert answer.status_code == 422
    assert "Междувременно" in answer.text
    words = {"public_bg": "Отворихме трето гише.", "revision": "3"}
    assert submit(client, here, words, to=f"{here}/publish").status_code == 303
    shown = client.get(here).text
    for text in ("Трето гише", "Изпълнена", "Отворихме трето гише.", "Променена", "Публикувана"):
        assert text in shown
    assert "Трето гише" not in client.get(f"{BASE}/actions").text
    assert "Трето гише" in client.get(f"{BASE}/actions?show=closed").text


def test_an_action_with_an_effect_stays_public(
    client: TestClient, mayor: Actor, desk: ImprovementDesk
) -> None:
    """The page says why."""
    made = desk.make_action(mayor, a_plan(mayor))
    desk.move_action(mayor, made.id, "done", on=date(2026, 9, 1), revision=1)
    effect = Effect("worse", "{}", "По-зле.", "Worse.")
    desk.publish_action(mayor, made.id, ("Направихме.", ""), effect, revision=2)
    here = f"{BASE}/actions/{made.id}"
    answer = submit(client, here, {"revision": "3"}, to=f"{here}/withdraw")
    assert answer.status_code == 422
    assert "неуспех не се оттегля" in answer.text
    assert desk.public_actions() != []
    desk.move_action(mayor, made.id, "under-way", on=date(2026, 9, 1), revision=3)
    shown = client.get(here).text
    assert "Ефектът ѝ дотогава, както е публикуван" in shown
    assert "По-зле." in shown


def test_a_day_that_is_still_to_come_is_refused(
    client: TestClient, mayor: Actor, desk: ImprovementDesk
) -> None:
    """Beside its field, in the reader's language; and what nothing judges is not offered."""
    made = desk.make_action(mayor, a_plan(mayor))
    here = f"{BASE}/actions/{made.id}"
    for on, said in (("1.1.2199", "още не е настъпил"), ("31.12.1999", "от 2000 г.")):
        typed = {"state": "done", "on": on, "revision": "1"}
        answer = submit(client, here, typed, to=f"{here}/state")
        assert answer.status_code == 422
        assert said in answer.text
    for form in (f"{here}/change", f"{BASE}/targets/new", f"{BASE}/actions/new?unit=revenue"):
        assert 'value="response"' not in client.get(form).text
    answer = submit(client, f"{BASE}/targets/new", a_target(measure="response"))
    assert answer.status_code == 422


def test_what_was_measured_by_the_response_can_still_be_changed(
    portal: Portal, client: TestClient, mayor: Actor, desk: ImprovementDesk
) -> None:
    """It was offered once."""
    made = desk.make_action(mayor, a_plan(mayor))
    table = table_of(ImprovementAction)
    with portal.database.transaction() as connection:
        connection.execute(update(table).values(measure="response"))
    here = f"{BASE}/actions/{made.id}"
    assert 'value="response"' in client.get(f"{here}/change").text
    typed = {**an_action(mayor.id), "measure": "response", "revision": "1"}
    assert submit(client, f"{here}/change", typed).status_code == 303
    assert desk.action(mayor, made.id).measure == "response"


def test_the_dashboard_s_choices_stay(
    client: TestClient, mayor: Actor, desk: ImprovementDesk
) -> None:
    """A place and a survey, which this form has no field for, are not lost by a change."""
    plan = a_plan(mayor, place=Place("touchpoint", "hall-web"), survey="reception")
    made = desk.make_action(mayor, plan)
    change = {**an_action(mayor.id), "revision": "1"}
    assert submit(client, f"{BASE}/actions/{made.id}/change", change).status_code == 303
    after = desk.action(mayor, made.id)
    assert (after.title, after.place, after.survey) == (
        "Второ гише по обяд",
        Place("touchpoint", "hall-web"),
        "reception",
    )


def test_a_manager_of_a_unit_stays_in_it(
    portal: Portal,
    mayor: Actor,
    desk: ImprovementDesk,
    new_client: Callable[[], TestClient],
) -> None:
    """With the units in it; others' are not found, and can't be chosen."""
    own = desk.make_action(mayor, a_plan(mayor, unit="patents", title="Нашето"))
    other = desk.make_action(mayor, a_plan(mayor, unit="registry", title="Чуждото"))
    theirs = new_client()
    sign_in_staff(portal, theirs, "manager", units=["revenue"])
    listed = theirs.get(f"{BASE}/actions").text
    assert "Нашето" in listed
    assert "Чуждото" not in listed
    assert theirs.get(f"{BASE}/actions/{own.id}").status_code == 200
    assert theirs.get(f"{BASE}/actions/{other.id}").status_code == 404
    assert theirs.get(f"{BASE}/actions/new?unit=registry").status_code == 404
    answer = submit(theirs, f"{BASE}/targets/new", a_target(unit="registry"))
    assert answer.status_code == 422
    assert "Деловодство" not in theirs.get(f"{BASE}/targets/new").text


def test_a_method_is_entered_and_corrected(
    client: TestClient, mayor: Actor, desk: ImprovementDesk
) -> None:
    """One day unless there is a last one; the list is of its year."""
    typed = {"method": "mystery-client", "from_on": "3.3.2025", "findings": "Любезни са.", "n": "4"}
    answer = submit(client, f"{BASE}/methods/new", typed)
    assert answer.headers["location"].endswith("/methods?year=2025&said=saved")
    shown = client.get(f"{BASE}/methods?year=2025").text
    assert "Таен клиент" in shown
    assert "Таен клиент" not in client.get(f"{BASE}/methods?year=2024").text
    (made,) = desk.entries(mayor, date(2025, 1, 1), date(2025, 12, 31))
    assert made.to_on == made.from_on
    form = client.get(f"{BASE}/methods/{made.id}").text
    assert 'value="03.03.2025"' in form
    here = f"{BASE}/methods/{made.id}"
    submit(client, here, {**typed, "done": "Похвалени.", "revision": "1"})
    assert "Похвалени." in client.get(f"{BASE}/methods?year=2025").text
    submit(client, here, {}, to=f"{here}/strike")
    assert desk.entries(mayor, date(2025, 1, 1), date(2025, 12, 31)) == []


def test_somebody_without_an_account_confirms_and_ends(
    portal: Portal,
    client: TestClient,
    mayor: Actor,
    desk: ImprovementDesk,
    new_client: Callable[[], TestClient],
) -> None:
    """By the link in the mail; opening it does nothing, one press does."""
    typed = {"email": "ivan@example.bg", "kind": "annual", "unit": "", "language": "en"}
    answer = submit(client, f"{BASE}/subscriptions/invite", typed)
    assert answer.headers["location"].endswith("said=mail-waits")
    assert "ivan@example.bg" in client.get(f"{BASE}/subscriptions").text
    mails = table_of(OutgoingMail)
    with portal.database.reading() as connection:
        text = str(connection.scalars(select(mails.c.text)).one())
    assert "Annual report" in text
    (link,) = [word for word in text.split() if "/subscriptions/" in word]
    path = link.removeprefix(portal.settings.public_url)
    assert path.startswith("/en/subscriptions/")
    guest = new_client()
    assert "Send me this report" in guest.get(path).text
    assert desk.recipients("annual") == []
    submit(guest, path, {}, to=f"{path}/confirm")
    assert [each.address for each in desk.recipients("annual")] == ["ivan@example.bg"]
    ended = submit(guest, path, {}, to=f"{path}/end")
    assert desk.others_subscriptions(mayor) == []
    assert desk.recipients("annual") == []
    assert guest.get(ended.headers["location"]).status_code == 200
    assert guest.get(path).status_code == 404


def test_one_subscribes_and_ends_it(
    client: TestClient, mayor: Actor, desk: ImprovementDesk
) -> None:
    """For oneself; team sheets are not offered, since nobody is sent one."""
    typed = {"kind": "weekly-letter", "unit": "revenue", "language": "bg"}
    sheet = {**typed, "kind": "team-sheet"}
    assert submit(client, f"{BASE}/subscriptions", sheet).status_code == 422
    assert 'value="team-sheet"' not in client.get(f"{BASE}/subscriptions").text
    assert submit(client, f"{BASE}/subscriptions", typed).status_code == 303
    (made,) = desk.my_subscriptions(mayor)
    here = f"{BASE}/subscriptions"
    submit(client, here, {}, to=f"{here}/{made.id}/end")
    assert desk.my_subscriptions(mayor) == []
    refused = submit(client, f"{here}/invite", {**typed, "email": "ivan@example.bg"})
    assert refused.status_code == 422
