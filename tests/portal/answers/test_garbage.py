"""Whatever is typed or sent into a form: no fault, and nothing comes back unescaped."""

from __future__ import annotations

import zlib
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from portal.keys import Keys
from portal.surveys.form_state import FormState, new_nonce, read_state, write_state
from portal.web.errors import Stop
from portal.web.forms import TOKEN_FIELD
from portal.web.portal import Portal
from tests.fixtures.portals import PUBLIC_URL, token_in
from tests.portal.answers.asked import SURVEY
from tests.portal.answers.making import events, open_survey, state_in

PATH = "/s/all-sorts"
CODES = [question.code for question in SURVEY.questions] + ["reason", "nothing"]
NASTY = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}",
    "\0",
    "\ud800",
    "'; DROP TABLE event; --",
    "\u202e\u0661",
    "9" * 5_000,
    "1e400",
    "-0",
    "nan",
    "٣",
    "5",
    "taxes",
    "20.11.2026",
]
ORIGIN = {"Origin": PUBLIC_URL}

texts = st.one_of(st.sampled_from(NASTY), st.text(max_size=60))
fields = st.dictionaries(
    st.sampled_from([f"q-{code}" for code in CODES]), st.lists(texts, max_size=3), max_size=8
)
goes = st.one_of(
    st.sampled_from(["next", "back", "send", "step-0", "step-1", "step-9", "step-" + "9" * 5000]),
    texts,
)


class _Tags(HTMLParser):
    """Collects what could run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note scripts, and handlers of events."""
        if tag == "script" or any(name.startswith("on") for name, _ in attrs):
            self.found.append(tag)


def check(html: str) -> None:
    """Nothing in the page runs."""
    tags = _Tags()
    tags.feed(html)
    assert tags.found == []


@settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(posts=st.lists(st.tuples(fields, goes), min_size=1, max_size=4))
def test_any_form(
    portal: Portal, client: TestClient, posts: list[tuple[dict[str, list[str]], str]]
) -> None:
    """Step after step of garbage: answers, errors, never a fault."""
    if client.get(PATH).status_code == 404:
        open_survey(portal)
    html = client.get(PATH).text
    for filled, go in posts:
        raw = {
            name: [text.encode("utf-8", "replace").decode() for text in each]
            for name, each in filled.items()
        }
        data = {
            **raw,
            "go": go.encode("utf-8", "replace").decode(),
            "state": state_in(html),
            TOKEN_FIELD: token_in(html),
        }
        answer = client.post(PATH, data=data, headers=ORIGIN)
        assert answer.status_code in {200, 303, 422, 429}, answer.text
        if answer.status_code == 303:
            check(client.get(answer.headers["location"]).text)
            return
        check(answer.text)
        html = answer.text


@settings(max_examples=100, deadline=None)
@given(text=st.text(max_size=200), cut=st.integers(0, 300), put=st.text(max_size=5))
def test_any_state(text: str, cut: int, put: str) -> None:
    """A state that isn't ours, or was ours before somebody changed it, is refused."""
    keys, now = Keys(b"k" * 32), datetime(2026, 11, 22, tzinfo=UTC)
    mine = FormState(new_nonce(), "all-sorts", 1, "hall-web", "web", now, {"overall": ("5",)}, 2)
    written = write_state(keys, mine)
    assert read_state(keys, written, now) == mine
    changed = written[:cut] + put + written[cut + len(put) :]
    for given_text in (text, changed):
        if given_text != written:
            with pytest.raises(Stop):
                read_state(keys, given_text, now)


def test_a_state_that_unpacks_to_much() -> None:
    """Only what we signed is unpacked, so nobody makes us unpack a bomb."""
    keys, now = Keys(b"k" * 32), datetime(2026, 11, 22, tzinfo=UTC)
    bomb = zlib.compress(b"0" * 50_000_000).hex()
    with pytest.raises(Stop):
        read_state(keys, f"{bomb}.{Keys(b'x' * 32).sign('answer-form', bomb)}", now)


def test_nothing_in_addresses(portal: Portal, client: TestClient) -> None:
    """What stands in an address shows nothing and breaks nothing."""
    open_survey(portal)
    for path in (
        "/s/all-sorts/thanks?masked=<script>,phone&again=<b>",
        "/s/%3Cscript%3E",
        "/q/%00",
        "/q/hall-web/%F0%9F%92%A9",
        "/a/" + "x" * 1000,
        "/tablet/hall-web/pair/%22%3E%3Cscript%3E",
    ):
        answer = client.get(path)
        assert answer.status_code < 500
        check(answer.text)
    assert events(portal) == []
