"""Rotation: a device gets its next certificate on the word of the one it has.

The old key signs the request of the new one. What is asked twice with the same new key, because the
answer was lost or a stranger repeats what he heard, gets the same certificate twice.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection, RowMapping, select

from broker.fleet.attempts import Result, record_attempt
from broker.fleet.authority import Authority, Issued
from broker.fleet.certificates import (
    KEY_COPIED,
    find,
    find_again,
    issue_within,
    issued_of,
    lock_device,
    standing,
)
from broker.fleet.enrolments import Directions
from broker.fleet.notices import open_within
from broker.fleet.refused import RefusedError
from broker.fleet.requests import (
    Request,
    RequestError,
    Shown,
    is_signed_by,
    read_certificate,
    read_request,
)
from broker.link.proof import rotation_text
from broker.store.database import Database
from broker.store.fleet_tables import Certificate
from broker.store.status import Who
from broker.store.tables import table_of
from broker.wire.enrolment import Credentials, Rotation

WINDOW: Final = timedelta(days=1)
"""How far the kiosk's clock may be off. A small machine's may be wrong by hours."""

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)

_ADVICE: Final[dict[Result, tuple[str, str]]] = {
    "not-valid": ("not-valid", "the old key did not sign this, or not within a day of now"),
    "unknown-certificate": ("unknown-certificate", "we did not issue this certificate: enrol anew"),
    "revoked": ("revoked", "the certificate, or the new key, was revoked: enrol anew"),
    "expired": ("revoked", "the certificate has ended: enrol anew"),
    "not-in-use": ("revoked", "the device is in the drawer, or retired: put it to its place first"),
}


def rotate(
    database: Database,
    authority: Authority,
    directions: Directions,
    rotation: Rotation,
    address: str,
    now: datetime,
) -> Credentials:
    """Issue the next certificate of a device; the old one is let in for another week.

    Raises:
        RefusedError: ``not-valid``, ``unknown-certificate`` or ``revoked``.
    """
    try:
        shown = read_certificate(rotation.certificate)
        request = read_request(rotation.request)
    except RequestError as error:
        with database.transaction() as connection:
            record_attempt(connection, now, address, "not-valid")
        raise RefusedError("not-valid", str(error)) from error
    with database.transaction() as connection:
        result, issued = _decide(connection, authority, rotation, shown, request, now)
        device = shown.subject.partition("/")[2] if issued else None
        record_attempt(connection, now, address, result, device=device)
    _log.info("rotation", result=result, serial=shown.serial, address=address)
    if issued is None:
        raise RefusedError(*_ADVICE[result])
    return directions.credentials(shown.subject, issued, authority.trust_pem, b"")


def _decide(
    connection: Connection,
    authority: Authority,
    rotation: Rotation,
    shown: Shown,
    request: Request,
    now: datetime,
) -> tuple[Result, Issued | None]:
    """What becomes of it; the row of the device keeps others waiting."""
    device = lock_device(connection, shown.subject.partition("/")[2])
    fault = _fault(connection, rotation, shown, now)
    if fault is not None:
        return fault, None
    if device is None or device["touchpoint"] is None:
        return "not-in-use", None
    again = find_again(connection, shown.subject, request.key_digest, now)
    if again is not None:
        return "rotated-again", issued_of(again)
    stands = standing(connection, shown.serial, shown.subject, now)
    if stands == "good" and not _is_barred(connection, shown.subject, request):
        is_second = _has_successor(connection, shown)
        issued = issue_within(connection, authority, shown.subject, request.public_key, now)
        if is_second:
            open_within(connection, Who(*shown.subject.split("/")), KEY_COPIED, "{}", now)
        return ("key-copied" if is_second else "rotated"), issued
    return ("expired" if stands == "expired" else "revoked"), None


def _fault(
    connection: Connection, rotation: Rotation, shown: Shown, now: datetime
) -> Result | None:
    """What is wrong with the old key's word, if anything is."""
    record = find(connection, shown.serial)
    if record is None or not _is_ours(shown, record):
        return "unknown-certificate"
    text = rotation_text(rotation.certificate, rotation.request, rotation.asked_at)
    is_timely = abs(rotation.asked_at - now) <= WINDOW
    is_signed = is_signed_by(shown.public_key, rotation.signature, text)
    return None if is_timely and is_signed else "not-valid"


def _is_ours(shown: Shown, record: RowMapping) -> bool:
    """Whether it is, byte for byte, a device's certificate that we issued."""
    return record["purpose"] == "device" and read_certificate(record["pem"]).pem == shown.pem


def _has_successor(connection: Connection, shown: Shown) -> bool:
    """Whether it vouched for another key before: its owner does that once."""
    table = table_of(Certificate)
    replaced_at = select(table.c.replaced_at).where(table.c.serial == shown.serial)
    query = select(table.c.serial).where(
        table.c.subject == shown.subject, table.c.issued_at == replaced_at.scalar_subquery()
    )
    return connection.execute(query).first() is not None


def _is_barred(connection: Connection, subject: str, request: Request) -> bool:
    """Whether the new key was revoked before: what was heard then must not bring it back."""
    table = table_of(Certificate)
    query = select(table.c.serial).where(
        table.c.subject == subject,
        table.c.key_digest == request.key_digest,
        table.c.revoked_at.is_not(None),
    )
    return connection.execute(query).first() is not None
