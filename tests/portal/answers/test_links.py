"""One-time links and invitations: one answer each, and nobody can tell whose it was."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

from pypdf import PdfReader
from sqlalchemy import select
from starlette.testclient import TestClient

from broker.store.tables import table_of
from portal.mail.tables import OutgoingMail
from portal.surveys.answer_tables import OneTimeLink
from portal.surveys.links import find_link, new_links
from portal.web.portal import Portal
from tests.fixtures.portals import FrozenClock, sign_in_staff, submit
from tests.portal.answers.asked import SHORT
from tests.portal.answers.making import events, open_survey, post

LIST = "ivan@example.bg\nMaria@Example.BG, ivan@example.bg\n"


def make(portal: Portal, channel: str = "link", days: int = 30) -> str:
    """A link's secret."""
    today = portal.clock().date()
    with portal.database.transaction() as connection:
        (secret,) = new_links(
            connection,
            portal.keys,
            1,
            survey="brief",
            touchpoint="hall-web",
            channel=channel,
            today=today,
            expires_on=today + timedelta(days=days),
        )
    return secret


def test_good_for_one_answer(portal: Portal, client: TestClient) -> None:
    """Opened, answered, spent; another form of the same link changes nothing."""
    open_survey(portal, SHORT)
    secret = make(portal)
    one, other = client.get(f"/a/{secret}"), client.get(f"/a/{secret}")
    assert one.headers["cache-control"] == "no-store"
    sent = post(client, f"/a/{secret}", one.text, {"overall": "5"})
    assert sent.headers["location"] == "/s/brief/thanks"
    again = post(client, f"/a/{secret}", other.text, {"overall": "1"})
    assert again.headers["location"] == "/s/brief/thanks?again=yes"
    assert client.get(f"/a/{secret}").status_code == 410
    (event,) = events(portal)
    assert event["value"] == 5


def test_nothing_leads_from_the_link_to_the_answer(
    portal: Portal, client: TestClient, clock: FrozenClock
) -> None:
    """No id is shared, and of both only the day is known."""
    open_survey(portal, SHORT)
    secret = make(portal, "e-mail")
    page = client.get(f"/a/{secret}")
    clock.now += timedelta(minutes=7)
    post(client, f"/a/{secret}", page.text, {"overall": "5"})
    (event,) = events(portal)
    assert (event["channel"], event["precision"]) == ("e-mail", "day")
    for name in ("answered_at", "received_at"):
        local = event[name].astimezone(clock.now.tzinfo) + timedelta(hours=2)
        assert (local.hour, local.minute, local.second) == (0, 0, 0)
    with portal.database.reading() as connection:
        (row,) = connection.execute(select(table_of(OneTimeLink))).all()
    told = " ".join(map(str, row))
    assert secret not in told
    assert event["visit"] not in told
    assert event["id"] not in told


def test_no_good(portal: Portal, client: TestClient, clock: FrozenClock) -> None:
    """Unknown, expired, or of a survey that takes no answers."""
    open_survey(portal, SHORT, channels="web link")
    secret = make(portal)
    assert client.get("/a/nonsense").status_code == 404
    page = client.get(f"/a/{secret}").text
    other = make(portal)
    assert post(client, f"/a/{other}", page, {"overall": "5"}).status_code == 404
    assert client.get(f"/a/{make(portal, 'e-mail')}").status_code == 410
    clock.now += timedelta(days=30)
    assert client.get(f"/a/{secret}").status_code == 410
    assert events(portal) == []


def test_invited_by_mail(portal: Portal, client: TestClient) -> None:
    """Each address gets one mail with a link of its own; mistakes send nothing."""
    open_survey(portal, SHORT)
    sign_in_staff(portal, client, "editor")
    path = "/staff/invitations/brief"
    good: dict[str, str | list[str]] = {
        "touchpoint": "hall-web",
        "addresses": LIST,
        "subject": "Анкета",
        "text": "Отговорете: {link}",
        "days": "14",
    }
    for wrong in (
        {"addresses": "ivan@example.bg\nnobody"},
        {"subject": "a\nBcc: b@example.bg"},
        {"text": "no place for it"},
        {"touchpoint": "nowhere"},
        {"addresses": ""},
    ):
        refused = submit(client, path, {**good, **wrong})
        assert getattr(refused, "status_code", 0) == 422
    sent = submit(client, path, good)
    assert getattr(sent, "status_code", 0) == 303
    with portal.database.reading() as connection:
        mails = connection.execute(select(table_of(OutgoingMail))).all()
    assert sorted(mail.recipient for mail in mails) == ["Maria@example.bg", "ivan@example.bg"]
    found = [re.findall(r"/a/([\w-]{22})", mail.text) for mail in mails]
    assert len({secret for (secret,) in found}) == 2
    for (secret,) in found:
        assert find_link(portal.database, portal.keys, secret) is not None


def test_slips(portal: Portal, client: TestClient) -> None:
    """A PDF with a link for each slip, all of them good."""
    open_survey(portal, SHORT)
    sign_in_staff(portal, client, "editor")
    sent = submit(
        client,
        "/staff/invitations/brief",
        {"touchpoint": "hall-web", "number": "12", "days": "30"},
        "/staff/invitations/brief/slips",
    )
    content = getattr(sent, "content", b"")
    pages = PdfReader(BytesIO(content)).pages
    text = "".join(page.extract_text() for page in pages).replace("\n", "")
    secrets = re.findall(r"/a/\s*([\w-]{22})", text)
    assert len(pages) == 2
    assert len(set(secrets)) == 12
    for secret in secrets:
        assert find_link(portal.database, portal.keys, secret) is not None
