"""What waits in a tablet is delivered though it was ended, or paired for another place."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from broker.store.columns import to_ms
from broker.store.registry import add_touchpoint
from portal.surveys.tablets import LATE, end_tablet, list_tablets, new_tablet
from portal.web.portal import Portal
from tests.fixtures.portals import FrozenClock, sign_in_staff, submit
from tests.portal.answers.making import events, open_survey
from tests.portal.surveys.making import EDITOR

HALL: Final = "hall-web"


def pair_here(portal: Portal, client: TestClient, place: str = HALL) -> None:
    """Pair the browser as a tablet of a place."""
    _, link = new_tablet(portal, EDITOR, place)
    assert submit(client, f"/tablet/{place}/pair/{link}", {}).status_code == 303


def deliver(client: TestClient, now: datetime, at: datetime, place: str = HALL) -> Any:  # noqa: ANN401
    """Deliver one answer that was given ``at``."""
    answer = {
        "id": str(uuid.uuid4()),
        "survey": "all-sorts",
        "version": 1,
        "language": "bg",
        "answered_at": to_ms(at),
        "said": {"overall": ["4"]},
    }
    return client.post(
        f"/tablet/{place}/answers", json={"now": to_ms(now), "waiting": 0, "answers": [answer]}
    )


@pytest.mark.parametrize("is_lost", [False, True])
def test_an_ended_tablet_delivers_what_waits(
    portal: Portal, client: TestClient, clock: FrozenClock, is_lost: bool
) -> None:
    """What was answered before, for a while; nothing where it was lost."""
    open_survey(portal)
    pair_here(portal, client)
    clock.now += timedelta(hours=2)
    (tablet,) = list_tablets(portal.database)
    end_tablet(portal.database, EDITOR, tablet.id, clock.now, is_lost=is_lost)
    ended_at = clock.now
    page = client.get(f"/tablet/{HALL}")
    assert page.status_code == 403
    assert "tablet-queue.js" in page.text
    assert client.get(f"/tablet/{HALL}/survey").status_code == 403
    clock.now += timedelta(days=20)
    early = deliver(client, clock.now, ended_at - timedelta(hours=1))
    if is_lost:
        assert early.status_code == 403
        return
    assert len(early.json()["safe"]) == 1
    assert deliver(client, clock.now, ended_at + timedelta(hours=1)).json()["safe"] == []
    assert [event["device"] for event in events(portal)] == [tablet.sender]
    clock.now = ended_at + LATE
    assert deliver(client, clock.now, ended_at - timedelta(hours=1)).status_code == 403


def test_a_tablet_that_moved_delivers_for_both_places(
    portal: Portal, client: TestClient, clock: FrozenClock
) -> None:
    """Each answer belongs to the place at which it was given."""
    open_survey(portal)
    add_touchpoint(portal.feedback, "desk", site="troyan")
    pair_here(portal, client)
    clock.now += timedelta(hours=1)
    pair_here(portal, client, "desk")
    for place in (HALL, "desk"):
        assert len(deliver(client, clock.now, clock.now, place).json()["safe"]) == 1
    assert [event["touchpoint"] for event in events(portal)] == [HALL, "desk"]


def test_ending_is_asked_for_twice(
    portal: Portal, client: TestClient, new_client: Callable[[], TestClient]
) -> None:
    """The button that ends one stands behind another that tells what will be."""
    pair_here(portal, client)
    staff = new_client()
    sign_in_staff(portal, staff, "editor")
    page = staff.get("/en/staff/tablets").text
    assert page.index("<summary>End<") < page.index("End this tablet")
    (tablet,) = list_tablets(portal.database)
    submit(staff, "/staff/tablets", {}, f"/staff/tablets/{tablet.id}/end")
    assert list_tablets(portal.database) == []


def test_broken_json_is_answered_in_json(portal: Portal, client: TestClient) -> None:
    """Who sends it reads no pages."""
    pair_here(portal, client)
    headers = {"Content-Type": "application/json"}
    answer = client.post(f"/tablet/{HALL}/answers", content=b"{", headers=headers)
    assert (answer.status_code, answer.json()) == (400, {"error": "not-json"})
