"""Tables of municipality."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary
from sqlmodel import Field

from broker.store.columns import Instant
from portal.store.tables import PortalTable


class MunicipalitySign(PortalTable, table=True):
    """What a municipality says of itself; one row each.

    ``facts`` is a :class:`portal.municipality.facts.Facts` as JSON; ``arms`` is an SVG or PNG
    that was checked, ``arms_hash`` the beginning of its SHA-256.
    """

    __tablename__ = "municipality_sign"

    site: str = Field(primary_key=True)
    facts: dict[str, Any] = Field(sa_type=JSON)
    arms: bytes | None = Field(default=None, sa_type=LargeBinary)
    arms_type: str | None = None
    arms_hash: str | None = None
    changed_at: datetime = Field(sa_type=Instant)
