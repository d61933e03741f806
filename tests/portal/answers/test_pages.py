"""Answering on pages, without a script: steps, conditions, errors, going back, thanks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select, update
from starlette.testclient import TestClient

from broker.store.completeness import completeness
from broker.store.tables import table_of
from portal.comments.tables import Comment
from portal.surveys.answering import MOST_SENT
from portal.surveys.editions import GRACE, forget
from portal.surveys.tables import SurveyWindow
from portal.web.portal import Portal
from tests.fixtures.portals import PUBLIC_URL, FrozenClock
from tests.portal.answers.asked import SHORT
from tests.portal.answers.making import events, open_survey, post


def test_one_question(portal: Portal, client: TestClient) -> None:
    """A page, a press, thanks; and what was said is there once."""
    open_survey(portal, SHORT)
    page = client.get("/s/brief")
    sent = post(client, "/s/brief", page.text, {"overall": "4"})
    assert sent.status_code == 303
    assert sent.headers["location"] == "/s/brief/thanks"
    assert "Благодарим" in client.get("/s/brief/thanks").text
    (event,) = events(portal)
    assert (event["value"], event["scale"], event["channel"]) == (4, "faces-5", "web")
    assert (event["touchpoint"], event["input"], event["language"]) == ("hall-web", "form", "bg")


def test_every_sort_of_question(portal: Portal, client: TestClient) -> None:
    """From page to page, with what follows from the answers; checked, then sent."""
    open_survey(portal)
    path = "/en/q/hall-web"
    first = client.get(path)
    assert "How did we serve you?" in first.text
    assert "What went wrong?" not in first.text
    second = post(client, path, first.text, {"overall": "2", "polite": "3"})
    assert "What went wrong?" in second.text
    third = post(client, path, second.text, {"reason": "waiting-time"})
    assert "A little more" in third.text
    assert "How do you reach us?" not in third.text
    said = {"came-for": "other", "minutes": "12,5", "visited-on": "20.11.2026", "recommend": "9"}
    fourth = post(client, path, third.text, {**said, "remark": "Обадете се на 0888 123456"})
    assert "How do you reach us?" in fourth.text
    check = post(client, path, fourth.text, {"channels": ["web", "desk"]})
    assert "Check your answers" in check.text
    assert "12.5 minutes" in check.text
    assert events(portal) == []
    sent = post(client, path, check.text, go="send")
    assert sent.headers["location"] == "/en/s/all-sorts/thanks?masked=phone"
    thanks = client.get(sent.headers["location"])
    assert "We shall read it all." in thanks.text
    assert "telephone number" in thanks.text
    found = {event["question"]: event for event in events(portal)}
    assert found["reason"]["rating"] == found["overall"]["id"]
    assert found["expert"]["outcome"] == "skipped"
    assert found["channels"]["options"] == '["web", "desk"]'
    assert found["minutes"]["stated_number"] == 12.5
    assert str(found["visited-on"]["stated_on"]) == "2026-11-20"
    assert found["recommend"]["value"] == 9
    assert "remark" not in found
    assert {event["channel"] for event in found.values()} == {"qr"}
    with portal.database.reading() as connection:
        (comment,) = connection.execute(select(table_of(Comment))).all()
    assert "0888" not in comment.text
    (account,) = completeness(portal.feedback)
    assert (account.made, account.missing) == (len(found), 0)


def test_errors_beside_fields(portal: Portal, client: TestClient) -> None:
    """What is wrong is said, and nothing need be typed twice."""
    open_survey(portal)
    page = client.get("/s/all-sorts")
    wrong = post(client, "/s/all-sorts", page.text, {"polite": "3"})
    assert wrong.status_code == 422
    assert 'href="#field-q-overall"' in wrong.text
    assert 'value="3" checked' in wrong.text
    second = post(client, "/s/all-sorts", wrong.text, {"overall": "5", "polite": "3"})
    typed = {"minutes": "много", "visited-on": "32.11.2026", "remark": "x" * 2001}
    again = post(client, "/s/all-sorts", second.text, typed)
    assert again.status_code == 422
    for name in typed:
        assert f'id="error-q-{name}"' in again.text
    assert 'value="много"' in again.text


def test_back_and_change(portal: Portal, client: TestClient) -> None:
    """Going back shows what was said; answers that no longer belong there are left out."""
    open_survey(portal)
    path = "/s/all-sorts"
    page = client.get(path)
    why = post(client, path, page.text, {"overall": "1"})
    back = post(client, path, why.text, {"reason": "clarity"}, go="back")
    assert 'value="1" checked' in back.text
    more = post(client, path, back.text, {"overall": "5"})
    check = post(client, path, more.text, {"came-for": "taxes"})
    assert post(client, path, check.text, go="send").status_code == 303
    assert "reason" not in {event["question"] for event in events(portal)}


def test_change_from_the_check_page(portal: Portal, client: TestClient) -> None:
    """Each answer can be changed there."""
    open_survey(portal)
    path = "/s/all-sorts"
    why = post(client, path, client.get(path).text, {"overall": "1"})
    more = post(client, path, why.text, {"reason": "clarity"})
    check = post(client, path, more.text, {"came-for": "taxes"})
    first = post(client, path, check.text, go="step-0")
    assert 'value="1" checked' in first.text
    why = post(client, path, first.text, {"overall": "2"})
    assert 'value="clarity" checked' in why.text


def test_twice_is_once(portal: Portal, client: TestClient) -> None:
    """The same form again is the same answer; with another one, the first stays."""
    open_survey(portal, SHORT)
    page = client.get("/s/brief")
    for _ in range(2):
        sent = post(client, "/s/brief", page.text, {"overall": "4"})
        assert sent.headers["location"] == "/s/brief/thanks"
    other = post(client, "/s/brief", page.text, {"overall": "1"})
    assert other.headers["location"] == "/s/brief/thanks?again=yes"
    assert 'href="/s/brief">Попълнете свой формуляр' in client.get(other.headers["location"]).text
    assert "Вече" in client.get(other.headers["location"]).text
    assert [event["value"] for event in events(portal)] == [4]


def test_a_state_of_our_own_only(portal: Portal, client: TestClient, clock: FrozenClock) -> None:
    """Nobody changes what a form carries, and none is taken after a day."""
    open_survey(portal, SHORT)
    open_survey(portal)
    page = client.get("/s/brief").text
    state = page.split('name="state" value="')[1].split('"')[0]
    forged = page.replace(state, state[:-3] + "abc")
    assert post(client, "/s/brief", forged, {"overall": "4"}).status_code == 403
    assert post(client, "/s/all-sorts", page, {"overall": "4"}).status_code == 404
    assert post(client, "/q/hall-web", page, {"overall": "4"}).status_code == 404
    clock.now += timedelta(hours=23)
    fresh = client.get("/s/brief").text
    token = fresh.split('name="form_token" value="')[1].split('"')[0]
    old = page.split('name="form_token" value="')[1].split('"')[0]
    clock.now += timedelta(hours=2)
    late = page.replace(old, token)
    assert post(client, "/s/brief", late, {"overall": "4"}).status_code == 403
    assert events(portal) == []


def test_closed(portal: Portal, client: TestClient, clock: FrozenClock) -> None:
    """A survey takes answers while its window is open, by its channels, and says so otherwise."""
    open_survey(portal, SHORT, channels="web")
    page = client.get("/s/brief").text
    assert client.get("/q/hall-web").status_code == 410
    assert client.get("/q/hall-web/brief").status_code == 404
    assert client.get("/q/nowhere").status_code == 404
    assert client.get("/s/nothing").status_code == 404
    _close(portal, clock)
    assert client.get("/s/brief").status_code == 410
    clock.now += GRACE
    assert post(client, "/s/brief", page, {"overall": "4"}).status_code == 410
    assert events(portal) == []


def test_closed_while_somebody_writes(
    portal: Portal, client: TestClient, clock: FrozenClock
) -> None:
    """What was begun before the end is taken for a while after it."""
    open_survey(portal, SHORT)
    page = client.get("/s/brief").text
    clock.now += timedelta(minutes=10)
    _close(portal, clock)
    clock.now += GRACE - timedelta(seconds=1)
    assert client.get("/s/brief").status_code == 410
    assert post(client, "/s/brief", page, {"overall": "4"}).status_code == 303
    assert [event["value"] for event in events(portal)] == [4]


def test_too_old_a_form_leads_to_a_new_one(portal: Portal, client: TestClient) -> None:
    """It says what is the matter, and where to begin anew."""
    open_survey(portal, SHORT)
    sent = client.post("/en/s/brief", data={"q-overall": "4"}, headers={"Origin": PUBLIC_URL})
    assert sent.status_code == 403
    assert "<h1>This form is too old</h1>" in sent.text
    assert 'href="/en/s/brief">Open the page anew' in sent.text


def test_store_gone(portal: Portal, client: TestClient) -> None:
    """Nobody is thanked for what is not stored, and nothing typed is lost."""
    open_survey(portal, SHORT)
    page = client.get("/s/brief")
    file = Path(str(portal.feedback.url.database))
    away = file.rename(file.with_suffix(".away"))
    failed = post(client, "/s/brief", page.text, {"overall": "4"})
    assert failed.status_code == 503
    assert failed.headers["retry-after"] == "30"
    assert 'value="4" checked' in failed.text
    away.rename(file)
    assert post(client, "/s/brief", failed.text, {"overall": "4"}).status_code == 303
    assert [event["value"] for event in events(portal)] == [4]


def test_too_many_from_one_address(portal: Portal, client: TestClient) -> None:
    """They wait, and keep what they wrote."""
    open_survey(portal, SHORT)
    page = client.get("/s/brief").text
    for _ in range(MOST_SENT):
        assert post(client, "/s/brief", page, {"overall": "4"}).status_code == 303
    late = post(client, "/s/brief", page, {"overall": "2"})
    assert late.status_code == 429
    assert 'value="2" checked' in late.text


def _close(portal: Portal, clock: FrozenClock) -> None:
    with portal.database.transaction() as connection:
        connection.execute(update(table_of(SurveyWindow)).values(closed_at=clock.now))
    forget(portal.database)
