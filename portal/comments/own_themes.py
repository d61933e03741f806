"""The municipality's own themes, and the built-in ones that it changed."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from broker.store.database import Database
from portal.audit.log import note
from portal.comments.tables import Theme
from portal.comments.themes import ThemeWords, merged
from portal.store.tables import table_of
from portal.web.actor import Actor

_theme: Final = table_of(Theme)


def all_themes(database: Database) -> dict[str, ThemeWords]:
    """Code → theme, retired ones included."""
    with database.reading() as connection:
        rows = connection.execute(select(_theme).order_by(_theme.c.code)).all()
    return merged(
        ThemeWords(
            row.code, {"bg": row.name_bg, "en": row.name_en}, tuple(row.stems.split()), row.retired
        )
        for row in rows
    )


def put_theme(database: Database, theme: ThemeWords, actor: Actor) -> None:
    """Add a theme, or change one; its code stays."""
    with database.transaction() as connection:
        _write(connection, theme)
        note(connection, actor, "comments.theme-changed", theme.code, retired=theme.is_retired)


def _write(connection: Connection, theme: ThemeWords) -> None:
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    values = {
        "name_bg": theme.names["bg"],
        "name_en": theme.names["en"],
        "stems": " ".join(theme.stems),
        "retired": theme.is_retired,
    }
    statement = make(_theme).values(code=theme.code, **values)
    connection.execute(statement.on_conflict_do_update(index_elements=["code"], set_=values))
