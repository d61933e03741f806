"""Languages: by address, with numbers, days and messages of their own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from starlette.testclient import TestClient

from portal.web.language import Language
from portal.web.portal import Portal
from tests.fixtures.portals import PUBLIC_URL, sign_in_staff, token_in

BULGARIAN = Language("bg", ZoneInfo("Europe/Sofia"))
ENGLISH = Language("en", ZoneInfo("Europe/Sofia"))


def test_the_address_says_the_language(client: TestClient) -> None:
    """Bulgarian without a prefix, English with one; no other prefix is a language."""
    assert client.get("/trial/open").text == "anonymous bg"
    assert client.get("/en/trial/open").text == "anonymous en"
    assert '<html lang="en">' in client.get("/en").text
    assert '<html lang="bg">' in client.get("/").text
    assert client.get("/bg/trial/open").status_code == 404
    assert client.get("/de/trial/open").status_code == 404


def test_the_other_language_is_the_same_page(client: TestClient) -> None:
    """The link keeps path and question, and leaves out what was said once."""
    page = client.get("/en/accessibility?said=saved&a=1&a=%D0%B1").text
    assert 'href="/accessibility?a=1&amp;a=%D0%B1" lang="bg"' in page
    assert 'href="/en/accessibility" lang="en"' in client.get("/accessibility").text


@pytest.mark.parametrize("path", ["//elsewhere.example/", "/en//elsewhere.example/"])
def test_no_path_leads_away(client: TestClient, path: str) -> None:
    """Two slashes at the front would name another host."""
    page = client.get(f"http://portal.test{path}")
    assert page.status_code == 404
    assert 'href="//' not in page.text


def test_links_keep_the_language(client: TestClient, portal: Portal) -> None:
    """In English, pages of ours that are linked are English; files have no language."""
    sign_in_staff(portal, client, "administrator")
    page = client.get("/en/staff/municipality").text
    assert 'href="/en/staff/municipality/name"' in page
    assert 'href="/staff' not in page.replace('href="/staff/municipality" lang="bg"', "")
    assert 'href="/static/portal.css' in page


def test_numbers_and_days_are_written_as_is_usual() -> None:
    """Of the language, in the municipality's time."""
    assert BULGARIAN.number(Decimal("1234.5")) == "1\N{NO-BREAK SPACE}234,5"
    assert ENGLISH.number(1234.5) == "1,234.5"
    assert BULGARIAN.percent(0.784) == "78 %"
    assert BULGARIAN.day(date(2026, 11, 22)) == "22 ноември 2026\N{NARROW NO-BREAK SPACE}г."
    assert "1234,50" in BULGARIAN.euro(Decimal("1234.5")).replace("\N{NO-BREAK SPACE}", "")
    at = datetime(2026, 11, 22, 22, 30, tzinfo=UTC)
    assert BULGARIAN.moment(at).startswith("23.11.2026")
    assert BULGARIAN.time(at) == "0:30"
    assert ENGLISH.time(at).startswith("12:30")


def test_a_message_nobody_translated_is_english() -> None:
    """Better than nothing; another test sees to it that there is none."""
    assert BULGARIAN.text("An invented {thing}", thing="{x}") == "An invented {x}"
    assert BULGARIAN.text("Saved.") == "Запазено."
    assert ENGLISH.text("Saved.") == "Saved."
    assert ENGLISH.many(1, "one", "{n} many") == "one"
    assert ENGLISH.many(2000, "one", "{n} many") == "2,000 many"


def test_texts_in_several_languages() -> None:
    """The reader's, else the first that there is."""
    assert ENGLISH.of({"bg": "Да", "en": "Yes"}) == "Yes"
    assert ENGLISH.of({"bg": "Да", "en": ""}) == "Да"
    assert ENGLISH.of({}) == ""


def test_a_notice_is_shown_by_its_code_only(client: TestClient) -> None:
    """Nobody can make our page say what he likes."""
    assert "Запазено." in client.get("/?said=saved").text
    page = client.get("/?said=<b>hacked").text
    assert "hacked" not in page.replace("%3Cb%3Ehacked", "")


def test_a_refused_form_changes_its_language(client: TestClient, portal: Portal) -> None:
    """With what was typed, and without doing anything."""
    sign_in_staff(portal, client, "administrator")
    path = "/staff/municipality/security"
    fields = {"security_contact": "wrong <b>", "form_token": token_in(client.get(path).text)}
    refused = client.post(path, data=fields, headers={"Origin": PUBLIC_URL})
    assert refused.status_code == 422
    assert f'<form method="post" action="/en{path}">' in refused.text
    assert '<input type="hidden" name="security_contact" value="wrong &lt;b&gt;">' in refused.text
    good = {"security_contact": "it@example.org", "security_until": "1.03.2027"}
    token = {"form_token": token_in(refused.text), "switch-language": "yes"}
    switched = client.post(f"/en{path}", data=good | token, headers={"Origin": PUBLIC_URL})
    assert switched.status_code == 422
    assert '<html lang="en">' in switched.text
    assert 'value="it@example.org"' in switched.text
    assert "it@example.org" not in client.get(path).text


def test_no_link_to_where_only_forms_go(client: TestClient, portal: Portal) -> None:
    """From there the link leads back to the page of the form, in the other language."""
    sign_in_staff(portal, client, "administrator")
    came_from = {"Origin": PUBLIC_URL, "Referer": f"{PUBLIC_URL}/staff/tablets"}
    refused = client.post("/staff/tablets/x/end", data={"form_token": "old"}, headers=came_from)
    assert refused.status_code == 403
    assert 'href="/en/staff/tablets" lang="en"' in refused.text
    elsewhere = client.post("/staff/tablets/x/end", data={}, headers={"Origin": PUBLIC_URL})
    assert 'href="/en/" lang="en"' in elsewhere.text


def test_moments_have_no_seconds_and_whole_days_no_time() -> None:
    """A window that ends at midnight lasts to the end of the day before."""
    midnight = datetime(2026, 12, 31, 22, tzinfo=UTC)
    assert ":00:00" not in BULGARIAN.moment(midnight)
    assert BULGARIAN.end(midnight).startswith("31 декември 2026")
    assert ENGLISH.begin(midnight) == "January 1, 2027"
    assert ENGLISH.end(datetime(2026, 12, 31, 10, 30, tzinfo=UTC)).endswith("12:30\u202fPM")
