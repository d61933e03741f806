"""Settings in the browser: every one of them has an editor; effects are told before they are."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from broker.fleet.place_changes import set_setting
from broker.fleet.surveys import publish
from broker.store.place_settings import Effective, effective_at
from broker.store.places import Place
from broker.store.setting_keys import SETTINGS, check_value
from portal.fleet.editors.all import EDITED
from portal.fleet.editors.parts import About, SurveyThere
from portal.web.forms import Filled
from portal.web.language import Language
from portal.web.portal import Portal
from tests.fixtures.portals import SITE, submit, token_in
from tests.places.town import survey
from tests.portal.fleet.test_places import notes

PATH = "/staff/places/location/hall-1/settings"
BULGARIAN = Language("bg", ZoneInfo("Europe/Sofia"))
ABOUT = About(BULGARIAN, ("bg", "en"), (SurveyThere("reception", (1, 2)),), {"revenue": "Приходи"})
ORIGIN = {"Origin": "http://portal.test"}

VALUES: dict[str, list[Any]] = {
    "opening.weekly": [
        [
            {"days": [1, 2, 3], "opens_at": "08:00", "closes_at": "12:00"},
            {"days": [1, 2, 3], "opens_at": "13:00", "closes_at": "17:30"},
            {"days": [6], "opens_at": "00:00", "closes_at": "24:00"},
        ]
    ],
    "opening.special_days": [
        [
            {"on": "2026-12-12", "hours": [{"opens_at": "09:00", "closes_at": "13:00"}]},
            {"on": "2026-12-31", "texts": {"bg": "Почивен ден", "en": "Day off"}},
        ]
    ],
    "survey": [{"code": "reception", "version": 2}, {"code": "gone", "version": None}],
    "planned": [[{"survey": {"code": "reception"}, "first_on": "2026-12-01"}]],
    "languages": [["tr", "bg"], ["bg", "en", "sq"]],
}


def _values() -> list[tuple[str, Any]]:
    """Each key with its default, its example, and what is unusual."""
    found: list[tuple[str, Any]] = []
    for key, known in SETTINGS.items():
        for value in (known.default, json.loads(known.example), *VALUES.get(key, ())):
            if (key, value) not in found:
                found.append((key, value))
    return found


def holds(portal: Portal, key: str, code: str = "hall-1") -> Effective:
    """What holds at a location today."""
    on = portal.clock().astimezone(ZoneInfo("Europe/Sofia")).date()
    with portal.feedback.reading() as connection:
        return effective_at(connection, Place("location", code), on)[key]


def hidden(html: str) -> dict[str, str]:
    """The hidden fields of the first form in the main part."""
    form = html.partition("<main")[2].partition("<form")[2].partition("</form>")[0]
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return {name: unescape(value) for name, value in found}


def test_every_setting_has_an_editor() -> None:
    """What the command line can set, pages can."""
    assert EDITED.keys() == SETTINGS.keys()


@pytest.mark.parametrize(("key", "value"), _values())
def test_what_an_editor_shows_it_reads_back(key: str, value: Any) -> None:  # noqa: ANN401  # JSON's
    """Every value comes back as it was; nothing is lost by opening and saving."""
    editor = EDITED[key].editor
    kept = check_value(key, value)
    raw = editor.raw(json.loads(kept), ABOUT)
    filled: Filled[Any] = Filled(raw)
    read = editor.read(filled, ABOUT)
    assert not filled.errors
    assert check_value(key, read) == kept
    names = {each.name for group in editor.groups(json.loads(kept), ABOUT) for each in group.inputs}
    assert set(raw) <= names
    assert all(editor.words(json.loads(kept), ABOUT))


@pytest.mark.parametrize(
    ("key", "raw", "field"),
    [
        ("opening.weekly", {"mode": "hours"}, "day-1"),
        ("opening.weekly", {"mode": "hours", "day-2": "8-12, 11-13"}, "day-2"),
        ("opening.weekly", {"mode": "hours", "day-3": "17:00-8:00"}, "day-3"),
        ("opening.weekly", {"mode": "hours", "day-3": "8:00-25:00"}, "day-3"),
        ("opening.special_days", {"row-1-hours": "9-12"}, "row-1-on"),
        ("opening.special_days", {"row-1-on": "12.12.2026", "row-2-on": "12.12.2026"}, "row-2-on"),
        ("opening.special_days", {"row-1-on": "31.02.2026"}, "row-1-on"),
        ("opening.grace_min", {"number": "241"}, "number"),
        ("opening.grace_min", {"number": ""}, "number"),
        ("staff", {"number": "-3"}, "number"),
        ("holidays", {"choice": "7"}, "choice"),
        ("presentation.name", {"name-bg": "Община Троян"}, "name-en"),
        ("presentation.deeds", {"row-1-said-bg": "Чака се"}, "row-1-did-bg"),
        ("presentation.result", {"month": "13.2026"}, "month"),
        ("presentation.result", {"percent": "101"}, "percent"),
        ("presentation.result", {"ratings": "4"}, "ratings"),
        ("presentation.write_url", {"url": "http://example.org/x"}, "url"),
        ("languages", {"first": "bg", "more": "български"}, "more"),
        ("planned", {"row-1-survey": "x", "row-1-first": "2.2.2026", "row-1-last": "1.2.2026"},
         "row-1-last"),
        ("survey", {"survey": "reception@two"}, "survey"),
    ],
)  # fmt: skip
def test_what_an_editor_does_not_take(key: str, raw: dict[str, str], field: str) -> None:
    """The field that is wrong has the error."""
    filled: Filled[Any] = Filled({name: [value] for name, value in raw.items()})
    EDITED[key].editor.read(filled, ABOUT)
    assert field in filled.errors


@pytest.mark.parametrize("key", SETTINGS)
def test_every_editor_opens(administrator: TestClient, key: str) -> None:
    """In both languages; and more rows where it is a list."""
    for prefix in ("", "/en"):
        assert administrator.get(f"{prefix}{PATH}/{key}").status_code == 200
    if EDITED[key].is_list:
        before = administrator.get(f"{PATH}/{key}").text.count("<fieldset")
        answer = submit(administrator, f"{PATH}/{key}", {"step": "more", "row-2-on": ""})
        assert answer.text.count("<fieldset") > before


def test_the_effects_are_told_and_then_it_is_saved(town: Portal, administrator: TestClient) -> None:
    """Which device gets what; the second form carries what the first had."""
    fields = {"mode": "hours", "day-1": "8:00–12:00", "from_on": ""}
    check = submit(administrator, f"{PATH}/opening.weekly", {**fields, "step": "check"})
    assert check.status_code == 200
    assert "Едно устройство получава нова конфигурация" in check.text
    assert "kiosk-1 (desk-1)" in check.text
    assert "работно време › седмично работно време: добавено: пн 08:00–12:00" in check.text
    assert holds(town, "opening.weekly").from_on is None
    carried = {**hidden(check.text), "step": "save"}
    assert carried["day-1"] == "8:00–12:00"
    done = administrator.post(f"{PATH}/opening.weekly", data=carried, headers=ORIGIN)
    assert done.status_code == 303
    assert holds(town, "opening.weekly").value == [
        {"days": [1], "opens_at": "08:00", "closes_at": "12:00"}
    ]
    assert notes(town)[-1] == ("fleet.setting-set", "hall-1", "done")


def test_hours_that_were_typed_are_not_dropped(town: Portal, administrator: TestClient) -> None:
    """Where it is to be always open; those that stand there by themselves may stand."""
    path = f"{PATH}/opening.weekly"
    fields = {"mode": "always", "day-2": "8-12", "from_on": "", "step": "check"}
    refused = submit(administrator, path, fields)
    assert refused.status_code == 422
    assert "е избрано винаги да е отворено" in refused.text
    assert 'value="8-12"' in refused.text
    hours = [{"days": [2], "opens_at": "08:00", "closes_at": "12:00"}]
    set_setting(town.feedback, "location", "hall-1", "opening.weekly", hours, None, town.clock())
    by_themselves = {**fields, "day-2": "08:00–12:00"}
    assert submit(administrator, path, by_themselves).status_code == 200
    assert submit(administrator, path, fields).status_code == 422


def test_back_leads_to_the_editor_with_what_was_typed(administrator: TestClient) -> None:
    """Nothing need be typed twice."""
    fields = {"mode": "hours", "day-1": "8-12", "from_on": ""}
    check = submit(administrator, f"{PATH}/opening.weekly", {**fields, "step": "check"})
    again = administrator.post(
        f"{PATH}/opening.weekly", data={**hidden(check.text), "step": "back"}, headers=ORIGIN
    )
    assert again.status_code == 200
    assert 'value="8-12"' in again.text


def test_a_setting_is_taken_back(town: Portal, administrator: TestClient) -> None:
    """What is set above holds again, and the page says so before."""
    now = town.clock()
    set_setting(town.feedback, "site", SITE, "opening.grace_min", 10, None, now)
    set_setting(town.feedback, "location", "hall-1", "opening.grace_min", 5, None, now)
    check = submit(
        administrator, f"{PATH}/opening.grace_min", {"deed": "clear", "step": "check", "seen": ""}
    )
    assert check.status_code == 200
    done = administrator.post(
        f"{PATH}/opening.grace_min", data={**hidden(check.text), "step": "save"}, headers=ORIGIN
    )
    assert done.status_code == 303
    assert (holds(town, "opening.grace_min").value, holds(town, "opening.grace_min").kind) == (
        10,
        "site",
    )


def test_a_later_day_waits(town: Portal, administrator: TestClient) -> None:
    """From that day on, and the page says that it is not today."""
    day = (town.clock() + timedelta(days=20)).date()
    fields = {"number": "7", "from_on": f"{day:%d.%m.%Y}", "step": "check"}
    check = submit(administrator, f"{PATH}/opening.grace_min", fields)
    administrator.post(
        f"{PATH}/opening.grace_min", data={**hidden(check.text), "step": "save"}, headers=ORIGIN
    )
    assert holds(town, "opening.grace_min").value == 30
    with town.feedback.reading() as connection:
        later = effective_at(connection, Place("location", "hall-1"), day)
    assert later["opening.grace_min"].value == 7


def test_what_no_device_could_show_is_refused_in_words(
    town: Portal, administrator: TestClient
) -> None:
    """A language without texts: which, and where; nothing is changed."""
    names = {"bg": "Община Троян", "en": "Municipality of Troyan"}
    set_setting(town.feedback, "site", SITE, "presentation.name", names, None, town.clock())
    fields: dict[str, str | list[str]] = {"first": "bg", "from_on": "", "step": "check"}
    fields["others"] = ["en", "tr"]
    answer = submit(administrator, f"{PATH}/languages", fields)
    assert answer.status_code == 422
    assert "desk-1: липсва текст на език tr" in answer.text
    assert holds(town, "languages").value == ["bg", "en"]


def test_faults_that_were_there_hinder_nothing(town: Portal, administrator: TestClient) -> None:
    """They are shown, and one of them can be mended before the other."""
    publish_survey(town)
    with town.feedback.transaction() as connection:
        connection.exec_driver_sql("DELETE FROM survey_version")
    fields = {"number": "9", "from_on": "", "step": "check"}
    check = submit(administrator, f"{PATH}/opening.grace_min", fields)
    assert check.status_code == 200
    assert "анкетата reception не е публикувана" in check.text


def publish_survey(town: Portal) -> None:
    """Publish a survey and let hall 1 ask it."""
    publish(town.feedback, survey(), town.clock())
    chosen = {"code": "reception"}
    set_setting(town.feedback, "location", "hall-1", "survey", chosen, None, town.clock())


def test_a_change_between_opening_and_checking_is_told(
    town: Portal, administrator: TestClient
) -> None:
    """What it is now stands above, what was typed below."""
    opened = administrator.get(f"{PATH}/opening.grace_min")
    set_setting(town.feedback, "location", "hall-1", "opening.grace_min", 5, None, town.clock())
    fields = {**hidden(opened.text), "number": "7", "from_on": "", "step": "check"}
    answer = administrator.post(f"{PATH}/opening.grace_min", data=fields, headers=ORIGIN)
    assert answer.status_code == 409
    assert "някой друг промени това" in answer.text
    assert 'name="number" type="text" value="7"' in answer.text
    again = {**hidden(answer.text), "number": "7", "from_on": "", "step": "check"}
    checked = administrator.post(f"{PATH}/opening.grace_min", data=again, headers=ORIGIN)
    assert checked.status_code == 200


def test_a_change_between_checking_and_saving_is_told(
    town: Portal, administrator: TestClient
) -> None:
    """The verb itself looks, inside its transaction."""
    fields = {"number": "7", "from_on": "", "step": "check"}
    check = submit(administrator, f"{PATH}/opening.grace_min", fields)
    set_setting(town.feedback, "location", "hall-1", "opening.grace_min", 5, None, town.clock())
    carried = {**hidden(check.text), "step": "save"}
    answer = administrator.post(f"{PATH}/opening.grace_min", data=carried, headers=ORIGIN)
    assert answer.status_code == 409
    assert holds(town, "opening.grace_min").value == 5
    assert notes(town)[-1] == ("fleet.setting-set", "hall-1", "refused")


def test_looking_at_the_effects_changes_nothing(town: Portal, administrator: TestClient) -> None:
    """Not even the revision of the registry, which would wake the fleet's process."""
    with town.feedback.reading() as connection:
        before = connection.exec_driver_sql("SELECT value FROM meta WHERE key='registry'").scalar()
    submit(administrator, f"{PATH}/opening.grace_min", {"number": "7", "step": "check"})
    with town.feedback.reading() as connection:
        after = connection.exec_driver_sql("SELECT value FROM meta WHERE key='registry'").scalar()
    assert before == after
    assert holds(town, "opening.grace_min").from_on is None


def test_an_unknown_setting_is_not_there(administrator: TestClient) -> None:
    """Nor one at a place that is not."""
    assert administrator.get(f"{PATH}/colour").status_code == 404
    other = "/staff/places/location/nowhere/settings/survey"
    assert administrator.get(other).status_code == 404


def test_a_holiday_is_worked(town: Portal, administrator: TestClient) -> None:
    """The page of holidays, a day of it, and what holds after."""
    hours = [{"days": [1, 2, 3, 4, 5], "opens_at": "08:00", "closes_at": "17:00"}]
    set_setting(town.feedback, "site", SITE, "opening.weekly", hours, None, town.clock())
    page = administrator.get("/staff/places/location/hall-1/holidays?year=2026").text
    assert "24 декември 2026" in page
    assert "Бъдни вечер" in page
    path = "/staff/places/location/hall-1/holidays/2026-12-24"
    answer = submit(administrator, path, {"mode": "open", "hours": "9:00-"})
    assert answer.status_code == 422
    opened = hidden(administrator.get(path).text)
    done = administrator.post(
        path, data={**opened, "mode": "open", "hours": "9-12"}, headers=ORIGIN
    )
    assert done.status_code == 303
    assert holds(town, "opening.special_days").value == [
        {"on": "2026-12-24", "hours": [{"opens_at": "09:00", "closes_at": "12:00"}]}
    ]
    assert "09:00–12:00" in administrator.get(done.headers["location"]).text
    submit(administrator, path, {"mode": "usual"})
    assert holds(town, "opening.special_days").value == []


def test_a_special_day_over_another_ones_is_refused(
    town: Portal, administrator: TestClient
) -> None:
    """The list is one value: a day that somebody else entered meanwhile is not lost."""
    path = "/staff/places/location/hall-1/holidays/2026-12-31"
    opened = hidden(administrator.get(path).text)
    other = [{"on": "2026-12-30"}]
    set_setting(
        town.feedback, "location", "hall-1", "opening.special_days", other, None, town.clock()
    )
    answer = administrator.post(path, data={**opened, "mode": "closed"}, headers=ORIGIN)
    assert answer.status_code == 409
    assert holds(town, "opening.special_days").value == other


def test_another_day_is_gone_to(administrator: TestClient) -> None:
    """As people write it; what is no day leads back."""
    path = "/staff/places/location/hall-1/holidays"
    done = submit(administrator, path, {"on": "12.12.2026"})
    assert done.headers["location"].endswith("/holidays/2026-12-12")
    assert submit(administrator, path, {"on": "утре"}).headers["location"].endswith("/holidays")
    assert administrator.get(f"{path}?year=1800").status_code == 404
    assert administrator.get(f"{path}/2026-13-45").status_code == 404


def test_a_form_of_another_page_is_no_way_in(administrator: TestClient) -> None:
    """Without a token of ours nothing is set."""
    answer = administrator.post(f"{PATH}/staff", data={"number": "3", "step": "save"})
    assert answer.status_code == 403
    token = token_in(administrator.get(f"{PATH}/staff").text)
    foreign = {"number": "3", "step": "save", "form_token": token}
    answer = administrator.post(
        f"{PATH}/staff", data=foreign, headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
