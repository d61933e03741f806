"""Publishing one survey changes nothing of what is asked elsewhere, unless somebody wants that."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

import msgspec
import pytest
from starlette.testclient import TestClient

from portal.surveys.drafts import create_draft
from portal.surveys.tablets import new_tablet, pair
from portal.web.portal import Portal
from tests.fixtures.portals import FrozenClock, sign_in_staff
from tests.portal.answers.asked import SHORT, two
from tests.portal.answers.making import open_survey
from tests.portal.surveys.making import BASE, EDITOR, WHOLE

LATER: Final = msgspec.structs.replace(SHORT, code="a-park", title=two("За парка", "The park"))
"""By its code it comes before the other one."""


@pytest.fixture
def both(portal: Portal, clock: FrozenClock) -> None:
    """Two surveys that are open everywhere."""
    open_survey(portal, SHORT)
    clock.now += timedelta(hours=1)
    open_survey(portal, LATER)


@pytest.mark.usefixtures("both")
def test_a_tablet_asks_what_it_asked(portal: Portal, client: TestClient) -> None:
    """The one that was published first, whatever the codes are."""
    _, link = new_tablet(portal, EDITOR, "hall-web")
    secret = pair(portal, "hall-web", link)
    assert secret is not None
    client.cookies.set("otziv-tablet", secret, domain="portal.test")
    assert client.get("/tablet/hall-web/survey").json()["survey"] == "brief"
    page = client.get("/q/hall-web").text
    assert page.index("Един въпрос") < page.index("За парка")


@pytest.mark.usefixtures("both")
def test_a_poster_of_several_names_none(
    portal: Portal, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its code leads to a list, so it can't carry the title of one of them."""
    asked: list[dict[str, Any]] = []

    def draw(*_: object, **given: Any) -> bytes:  # noqa: ANN401  # what a poster is made of
        asked.append(given)
        return b"%PDF"

    monkeypatch.setattr("portal.surveys.views_posters.poster", draw)
    sign_in_staff(portal, client, "editor")
    path = "/staff/posters/poster?touchpoint=hall-web"
    assert client.get(path).status_code == 200
    assert client.get(f"{path}&survey=a-park").status_code == 200
    general, own = (given["question"]["bg"] for given in asked)
    assert (general, own) == ("Как Ви обслужихме?", "За парка")


def test_posters_and_tablets_are_not_taken_over(portal: Portal, client: TestClient) -> None:
    """Where something is asked by them, they are not ticked, and the page says what is asked."""
    sign_in_staff(portal, client, "editor")
    create_draft(portal.database, EDITOR, WHOLE, portal.clock())
    page = client.get(f"{BASE}/whole/publish").text
    for way in ("web", "qr", "tablet", "paper"):
        assert f'value="{way}" checked' in page
    open_survey(portal, SHORT)
    page = client.get(f"{BASE}/whole/publish").text
    assert 'value="web" checked' in page
    for way in ("qr", "tablet"):
        assert f'value="{way}" checked' not in page
    assert "„Един въпрос“" in page
