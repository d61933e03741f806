"""How often themes were given: counted here with each change, and told to the feedback store.

The count changes in the transaction that gives or takes a theme, so it is right whatever becomes
of the other database, and it outlives the comments. Telling writes what the count is; said twice,
it is the same.
"""

from __future__ import annotations

from typing import Final

import structlog
from sqlalchemy import Connection, case, select, update
from sqlalchemy.dialects import postgresql, sqlite

from broker.store.database import Database
from broker.store.errors import StoreError
from broker.store.themes import ThemeMonth, put_theme_counts
from portal.comments.tables import Comment, ThemeTally
from portal.store.tables import table_of
from portal.web.portal import Portal

_tally: Final = table_of(ThemeTally)
_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)
_UNSURE: Final = -1
"""Of ``told``: no count is that, so it is told again."""
_KEY: Final = ("touchpoint", "survey", "month", "theme")


def count(connection: Connection, comment: Comment, theme: str, change: int) -> None:
    """Count ``theme`` one up or down where ``comment`` came in."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    month = f"{comment.received_on:%Y-%m}"
    statement = make(_tally).values(
        touchpoint=comment.touchpoint,
        survey=comment.survey,
        month=month,
        theme=theme,
        number=change,
        told=0,
    )
    sums = {"number": _tally.c.number + change}
    connection.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=sums))


def tell(database: Database, feedback: Database) -> int:
    """Tell the feedback store what it doesn't know yet; how many counts.

    Nothing is locked meanwhile: the other store may be slow. Where somebody else told the same
    count in between, nobody knows whose came last, so it is told again another time.

    Raises:
        StoreError: a database can't be used; it is told another time.
    """
    changed = select(_tally).where(_tally.c.number != _tally.c.told)
    with database.reading() as connection:
        rows = connection.execute(changed.order_by(*(_tally.c[name] for name in _KEY))).all()
    if not rows:
        return 0
    put_theme_counts(
        feedback, [ThemeMonth(r.touchpoint, r.survey, r.month, r.theme, r.number) for r in rows]
    )
    with database.transaction() as connection:
        for row in rows:
            mine = [_tally.c[name] == getattr(row, name) for name in _KEY]
            told = case((_tally.c.told == row.told, row.number), else_=_UNSURE)
            connection.execute(update(_tally).where(*mine).values(told=told))
    return len(rows)


def tell_soon(portal: Portal) -> None:
    """Tell it now if that can be done; else the upkeep does."""
    try:
        tell(portal.database, portal.feedback)
    except StoreError as error:
        _log.warning("themes-untold", error=str(error))
