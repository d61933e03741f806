"""Enrolment: whoever knows a one-time code (:mod:`broker.fleet.offers`) gets a certificate, once.

The server's side of the exchange that :mod:`broker.link.proof` describes. What it says is the same
for a code that is wrong, unknown, used up or too old, and as far as it goes takes the same time.

A code is used, its certificate recorded and the device's earlier ones revoked in one transaction,
before the answer. A kiosk that never gets the answer says the same again, with the same key, and
gets the same certificate, until the code's 24 hours are over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from sqlalchemy import Connection, RowMapping, update

from broker.fleet.attempts import Result, record_attempt, tell_of_wrong_codes
from broker.fleet.authority import Authority, Issued
from broker.fleet.certificates import (
    find,
    issue_within,
    issued_of,
    lock_device,
    revoke_all,
    standing,
)
from broker.fleet.codes import find_code, is_alive, secret_of
from broker.fleet.errors import FleetError
from broker.fleet.exchanges import Begun, Exchanges
from broker.fleet.refused import RefusedError, begin_again, wrong_code
from broker.fleet.requests import Request, RequestError, read_request
from broker.link.code import Code
from broker.link.proof import Exchange, ProofError
from broker.store.database import Database
from broker.store.fleet_tables import Enrolment
from broker.store.prepared import prepare
from broker.store.status import Who
from broker.store.tables import table_of
from broker.wire.enrolment import Credentials, Opened, Opening, Proof, Rotation

prepare(Opening, Proof, Rotation)

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Directions:
    """Where kiosks find us, as their credentials say.

    Attributes:
        mqtt_host, mqtt_port: the broker.
        fleet_url: the endpoint.
    """

    mqtt_host: str
    mqtt_port: int
    fleet_url: str

    def credentials(self, subject: str, issued: Issued, trust: str, shown: bytes) -> Credentials:
        """What the owner of ``issued`` is sent."""
        site, device = subject.split("/")
        return Credentials(
            v=1,
            confirmation=shown,
            site=site,
            device=device,
            certificate=issued.pem,
            trust=trust,
            serial=issued.serial,
            expires_at=issued.expires_at,
            mqtt_host=self.mqtt_host,
            mqtt_port=self.mqtt_port,
            fleet_url=self.fleet_url,
        )


class Enrolling:
    """The server's side of enrolment, for several threads.

    Args:
        database: codes and certificates.
        authority: signs.
        directions: what kiosks are told.
    """

    def __init__(self, database: Database, authority: Authority, directions: Directions) -> None:
        self._database: Final = database
        self._authority: Final = authority
        self._directions: Final = directions
        self._exchanges: Final = Exchanges()

    def open(self, opening: Opening, address: str, now: datetime) -> Opened:
        """Say our half of an exchange. Whoever names no living code gets one that means nothing.

        Raises:
            RefusedError: what was said is no half of an exchange.
        """
        exchange = Exchange("server", opening.label, self._secret(opening.label, now))
        try:
            agreement = exchange.finish(opening.exchange)
        except ProofError as error:
            self._record(now, address, "not-valid", opening.label)
            raise RefusedError("not-valid", str(error)) from error
        session = self._exchanges.begin(opening.label, agreement, now)
        return Opened(v=1, session=session, exchange=exchange.message)

    def prove(self, proof: Proof, met: Sequence[bytes], address: str, now: datetime) -> Credentials:
        """Issue a certificate to whoever proves to know the code.

        Args:
            proof: from the kiosk.
            met: SHA-256 of our TLS certificate, and of the one before where it was just renewed.
            address: who says it.
            now: the time.

        Raises:
            RefusedError: anything else; a wrong proof takes one of the code's five tries.
        """
        begun = self._exchanges.take(proof.session, now)
        if begun is None:
            self._record(now, address, "no-exchange", None)
            raise begin_again()
        try:
            request = read_request(proof.request)
        except RequestError as error:
            self._record(now, address, "not-valid", begun.label)
            raise RefusedError("not-valid", str(error)) from error
        seen = next((each for each in met if _is_proven(begun, proof, each)), None)
        result, subject, issued = self._judge(begun, request, seen, address, now)
        _log.info("enrolment", result=result, label=begun.label, address=address, subject=subject)
        if issued is None or seen is None:
            raise wrong_code()
        shown = begun.agreement.confirmation("server", proof.request, seen)
        return self._directions.credentials(subject, issued, self._authority.trust_pem, shown)

    def _secret(self, label: str, now: datetime) -> str:
        """The secret of a living code, or one that nobody knows."""
        with self._database.reading() as connection:
            row = find_code(connection, label)
        if row is not None and is_alive(row, now):
            try:
                return secret_of(row, self._authority.vault)
            except FleetError as error:
                _log.error("code can't be read", label=label, error=str(error))
        return Code.new().secret

    def _judge(
        self, begun: Begun, request: Request, seen: bytes | None, address: str, now: datetime
    ) -> tuple[Result, str, Issued | None]:
        """Decide and write it down in one transaction; the device's row keeps others waiting."""
        with self._database.transaction() as connection:
            row = _lock(connection, begun.label)
            device = None if row is None else row["device"]
            subject = "" if row is None else f"{row['site']}/{device}"
            result, issued = self._decide(connection, row, request, now, is_proven=seen is not None)
            record_attempt(connection, now, address, result, label=begun.label, device=device)
            if issued is None:
                is_dead = result == "wrong-code" and row is not None and row["tries_left"] == 1
                tell_of_wrong_codes(connection, address, now, is_dead=is_dead)
        return result, subject, issued

    def _decide(
        self,
        connection: Connection,
        row: RowMapping | None,
        request: Request,
        now: datetime,
        *,
        is_proven: bool,
    ) -> tuple[Result, Issued | None]:
        if row is None:
            return "unknown-code", None
        device = lock_device(connection, row["device"])  # ours already
        if not is_alive(row, now) or device is None or device["retired_on"] is not None:
            return "ended-code", None
        if not is_proven:
            _change(connection, row, tries_left=row["tries_left"] - 1)
            return "wrong-code", None
        if row["used_at"] is None:
            return "enrolled", self._issue(connection, row, request, now)
        again = _issued_before(connection, row, request, now)
        return ("enrolled-again", again) if again else ("ended-code", None)

    def _issue(
        self, connection: Connection, row: RowMapping, request: Request, now: datetime
    ) -> Issued:
        """Use the code up; what the device had before is barred."""
        who = Who(row["site"], row["device"])
        revoke_all(connection, who, "enrolled anew", now)
        issued = issue_within(connection, self._authority, "/".join(who), request.public_key, now)
        used = {"used_at": now, "key_digest": issued.key_digest, "serial": issued.serial}
        _change(connection, row, **used)
        return issued

    def _record(self, now: datetime, address: str, result: Result, label: str | None) -> None:
        _log.info("enrolment", result=result, label=label, address=address)
        with self._database.transaction() as connection:
            record_attempt(connection, now, address, result, label=label)


def _is_proven(begun: Begun, proof: Proof, met: bytes) -> bool:
    return begun.agreement.is_confirmed("kiosk", proof.request, met, proof.confirmation)


def _issued_before(
    connection: Connection, row: RowMapping, request: Request, now: datetime
) -> Issued | None:
    """What a used code gave to the same key, while that is good."""
    record = find(connection, row["serial"])
    if record is None or row["key_digest"] != request.key_digest:
        return None
    is_good = standing(connection, row["serial"], record["subject"], now) == "good"
    return issued_of(record) if is_good else None


def _lock(connection: Connection, label: str) -> RowMapping | None:
    """The row of a code; whoever changes it, or the certificates of its device, waits for us."""
    row = find_code(connection, label)
    if row is None:
        return None
    lock_device(connection, row["device"])
    return find_code(connection, label)


def _change(connection: Connection, row: RowMapping, **values: object) -> None:
    table = table_of(Enrolment)
    connection.execute(update(table).where(table.c.label == row["label"]).values(values))
