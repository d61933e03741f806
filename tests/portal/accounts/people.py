"""People with accounts, for tests: quickly made, with passwords and second factors."""

from __future__ import annotations

from functools import cache

import pyotp
from httpx2 import Response
from starlette.testclient import TestClient

from portal.accounts import passwords, second_factor
from portal.accounts.accounts import change, find, make_citizen, make_staff
from portal.accounts.policy import Policy, write_policy
from portal.accounts.sessions import begin, end
from portal.web.actor import Role
from portal.web.forms import TOKEN_FIELD
from portal.web.portal import Portal
from tests.fixtures.portals import PUBLIC_URL, token_in

PASSWORD = "четири думи не вървят"


@cache
def _hashed(kind: str) -> str:
    """Costly on purpose, so once."""
    return passwords.hash_password(PASSWORD, kind)


def staff_with_password(portal: Portal, name: str, *roles: Role) -> str:
    """An account of the staff with :data:`PASSWORD`; its id."""
    with portal.database.transaction() as connection:
        account = make_staff(
            connection, name, "Ева Илиева", now=portal.clock(), roles=roles or ("clerk",)
        )
        hashed = _hashed("staff")
        change(connection, account, state="active", password_hash=hashed)
    return account


def citizen_with_password(portal: Portal) -> tuple[str, str]:
    """A citizen's account with :data:`PASSWORD`; its id and number."""
    with portal.database.transaction() as connection:
        account = make_citizen(connection, None, portal.clock(), "Мария Петрова")
        hashed = _hashed("citizen")
        change(connection, account, state="active", password_hash=hashed)
        found = find(connection, account)
    assert found is not None
    return account, found.sign_in_name


def without_must(portal: Portal) -> None:
    """Let nobody need a second factor."""
    with portal.database.transaction() as connection:
        write_policy(connection, Policy("none"))


def with_second_factor(portal: Portal, account: str) -> str:
    """Give an account an authenticator; its secret."""
    with portal.database.transaction() as connection:
        session, _ = begin(connection, portal.keys, account, now=portal.clock())
        second_factor.prepare(connection, portal.keys, session)
        secret = second_factor.pending_secret(connection, portal.keys, session)
        found, code = find(connection, account), code_now(portal, secret)
        assert found is not None
        now = portal.clock()
        assert second_factor.confirm(connection, portal.keys, found, session, code, now)
        change(connection, account, totp_step=None)
        end(connection, session=session, now=now)
    return secret


def code_now(portal: Portal, secret: str, steps: int = 0) -> str:
    """What that authenticator shows, or showed so many steps ago."""
    at = int(portal.clock().timestamp()) // second_factor.STEP_S + steps
    return pyotp.TOTP(secret).generate_otp(at)


def send(client: TestClient, path: str, page_at: str = "", **fields: str) -> Response:
    """Fill in the form of the page at ``path`` and send it."""
    page = client.get(page_at or path)
    assert page.status_code == 200, (page.status_code, page.headers.get("location"))
    return client.post(
        path,
        data={**fields, TOKEN_FIELD: token_in(page.text)},
        headers={"Origin": PUBLIC_URL},
    )


def sign_in_at(client: TestClient, name: str, password: str = PASSWORD, **more: str) -> Response:
    """Sign in by the page."""
    return send(client, "/sign-in", name=name, password=password, **more)
