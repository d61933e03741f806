"""Reports of people served as they come: a CSV file of a person, a request of a queue system."""

from __future__ import annotations

import csv
import hmac
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from io import StringIO
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec
from msgspec import Meta, Struct

from broker.fleet.errors import FleetError
from broker.fleet.served import AnyRow, ServedError, ServedRow, UnreadRow, record_served
from broker.store.database import Database
from broker.store.errors import UnavailableError
from broker.store.prepared import prepare
from broker.wire.texts import Code

if TYPE_CHECKING:
    from _csv import Reader as CsvReader


COLUMNS: Final = ("place", "hour", "people", "source")
_MOST_DIGITS: Final = 9


class _Row(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    place: Code
    hour: str
    people: int
    source: Code = "queue"
    kind: str | None = None


class ServedReport(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a queue system posts."""

    rows: Annotated[tuple[_Row, ...], Meta(min_length=1)]


prepare(ServedReport)


def read_csv(text: str, kind: str | None = None) -> list[ServedRow]:
    """The rows of a file all of whose cells can be read; see :func:`rows_of_csv`.

    Raises:
        FleetError: no such columns.
        ServedError: cells that can't be read.
    """
    rows, faults = [], []
    for row in rows_of_csv(text, kind):
        if isinstance(row, UnreadRow):
            faults.append(f"{row.where}: {row.fault}")
        else:
            rows.append(row)
    if faults:
        raise ServedError(faults)
    return rows


def rows_of_csv(text: str, kind: str | None = None) -> list[AnyRow]:
    """The rows of a file with the columns of ``COLUMNS``, in any order, others left alone.

    Separated by commas, semicolons or tabs, as the first line is; empty lines mean nothing.

    Args:
        text: of the file.
        kind: of all its places, where their codes are not the only ones.

    Raises:
        FleetError: no such columns, or no CSV file.
    """
    text = text.removeprefix("\ufeff")
    header = text.partition("\n")[0]
    reader = csv.reader(StringIO(text, newline=""), delimiter=max(",;\t", key=header.count))
    lines = _filled(reader)
    _, first = next(lines, (1, []))
    names = [cell.casefold() for cell in first]
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise FleetError(
            f"the first line has no column {', '.join(missing)}: it names the columns, as "
            f"{','.join(COLUMNS)}"
        )
    rows = []
    for number, cells in lines:
        named = dict(zip(names, cells, strict=False))
        rows.append(_read_or_told(f"line {number}", partial(_row_of, cells=named, kind=kind)))
    return rows


def _read_or_told(where: str, read: Callable[[str], ServedRow]) -> AnyRow:
    try:
        return read(where)
    except FleetError as error:
        return UnreadRow(where, str(error))


def _filled(reader: CsvReader) -> Iterator[tuple[int, list[str]]]:
    """Lines in which something stands, each with its number and its cells stripped."""
    try:
        for cells in reader:
            if any(stripped := [cell.strip() for cell in cells]):
                yield reader.line_num, stripped
    except csv.Error as error:
        raise FleetError(f"line {reader.line_num} is no line of a CSV file: {error}") from error


def accept_served(
    database: Database, body: bytes, authorization: str | None, token: str, now: datetime
) -> tuple[int, dict[str, Any]]:
    """Answer a queue system that posts a :class:`ServedReport` as JSON.

    Args:
        database: where.
        body: of the request; the endpoint takes no more than its ``MAX_BODY_BYTES``.
        authorization: the header of that name: ``Bearer`` and the token.
        token: that is good; empty: nobody may.
        now: when it came.

    Returns:
        The status of HTTP, and the answer, which becomes JSON.
    """
    if not token:
        return 403, {"error": "nobody may report: set served_token first"}
    scheme, _, given = (authorization or "").partition(" ")  # its case means nothing (RFC 9110)
    is_known = hmac.compare_digest(given.strip().encode(), token.encode())
    if scheme.lower() != "bearer" or not is_known:
        return 401, {"error": "say who you are: Authorization: Bearer TOKEN"}
    return _record(database, body, now)


def _record(database: Database, body: bytes, now: datetime) -> tuple[int, dict[str, Any]]:
    try:
        report = msgspec.json.decode(body, type=ServedReport)
        recorded = record_served(database, list(_rows_of(report)), now)
    except ServedError as error:
        return 400, {"error": "nothing was recorded", "faults": list(error.faults)}
    except (msgspec.DecodeError, UnicodeDecodeError, FleetError) as error:
        return 400, {"error": f"nothing was recorded: {error}", "faults": []}
    except UnavailableError:
        return 503, {"error": "the database does not answer; report the same again later"}
    return 200, {"new": recorded.new, "changed": recorded.changed, "same": recorded.same}


def _rows_of(report: ServedReport) -> Iterator[AnyRow]:
    for number, row in enumerate(report.rows):
        yield _read_or_told(f"rows[{number}]", partial(_posted, row=row))


def _posted(where: str, row: _Row) -> ServedRow:
    return ServedRow(where, row.place, _hour_of(row.hour), row.people, row.source, row.kind)


def _row_of(where: str, cells: dict[str, str], kind: str | None) -> ServedRow:
    missing = [name for name in COLUMNS if not cells.get(name)]
    if missing:
        raise FleetError(f"{', '.join(missing)} is empty")
    people = cells["people"]
    if not (people.isascii() and people.isdecimal() and len(people) <= _MOST_DIGITS):
        raise FleetError(f"people is {people!r}: write a number, as 12")
    return ServedRow(
        where, cells["place"], _hour_of(cells["hour"]), int(people), cells["source"], kind
    )


def _hour_of(text: str) -> datetime:
    for read in (_read_iso, _read_bulgarian):
        try:
            return read(text)
        except ValueError:
            continue
    raise FleetError(
        f"hour is {text!r}: write 2026-11-20 09:00, or with an offset 2026-11-20T09:00+02:00"
    )


def _read_iso(text: str) -> datetime:
    if len(text) <= len("2026-11-20"):
        raise ValueError("a day is no hour")
    return datetime.fromisoformat(text)


def _read_bulgarian(text: str) -> datetime:
    return datetime.strptime(text, "%d.%m.%Y %H:%M")  # noqa: DTZ007  local to the place's site
