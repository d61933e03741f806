"""What every table of the portal is made of.

SQLModel classes that don't validate (``table=True`` skips it): forms do. Ids are UUIDs of version
7 as text: they tell nothing, and rows stay in the order in which they were made.
"""

from __future__ import annotations

from typing import ClassVar

import uuid6
from sqlalchemy import MetaData, Table
from sqlmodel import SQLModel


class PortalTable(SQLModel):
    """Base of all tables here: metadata of their own, apart from the feedback store's."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "pk": "%(table_name)s_pkey",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
        }
    )


def new_id() -> str:
    """An id that nobody else has: 32 hexadecimal digits."""
    return uuid6.uuid7().hex


def table_of(model: type[PortalTable]) -> Table:
    """The SQLAlchemy table behind ``model``."""
    return PortalTable.metadata.tables[str(model.__tablename__)]
