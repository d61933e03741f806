"""Invitations go out once, and only where they can be answered."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import func, select, update
from starlette.testclient import TestClient

from portal.mail.tables import OutgoingMail
from portal.store.tables import table_of
from portal.surveys.answer_tables import OneTimeLink
from portal.surveys.editions import forget
from portal.surveys.tables import SurveyWindow
from portal.web.portal import Portal
from tests.fixtures.portals import PUBLIC_URL, sign_in_staff, token_in
from tests.portal.answers.asked import SHORT
from tests.portal.answers.making import open_survey

PATH: Final = "/staff/invitations/brief"
MAIL: Final = {
    "touchpoint": "hall-web",
    "addresses": "ivan@example.bg",
    "subject": "Анкета",
    "text": "Отговорете: {link}",
    "days": "14",
}
SLIPS: Final = {"touchpoint": "hall-web", "number": "2", "days": "30"}


def send(client: TestClient, fields: dict[str, str], html: str, path: str = PATH) -> Any:  # noqa: ANN401
    """Send the form of a page."""
    data = {**fields, "form_token": token_in(html)}
    return client.post(path, data=data, headers={"Origin": PUBLIC_URL})


def count(portal: Portal) -> tuple[int, int]:
    """Mails and links that there are."""
    with portal.database.reading() as connection:
        mails, links = (
            connection.execute(select(func.count()).select_from(table_of(table))).scalar_one()
            for table in (OutgoingMail, OneTimeLink)
        )
    return mails, links


def test_a_form_sent_twice_invites_once(portal: Portal, client: TestClient) -> None:
    """A second press, or the page sent again; another page is another invitation."""
    open_survey(portal, SHORT)
    sign_in_staff(portal, client, "editor")
    page = client.get(PATH).text
    for _ in range(2):
        sent = send(client, MAIL, page)
        assert sent.status_code == 303
        assert sent.headers["location"].endswith("said=mail-waits"), "no mail server is set"
    assert count(portal) == (1, 1)
    send(client, MAIL, client.get(PATH).text)
    assert count(portal) == (2, 2)


def test_nobody_is_invited_to_what_he_can_not_answer(portal: Portal, client: TestClient) -> None:
    """Where the survey isn't open for such links, or is closed, though the page is an old one."""
    open_survey(portal, SHORT)
    sign_in_staff(portal, client, "editor")
    page = client.get(PATH).text
    for values in ({"channels": "web"}, {"channels": "link e-mail", "closed_at": portal.clock()}):
        with portal.database.transaction() as connection:
            connection.execute(update(table_of(SurveyWindow)).values(**values))
        forget(portal.database)
        assert send(client, MAIL, page).status_code == 422
        assert send(client, SLIPS, page, f"{PATH}/slips").status_code == 422
    assert count(portal) == (0, 0)
