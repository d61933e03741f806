"""The providers of this installation: what is set up, and what a person who comes back is here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from portal.accounts import signing_in
from portal.accounts.accounts import (
    AccountError,
    accounts,
    find,
    make_citizen,
    normal_name,
    roles_of,
)
from portal.accounts.last_administrator import one_stays
from portal.accounts.oidc import OpenIdConnect, check_address
from portal.accounts.policy import read_policy
from portal.accounts.providers import Assertion, Provider, ProviderError
from portal.accounts.sessions import Means, Stage
from portal.accounts.signing_in import Step, Visit
from portal.accounts.tables import AccountIdentity, SignInDirectory
from portal.accounts.virtual_identity import VirtualIdentity
from portal.audit.log import note
from portal.people.errors import PeopleError
from portal.people.identifiers import Identifier, read_identifier
from portal.people.parties import Details, enter_party
from portal.people.party_search import all_ids, party_with
from portal.store.tables import new_id, table_of
from portal.web.actor import NOBODY, Actor, Kind
from portal.web.portal import Portal

_SECRET: Final = "directory-secret"  # noqa: S105  what a key is derived for
_SUBJECT: Final = "identity-subject"
_directories: Final = table_of(SignInDirectory)
_identities: Final = table_of(AccountIdentity)


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


UNKNOWN: Final = _(
    "We can't let you in that way. Staff: ask your administrator to link your account."
)


NO_ACR: Final = _("Write which levels of assurance of the directory are enough for citizens")


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory as it is set up; without ``client_secret`` the one before stays.

    ``acr``: the levels of assurance that are enough for citizens, with spaces between.
    """

    code: str
    name: str
    kind: Kind
    issuer: str
    client_id: str
    client_secret: str
    login_claim: str = "preferred_username"
    identifier_claim: str = ""
    acr: str = ""
    is_on: bool = True


def providers(portal: Portal) -> list[Provider]:
    """Those to which the sign-in page leads."""
    with portal.database.reading() as connection:
        found = connection.execute(select(_directories).where(_directories.c.is_on)).all()
    known: list[Provider] = [_directory(portal, row) for row in found]
    if portal.settings.is_sample:
        known.append(VirtualIdentity(portal))
    return known


def find_provider(portal: Portal, code: str) -> Provider | None:
    """The one of that code."""
    return next((each for each in providers(portal) if each.code == code), None)


def find_directory(connection: Connection, code: str) -> Row[Any] | None:
    """How a directory is set up."""
    return connection.execute(select(_directories).where(_directories.c.code == code)).one_or_none()


def set_up_directory(portal: Portal, actor: Actor, directory: Directory) -> None:
    """Set a directory up, or change it.

    Raises:
        AccountError: its address is not one of TLS, or it has no secret; or it is one of citizens
            and nothing says how sure it must be of them; or no administrator could come any more.
    """
    if directory.kind == "citizen" and not directory.acr.split():
        raise AccountError(NO_ACR)
    try:
        check_address(directory.issuer)
    except ProviderError as error:
        message = _("Write the address of the directory; it begins with https://")
        raise AccountError(message) from error
    sealed = portal.keys.seal(_SECRET, directory.client_secret.encode())
    values = {
        "name": directory.name,
        "kind": directory.kind,
        "issuer": directory.issuer,
        "client_id": directory.client_id,
        "login_claim": directory.login_claim,
        "identifier_claim": directory.identifier_claim,
        "acr": " ".join(directory.acr.split()),
        "is_on": directory.is_on,
    }
    changed = {**values, "client_secret": sealed} if directory.client_secret else values
    with portal.database.transaction() as connection:
        if not directory.client_secret and find_directory(connection, directory.code) is None:
            raise AccountError(_("Write the secret that the directory gave for this portal"))
        module = postgresql if connection.dialect.name == "postgresql" else sqlite
        new = module.insert(_directories).values(
            code=directory.code, client_secret=sealed, **values
        )
        with one_stays(connection):
            connection.execute(new.on_conflict_do_update(index_elements=["code"], set_=changed))
        note(connection, actor, "accounts.directory-set-up", directory.code, is_on=directory.is_on)


def link(portal: Portal, actor: Actor, account: str, provider: str, login: str) -> None:
    """Let an account be opened by whom the provider calls ``login``; the first to come is bound.

    Raises:
        AccountError: another account has that login, or no administrator could come any more.
    """
    row = {"id": new_id(), "account": account, "provider": provider, "login": normal_name(login)}
    own = (_identities.c.account == account) & (_identities.c.provider == provider)
    try:
        with portal.database.transaction() as connection:
            with one_stays(connection):
                connection.execute(_identities.delete().where(own))
                if row["login"]:
                    connection.execute(insert(_identities).values(row))
            note(connection, actor, "accounts.identity-linked", account, provider=provider)
    except IntegrityError as error:
        raise AccountError(_("Another account has this name in the directory")) from error


def links_of(connection: Connection, account: str) -> list[Row[Any]]:
    """By whom an account may be opened."""
    return list(connection.execute(select(_identities).where(_identities.c.account == account)))


def admit(portal: Portal, provider: Provider, asserted: Assertion, visit: Visit) -> Step:
    """Let somebody in for whom a provider vouches.

    Raises:
        AccountError: nobody here is meant by it, or the account is locked.
    """
    if provider.kind == "citizen" and asserted.assurance == "low":
        raise AccountError(UNKNOWN)
    party = _party_of(portal, asserted) if provider.kind == "citizen" else ""
    try:
        return _admit(portal, provider, asserted, visit, party)
    except IntegrityError:  # the same person came twice at once: now the account is there
        return _admit(portal, provider, asserted, visit, party)


def _admit(
    portal: Portal, provider: Provider, asserted: Assertion, visit: Visit, party: str
) -> Step:
    with portal.database.transaction() as connection:
        account = _bound(connection, portal, asserted)
        if account is None and provider.kind == "staff":
            account = _bind_by_login(connection, portal, asserted)
        if account is None and party:
            account = _account_of_party(connection, portal, party)
            _bind(connection, portal, account, asserted)
        found = find(connection, account) if account else None
        if found is None or found.state == "locked" or found.kind != provider.kind:
            note(connection, NOBODY, "accounts.sign-in-refused", found.id if found else "")
        else:
            stage = _stage(connection, found, asserted)
            means: Means = "e-identity" if asserted.identifier else "directory"
            return signing_in.enter(connection, portal, found.id, stage, means, visit)
    raise AccountError(UNKNOWN)


def _stage(connection: Connection, found: Row[Any], asserted: Assertion) -> Stage:
    """A directory that asked for a second factor has done our work, too."""
    if asserted.has_second_factor:
        return "full"
    if found.totp_confirmed_at is not None:
        return "code"
    must = read_policy(connection).needs_second_factor(roles_of(connection, found.id))
    return "enrol" if found.kind == "staff" and must else "full"


def _bound(connection: Connection, portal: Portal, asserted: Assertion) -> str | None:
    digest = portal.keys.hash(_SUBJECT, asserted.subject)
    wanted = select(_identities.c.account).where(
        _identities.c.provider == asserted.provider, _identities.c.subject == digest
    )
    return connection.scalar(wanted)


def _bind_by_login(connection: Connection, portal: Portal, asserted: Assertion) -> str | None:
    """The first who comes with a login that an administrator entered, is who he meant."""
    login = normal_name(asserted.login)
    bound = connection.execute(
        update(_identities)
        .where(
            _identities.c.provider == asserted.provider,
            _identities.c.login == login,
            _identities.c.subject.is_(None),
        )
        .values(subject=portal.keys.hash(_SUBJECT, asserted.subject))
        .returning(_identities.c.account)
    )
    return bound.scalar() if login else None


def _bind(connection: Connection, portal: Portal, account: str, asserted: Assertion) -> None:
    connection.execute(
        insert(_identities).values(
            id=new_id(),
            account=account,
            provider=asserted.provider,
            subject=portal.keys.hash(_SUBJECT, asserted.subject),
        )
    )


def _account_of_party(connection: Connection, portal: Portal, party: str) -> str:
    ids = all_ids(connection, party)
    wanted = select(accounts.c.id).where(accounts.c.party.in_(ids)).limit(1)
    found = connection.scalar(wanted)
    return found or make_citizen(connection, party, portal.clock())


def _party_of(portal: Portal, asserted: Assertion) -> str:
    """Who is meant in ``people``, entered where nobody knew him yet; empty: no identifier."""
    if asserted.identifier is None:
        return ""
    now = portal.clock()
    try:
        identifier = read_identifier(*asserted.identifier, today=now.date())
    except PeopleError:
        return ""
    with portal.database.reading() as connection:
        found = party_with(connection, portal.keys, identifier)
    return found.id if found is not None else _enter(portal, asserted, identifier)


def _enter(portal: Portal, asserted: Assertion, identifier: Identifier) -> str:
    first, *middle, last = asserted.name.split() or ["–", "–"]
    details = Details("person", first, " ".join(middle), last)
    try:
        return enter_party(
            portal.database, portal.keys, details, identifier, actor=NOBODY, now=portal.clock()
        )
    except PeopleError:
        with portal.database.reading() as connection:
            found = party_with(connection, portal.keys, identifier)
        return found.id if found is not None else ""


def _directory(portal: Portal, row: Row[Any]) -> OpenIdConnect:
    return OpenIdConnect(
        row.code,
        row.name,
        row.kind,
        row.issuer,
        row.client_id,
        portal.keys.unseal(_SECRET, row.client_secret).decode(),
        row.login_claim,
        row.identifier_claim,
        tuple(row.acr.split()),
    )
