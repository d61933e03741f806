"""Where kiosks find this installation: they keep it at their enrolment, so it should not change."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import func, select

from broker.files import write_whole
from broker.store.database import Database
from broker.store.fleet_tables import Certificate
from broker.store.tables import table_of


@dataclass(frozen=True, slots=True)
class Place:
    """Names and ports that kiosks go by; the attributes are called as the settings are."""

    public_host: str
    mqtt_port: int
    fleet_port: int


def last_place(data: Path) -> Place | None:
    """Where the installation in ``data`` was at its last start."""
    known = _read(data)
    return known[-1][0] if known else None


def note_place(database: Database, data: Path, here: Place, now: datetime) -> str | None:
    """Note that kiosks find us ``here`` from now on.

    Returns:
        What to tell people where kiosks look for us at an earlier place, else ``None``.
    """
    known = _read(data)
    places = [place for place, _ in known]
    # Whoever puts back what was before has moved away from nobody.
    known = known[: places.index(here) + 1] if here in places else [*known, (here, now)]
    said = [{**asdict(place), "since": since.isoformat()} for place, since in known]
    write_whole(_path(data), json.dumps(said).encode())
    if len(known) == 1:
        return None
    (before, _), (_, since) = known[-2:]
    left = _count_left(database, since, now)
    return _explain(before, here, left) if left else None


def _count_left(database: Database, since: datetime, now: datetime) -> int:
    """Devices that have heard nothing of where we are since then."""
    table = table_of(Certificate)
    query = select(func.count(table.c.subject.distinct())).where(
        table.c.purpose == "device",
        table.c.revoked_at.is_(None),
        table.c.replaced_at.is_(None),
        table.c.issued_at < since,
        table.c.expires_at > now,
    )
    with database.reading() as connection:
        return int(connection.execute(query).scalar_one())


def _explain(before: Place, here: Place, left: int) -> str:
    old, new = asdict(before), asdict(here)
    changes = ", ".join(f"{name} = {old[name]!r}" for name in old if old[name] != new[name])
    return (
        f"MOVED: {left} enrolled devices look for this installation where it was ({changes}) and "
        "keep their ratings until they find it: put that back in the settings, or enrol them anew"
    )


def _path(data: Path) -> Path:
    return data / "place.json"


def _read(data: Path) -> list[tuple[Place, datetime]]:
    """All places since the first, oldest first; a file that can't be read tells of none."""
    try:
        said = json.loads(_path(data).read_bytes())
        return [
            (Place(**each), datetime.fromisoformat(since).astimezone(UTC))
            for each in said
            for since in [each.pop("since")]
        ]
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return []
