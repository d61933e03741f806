"""Giving out one-time codes: by who holds the authority's keys, or by who may but ask it.

A code's secret stands in the database only sealed, and only the fleet's process opens it. Whoever
has no keys of the authority (the portal) draws a code, too, and seals it by the public half that
the fleet's process says of itself (:mod:`broker.fleet.presence`): it can give codes out, and can
neither read those of others nor sign anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from broker.fleet.authority import Authority
from broker.fleet.certificates import lock_device
from broker.fleet.codes import make_code
from broker.fleet.errors import FleetError
from broker.fleet.placing import register_device
from broker.fleet.presence import read_presence
from broker.fleet.vault import LetterBox, Sealer
from broker.link.code import Code
from broker.store.database import Database


@dataclass(frozen=True, slots=True)
class Offered:
    """A code for a device; this is the only time that anybody sees it.

    Attributes:
        device, touchpoint: for which, and where it stands.
        code: to be typed or photographed.
        expires_at: until when it can be used.
    """

    device: str
    touchpoint: str
    code: Code
    expires_at: datetime


def enrol(
    database: Database,
    authority: Authority,
    name: str,
    touchpoint: str,
    now: datetime,
    *,
    server: str | None = None,
) -> Offered:
    """Give out a code for device ``name``, which is registered where it is new.

    Earlier codes of the device end. Its certificates stay good until the new code is used.

    Args:
        database: where.
        authority: who will sign, and whose fingerprint the QR code carries.
        name: of the device.
        touchpoint: where it stands.
        now: the code lasts 24 hours from it.
        server: address of the endpoint, for the QR code.

    Raises:
        RegistryError: bad name, unknown touchpoint, or the device stands elsewhere.
        FleetError: the device is retired or in the drawer; or it is new, and no kiosk could show
            what is set where it stands.
    """
    trust = (server, authority.fingerprint)
    return _offer(database, authority.vault, name, touchpoint, now, trust)


def offer(database: Database, name: str, touchpoint: str, now: datetime) -> Offered:
    """The same without the authority, for who has but the database.

    Raises:
        RegistryError: as :func:`enrol`.
        FleetError: likewise; or the fleet's process never ran on this database.
    """
    with database.reading() as connection:
        presence = read_presence(connection)
    if presence is None:
        raise FleetError(
            "no code can be given out before the fleet's process ran for the first time: start "
            "the server with certificates (mqtt_tls = true)"
        )
    box = LetterBox(presence.letter_key)
    return _offer(database, box, name, touchpoint, now, (presence.fleet_url, presence.fingerprint))


def _offer(  # one code
    database: Database,
    sealer: Sealer,
    name: str,
    touchpoint: str,
    now: datetime,
    trust: tuple[str | None, str],
) -> Offered:
    register_device(database, name, touchpoint, now)
    with database.transaction() as connection:
        device = lock_device(connection, name)  # one code at a time
        if device is None or device["retired_on"] is not None:
            raise FleetError(f"device {name!r} was retired: take another name")
        code, expires_at = make_code(connection, sealer, device["site"], name, now)
    return Offered(name, touchpoint, Code(code.label, code.secret, *trust), expires_at)
