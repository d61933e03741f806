"""Second factors: codes of an authenticator (TOTP, RFC 6238), and recovery codes for a lost one."""

from __future__ import annotations

import secrets
from datetime import datetime
from io import BytesIO
from typing import Any, Final

import pyotp
import segno
from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from portal.accounts.accounts import accounts, change
from portal.accounts.codes import compact, group, new_code
from portal.accounts.tables import AccountRecovery, AccountSession
from portal.keys import Keys
from portal.store.tables import table_of

RECOVERY_CODES: Final = 10
DRIFT: Final = 1
"""Steps of 30 s that a telephone's clock may be off."""
STEP_S: Final = 30
_USE: Final = "totp"
_PENDING: Final = "totp-pending"
_RECOVERY: Final = "recovery"
_codes: Final = table_of(AccountRecovery)
_sessions: Final = table_of(AccountSession)


def prepare(connection: Connection, keys: Keys, session: str) -> None:
    """Give a session a new secret, which becomes the account's once a code of it was typed there.

    It is the session's, so that nobody who knows the password sees the one that the owner is about
    to use; and until then the one before still counts.
    """
    sealed = keys.seal(_PENDING, pyotp.random_base32().encode())
    _write_pending(connection, session, sealed)


def pending_secret(connection: Connection, keys: Keys, session: str) -> str:
    """The secret that is being set up in a session, in base 32; empty where there is none."""
    wanted = select(_sessions.c.totp_pending).where(
        _sessions.c.id == session, _sessions.c.ended_at.is_(None)
    )
    sealed = connection.scalar(wanted)
    return keys.unseal(_PENDING, sealed).decode() if sealed else ""


def confirm(
    connection: Connection, keys: Keys, found: Row[Any], session: str, code: str, now: datetime
) -> bool:
    """Whether ``code`` is of the secret being set up, which is the account's from now on."""
    secret = pending_secret(connection, keys, session)
    step = matching_step(secret, "".join(code.split()), now) if secret else None
    if step is None:
        return False
    sealed = keys.seal(_USE, secret.encode())
    change(connection, found.id, totp_secret=sealed, totp_confirmed_at=now, totp_step=step)
    _write_pending(connection, session, None)
    return True


def secret_of(keys: Keys, found: Row[Any]) -> str:
    """The secret of an account, in base 32; empty where there is none."""
    return keys.unseal(_USE, found.totp_secret).decode() if found.totp_secret else ""


def picture(secret: str, sign_in_name: str, issuer: str) -> str:
    """The secret as a QR code for an authenticator: SVG."""
    address = pyotp.TOTP(secret).provisioning_uri(name=sign_in_name, issuer_name=issuer)
    drawn = BytesIO()
    segno.make(address, error="m").save(
        drawn, kind="svg", xmldecl=False, scale=5, border=4, dark="#000", light="#fff"
    )
    return drawn.getvalue().decode()


def use_code(connection: Connection, keys: Keys, found: Row[Any], code: str, now: datetime) -> bool:
    """Whether ``code`` is the authenticator's now; it can't be used again."""
    secret, typed = secret_of(keys, found), "".join(code.split())
    step = matching_step(secret, typed, now) if secret else None
    if step is None:
        return False
    is_new = or_(accounts.c.totp_step.is_(None), accounts.c.totp_step < step)
    used = connection.execute(
        update(accounts).where(accounts.c.id == found.id, is_new).values(totp_step=step)
    )
    return used.rowcount == 1


def matching_step(secret: str, code: str, now: datetime) -> int | None:
    """The time step whose code that is; ``None``: of none near ``now``."""
    generator, current = pyotp.TOTP(secret), int(now.timestamp()) // STEP_S
    if not (code.isascii() and code.isdigit()):
        return None
    matching = [
        step
        for step in range(current - DRIFT, current + DRIFT + 1)
        if secrets.compare_digest(generator.generate_otp(step), code)
    ]
    return max(matching, default=None)


def use_recovery_code(connection: Connection, keys: Keys, account: str, code: str) -> bool:
    """Whether it is a recovery code of that account; it is gone with that."""
    digest = keys.hash(_RECOVERY, f"{account} {compact(code)}")
    gone = delete(_codes).where(_codes.c.code_hash == digest, _codes.c.account == account)
    return connection.execute(gone).rowcount == 1


def new_recovery_codes(connection: Connection, keys: Keys, account: str) -> list[str]:
    """Ten new recovery codes instead of those before; nobody can read them again."""
    connection.execute(delete(_codes).where(_codes.c.account == account))
    made = [new_code(10) for _ in range(RECOVERY_CODES)]
    rows = [
        {"account": account, "code_hash": keys.hash(_RECOVERY, f"{account} {code}")}
        for code in made
    ]
    connection.execute(insert(_codes), rows)
    return [group(code) for code in made]


def recovery_codes_left(connection: Connection, account: str) -> int:
    """How many recovery codes an account still has."""
    counted = select(func.count()).select_from(_codes).where(_codes.c.account == account)
    return connection.scalar(counted) or 0


def take_away(connection: Connection, account: str) -> None:
    """An account has no second factor any more."""
    change(connection, account, totp_secret=None, totp_confirmed_at=None, totp_step=None)
    connection.execute(delete(_codes).where(_codes.c.account == account))


def _write_pending(connection: Connection, session: str, sealed: bytes | None) -> None:
    connection.execute(
        update(_sessions).where(_sessions.c.id == session).values(totp_pending=sealed)
    )
