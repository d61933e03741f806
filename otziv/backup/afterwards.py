"""After a restore: who was signed in then is not now; who was erased since is erased again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import delete

from otziv.installation import Installation
from portal.accounts.tables import AccountMailCode, AccountSession, AccountTicket
from portal.audit.log import CONSOLE, note
from portal.people.errors import PeopleError
from portal.settings import PortalSettings
from portal.store.tables import table_of
from portal.upkeep.erasure import erase_person, noted_erasures
from portal.web.opening import opened
from portal.web.portal import Portal


@contextmanager
def open_portal_of(installation: Installation) -> Iterator[Portal]:
    """The portal of an installation for work at the console; nobody can browse it.

    Raises:
        StoreError: a database can't be used.
        KeyFileError: the key file can't.
    """
    settings = PortalSettings(
        site=installation.settings.site,
        timezone=installation.settings.timezone,
        data=installation.portal_files,
        database=SecretStr(installation.portal_database_url),
        feedback=SecretStr(installation.database_url),
        public_url="http://127.0.0.1",
        comment_months=installation.settings.comment_months,
    )
    with installation.store():
        pass  # made or brought up to date, and the site is in it
    with opened(settings) as portal:
        yield portal


def settle(installation: Installation, erasures: Path, made_at: datetime) -> int:
    """Make a restored portal fit for use: end all sessions, erase again, note it; how many erased.

    A session that was ended since the backup, or whose account was locked, would be good again.
    """
    with open_portal_of(installation) as portal:
        with portal.database.transaction() as connection:
            for model in (AccountTicket, AccountMailCode, AccountSession):
                connection.execute(delete(table_of(model)))
            as_of = made_at.isoformat(timespec="seconds")
            note(connection, CONSOLE, "backup.restored", "", as_of=as_of)
        return _erase(portal, erasures)


def erase_again(installation: Installation, erasures: Path) -> int:
    """Erase whom a list of erasures names, as far as the portal knows them; how many."""
    with open_portal_of(installation) as portal:
        return _erase(portal, erasures)


def _erase(portal: Portal, erasures: Path) -> int:
    erased = 0
    for _, party in noted_erasures(erasures):
        now = datetime.now(UTC)
        with suppress(PeopleError):  # entered after the backup: it is not there
            erased += erase_person(portal, party, "restored", actor=CONSOLE, now=now).party
    return erased
