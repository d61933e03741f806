"""Keying paper forms in: a stroke an answer, the last one undone, the batch saved once."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from broker.store.completeness import completeness
from broker.store.tables import table_of
from portal.audit.reading import Wanted, read_entries
from portal.audit.tables import AuditEntry
from portal.comments.tables import Comment
from portal.surveys import paper
from portal.surveys.answer_tables import PaperForm
from portal.surveys.asking import cut
from portal.surveys.keying import read_keys
from portal.web.forms import FormError
from portal.web.portal import Portal
from tests.fixtures.portals import PUBLIC_URL, FrozenClock, sign_in_staff, submit, token_in
from tests.portal.answers.asked import SURVEY
from tests.portal.answers.making import events, open_survey


def begin(portal: Portal, client: TestClient, **given: str) -> str:
    """Begin a batch; the path of its page."""
    day = (portal.clock() - timedelta(days=3)).strftime("%d.%m.%Y")
    fields: dict[str, str | list[str]] = {
        "survey": "all-sorts",
        "touchpoint": "hall-web",
        "answered_on": day,
        "channel": "paper",
        "language": "bg",
        **given,
    }
    sent = submit(client, "/staff/paper", fields)
    return str(getattr(sent, "headers", {}).get("location", ""))


def key(client: TestClient, path: str, keys: str, **others: str) -> int:
    """Key a form in; the answer's status."""
    page = client.get(path).text
    (nonce,) = re.findall(r'name="nonce" value="(\w+)"', page)
    fields = {f"q-{name.replace('_', '-')}": value for name, value in others.items()}
    sent = submit(client, path, {"keys": keys, "nonce": nonce, **fields})
    return int(getattr(sent, "status_code", 0))


def test_a_batch(portal: Portal, client: TestClient) -> None:
    """Forms wait, the last one is undone, and the rest become answers of that day, once."""
    open_survey(portal)
    sign_in_staff(portal, client, "clerk")
    path = begin(portal, client)
    assert key(client, path, "5341x", minutes="7", remark="Обадете се: 0888 123456") == 303
    assert key(client, path, "21342-", channels="1 3", visited_on="19.11.2026") == 303
    assert key(client, path, "5----9") == 422
    assert key(client, path, "5---9") == 303
    assert submit(client, path, {}, f"{path}/undo") is not None
    assert events(portal) == []
    submit(client, path, {}, f"{path}/close")
    submit(client, path, {}, f"{path}/close")
    rows = events(portal)
    by_visit = Counter(row["visit"] for row in rows)
    assert len(by_visit) == 2
    assert {(row["channel"], row["precision"], row["input"]) for row in rows} == {
        ("paper", "day", "form")
    }
    said = {(row["question"], row["value"]) for row in rows if row["kind"] == "rating"}
    assert ("recommend", 10) in said
    options = {row["question"]: row["options"] for row in rows if row["options"]}
    assert options["reason"] == '["waiting-time"]'
    assert options["channels"] == '["phone", "desk"]'
    (account,) = completeness(portal.feedback)
    assert account.missing == 0
    with portal.database.reading() as connection:
        assert (
            connection.execute(select(func.count()).select_from(table_of(PaperForm))).scalar() == 0
        )
        (comment,) = connection.execute(select(table_of(Comment))).all()
        actions = connection.execute(select(table_of(AuditEntry).c.action)).scalars().all()
    assert "0888" not in comment.text
    assert actions.count("surveys.batch-closed") == 1


def test_sent_twice_is_one_form(portal: Portal, client: TestClient) -> None:
    """The page's nonce tells a second Enter from a second form that says the same."""
    open_survey(portal)
    sign_in_staff(portal, client, "clerk")
    path = begin(portal, client)
    for nonce in ("a" * 32, "a" * 32, "b" * 32):
        submit(client, path, {"keys": "5341x", "nonce": nonce})
    submit(client, path, {}, f"{path}/close")
    assert len({row["visit"] for row in events(portal)}) == 2


def test_ones_own(portal: Portal, client: TestClient) -> None:
    """Nobody sees or changes another one's batch."""
    open_survey(portal)
    sign_in_staff(portal, client, "clerk")
    path = begin(portal, client)
    sign_in_staff(portal, client, "editor")
    assert client.get(path).status_code == 404
    sign_in_staff(portal, client, "auditor")
    assert client.get(path).status_code == 403


def test_a_form_that_is_not_taken_is_told(
    portal: Portal, client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Saved in another window, full, or a page that came incomplete: what was typed stays there."""
    open_survey(portal)
    sign_in_staff(portal, client, "clerk")
    path = begin(portal, client)

    def refused(nonce: str) -> str:
        sent = submit(client, path, {"keys": "5341x", "nonce": nonce})
        assert getattr(sent, "status_code", 0) in {409, 422}
        text = str(getattr(sent, "text", ""))
        assert 'value="5341x"' in text
        assert 'role="alert"' in text
        return text

    refused("short")
    assert key(client, path, "5341x") == 303
    monkeypatch.setattr(paper, "MOST_FORMS", 1)
    refused("c" * 32)
    page = client.get(path).text
    submit(client, path, {}, f"{path}/close")
    data = {"keys": "5341x", "nonce": "d" * 32, "form_token": token_in(page)}
    late = client.post(path, data=data, headers={"Origin": PUBLIC_URL})
    assert late.status_code == 409
    assert 'value="5341x"' in late.text
    assert "в друг прозорец" in late.text
    assert len({row["visit"] for row in events(portal)}) == 1


def test_an_administrator_saves_the_batch_of_who_left(portal: Portal, client: TestClient) -> None:
    """It is saved, and not changed; the log says whose it was."""
    open_survey(portal)
    sign_in_staff(portal, client, "clerk")
    path = begin(portal, client)
    assert key(client, path, "5341x") == 303
    sign_in_staff(portal, client, "administrator")
    assert path in client.get("/staff/paper").text
    page = client.get(path)
    assert page.status_code == 200
    assert 'name="keys"' not in page.text
    assert getattr(submit(client, path, {}, f"{path}/undo"), "status_code", 0) == 404
    submit(client, path, {}, f"{path}/close")
    assert len({row["visit"] for row in events(portal)}) == 1
    with portal.database.reading() as connection:
        (entry,) = read_entries(connection, Wanted(action="surveys.batch-closed"))
    assert entry.facts["made_by"] not in {"", entry.actor}
    assert path not in client.get("/staff/paper").text


def test_what_a_batch_needs(portal: Portal, client: TestClient, clock: FrozenClock) -> None:
    """A day that was, a place and a survey that there are."""
    open_survey(portal)
    sign_in_staff(portal, client, "clerk")
    tomorrow = (clock.now + timedelta(days=2)).strftime("%d.%m.%Y")
    for wrong in (
        {"answered_on": tomorrow},
        {"answered_on": "1.1.2020"},
        {"touchpoint": "nowhere"},
        {"survey": "nothing"},
        {"channel": "web"},
    ):
        assert begin(portal, client, **wrong) == ""


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ("534 1x", {"overall": ("5",), "polite": ("3",), "came-for": ("taxes",)}),
        ("1 2 - - 2 0", {"overall": ("1",), "reason": ("clarity",), "recommend": ("0",)}),
        ("-----", {"overall": (), "recommend": ()}),
        ("5341h", {"recommend": ("10",)}),
        ("5341ь", {"recommend": ("10",)}),
    ],
)
def test_strokes(keys: str, said: dict[str, tuple[str, ...]]) -> None:
    """One for each question that the form's own answers ask."""
    read = read_keys(cut(SURVEY), keys, {})
    for code, values in said.items():
        assert read[code] == values, code


@pytest.mark.parametrize("keys", ["", "5", "9----", "534111", "1----", "ю----", "5\u0660---"])
def test_wrong_strokes(keys: str) -> None:
    """They are told, and nothing is guessed."""
    with pytest.raises(FormError):
        read_keys(cut(SURVEY), keys, {})
