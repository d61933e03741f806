"""Accounts of citizens, for administrators: locked, unlocked and signed out by their number.

Whose an account is shows nowhere here. A new slip, and the removal of a lost second factor, need
the person and an identity document: that is for the desk.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from starlette.responses import Response

from portal.accounts import users
from portal.accounts.accounts import AccountError, compact_name, find, find_by_name
from portal.accounts.area import AREA
from portal.accounts.forms import NumberForm
from portal.accounts.sessions import sessions_of
from portal.accounts.visits import need_fresh
from portal.accounts.words import STATES
from portal.web.actor import Actor
from portal.web.forms import Filled, blank
from portal.web.page import Page
from portal.web.portal import Portal
from portal.web.routes import Here
from portal.web.rules import staff

ADMINISTRATOR: Final = staff("administrator")
BASE: Final = "/staff/citizens/account"


@AREA.get(BASE, ADMINISTRATOR)
def show_search(page: Here) -> Response:
    """Which number?"""
    return page.render("accounts/citizen_search.html", form=blank())


@AREA.post(BASE, ADMINISTRATOR)
def take_search(page: Here) -> Response:
    """That of an account, or of none."""
    filled = page.fill(NumberForm)
    given = filled.model
    if given is not None:
        with page.portal.database.reading() as connection:
            found = find_by_name(connection, compact_name(given.number))
        if found is not None and found.kind == "citizen":
            return page.redirect(f"{BASE}/{found.id}")
        filled.refuse("number", page.text("No citizen signs in with this number"))
    return page.show_again("accounts/citizen_search.html", filled)


@AREA.get(BASE + "/{account}", ADMINISTRATOR)
def show_citizen_account(page: Here, account: str) -> Response:
    """One of them."""
    return _account_page(page, account, blank())


@AREA.post(BASE + "/{account}/lock", ADMINISTRATOR)
def take_citizen_lock(page: Here, account: str) -> Response:
    """Nobody gets in with it any more."""
    return _done(page, account, users.lock, "locked")


@AREA.post(BASE + "/{account}/unlock", ADMINISTRATOR)
def take_citizen_unlock(page: Here, account: str) -> Response:
    """It may be used again."""
    need_fresh(page, f"{BASE}/{account}")
    return _done(page, account, users.unlock, "unlocked")


@AREA.post(BASE + "/{account}/end-sessions", ADMINISTRATOR)
def take_citizen_end_sessions(page: Here, account: str) -> Response:
    """Signed out everywhere."""
    return _done(page, account, users.end_sessions, "sessions-ended")


def _done(
    page: Page, account: str, verb: Callable[[Portal, Actor, str], object], say: str
) -> Response:
    """Do it, and back to the account's page."""
    _need_citizen(page, account)
    try:
        verb(page.portal, page.actor, account)
    except AccountError as error:
        filled: Filled[Any] = blank()
        filled.refuse("", page.text(error.message, **error.values))
        return _account_page(page, account, filled)
    return page.redirect(f"{BASE}/{account}", say=say)


def _need_citizen(page: Page, account: str) -> Any:  # noqa: ANN401  a row of the table
    with page.portal.database.reading() as connection:
        found = find(connection, account)
    return page.need(found if found is not None and found.kind == "citizen" else None)


def _account_page(page: Page, account: str, filled: Filled[Any]) -> Response:
    found = _need_citizen(page, account)
    with page.portal.database.reading() as connection:
        live = sessions_of(connection, account, page.portal.clock())
    code = 422 if filled.errors else 200
    return page.render(
        "accounts/citizen_account.html", code, form=filled, account=found, live=live, states=STATES
    )
