"""After a restore: who was signed in then is not now; who was erased since is erased again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import delete, update

from broker.fleet.revisions import leave_gap
from otziv.backup.errors import BackupError
from otziv.installation import Installation
from portal.accounts.accounts import AccountError, find
from portal.accounts.tables import (
    AccountMailCode,
    AccountRecovery,
    AccountSession,
    AccountSlip,
    AccountTicket,
)
from portal.audit.heads import FILE as HEADS
from portal.audit.heads import begin_heads
from portal.audit.log import CONSOLE, note
from portal.people.employees import find_employee
from portal.people.errors import PeopleError
from portal.settings import PortalSettings
from portal.store.tables import table_of
from portal.upkeep.erasure import erase_person, noted_erasures, overwrite
from portal.upkeep.staff_erasure import erase_employee, erase_user
from portal.web.opening import KEY_FILE, opened
from portal.web.portal import Portal


@contextmanager
def open_portal_of(installation: Installation) -> Iterator[Portal]:
    """The portal of an installation for work at the console; nobody can browse it.

    While a demo runs in the folder it is the demo's: what people see is what is asked about.

    Raises:
        StoreError: a database can't be used.
        KeyFileError: the key file can't.
    """
    running = installation.find_running()
    is_sample = running is not None and running.is_sample
    files, database = installation.portal_files, installation.portal_database_url
    if is_sample:
        files, database = installation.sample_files, installation.sample_database_url
    settings = PortalSettings(
        site=installation.settings.site,
        timezone=installation.settings.timezone,
        data=files,
        database=SecretStr(database),
        feedback=SecretStr(installation.database_url),
        public_url="http://127.0.0.1",
        comment_months=installation.settings.comment_months,
        is_sample=is_sample,
    )
    with installation.store():
        pass  # made or brought up to date, and the site is in it
    is_new = not (files / KEY_FILE).exists()
    with opened(settings) as portal:
        if is_new:
            begin_heads(files / HEADS, portal.keys)
        yield portal


def settle(installation: Installation, erasures: Path | None, made_at: datetime) -> int:
    """Make a restored portal fit for use: end sessions, codes, slips; erase again; how many.

    A session that was ended since the backup, or whose account was locked, would be good again; so
    would a slip, an invitation and a recovery code that were used since. Who was given one and has
    not used it needs another.

    Args:
        installation: the restored one.
        erasures: list of erased people; ``None``: whoever restores says that there is none.
        made_at: when the backup was made.

    Raises:
        BackupError: there is no such list, or it can't be read; nothing was changed.
    """
    ids = read_erasures(erasures) if erasures is not None else []
    with open_portal_of(installation) as portal:
        with portal.database.transaction() as connection:
            for model in (AccountTicket, AccountMailCode, AccountSession, AccountRecovery):
                connection.execute(delete(table_of(model)))
            slips = table_of(AccountSlip)
            unspent = slips.c.used_at.is_(None) & slips.c.revoked_at.is_(None)
            revoked = update(slips).values(revoked_at=datetime.now(UTC), email=None)
            connection.execute(revoked.where(unspent))
            as_of = made_at.isoformat(timespec="seconds")
            note(connection, CONSOLE, "backup.restored", "", as_of=as_of)
        return _erase(portal, ids)


def renumber(installation: Installation, made_at: datetime) -> None:
    """Have every device get its configuration anew, under a number that none has already.

    What was made since the backup is known to kiosks only, and they take only higher numbers.

    Args:
        installation: the restored one; its feedback database is in its place.
        made_at: when the backup was made.

    Raises:
        StoreError: the database can't be used.
    """
    with installation.store() as database:
        leave_gap(database, made_at, datetime.now(UTC))


def erase_again(installation: Installation, erasures: Path) -> int:
    """Erase whom a list of erasures names, as far as the portal knows them; how many.

    Raises:
        BackupError: there is no such list, or it can't be read; nobody was erased.
    """
    ids = read_erasures(erasures)
    with open_portal_of(installation) as portal:
        return _erase(portal, ids)


def read_erasures(path: Path) -> list[str]:
    """Ids of all whom a list of erasures names.

    Raises:
        BackupError: there is no such list, or it can't be read.
    """
    try:
        if not path.is_file():
            raise BackupError(f"there is no list of erased people at {path}")
        return [party for _, party in noted_erasures(path)]
    except (OSError, ValueError) as error:
        raise BackupError(f"the list of erased people can't be read: {path}: {error}") from error


def _erase(portal: Portal, ids: list[str]) -> int:
    erased = sum(_erase_one(portal, each) for each in ids)
    if ids:
        overwrite(portal)
    return erased


def _erase_one(portal: Portal, known: str) -> bool:
    """Erase a citizen, an employee or a user, whoever has that id; whether somebody has.

    Raises:
        BackupError: nobody could administer it then.
    """
    now = datetime.now(UTC)
    with portal.database.reading() as connection:
        is_employee = find_employee(connection, known) is not None
        is_user = find(connection, known) is not None
    try:
        if is_employee:
            erase_employee(portal, known, "restored", actor=CONSOLE, now=now, is_restored=True)
        elif is_user:
            erase_user(portal, known, "restored", actor=CONSOLE, now=now, is_restored=True)
        else:
            return erase_person(
                portal, known, "restored", actor=CONSOLE, now=now, is_overwriting=False
            ).party
    except PeopleError:  # entered after the backup: it is not there
        return False
    except AccountError as error:
        raise BackupError(
            f"{known} is to be erased again and can't be: {error}. Make another administrator "
            "(otziv user add), then: otziv privacy erase --list FILE"
        ) from error
    return True
