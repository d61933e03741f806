"""Tables of accounts: who may sign in and how, sessions, slips, tickets.

Nothing here can be used by whoever reads it: passwords are hashed with Argon2id, what is random
(sessions, codes, tickets) with a keyed hash, and secrets of second factors are sealed.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, Index, LargeBinary
from sqlmodel import Field

from broker.store.columns import Instant
from portal.store.tables import PortalTable, new_id


class Account(PortalTable, table=True):
    """Somebody who may sign in.

    ``sign_in_name`` is in small letters: what staff chose, or nine digits for citizens. ``party``
    and ``employee`` are ids of ``people``. ``state`` is ``invited`` (nobody signed in yet),
    ``active`` or ``locked``. ``totp_step`` is the last time step whose code was used.
    """

    id: str = Field(default_factory=new_id, primary_key=True)
    kind: str
    sign_in_name: str = Field(unique=True)
    name: str
    state: str
    party: str | None = Field(default=None, unique=True)
    employee: str | None = Field(default=None, unique=True)
    email: bytes | None = Field(default=None, sa_type=LargeBinary)
    """Sealed; for notices and, where ``email_confirmed_at`` is set, for codes."""
    email_confirmed_at: datetime | None = Field(default=None, sa_type=Instant)
    password_hash: str | None = None
    password_set_at: datetime | None = Field(default=None, sa_type=Instant)
    totp_secret: bytes | None = Field(default=None, sa_type=LargeBinary)
    totp_confirmed_at: datetime | None = Field(default=None, sa_type=Instant)
    totp_step: int | None = Field(default=None, sa_type=BigInteger)
    made_at: datetime = Field(sa_type=Instant)
    signed_in_at: datetime | None = Field(default=None, sa_type=Instant)
    locked_at: datetime | None = Field(default=None, sa_type=Instant)


class AccountRole(PortalTable, table=True):
    """A role of somebody of the staff."""

    __tablename__ = "account_role"

    account: str = Field(primary_key=True, foreign_key="account.id")
    role: str = Field(primary_key=True)


class AccountUnit(PortalTable, table=True):
    """A unit (its code) for which the roles hold; without any they hold for all."""

    __tablename__ = "account_unit"

    account: str = Field(primary_key=True, foreign_key="account.id")
    unit: str = Field(primary_key=True)


class AccountIdentity(PortalTable, table=True):
    """An account as a provider knows it.

    ``login`` is what the provider calls the person until the first sign-in, ``subject`` (a keyed
    hash) what it calls him for good.
    """

    __tablename__ = "account_identity"
    __table_args__ = (
        Index(None, "provider", "subject", unique=True),
        Index(None, "provider", "login", unique=True),
    )

    id: str = Field(default_factory=new_id, primary_key=True)
    account: str = Field(foreign_key="account.id", index=True)
    provider: str
    login: str | None = None
    subject: str | None = None


class AccountSession(PortalTable, table=True):
    """A browser that somebody signed in with.

    ``stage`` is ``full``, or what is still to be done before that. ``proved_at`` is when the
    password (and second factor) were last given. ``totp_pending`` is the sealed secret of a second
    factor that is being set up there. A session that ended is kept a while.
    """

    __tablename__ = "account_session"

    id: str = Field(default_factory=new_id, primary_key=True)
    secret_hash: str = Field(unique=True)
    account: str = Field(foreign_key="account.id", index=True)
    stage: str
    means: str
    browser: str
    began_at: datetime = Field(sa_type=Instant)
    seen_at: datetime = Field(sa_type=Instant)
    proved_at: datetime = Field(sa_type=Instant)
    ended_at: datetime | None = Field(default=None, sa_type=Instant)
    totp_pending: bytes | None = Field(default=None, sa_type=LargeBinary)


class AccountSlip(PortalTable, table=True):
    """A one-time code that stands for a password until there is one.

    ``kind`` is ``desk`` (a citizen's slip) or ``link`` (an invitation of staff). ``document`` is
    what the clerk saw, sealed: its kind and the last four signs of its number. Where two persons
    are needed, it holds from ``approved_at`` on; ``email`` (sealed) is the address that the account
    has from then on, and ``takes_second_factor`` says that it has none any more.
    """

    __tablename__ = "account_slip"

    id: str = Field(default_factory=new_id, primary_key=True)
    account: str = Field(foreign_key="account.id", index=True)
    kind: str
    code_hash: str | None = Field(default=None, unique=True)
    document: bytes | None = Field(default=None, sa_type=LargeBinary)
    email: bytes | None = Field(default=None, sa_type=LargeBinary)
    takes_second_factor: bool = False
    issued_by: str
    issued_at: datetime = Field(sa_type=Instant)
    approved_by: str | None = None
    approved_at: datetime | None = Field(default=None, sa_type=Instant)
    printed_at: datetime | None = Field(default=None, sa_type=Instant)
    valid_until: datetime | None = Field(default=None, sa_type=Instant)
    used_at: datetime | None = Field(default=None, sa_type=Instant)
    revoked_at: datetime | None = Field(default=None, sa_type=Instant)


class AccountRecovery(PortalTable, table=True):
    """A recovery code for a lost second factor; it goes when it is used."""

    __tablename__ = "account_recovery"

    code_hash: str = Field(primary_key=True)
    account: str = Field(foreign_key="account.id", index=True)


class AccountMailCode(PortalTable, table=True):
    """A code sent by e-mail: ``use`` is ``confirm`` (the address) or ``reset`` (the password)."""

    __tablename__ = "account_mail_code"

    account: str = Field(primary_key=True, foreign_key="account.id")
    use: str = Field(primary_key=True)
    code_hash: str
    valid_until: datetime = Field(sa_type=Instant)
    tries_left: int


class AccountTicket(PortalTable, table=True):
    """A ticket from the portal to the dashboard: seconds long, once."""

    __tablename__ = "account_ticket"

    secret_hash: str = Field(primary_key=True)
    session: str
    valid_until: datetime = Field(sa_type=Instant)


class SignInTry(PortalTable, table=True):
    """Tries of one name or from one address that did not succeed; ``who`` is a keyed hash."""

    __tablename__ = "sign_in_try"

    who: str = Field(primary_key=True)
    tries: int
    first_at: datetime = Field(sa_type=Instant)
    last_at: datetime = Field(sa_type=Instant, index=True)


class AccountPolicy(PortalTable, table=True):
    """What the municipality decided about accounts; one row, with the code ``here``.

    ``second_factor``: for which staff it is a must, ``all``, ``powerful`` or ``none``.
    """

    __tablename__ = "account_policy"

    code: str = Field(primary_key=True)
    second_factor: str
    two_persons: bool


class SignInAttempt(PortalTable, table=True):
    """Somebody who was sent to a provider and is not back yet; ``kept`` is sealed."""

    __tablename__ = "sign_in_attempt"

    state_hash: str = Field(primary_key=True)
    provider: str
    browser_hash: str
    kept: bytes = Field(sa_type=LargeBinary)
    next: str
    valid_until: datetime = Field(sa_type=Instant)


class SignInDirectory(PortalTable, table=True):
    """A directory (OpenID Connect), or a bridge to one; the secret is sealed.

    ``acr``: the levels of assurance with which it lets citizens in, with spaces between.
    """

    __tablename__ = "sign_in_directory"

    code: str = Field(primary_key=True)
    name: str
    kind: str
    issuer: str
    client_id: str
    client_secret: bytes = Field(sa_type=LargeBinary)
    login_claim: str
    identifier_claim: str
    is_on: bool
    acr: str = ""
