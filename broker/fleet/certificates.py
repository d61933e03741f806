"""Certificates that we issued, as the database knows them: issued, replaced, revoked.

A certificate counts by its record here. One that the authority signed and whose record was lost
(the process was killed between) is a stranger's.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final, Literal, TypeAlias, get_args

from sqlalchemy import ColumnElement, Connection, RowMapping, insert, select, update

from broker.fleet.authority import DEVICE_LASTS, SERVER_LASTS, Authority, Issued
from broker.fleet.codes import end_codes
from broker.fleet.errors import FleetError
from broker.fleet.notices import close_within
from broker.fleet.private_files import locked, make_folder, write_private
from broker.fleet.profiles import Purpose
from broker.fleet.requests import PublicKey, RequestError, read_certificate
from broker.fleet.vault import key_pem, new_key
from broker.store.database import Database
from broker.store.fleet_tables import Certificate
from broker.store.status import Who
from broker.store.tables import Device, table_of

Standing: TypeAlias = Literal["good", "revoked", "expired", "unknown", "other-name"]

REPLACED_LASTS: Final = timedelta(days=7)
"""How long a replaced certificate is still let in: the answer with the new one may be lost."""
KEY_COPIED: Final = "key-copied"
"""The notice that two keys were vouched for by one; it is over when the device has neither."""
SERVERS: Final = frozenset({"broker", "endpoint"})
SERVICES: Final = frozenset({"collector", "fleet", "watcher"})


def lock_device(connection: Connection, name: str) -> RowMapping | None:
    """The row of a device, for whoever issues or bars its certificates: one at a time.

    Without it PostgreSQL would let a revocation miss what is issued while it waits.
    """
    table = table_of(Device)
    query = select(table).where(table.c.name == name).with_for_update()
    return connection.execute(query).mappings().first()


def issue_within(
    connection: Connection,
    authority: Authority,
    subject: str,
    public_key: PublicKey,
    now: datetime,
) -> Issued:
    """Issue a certificate to a device that is locked; its earlier ones are replaced."""
    issued = authority.issue(subject, public_key, purpose="device", now=now, lasts=DEVICE_LASTS)
    _record(connection, issued, "device", subject, now)
    return issued


def service_identity(
    database: Database,
    authority: Authority,
    folder: Path,
    name: str,
    now: datetime,
    *,
    names: Sequence[str] = (),
) -> Path:
    """The file with key and certificate of one of our own processes, made or renewed if due.

    Due is: not there, not in our records, two thirds of its life over, or other ``names``.

    Args:
        database: where it is recorded.
        authority: who signs.
        folder: where the file is; made where it is missing.
        name: ``collector``, ``fleet`` or ``watcher``; ``broker`` or ``endpoint``, which serve.
        now: the time.
        names: DNS names and addresses under which a server is reached.

    Raises:
        FleetError: there is no such service, or it can't be written.
    """
    if name not in SERVERS | SERVICES:
        raise FleetError(f"{name!r} is no process of ours: {', '.join(sorted(SERVERS | SERVICES))}")
    path = folder / f"{name}.pem"
    try:
        make_folder(folder)
        with locked(folder):
            if not _is_fresh(database, path, name, names, now):
                _renew(database, authority, path, names, now)
    except OSError as error:
        raise FleetError(f"the identity {path} can't be written: {error}") from error
    return path


def revoke(database: Database, serial: str, why: str, now: datetime) -> Certificate:
    """Revoke one certificate, and return its record; one that is revoked stays as it was.

    Others of the same name stay good (:func:`list_good`), such as one that it vouched for.

    Raises:
        FleetError: we issued none of that serial.
    """
    table = table_of(Certificate)
    with database.transaction() as connection:
        found = find(connection, serial)
        if found is None:
            raise FleetError(f"no certificate {serial!r}: 'otziv device show' has them")
        lock_device(connection, found["subject"].partition("/")[2])
        revoke_where(connection, table.c.serial == serial, why, now)
        return Certificate(**find(connection, serial) or found)


def revoke_device(database: Database, name: str, why: str, now: datetime) -> list[str]:
    """Revoke all certificates of a device and end its codes; the serials that were revoked.

    Raises:
        FleetError: there is no such device.
    """
    with database.transaction() as connection:
        return bar(connection, name, why, now)


def bar(connection: Connection, name: str, why: str, now: datetime) -> list[str]:
    """The same inside a transaction."""
    device = lock_device(connection, name)
    if device is None:
        raise FleetError(f"there is no device {name!r}: 'otziv device list' has them all")
    end_codes(connection, name, now)
    return revoke_all(connection, Who(device["site"], name), why, now)


def revoke_all(connection: Connection, who: Who, why: str, now: datetime) -> list[str]:
    """Revoke what a device has, which is locked; by that a copy of its key is out, too."""
    close_within(connection, who, KEY_COPIED, now)
    return revoke_where(connection, table_of(Certificate).c.subject == "/".join(who), why, now)


def revoke_where(
    connection: Connection, which: ColumnElement[bool], why: str, now: datetime
) -> list[str]:
    """Revoke what is not revoked yet of those; the serials."""
    table = table_of(Certificate)
    changed = (
        update(table)
        .where(which, table.c.revoked_at.is_(None))
        .values(revoked_at=now, revoked_why=why)
        .returning(table.c.serial)
    )
    return sorted(connection.execute(changed).scalars())


def mark_replaced(connection: Connection, subject: str, now: datetime) -> None:
    """What ``subject`` has is let in for another week."""
    table = table_of(Certificate)
    earlier = (table.c.subject == subject) & table.c.replaced_at.is_(None)
    connection.execute(update(table).where(earlier).values(replaced_at=now))


def retire_replaced(database: Database, now: datetime) -> list[str]:
    """Revoke devices' certificates that were replaced a week ago; their serials."""
    table = table_of(Certificate)
    is_old = (table.c.purpose == "device") & (table.c.replaced_at <= now - REPLACED_LASTS)
    with database.transaction() as connection:
        return revoke_where(connection, is_old, "replaced", now)


def revoked(connection: Connection, now: datetime) -> list[tuple[str, datetime]]:
    """Serials that are revoked and have not ended, and since when; oldest first."""
    table = table_of(Certificate)
    query = select(table.c.serial, table.c.revoked_at).where(
        table.c.revoked_at.is_not(None), table.c.expires_at > now
    )
    return [(row[0], row[1]) for row in connection.execute(query.order_by("revoked_at", "serial"))]


def standing(connection: Connection, serial: str, subject: str, now: datetime) -> Standing:
    """Whether whoever shows the certificate ``serial`` as ``subject`` may come in."""
    found = find(connection, serial)
    if found is None:
        return "unknown"
    if found["subject"] != subject:
        return "other-name"
    if found["revoked_at"] is not None:
        return "revoked"
    return "good" if now < found["expires_at"] else "expired"


def list_certificates(database: Database, subject: str | None = None) -> list[Certificate]:
    """All certificates, or those of one subject (``site/device``), oldest first."""
    table = table_of(Certificate)
    query = select(table).order_by("issued_at", "serial")
    if subject is not None:
        query = query.where(table.c.subject == subject)
    with database.reading() as connection:
        return [Certificate(**row) for row in connection.execute(query).mappings()]


def list_good(database: Database, subject: str, now: datetime) -> list[str]:
    """Serials with which ``subject`` is let in."""
    found = _list_owned(database, subject)
    return [each.serial for each in found if each.revoked_at is None and now < each.expires_at]


def is_enforced(database: Database, subject: str) -> bool:
    """Whether brokers were seen to keep out all that was revoked of ``subject``."""
    found = _list_owned(database, subject)
    return all(each.enforced_at is not None for each in found if each.revoked_at is not None)


def _list_owned(database: Database, subject: str) -> list[Certificate]:
    """Without those that the guard gives itself for minutes, in a device's name."""
    found = list_certificates(database, subject)
    return [each for each in found if each.purpose in get_args(Purpose)]


def find(connection: Connection, serial: str) -> RowMapping | None:
    """The record of a certificate."""
    table = table_of(Certificate)
    return connection.execute(select(table).where(table.c.serial == serial)).mappings().first()


def find_again(
    connection: Connection, subject: str, key_digest: str, now: datetime
) -> RowMapping | None:
    """The latest certificate in good standing that ``subject`` has for that key, if any."""
    table = table_of(Certificate)
    query = (
        select(table)
        .where(table.c.subject == subject, table.c.key_digest == key_digest)
        .where(table.c.revoked_at.is_(None), table.c.expires_at > now)
        .order_by(table.c.issued_at.desc())
    )
    return connection.execute(query).mappings().first()


def issued_of(record: RowMapping) -> Issued:
    """A certificate as it was issued."""
    return Issued(record["serial"], record["pem"], record["expires_at"], record["key_digest"])


def _record(
    connection: Connection, issued: Issued, purpose: Purpose, subject: str, now: datetime
) -> None:
    """Write down what was issued; what the subject had before is replaced."""
    mark_replaced(connection, subject, now)
    made = Certificate(
        serial=issued.serial,
        purpose=purpose,
        subject=subject,
        key_digest=issued.key_digest,
        pem=issued.pem,
        issued_at=now,
        expires_at=issued.expires_at,
    )
    connection.execute(insert(table_of(Certificate)).values(made.model_dump()))


def _is_fresh(
    database: Database, path: Path, name: str, names: Sequence[str], now: datetime
) -> bool:
    """Whether the file at ``path`` will do."""
    try:
        shown = read_certificate(path.read_text(encoding="ascii"))
    except (FileNotFoundError, UnicodeDecodeError, RequestError):
        return False
    with database.reading() as connection:
        record = find(connection, shown.serial)
        if record is None or standing(connection, shown.serial, name, now) != "good":
            return False
    is_due = now >= shown.begins_at + (shown.expires_at - shown.begins_at) * 2 / 3
    is_of_names = set(shown.names) == {_normal(name) for name in names}
    return record["replaced_at"] is None and is_of_names and not is_due


def _normal(name: str) -> str:
    """A name as a certificate says it: an address has one way to be written."""
    try:
        return str(ip_address(name))
    except ValueError:
        return name


def _renew(
    database: Database, authority: Authority, path: Path, names: Sequence[str], now: datetime
) -> None:
    """Record first: a file that is not written then is seen to be replaced, and made again."""
    name, key = path.stem, new_key()
    purpose: Purpose = "server" if name in SERVERS else "service"
    issued = authority.issue(
        name, key.public_key(), purpose=purpose, now=now, lasts=SERVER_LASTS, names=names
    )
    with database.transaction() as connection:
        _record(connection, issued, purpose, name, now)
    write_private(path, key_pem(key) + issued.pem.encode())
