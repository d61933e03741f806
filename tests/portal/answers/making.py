"""What tests of answering do again and again: open a survey, fill a page in, look what came in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import unescape
from typing import Any, Final

from sqlalchemy import insert, select
from starlette.testclient import TestClient

from broker.fleet.surveys import Survey, publish
from broker.store.tables import Event, table_of
from portal.surveys.editions import forget
from portal.surveys.tables import SurveyWindow
from portal.web.forms import TOKEN_FIELD
from portal.web.portal import Portal
from tests.fixtures.portals import PUBLIC_URL, token_in
from tests.portal.answers.asked import SHORT, SURVEY

ALL: Final = "web qr tablet paper link e-mail"


def open_survey(portal: Portal, survey: Survey = SURVEY, channels: str = ALL) -> None:
    """Publish a survey and let it take answers."""
    publish(portal.feedback, survey, portal.clock())
    with portal.database.transaction() as connection:
        connection.execute(
            insert(table_of(SurveyWindow)).values(
                code=survey.code,
                channels=channels,
                touchpoint="hall-web",
                is_listed=True,
                changed_at=portal.clock(),
            )
        )
    forget(portal.database)


def events(portal: Portal) -> list[dict[str, Any]]:
    """What is in the feedback store of these surveys, in order."""
    table = table_of(Event)
    query = select(table).where(table.c.survey.in_([SURVEY.code, SHORT.code]))
    with portal.feedback.reading() as connection:
        found = connection.execute(query.order_by(table.c.number)).mappings()
        return [dict(row) for row in found]


def state_in(html: str) -> str:
    """The hidden state of a form."""
    found = re.search(r'name="state" value="([^"]+)"', html)
    assert found is not None, "the page has no form of a survey"
    return unescape(found[1])


def post(
    client: TestClient,
    path: str,
    html: str,
    fields: Mapping[str, str | list[str]] | None = None,
    go: str = "next",
) -> Any:  # noqa: ANN401  # the test client's response
    """Send the form on a page, filled in."""
    given = {f"q-{code}": value for code, value in (fields or {}).items()}
    data = {**given, "go": go, "state": state_in(html), TOKEN_FIELD: token_in(html)}
    return client.post(path, data=data, headers={"Origin": PUBLIC_URL})
