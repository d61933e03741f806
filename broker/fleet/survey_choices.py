"""The surveys that were published, as settings choose them: by code, and by version or the newest.

Read for one transaction; a survey that several places ask is decoded once.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec
from sqlalchemy import Connection, select

from broker.store.place_tables import SurveyVersion
from broker.store.prepared import prepare
from broker.store.tables import table_of
from broker.wire.surveys import Survey

_table: Final = table_of(SurveyVersion)

prepare(Survey)


class SurveyMissingError(LookupError):
    """A survey that was never published, or can't be read; the text says what to do."""


class SurveyChoices:
    """What there is to choose from.

    Args:
        connection: of the transaction in which it is used.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._read: dict[tuple[str, int], Survey] = {}
        self._versions: dict[str, list[int]] = {}
        query = select(_table.c.code, _table.c.version).order_by(_table.c.code, _table.c.version)
        for code, version in connection.execute(query):
            self._versions.setdefault(code, []).append(version)

    def find(self, code: str, version: int | None) -> Survey:
        """The survey of that code; with ``None`` its newest version.

        Raises:
            SurveyMissingError: there is none, or not that version.
        """
        versions = self._versions.get(code, [])
        if not versions:
            there = ", ".join(sorted(self._versions)) or "none yet"
            raise SurveyMissingError(
                f"no survey {code!r} was published (there are: {there}); publish it first"
            )
        if version is not None and version not in versions:
            raise SurveyMissingError(
                f"survey {code!r} has no version {version}; it has {', '.join(map(str, versions))}"
            )
        return self._survey(code, versions[-1] if version is None else version)

    def choose(self, choice: dict[str, Any]) -> Survey:
        """The survey that a setting names, as ``{"code": …, "version": … or null}``.

        Raises:
            SurveyMissingError: as :meth:`find`.
        """
        return self.find(choice["code"], choice.get("version"))

    def _survey(self, code: str, version: int) -> Survey:
        if (code, version) not in self._read:
            query = select(_table.c.content).where(
                _table.c.code == code, _table.c.version == version
            )
            content = self._connection.execute(query).scalar_one()
            try:
                self._read[code, version] = msgspec.json.decode(content, type=Survey)
            except msgspec.DecodeError as error:
                raise SurveyMissingError(
                    f"survey {code!r}, version {version}, can't be read ({error}); publish it anew"
                ) from error
        return self._read[code, version]
