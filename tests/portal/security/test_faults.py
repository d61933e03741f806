"""A fault of ours is logged with its place and its number, and with nothing of anybody."""

from __future__ import annotations

import ast
import io
import logging
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
import structlog
from pydantic import ValidationError
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from starlette.testclient import TestClient

from broker.logs import log_as_json
from portal.app import make_app
from portal.keys import Keys
from portal.people import views_parties
from portal.people.tables import Party
from portal.store.tables import new_id, table_of
from portal.web.forms import Form
from portal.web.portal import Portal
from tests.fixtures.portals import PUBLIC_URL, sign_in_staff, token_in

ROOT = Path(__file__).parents[3]
CANARY = "Канарче Птицово"


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What a process logs, as it does it in production."""
    before, root = structlog.get_config(), logging.getLogger()
    handlers, root.handlers = root.handlers, []
    log_as_json()
    written = io.StringIO()
    for handler in root.handlers:
        assert isinstance(handler, logging.StreamHandler)
        handler.setStream(written)
    yield written
    root.handlers = handlers
    structlog.configure(**before)


def enter_badly(portal: Portal, **values: object) -> None:
    """A statement that fails, with somebody's name in it: a party without a kind, by default."""
    row = {"id": new_id(), "kind": None, "first_name": CANARY, "entered_at": portal.clock()}
    with portal.database.transaction() as connection:
        connection.execute(insert(table_of(Party)).values({**row, **values}))


def is_making(node: ast.AST) -> bool:
    """Whether an engine is made there."""
    return isinstance(node, ast.Call) and "create_engine" in ast.unparse(node.func)


def test_every_engine_hides_what_is_written() -> None:
    """Wherever one is made, the benchmarks' too."""
    made: list[tuple[str, bool]] = []
    for folder in ("analytics", "broker", "hardware", "kiosk", "otziv", "portal"):
        for path in (ROOT / folder).rglob("*.py"):
            calls = (each for each in ast.walk(ast.parse(path.read_text())) if is_making(each))
            made += [(path.name, "hide_parameters=True" in ast.unparse(each)) for each in calls]
    assert ("database.py", True) in made
    assert all(is_hidden for _, is_hidden in made), made


def test_an_error_of_a_statement_quotes_no_value(portal: Portal) -> None:
    """Neither SQLAlchemy's nor the driver's, from the first to the last of the chain."""
    party = new_id()
    enter_badly(portal, id=party, kind="person", erased_because=CANARY)
    for wrong in ({}, {"id": party, "kind": "person"}):
        with pytest.raises(DBAPIError) as caught:
            enter_badly(portal, **wrong)
        assert "party" in str(caught.value)
        for error in (caught.value, caught.value.orig, caught.value.__cause__):
            assert CANARY not in f"{error!s}{error!r}"


def test_an_error_of_a_value_does_not_quote_it(portal: Portal) -> None:
    """PostgreSQL finds that it is no date; SQLite, which takes all for a date, no function."""
    made = {"sqlite": "no_such_function(:said)", "postgresql": "CAST(:said AS date)"}
    statement = text(f"SELECT {made[portal.database.dialect]}")
    with portal.database.engine.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(statement, {"said": CANARY})
    assert CANARY not in f"{caught.value}{caught.value.orig}"


def test_a_failing_statement_is_logged_without_what_was_sent(
    portal: Portal, logged: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of body, address and headers; the number of the error page is in the log."""

    def fail(*_: object, **_values: object) -> None:
        enter_badly(portal)

    client = TestClient(make_app(portal), base_url=PUBLIC_URL, raise_server_exceptions=False)
    sign_in_staff(portal, client, "clerk")
    token = token_in(client.get("/staff/people/new").text)
    monkeypatch.setattr(views_parties, "enter_party", fail)
    names = {"first_name": CANARY, "last_name": CANARY, "kind": "person"}
    answer = client.post(
        f"/staff/people/new?q={quote(CANARY)}",
        data={**names, "identifier_kind": "none", "form_token": token},
        headers={"Origin": PUBLIC_URL, "User-Agent": quote(CANARY)},
    )

    assert answer.status_code == 500
    written = logged.getvalue()
    assert IntegrityError.__name__ in written
    number = next(line for line in written.splitlines() if '"failed"' in line).split('"number": "')
    assert number[1][:8] in answer.text
    for canary in CANARY.split():
        assert canary not in written
        assert quote(canary) not in written
        assert canary.encode("unicode_escape").decode() not in written


def test_a_form_that_nobody_expected_quotes_nothing() -> None:
    """Where a fault of ours lets pydantic's error out."""

    class Small(Form):
        number: int

    with pytest.raises(ValidationError) as caught:
        Small.model_validate({"number": CANARY})
    assert CANARY not in str(caught.value)


def test_keys_are_in_no_repr(portal: Portal) -> None:
    """Neither the portal's nor those of its settings, wherever one is shown."""
    master = b"\x07canary-master\x07" * 2
    shown = f"{Keys(master)!r}{portal.settings!r}{portal!r}"
    assert "canary-master" not in shown
    assert (b"test" * 8).hex() not in shown
