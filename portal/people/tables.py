"""Tables of people and places: who a citizen, a company, a colleague is, and where things are.

Every other area refers to these by id or code. Nothing here is ever deleted while it can be
referred to: a duplicate points to the party it became, an erased party stays as an empty row, a
settlement that is no more points to its successor.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field

from broker.store.columns import Day, Instant
from portal.store.tables import PortalTable


class Party(PortalTable, table=True):
    """A person, a company or a body that deals with the municipality.

    ``name`` is that of a company or body. ``name_key`` is what is searched: small letters, all
    names. ``revision`` grows with each change, so that nobody overwrites what he has not seen.
    """

    id: str = Field(primary_key=True)
    kind: str
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    name: str = ""
    latin_name: str = ""
    name_key: str = Field(default="", sa_type=Text)
    born_on: date | None = Field(default=None, sa_type=Day)
    e_mail: str = ""
    phone: str = ""
    other_phone: str = ""
    entered_at: datetime = Field(sa_type=Instant)
    revision: int = 1
    merged_into: str | None = Field(default=None, foreign_key="party.id", index=True)
    erased_at: datetime | None = Field(default=None, sa_type=Instant)
    erased_because: str = ""


class PartyIdentifier(PortalTable, table=True):
    """An identifier of a party, kept so that it can be found but not read.

    ``hash`` is keyed and makes it unique: two clerks can't enter one person twice. ``sealed`` is
    the value, encrypted. One is current; others are former ones (an ЛНЧ before naturalisation).
    """

    __tablename__ = "party_identifier"

    hash: str = Field(primary_key=True, max_length=64)
    party: str = Field(foreign_key="party.id", index=True)
    kind: str
    country: str = ""
    sealed: bytes = Field(sa_type=LargeBinary)
    is_current: bool = True
    since: datetime = Field(sa_type=Instant)


class Address(PortalTable, table=True):
    """Where a party is to be found from ``valid_from`` until the day before ``valid_to``.

    ``settlement`` is the code as it was then; ``portal.people.addresses`` tells what it is called
    now. Abroad, ``country`` is not BG and ``abroad`` holds the lines.
    """

    __table_args__ = (UniqueConstraint("party", "kind", "valid_from"),)

    id: str = Field(primary_key=True)
    party: str = Field(foreign_key="party.id")
    kind: str
    country: str = "BG"
    settlement: str | None = Field(default=None, foreign_key="settlement.code", index=True)
    postal_code: str = ""
    location_code: str = ""
    location: str = ""
    number: str = ""
    entrance: str = ""
    floor: str = ""
    apartment: str = ""
    abroad: str = Field(default="", sa_type=Text)
    valid_from: date = Field(sa_type=Day)
    valid_to: date | None = Field(default=None, sa_type=Day)


class Settlement(PortalTable, table=True):
    """A code of ЕКАТТЕ; once there, always there.

    ``ended_on`` is the first day on which it is no settlement of its own any more, ``successor``
    what it became a part of.
    """

    code: str = Field(primary_key=True, max_length=5)
    ended_on: date | None = Field(default=None, sa_type=Day)
    successor: str | None = Field(default=None, foreign_key="settlement.code")


class SettlementState(PortalTable, table=True):
    """What a settlement is from ``valid_from`` on, until its next state.

    ``kind`` is ``гр.``, ``с.`` or ``ман.``; ``mayoralty`` ends in ``-00`` where there is none.
    """

    __tablename__ = "settlement_state"
    __table_args__ = (Index(None, "name_key"), Index(None, "municipality"))

    code: str = Field(primary_key=True, foreign_key="settlement.code")
    valid_from: date = Field(primary_key=True, sa_type=Day)
    kind: str
    name: str
    name_en: str
    name_key: str
    municipality: str
    mayoralty: str
    postal_code: str = ""
    longitude: float | None = None
    latitude: float | None = None


class Territory(PortalTable, table=True):
    """What a province, municipality or mayoralty (кметство) is called from ``valid_from`` on.

    ``seat`` is the settlement of its administration. A row with ``is_gone`` says that from then on
    it is no more.
    """

    kind: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    valid_from: date = Field(primary_key=True, sa_type=Day)
    name: str
    name_en: str = ""
    seat: str = ""
    is_gone: bool = False


class Unit(PortalTable, table=True):
    """A part of the administration; places in the feedback store hold its code.

    It is there from ``valid_from`` until the day before ``valid_to``. ``mayoralty`` is the code of
    the кметство that a unit of that kind is.
    """

    code: str = Field(primary_key=True)
    kind: str
    parent: str | None = Field(default=None, foreign_key="unit.code", index=True)
    name_bg: str
    name_en: str = ""
    settlement: str | None = Field(default=None, foreign_key="settlement.code")
    mayoralty: str = ""
    location: str = ""
    phone: str = ""
    e_mail: str = ""
    opening_bg: str = Field(default="", sa_type=Text)
    opening_en: str = Field(default="", sa_type=Text)
    valid_from: date = Field(sa_type=Day)
    valid_to: date | None = Field(default=None, sa_type=Day)
    revision: int = 1


class UnitSettlement(PortalTable, table=True):
    """A settlement that a unit serves: those of a lieutenancy stand in no national list."""

    __tablename__ = "unit_settlement"

    unit: str = Field(primary_key=True, foreign_key="unit.code")
    settlement: str = Field(primary_key=True, foreign_key="settlement.code")
    valid_from: date = Field(primary_key=True, sa_type=Day)
    valid_to: date | None = Field(default=None, sa_type=Day)


class Employee(PortalTable, table=True):
    """A person on the staff, from ``valid_from`` until the day before ``valid_to``.

    Apart from :class:`Party` on purpose: what a colleague has to do with the municipality as a
    citizen is no business of his office.
    """

    id: str = Field(primary_key=True)
    first_name: str
    middle_name: str = ""
    last_name: str
    latin_name: str = ""
    name_key: str
    e_mail: str = ""
    phone: str = ""
    valid_from: date = Field(sa_type=Day)
    valid_to: date | None = Field(default=None, sa_type=Day)
    revision: int = 1


class Post(PortalTable, table=True):
    """One place on the staff list, in a unit, whoever holds it."""

    id: str = Field(primary_key=True)
    unit: str = Field(foreign_key="unit.code", index=True)
    title_bg: str
    title_en: str = ""
    is_head: bool = False
    valid_from: date = Field(sa_type=Day)
    valid_to: date | None = Field(default=None, sa_type=Day)


class Appointment(PortalTable, table=True):
    """Who holds a post from ``valid_from`` until the day before ``valid_to``; one at a time."""

    __table_args__ = (UniqueConstraint("post", "valid_from"),)

    id: str = Field(primary_key=True)
    post: str = Field(foreign_key="post.id")
    employee: str = Field(foreign_key="employee.id", index=True)
    valid_from: date = Field(sa_type=Day)
    valid_to: date | None = Field(default=None, sa_type=Day)


class Absence(PortalTable, table=True):
    """Days on which an employee is not there, both included; why is nobody's business here.

    ``deputy`` stands in for all his posts then, before their standing deputies.
    """

    id: str = Field(primary_key=True)
    employee: str = Field(foreign_key="employee.id", index=True)
    first_on: date = Field(sa_type=Day)
    last_on: date = Field(sa_type=Day)
    deputy: str | None = Field(default=None, foreign_key="employee.id")


class Deputy(PortalTable, table=True):
    """Who stands in at a post whenever its holder is not there; the lowest ``rank`` first."""

    post: str = Field(primary_key=True, foreign_key="post.id")
    employee: str = Field(primary_key=True, foreign_key="employee.id")
    valid_from: date = Field(primary_key=True, sa_type=Day)
    rank: int = 1
    valid_to: date | None = Field(default=None, sa_type=Day)
