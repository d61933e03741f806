"""What the municipality says of itself: reading and changing it, one transaction each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from broker.store.database import Database
from portal.audit.log import note
from portal.municipality.arms import Arms
from portal.municipality.facts import Facts
from portal.municipality.tables import MunicipalitySign
from portal.store.tables import table_of
from portal.web.actor import Actor

_signs = table_of(MunicipalitySign)


@dataclass(frozen=True, slots=True)
class Sign:
    """What is kept of a municipality; ``arms_hash`` is ``None`` where it has no arms."""

    facts: Facts
    arms_hash: str | None = None


def read_sign(database: Database, site: str) -> Sign:
    """What ``site`` says of itself; nothing yet gives empty facts."""
    with database.reading() as connection:
        return _read(connection, site)


def read_arms(database: Database, site: str) -> Arms | None:
    """The arms of ``site``, if it gave any."""
    query = select(_signs.c.arms, _signs.c.arms_type).where(_signs.c.site == site)
    with database.reading() as connection:
        row = connection.execute(query).one_or_none()
    return None if row is None or row.arms is None else Arms(bytes(row.arms), row.arms_type)


def change_facts(
    database: Database, actor: Actor, site: str, changes: Mapping[str, object], now: datetime
) -> list[str]:
    """Change some facts of ``site``; the names of those that really differ."""
    with database.transaction() as connection:
        _make_row(connection, site, now)
        old = _read(connection, site, is_locked=True).facts
        new = Facts.model_validate({**old.model_dump(), **changes})
        changed = [name for name in Facts.model_fields if getattr(old, name) != getattr(new, name)]
        if changed:
            _change(connection, site, now, facts=new.model_dump(mode="json"))
            note(connection, actor, "municipality.facts-changed", site, fields=changed)
    return changed


def change_arms(
    database: Database, actor: Actor, site: str, arms: Arms | None, now: datetime
) -> None:
    """Give ``site`` other arms, or none."""
    digest = None if arms is None else sha256(arms.content).hexdigest()[:16]
    with database.transaction() as connection:
        _make_row(connection, site, now)
        _change(
            connection,
            site,
            now,
            arms=None if arms is None else arms.content,
            arms_type=None if arms is None else arms.media_type,
            arms_hash=digest,
        )
        note(connection, actor, "municipality.arms-changed", site, hash=digest)


def _make_row(connection: Connection, site: str, now: datetime) -> None:
    """The row of ``site``, unless it, or somebody else's in this moment, is there already."""
    if connection.execute(select(_signs.c.site).where(_signs.c.site == site)).first() is not None:
        return
    try:
        with connection.begin_nested():
            connection.execute(insert(_signs).values(site=site, facts={}, changed_at=now))
    except IntegrityError:
        pass


def _read(connection: Connection, site: str, *, is_locked: bool = False) -> Sign:
    query = select(_signs.c.facts, _signs.c.arms_hash).where(_signs.c.site == site)
    row = connection.execute(query.with_for_update() if is_locked else query).one_or_none()
    return Sign(Facts()) if row is None else Sign(Facts.model_validate(row.facts), row.arms_hash)


def _change(connection: Connection, site: str, now: datetime, **values: object) -> None:
    connection.execute(update(_signs).where(_signs.c.site == site).values(changed_at=now, **values))
