"""What the rollups count, in one form for all of them."""

from __future__ import annotations

from sqlalchemy import select

from broker.store.database import Database
from broker.store.rollups import ROLLUPS
from broker.store.statements import Row
from broker.store.tables import table_of


def counted(database: Database) -> dict[str, dict[Row, list[int]]]:
    """All rollups, key → counts, those of all lanes together; what counts nothing is left out."""
    found: dict[str, dict[Row, list[int]]] = {}
    with database.reading() as connection:
        for model in ROLLUPS:
            table = table_of(model)
            keys = [column.name for column in table.primary_key if column.name != "lane"]
            counts = [column.name for column in table.c if column.name not in table.primary_key]
            sums = found[table.name] = {}
            for row in connection.execute(select(table)).mappings():
                sum_of_key = sums.setdefault(tuple(row[key] for key in keys), [0] * len(counts))
                for at, count in enumerate(counts):
                    sum_of_key[at] += row[count]
    return {
        name: {key: sums for key, sums in rows.items() if any(sums)} for name, rows in found.items()
    }
