"""What the places are called at which comments came in."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from broker.store.database import Database
from broker.store.tables import Touchpoint, table_of

_touchpoint: Final = table_of(Touchpoint)


def place_names(feedback: Database) -> dict[str, str]:
    """Code of a touchpoint → its name, by name."""
    query = select(_touchpoint.c.code, _touchpoint.c.name).order_by(_touchpoint.c.name)
    with feedback.reading() as connection:
        return {code: name or code for code, name in connection.execute(query)}
