"""What all verbs of this area stand on: the database, who may see which rows, names, mails."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, RowMapping, Table, false, select, true

from analytics.improvement.colleagues import Colleague
from analytics.improvement.who import DOERS, READERS, NotThereError, Who, sees
from broker.store.database import Database
from broker.store.places import Place
from portal.accounts.accounts import accounts, mail_of, roles_of, units_of
from portal.keys import Keys
from portal.mail.outgoing import queue_if_reachable
from portal.people.units import codes_below
from portal.web.actor import Actor
from portal.web.language import FIRST, Language
from portal.web.portal import Portal

T = TypeVar("T")

_ACTIVE: Final = "active"


@dataclass(frozen=True, slots=True)
class Office:
    """What this area works with.

    Attributes:
        public_url: of the portal, for links in mails; nothing behind the host.
        zone: whose days are meant.
    """

    database: Database
    keys: Keys
    public_url: str
    zone: ZoneInfo
    clock: Callable[[], datetime]

    def today(self) -> date:
        """The local day."""
        return self.clock().astimezone(self.zone).date()

    def language(self, code: str = FIRST) -> Language:
        """For mails."""
        return Language(code, self.zone)

    def link(self, path: str, code: str = FIRST) -> str:
        """The address of a page of the portal."""
        return f"{self.public_url}{self.language(code).prefix}{path}"


def office_of(portal: Portal) -> Office:
    """That of a running portal."""
    settings = portal.settings
    zone = ZoneInfo(settings.timezone)
    return Office(portal.database, portal.keys, settings.public_url, zone, portal.clock)


def actor_of(who: Who) -> Actor:
    """For the audit log."""
    return Actor("staff", who.id, who.name)


def with_units_below(connection: Connection, actor: Actor) -> Actor:
    """``actor`` with the units in his units, as the verbs take him."""
    if not actor.units:
        return actor
    below = (codes_below(connection, unit) for unit in actor.units)
    return replace(actor, units=actor.units.union(*below))


def seen_by(who: Who, table: Table) -> ColumnElement[bool]:
    """The rows that he sees; the same as :func:`analytics.improvement.who.sees`."""
    if not who.roles & READERS:
        return false()
    return table.c.unit.in_(sorted(who.units)) if who.units else true()


def need(
    connection: Connection, table: Table, found_id: str, *, locked: bool = False
) -> RowMapping:
    """The row of that id; ``locked``: nobody else changes it until the transaction ends.

    Raises:
        NotThereError: there is none.
    """
    wanted = select(table).where(table.c.id == found_id)
    found = connection.execute(wanted.with_for_update() if locked else wanted).mappings().first()
    if found is None:
        raise NotThereError
    return found


def columns(thing: Any) -> dict[str, Any]:  # noqa: ANN401  # any of the protocol's dataclasses
    """Its fields as columns: the place as two."""
    found = {each.name: getattr(thing, each.name) for each in fields(thing)}
    if "place" in found:
        place = found.pop("place") or Place("", "")
        found |= {"place_kind": place.kind, "place_code": place.code}
    return found


def thing(kind: type[T], row: Mapping[Any, Any], **more: object) -> T:
    """A row as one of the protocol's dataclasses; ``more`` stands instead of columns."""
    known = {**row, **more}
    if known.get("place_kind"):
        known["place"] = Place(known["place_kind"], known["place_code"])
    names = {each.name for each in fields(kind)}  # type: ignore[arg-type]
    return kind(**{name: value for name, value in known.items() if name in names})


def names_of(connection: Connection, ids: Iterable[str]) -> dict[str, str]:
    """Account → name; of an account that is gone, nothing."""
    wanted = select(accounts.c.id, accounts.c.name).where(accounts.c.id.in_(sorted(set(ids))))
    return {row.id: row.name for row in connection.execute(wanted)}


def staff(connection: Connection) -> list[Actor]:
    """All of the staff who can sign in, by name, with the units in theirs."""
    wanted = select(accounts).where(accounts.c.kind == "staff", accounts.c.state == _ACTIVE)
    found = []
    for row in connection.execute(wanted.order_by(accounts.c.name, accounts.c.id)).all():
        roles: Any = roles_of(connection, row.id)
        actor = Actor("staff", row.id, row.name, roles, units_of(connection, row.id))
        found.append(with_units_below(connection, actor))
    return found


def doers_of(connection: Connection, unit: str) -> list[Colleague]:
    """Those who may be given work of a unit, by name."""
    return [
        Colleague(each.id, each.name)
        for each in staff(connection)
        if each.roles & DOERS and sees(each, unit)
    ]


def write_to(connection: Connection, office: Office, account: str, letter: tuple[str, str]) -> bool:
    """Queue a mail (subject and text) to somebody of the staff; whether one can go there."""
    row = connection.execute(select(accounts).where(accounts.c.id == account)).first()
    address = mail_of(office.keys, row) if row is not None else ""
    if not address:
        return False
    subject, text = letter
    return bool(queue_if_reachable(connection, address, subject, text, now=office.clock()))
