"""For the staff: posters of what is published, and what kiosks show while nobody is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from starlette.testclient import TestClient

from broker.fleet.place_changes import set_setting, show_settings
from broker.fleet.places import add_location
from broker.store.registry import add_touchpoint
from portal.results.kiosks import take_down, take_withdrawn_down
from portal.upkeep.upkeep import Upkeep
from portal.web.actor import Actor
from portal.web.portal import Portal
from tests.fixtures.portals import SITE, sign_in, sign_in_staff, submit
from tests.portal.people.town import LONG_AGO
from tests.portal.results.giving_back import (
    a_mayor,
    add_units,
    desk_of,
    publish_actions,
    publish_months,
)
from tests.published.sample import MARCH

HERE = "/staff/results"


@pytest.fixture
def mayor(portal: Portal, client: TestClient) -> Actor:
    """Who decides, signed in; a hall with a desk of the unit ``hall`` stands there."""
    found = a_mayor(portal)
    sign_in(portal, client, found.id)
    add_units(portal)
    publish_months(portal, found)
    publish_actions(portal, found)
    store, now = portal.feedback, portal.clock()
    add_location(store, "reception", site=SITE, now=now, name="Приемна", from_on=LONG_AGO)
    add_touchpoint(store, "desk-1", site=SITE, name="Гише 1", location="reception")
    add_touchpoint(store, "desk-2", site=SITE, name="Гише 2")
    set_setting(store, "location", "reception", "unit", "hall", None, now)
    set_setting(store, "touchpoint", "desk-2", "unit", "annex", None, now)
    return found


def shown_at(portal: Portal, touchpoint: str, key: str) -> object:
    """What a kiosk there is told."""
    now = portal.clock()
    found = show_settings(portal.feedback, "touchpoint", touchpoint, None, now)
    return found.settings[f"presentation.{key}"].value


@pytest.mark.usefixtures("mayor")
def test_kiosks_show_their_unit_s_figure_and_never_a_desk_s(
    portal: Portal, client: TestClient
) -> None:
    """A unit that is but one desk has the municipality's."""
    assert submit(client, HERE, {"shown": MARCH}, to=f"{HERE}/kiosks").status_code == 303
    assert shown_at(portal, "desk-1", "result") == {
        "unit": {"bg": "Приемна", "en": "Reception hall"},
        "month": "2026-03-01",
        "satisfied_percent": 80.0,
        "ratings": 310,
    }
    whole = shown_at(portal, "desk-2", "result")
    assert isinstance(whole, dict)
    assert (whole["ratings"], whole["satisfied_percent"]) == (496, 81.0)
    assert "март 2026" in client.get(HERE).text
    assert submit(client, HERE, {"shown": ""}, to=f"{HERE}/kiosks").status_code == 303
    assert shown_at(portal, "desk-1", "result") is None


def test_a_month_that_was_taken_back_comes_down(
    portal: Portal, client: TestClient, mayor: Actor
) -> None:
    """The page says so before; other months stay."""
    submit(client, HERE, {"shown": MARCH}, to=f"{HERE}/kiosks")
    for unit in ("annex", "hall", ""):
        desk_of(portal).withdraw_results(mayor, MARCH, unit)
    assert "вече не е публикуван" in client.get(HERE).text
    assert take_down(portal, mayor, "2026-02") == 0
    assert take_down(portal, mayor, MARCH) == 2
    assert shown_at(portal, "desk-1", "result") is None
    assert submit(client, HERE, {"shown": MARCH}, to=f"{HERE}/kiosks").status_code == 422


def test_upkeep_takes_down_what_was_taken_back_elsewhere(
    portal: Portal, client: TestClient, mayor: Actor
) -> None:
    """On the dashboard, for example; what is public stays on."""
    submit(client, HERE, {"shown": MARCH}, to=f"{HERE}/kiosks")
    upkeep = Upkeep(portal)
    upkeep.attend(portal.clock())
    assert shown_at(portal, "desk-1", "result") is not None
    assert take_withdrawn_down(portal, mayor) == 0
    for unit in ("annex", "hall", ""):
        desk_of(portal).withdraw_results(mayor, MARCH, unit)
    upkeep.attend(portal.clock() + timedelta(minutes=2))
    assert shown_at(portal, "desk-1", "result") is None
    assert shown_at(portal, "desk-2", "result") is None


@pytest.mark.usefixtures("mayor")
def test_you_said_we_did(portal: Portal, client: TestClient) -> None:
    """A public action with what visitors had said, on the kiosks of its unit only."""
    action = desk_of(portal).public_actions()[0]
    form = {"action": action.id, "said_bg": "По обяд се чака", "said_en": "One waits at noon"}
    assert submit(client, HERE, form, to=f"{HERE}/deeds").status_code == 303
    assert submit(client, HERE, form, to=f"{HERE}/deeds").status_code == 303
    did = {"bg": action.public_bg, **({"en": action.public_en} if action.public_en else {})}
    said = {"bg": "По обяд се чака", "en": "One waits at noon"}
    assert shown_at(portal, "desk-1", "deeds") == [{"said": said, "did": did}]
    assert shown_at(portal, "desk-2", "deeds") == []
    wrong = {"action": "nothing", "said_bg": ""}
    assert submit(client, HERE, wrong, to=f"{HERE}/deeds").status_code == 422
    submit(client, HERE, {}, to=f"{HERE}/deeds/take-down")
    assert shown_at(portal, "desk-1", "deeds") == []


@pytest.mark.usefixtures("mayor")
@pytest.mark.parametrize(("paper", "height"), [("a4", 842), ("a3", 1191)])
def test_a_poster_is_one_page_of_what_is_public(
    client: TestClient, paper: str, height: int
) -> None:
    """In each language, tagged; of a unit, too."""
    asked = f"month={MARCH}&unit=&paper={paper}"
    answer = client.get(f"{HERE}/poster?{asked}&language=bg")
    assert answer.headers["content-type"] == "application/pdf"
    made = PdfReader(BytesIO(answer.content))
    assert len(made.pages) == 1
    assert round(float(made.pages[0].mediabox.height)) == height
    text = made.pages[0].extract_text().replace("\N{NO-BREAK SPACE}", " ")
    for part in ("март 2026", "81 %", "Отворихме второ гише по обяд.", "Няма разлика"):
        assert part in text
    english = client.get(f"{HERE}/poster?month={MARCH}&unit=hall&paper={paper}&language=en")
    read = PdfReader(BytesIO(english.content)).pages[0].extract_text()
    assert "Reception hall" in read
    assert f"/en/results/{MARCH}/hall" in read


@pytest.mark.usefixtures("mayor")
def test_no_poster_of_what_is_not_published(client: TestClient) -> None:
    """The page with the form again, with what is wrong."""
    for asked in ("month=2026-04", f"month={MARCH}&unit=nothing", ""):
        answer = client.get(f"{HERE}/poster?{asked}")
        assert answer.status_code == 422
        assert answer.headers["content-type"].startswith("text/html")


@pytest.mark.usefixtures("mayor")
def test_who_decides_for_a_unit_only_sets_no_kiosk(
    portal: Portal, new_client: Callable[[], TestClient]
) -> None:
    """Nor does somebody who only reads."""
    for roles, units in ((("manager",), ("hall",)), (("auditor",), ())):
        browser = new_client()
        sign_in_staff(portal, browser, *roles, units=units)  # type: ignore[arg-type]
        answer = submit(browser, "/account", {"shown": MARCH}, to=f"{HERE}/kiosks")
        assert answer.status_code == 403
        assert "Задаване на всички устройства" not in browser.get(HERE).text
    assert shown_at(portal, "desk-1", "result") is None
