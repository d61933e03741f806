"""A tablet's deliveries: each answer once, and nothing is lost that can't be read."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from starlette.testclient import TestClient

from broker.store.columns import to_ms
from broker.store.completeness import completeness
from broker.store.quarantine import list_entries
from broker.store.registry import add_touchpoint
from portal.audit.reading import Wanted, read_entries
from portal.comments.tables import Comment
from portal.store.tables import table_of
from portal.surveys.answer_tables import UnreadableAnswer
from portal.surveys.tablets import list_tablets
from portal.surveys.unreadable import count_unreadable
from portal.upkeep.keeping import Times
from portal.upkeep.purging import purge
from portal.web.portal import Portal
from tests.fixtures.portals import PUBLIC_URL, FrozenClock, sign_in_staff, submit
from tests.portal.answers.making import events, open_survey

ANSWERS = "/tablet/hall-web/answers"


@pytest.fixture
def staff(portal: Portal, new_client: Callable[[], TestClient]) -> TestClient:
    """An editor's browser."""
    client = new_client()
    sign_in_staff(portal, client, "editor")
    return client


def link_of(staff: TestClient) -> str:
    """A pairing link's path."""
    made = submit(staff, "/staff/tablets", {"touchpoint": "hall-web"})
    (path,) = re.findall(rf"<code>{PUBLIC_URL}(/tablet/[^<]+)</code>", getattr(made, "text", ""))
    return str(path)


@pytest.fixture
def tablet(portal: Portal, staff: TestClient, client: TestClient) -> TestClient:
    """A paired tablet's browser."""
    open_survey(portal)
    paired = submit(client, link_of(staff), {})
    assert getattr(paired, "status_code", 0) == 303
    return client


def answer(clock: FrozenClock, said: dict[str, list[str]] | None = None, **given: Any) -> Any:  # noqa: ANN401  # JSON
    """An answer as a tablet keeps it."""
    return {
        "id": str(uuid.uuid4()),
        "survey": "all-sorts",
        "version": 1,
        "language": "bg",
        "answered_at": to_ms(clock.now - timedelta(hours=1)),
        "end": "done",
        "said": {"overall": ["4"], "polite": []} if said is None else said,
        **given,
    }


def deliver(tablet: TestClient, clock: FrozenClock, *answers: object, off_ms: int = 0) -> Any:  # noqa: ANN401  # JSON
    """What the server says to a delivery."""
    sent = {"now": to_ms(clock.now) + off_ms, "waiting": 3, "answers": list(answers)}
    reply = tablet.post(ANSWERS, json=sent)
    assert reply.status_code == 200, reply.text
    return reply.json()["safe"]


def test_delivered_twice_is_once(portal: Portal, tablet: TestClient, clock: FrozenClock) -> None:
    """Each answer is safe each time, and stored once, dated at the press."""
    one, other = answer(clock), answer(clock, {"overall": ["1"], "reason": ["clarity"]})
    assert deliver(tablet, clock, one) == [one["id"]]
    assert deliver(tablet, clock, one, other, other) == [one["id"], other["id"], other["id"]]
    rows = events(portal)
    assert [row["question"] for row in rows] == ["overall", "polite", "overall", "reason"]
    assert {row["answered_at"] for row in rows} == {clock.now - timedelta(hours=1)}
    assert {(row["channel"], row["input"], row["clock"]) for row in rows} == {
        ("tablet", "touch", "synced")
    }
    (paired,) = list_tablets(portal.database)
    assert {row["device"] for row in rows} == {paired.sender}
    assert (paired.waiting, paired.seen_at) == (3, clock.now)
    (account,) = completeness(portal.feedback)
    assert (account.device, account.made, account.missing) == (paired.sender, 4, 0)


def test_a_wrong_clock_is_put_right(portal: Portal, tablet: TestClient, clock: FrozenClock) -> None:
    """The tablet says what it takes for now; its times are moved by the difference."""
    year_ms = 365 * 24 * 3600 * 1000
    pressed = answer(clock, answered_at=to_ms(clock.now) + year_ms - 60_000)
    deliver(tablet, clock, pressed, off_ms=year_ms)
    row = events(portal)[0]
    assert row["answered_at"] == clock.now - timedelta(minutes=1)
    assert row["clock"] == "estimated"


@pytest.mark.parametrize(
    ("by_tablet_ms", "off_ms"),
    [
        (1_000, 0),  # at 1970, put right before the delivery
        (0, 8_000_000_000_000),  # nonsense, which no date can hold
        (253_402_300_799_000, -1_700_000_000_000),
    ],
)
def test_a_clock_that_was_wrong_is_unknown(
    portal: Portal, tablet: TestClient, clock: FrozenClock, by_tablet_ms: int, off_ms: int
) -> None:
    """The vote counts, on the day on which it came, and nothing behind it waits."""
    good = answer(clock, answered_at=to_ms(clock.now) + off_ms)
    bad = answer(clock, answered_at=by_tablet_ms)
    assert set(deliver(tablet, clock, bad, good, off_ms=off_ms)) == {bad["id"], good["id"]}
    times = {(row["answered_at"], row["clock"]) for row in events(portal)}
    right = "estimated" if off_ms else "synced"
    assert times == {(clock.now, "unknown"), (clock.now, right)}


def test_an_answer_from_before_the_tablet_was_there(
    portal: Portal, tablet: TestClient, clock: FrozenClock
) -> None:
    """Nobody could have given it: the clock was wrong."""
    deliver(tablet, clock, answer(clock, answered_at=to_ms(clock.now - timedelta(days=300))))
    assert {row["clock"] for row in events(portal)} == {"unknown"}


def test_half_a_sign_stops_nothing(portal: Portal, tablet: TestClient, clock: FrozenClock) -> None:
    """A field that is full cuts an emoji in halves: such a comment is kept, such an id is none."""
    cut = answer(clock, {"overall": ["4"], "polite": [], "remark": ["Добре\ud83d"]})
    sent = {"now": to_ms(clock.now), "answers": [{"id": "\ud83d"}, cut]}
    json_type = {"Content-Type": "application/json"}
    reply = tablet.post(ANSWERS, content=json.dumps(sent), headers=json_type)
    assert reply.json() == {"safe": [cut["id"]]}
    with portal.database.reading() as connection:
        (comment,) = connection.execute(select(table_of(Comment))).all()
    assert comment.text == "Добре"


def test_the_visitor_is_told_what_was_masked(tablet: TestClient, clock: FrozenClock) -> None:
    """Of each answer its own; above the box stands the way to an answer."""
    telling = answer(clock, {"remark": ["Обадете се на 0888 123456"], "overall": ["4"]})
    sent = {"now": to_ms(clock.now), "answers": [telling, answer(clock)]}
    reply = tablet.post(ANSWERS, json=sent).json()
    assert reply["masked"] == {telling["id"]: ["phone"]}
    told = tablet.get("/tablet/hall-web/survey").json()
    assert told["masked"]["bg"]["phone"] == "телефонен номер"
    assert "сигнал" in told["words"]["bg"]["way"]
    assert told["words"]["en"]["way"].endswith("/en/write-to-us")


def test_what_nobody_can_read_is_kept_with_its_comment(
    portal: Portal, tablet: TestClient, staff: TestClient, clock: FrozenClock
) -> None:
    """Once, encrypted in the portal, shown to editors, who are noted, and erased in time."""
    words = "Обадете се на 0888 123456"
    bad = answer(clock, {"overall": ["7"], "remark": [words]})
    deep: Any = []
    for _level in range(200):
        deep = [deep]
    assert deliver(tablet, clock, bad, bad, {"id": "deep", "said": deep})[0] == bad["id"]
    with portal.database.reading() as connection:
        rows = connection.execute(select(table_of(UnreadableAnswer))).all()
    assert len(rows) == 2
    assert all(b"0888" not in row.content for row in rows)
    assert "/staff/tablets/unreadable" in staff.get("/staff/tablets").text
    page = staff.get("/staff/tablets/unreadable").text
    assert bad in [json.loads(unescape(each)) for each in re.findall("<code>(.*?)</code>", page)]
    with portal.database.reading() as connection:
        assert read_entries(connection, Wanted(action="surveys.unreadable-read"))
    clock.now += timedelta(days=91)
    purge(portal.database, Times(clock.now, ZoneInfo("Europe/Sofia"), 12))
    assert count_unreadable(portal.database) == 0


def test_visitor_went_away(portal: Portal, tablet: TestClient, clock: FrozenClock) -> None:
    """What he answered counts; what he left open is no choice of his."""
    deliver(tablet, clock, answer(clock, end="timeout"))
    overall, polite = events(portal)
    assert overall["value"] == 4
    assert polite["outcome"] == "timeout"


def test_unreadable_is_kept(portal: Portal, tablet: TestClient, clock: FrozenClock) -> None:
    """It goes to quarantine without a word of free text, and bars no other answer."""
    words = "Обадете се на 0888 123456"
    bad = [
        answer(clock, {"overall": ["7"], "remark": [words]}),
        answer(clock, version=9),
        answer(clock, survey="nothing"),
        answer(clock, language="!"),
        answer(clock, {"minutes": ["many"]}),
    ]
    good = answer(clock)
    safe = deliver(tablet, clock, *bad, good)
    assert sorted(safe) == sorted([each["id"] for each in bad] + [good["id"]])
    kept = list_entries(portal.feedback)
    assert len(kept) == len(bad)
    assert {entry.reason for entry in kept} == {"invalid"}
    for entry in kept:
        assert entry.payload is not None
        assert "0888" not in entry.payload.decode()
    assert len({row["visit"] for row in events(portal)}) == 1


def test_only_paired_ones(
    portal: Portal,
    tablet: TestClient,
    staff: TestClient,
    new_client: Callable[[], TestClient],
    clock: FrozenClock,
) -> None:
    """A pairing link works once and soon; an ended tablet is heard no more."""
    sent = {"now": to_ms(clock.now), "answers": [answer(clock)]}
    stranger = new_client()
    assert stranger.post(ANSWERS, json=sent).status_code == 403
    assert stranger.get("/tablet/hall-web").status_code == 403
    assert stranger.get("/tablet/hall-web/survey").status_code == 403
    add_touchpoint(portal.feedback, "other", site="troyan")
    assert tablet.post("/tablet/other/answers", json=sent).status_code == 403
    link = link_of(staff)
    clock.now += timedelta(minutes=16)
    late = submit(stranger, link, {})
    assert getattr(late, "status_code", 0) == 410
    sign_in_staff(portal, staff, "editor")
    used = link_of(staff)
    assert getattr(submit(stranger, used, {}), "status_code", 0) == 303
    assert getattr(submit(new_client(), used, {}), "status_code", 0) == 410
    mine = next(each for each in list_tablets(portal.database) if each.paired_at is not None)
    again = submit(staff, "/staff/tablets", {}, f"/staff/tablets/{mine.id}/pair")
    assert getattr(again, "status_code", 0) == 200
    assert tablet.get("/tablet/hall-web/survey").status_code == 200
    submit(staff, "/staff/tablets", {"is_lost": "yes"}, f"/staff/tablets/{mine.id}/end")
    assert tablet.post(ANSWERS, json=sent).status_code == 403
    assert events(portal) == []


def test_no_form_can_deliver(tablet: TestClient) -> None:
    """Another site's form can't send JSON, and nothing else is taken."""
    assert tablet.post(ANSWERS, data={"answers": "[]"}).status_code == 415
    plain = {"Content-Type": "text/plain"}
    assert tablet.post(ANSWERS, content=b"{}", headers=plain).status_code == 415
    assert tablet.post(ANSWERS, json=[1]).status_code == 422


def test_store_gone(portal: Portal, tablet: TestClient, clock: FrozenClock) -> None:
    """The tablet is told to try later, and keeps its answers."""
    file = Path(str(portal.feedback.url.database))
    away = file.rename(file.with_suffix(".away"))
    sent = {"now": to_ms(clock.now), "answers": [answer(clock)]}
    assert tablet.post(ANSWERS, json=sent).status_code == 503
    away.rename(file)
    assert tablet.post(ANSWERS, json=sent).status_code == 200
    assert len(events(portal)) == 2


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(sent=_json, said=_json, field=st.sampled_from(["said", "id", "version", "language", "end"]))
def test_any_json(
    tablet: TestClient, clock: FrozenClock, sent: object, said: object, field: str
) -> None:
    """Garbage is refused or kept, and never a fault."""
    raw: Any = {"content": json.dumps(sent), "headers": {"Content-Type": "application/json"}}
    assert tablet.post(ANSWERS, **raw).status_code in {200, 422}
    shaped = {"now": to_ms(clock.now), "answers": [{**answer(clock), field: said}, sent]}
    assert tablet.post(ANSWERS, json=shaped).status_code in {200, 422}
