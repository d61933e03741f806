"""What the municipality says of itself: entered once by its administrator, shown everywhere."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from portal.audit.tables import AuditEntry
from portal.municipality.facts import Facts, present
from portal.municipality.service import change_facts, read_sign
from portal.municipality.signboard import MAX_AGE_S, Signboard
from portal.store.tables import table_of
from portal.web.actor import Actor
from portal.web.forms import TOKEN_FIELD
from portal.web.portal import Portal
from tests.fixtures.portals import PUBLIC_URL, SITE, FrozenClock, sign_in_staff, submit, token_in

CLERK = Actor("staff", "1", "Ева")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1z"/></svg>'
PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx"
    b"\x9cc\0\1\0\0\5\0\1\r\n-\xb4\0\0\0\0IEND\xaeB`\x82"
)


@pytest.fixture
def administrator(client: TestClient, portal: Portal) -> TestClient:
    """A browser in which the administrator is signed in."""
    sign_in_staff(portal, client, "administrator")
    return client


def test_a_name_is_seen_on_every_page(administrator: TestClient, portal: Portal) -> None:
    """At once, in both languages, and the log says which facts were changed, not what they are."""
    fields: dict[str, str | list[str]] = {
        "name_bg": "Община <Троян>",
        "name_en": "Municipality of Troyan",
    }
    answer = submit(administrator, "/staff/municipality/name", fields)
    assert isinstance(answer, httpx2.Response)
    assert answer.headers["location"] == "/staff/municipality?said=saved"
    assert "Община &lt;Троян&gt;" in administrator.get("/").text
    assert "· Municipality of Troyan</title>" in administrator.get("/en/accessibility").text
    entries = table_of(AuditEntry)
    with portal.database.reading() as connection:
        noted = connection.execute(
            select(entries.c.facts).where(entries.c.action == "municipality.facts-changed")
        ).scalar_one()
    assert "name_en" in noted
    assert "Троян" not in noted


def test_every_section_opens_filled_and_saves(
    administrator: TestClient, clock: FrozenClock
) -> None:
    """What was entered stands in the form again, and saving it unchanged changes nothing."""
    until = (clock() + timedelta(days=300)).strftime("%d.%m.%Y")
    sections: dict[str, dict[str, str | list[str]]] = {
        "contact": {
            "phone": "+359 670 68050",
            "email": "info@example.bg",
            "hours_bg": "8:00–17:00",
        },
        "officer": {"officer_bg": "Отдел „Правен“", "officer_email": "data@example.bg"},
        "ways": {"ways_bg": "Сигнал е, когато …", "ways_en": "A signal is …"},
        "welcome": {"welcome_bg": "Добре дошли.", "welcome_en": "Welcome."},
        "accessibility": {
            "conformance": "partial",
            "method": "external",
            "prepared_on": "1.11.2026",
            "answer_days": "7",
            "failures_bg": "Стари документи в PDF.",
            "enforcement_bg": "Министерството.",
        },
        "security": {"security_contact": "https://example.bg/holes", "security_until": until},
    }
    for section, fields in sections.items():
        path = f"/staff/municipality/{section}"
        for _ in range(2):
            answer: Any = submit(administrator, path, fields)
            assert answer.status_code == 303, answer.text
        page = administrator.get(path).text
        for value in fields.values():
            assert str(value).removeprefix("1.11.2026") in page
    ways = administrator.get("/write-to-us").text
    assert "Сигнал е, когато …" in ways
    assert "злоупотреби" not in ways  # our own text has gone
    shown = administrator.get("/accessibility").text
    assert "Стари документи в PDF." in shown
    assert "Министерството." in shown
    assert "1 ноември 2026" in shown
    assert "до 7 дни" in shown


@pytest.mark.parametrize(
    ("section", "fields", "wrong"),
    [
        ("name", {}, "name_bg"),
        ("contact", {"email": "nobody"}, "email"),
        ("security", {"security_contact": "http://example.bg"}, "security_contact"),
        ("security", {"security_until": "1.1.2020"}, "security_until"),
        ("security", {"security_contact": "eva@example.bg"}, "security_until"),
        ("accessibility", {"conformance": "full"}, "conformance"),
        ("accessibility", {"prepared_on": "1.1.2036"}, "prepared_on"),
        ("accessibility", {"reviewed_on": "1.1.2020"}, "reviewed_on"),
        ("accessibility", {"answer_days": "0"}, "answer_days"),
    ],
)
def test_what_cannot_be_is_refused(
    administrator: TestClient, section: str, fields: dict[str, str | list[str]], wrong: str
) -> None:
    """With the fault at its field, and what was typed still in it."""
    if section == "accessibility":
        good = {"conformance": "none", "method": "self", "prepared_on": "1.11.2026"}
        fields = {**good, "answer_days": "14", **fields}
    answer: Any = submit(administrator, f"/staff/municipality/{section}", fields)
    assert answer.status_code == 422
    assert f'id="error-{wrong}"' in answer.text


def test_only_the_administrator_may(client: TestClient, portal: Portal) -> None:
    """Others of the staff may not look at the forms either; unknown sections are not there."""
    sign_in_staff(portal, client, "manager")
    assert client.get("/staff/municipality").status_code == 403
    assert client.get("/staff/municipality/name").status_code == 403
    sign_in_staff(portal, client, "administrator")
    assert client.get("/staff/municipality/arms").status_code == 200
    assert client.get("/staff/municipality/secrets").status_code == 404


@pytest.mark.parametrize(("content", "media_type"), [(SVG, "image/svg+xml"), (PNG, "image/png")])
def test_arms_are_shown_safely(administrator: TestClient, content: bytes, media_type: str) -> None:
    """Told by what they are, not by their name; their address changes with them."""
    assert _give_arms(administrator, content).status_code == 303
    page = administrator.get("/").text
    address = page.partition('<img src="')[2].partition('"')[0]
    assert address.startswith("/municipality/arms?v=")
    picture = administrator.get(address)
    assert picture.content == content
    assert picture.headers["content-type"] == media_type
    assert "sandbox" in picture.headers["content-security-policy"]
    assert picture.headers["x-content-type-options"] == "nosniff"
    token = token_in(administrator.get("/staff/municipality/arms").text)
    administrator.post(
        "/staff/municipality/arms",
        data={"remove": "yes", TOKEN_FIELD: token},
        headers={"Origin": PUBLIC_URL},
    )
    assert "/municipality/arms?v=" not in administrator.get("/").text
    assert administrator.get("/municipality/arms").status_code == 404


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"\x89PNG\r\n\x1a\n cut off",
        b"<html><svg xmlns='http://www.w3.org/2000/svg'/></html>",
        b"<svg/>",
        SVG.replace(b"<path", b"<script>alert(1)</script><path"),
        SVG.replace(b"<path", b"<path onload='alert(1)'"),
        SVG.replace(b"<path", b"<path style='fill:url(https://elsewhere.example)'"),
        SVG.replace(b"<path", b"<use href='https://elsewhere.example/x.svg#a'/><path"),
        SVG.replace(b"<path", b"<image href='data:image/svg+xml,x'/><path"),
        SVG.replace(b"<path", b"<foreignObject/><path"),
        SVG.replace(b"<path", b"<style>@import 'x.css'</style><path"),
        b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY a 'b'>]>" + SVG,
        SVG.replace(b"<path", b"<g/>" * 6000 + b"<path"),
        SVG + b" " * 50_000,
        b"\xff\xfe" + SVG,
    ],
)
def test_arms_that_could_do_harm_are_refused(administrator: TestClient, content: bytes) -> None:
    """With the reason at the field, and nothing is kept."""
    answer = _give_arms(administrator, content)
    assert answer.status_code == 422
    assert 'id="error-arms"' in answer.text
    assert administrator.get("/municipality/arms").status_code == 404


def test_security_txt_is_there_while_it_holds(
    client: TestClient, portal: Portal, clock: FrozenClock
) -> None:
    """With whom to tell and until when; afterwards there is none rather than a wrong one."""
    assert client.get("/.well-known/security.txt").status_code == 404
    assert "security.txt" not in client.get("/").text, "no link to what is not there"
    until = (clock() + timedelta(days=30)).date()
    facts = {"email": "info@example.bg", "security_until": until}
    change_facts(portal.database, CLERK, SITE, facts, clock())
    portal.part(Signboard).forget()
    answer = client.get("/.well-known/security.txt")
    assert answer.headers["content-type"].startswith("text/plain")
    assert "Contact: mailto:info@example.bg\n" in answer.text
    assert 'href="/.well-known/security.txt"' in client.get("/").text
    assert f"Expires: {until}T" in answer.text
    assert f"Canonical: {PUBLIC_URL}/.well-known/security.txt\n" in answer.text
    clock.now += timedelta(days=31)
    assert client.get("/.well-known/security.txt").status_code == 404


def test_the_statement_stands_without_any_facts(
    administrator: TestClient, client: TestClient
) -> None:
    """With what is known to fail, and nothing said in the town's name before it says so itself."""
    page = client.get("/en/accessibility").text
    assert "has not yet confirmed its own evaluation" in page
    for unsaid in ("partially compliant", "self-assessment", "We answer within", "is committed"):
        assert unsaid not in page
    assert "Sign Language" in page
    assert "tell us what and where" in page
    assert "when the municipality has confirmed it" in page
    assert client.get("/robots.txt").text.startswith("User-agent: *\nDisallow: /staff\n")
    path = "/staff/municipality/accessibility"
    assert " checked" not in administrator.get(path).text, "nothing is chosen for them"
    said: dict[str, str | list[str]] = {
        "conformance": "partial",
        "method": "self",
        "prepared_on": "20.11.2026",
        "answer_days": "10",
    }
    submit(administrator, path, said)
    page = client.get("/en/accessibility").text
    assert "prepared on November 20, 2026" in page
    assert "partially compliant" in page
    assert "We answer within 10 days" in page
    assert "not yet confirmed its own" not in page


def test_changes_of_others_are_seen_in_seconds(portal: Portal) -> None:
    """What another process changed is read anew after a few seconds, and not before."""
    now_s = [0.0]
    board = Signboard(lambda: now_s[0])
    assert board.shown(portal).name["bg"] == "Община"
    change_facts(portal.database, CLERK, SITE, {"name_bg": "Троян"}, portal.clock())
    now_s[0] = MAX_AGE_S - 0.1
    assert board.shown(portal).name["bg"] == "Община"
    now_s[0] = MAX_AGE_S
    assert board.shown(portal).name["bg"] == "Троян"
    portal.database.close()


def test_race_of_two_first_changes(portal: Portal) -> None:
    """Neither fails, and nothing of either is lost."""
    gate = threading.Barrier(2)
    faults: list[BaseException] = []

    def enter(field: str) -> None:
        gate.wait()
        try:
            change_facts(portal.database, CLERK, SITE, {field: "x"}, portal.clock())
        except BaseException as error:  # noqa: BLE001  # told below
            faults.append(error)

    threads = [threading.Thread(target=enter, args=(each,)) for each in ("name_bg", "name_en")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    facts = read_sign(portal.database, SITE).facts
    assert (facts.name_bg, facts.name_en) == ("x", "x")


def test_names_have_a_way_back() -> None:
    """A short name is the name where there is none; without a name it is a municipality."""
    assert present(Facts(), None).name["en"] == "Municipality"
    assert present(Facts(name_bg="Троян"), None).short_name["bg"] == "Троян"
    assert present(Facts(short_name_bg="Т"), "ab").arms.endswith("?v=ab")


def _give_arms(client: TestClient, content: bytes) -> httpx2.Response:
    token = token_in(client.get("/staff/municipality/arms").text)
    return client.post(
        "/staff/municipality/arms",
        data={TOKEN_FIELD: token},
        files={"arms": ("arms.exe", content, "text/html")},
        headers={"Origin": PUBLIC_URL},
    )
