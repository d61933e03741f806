"""The lists of the National Statistical Institute: settlements, mayoralties, and what is above.

A list is CSV (commas, semicolons or tabs; UTF-8 or Windows-1251) or the JSON in which the institute
publishes it. Columns are known by their names, their order does not matter, and others are left
alone. Which list it is, its columns tell:

- settlements (``ek_atte``): ``ekatte``, ``t_v_m``, ``name``, ``obshtina``, ``kmetstvo``; also
  ``name_en``, ``oblast_name``, ``obshtina_name``, ``postal code``, ``lon``, ``lat``;
- mayoralties (``ek_kmet``): ``kmetstvo``, ``name``; municipalities (``ek_obst``): ``obshtina``,
  ``name``; provinces (``ek_obl``): ``oblast``, ``name``; each also with ``name_en``, ``ekatte``.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from portal.people.errors import PeopleError
from portal.people.rules import one_line
from portal.web.forms import FormError

MAX_BYTES: Final = 20 * 1024 * 1024
_MOST_PROBLEMS: Final = 20
_MUNICIPALITY: Final = re.compile(r"[A-Z]{3}[0-9]{2}")
_MAYORALTY: Final = re.compile(r"[A-Z]{3}[0-9]{2}-[0-9]{2}")
_PROVINCE: Final = re.compile(r"[A-Z]{3}")
SETTLEMENT_KINDS: Final = ("гр.", "с.", "ман.")

Said = Mapping[str, str | float]
"""Field → what the list says; what it doesn't say stays as it is."""


class ListError(PeopleError):
    """A list that can't be read; nothing of it is taken.

    Attributes:
        problems: line → what is wrong in it, in English; some of them, where there are many.
    """

    def __init__(self, message: str, problems: Iterable[tuple[int, str]] = ()) -> None:
        self.problems = list(problems)
        told = "".join(f"; line {line}: {what}" for line, what in self.problems[:3])
        super().__init__(message, field="file")
        self.args = (f"{message}{told}",)


@dataclass(slots=True)
class NationalList:
    """What a list says.

    Attributes:
        settlements: code → fields of :class:`portal.people.tables.SettlementState`.
        territories: kind and code → fields of :class:`portal.people.tables.Territory`.
        listed: the kinds it is a list of; names of provinces in a list of settlements are there
            by the way.
    """

    settlements: dict[str, Said] = field(default_factory=dict)
    territories: dict[tuple[str, str], Said] = field(default_factory=dict)
    listed: set[str] = field(default_factory=set)


def check_digit(code: str) -> str:
    """The fifth digit of a code of ЕКАТТЕ, from the four before it.

    Weights 1, 2, 3, 4 modulo 11; if that is 10, weights 3, 4, 5, 6 modulo 11, 10 becoming 0: so
    found, and agreeing, with all 5256 codes of the institute's list.
    """
    digits = [int(digit) for digit in code[:4]]
    for first in (1, 3):
        rest = sum(weight * digit for weight, digit in enumerate(digits, first)) % 11
        if rest != 10:
            return str(rest)
    return "0"


def read_code(text: str) -> str:
    """A code of ЕКАТТЕ; zeros that a spreadsheet took off its front are put back.

    Raises:
        ValueError: it is none.
    """
    code = text.strip().zfill(5)
    if not re.fullmatch(r"[0-9]{5}", code) or code == "00000":
        raise ValueError(f"{text!r} is no code of ЕКАТТЕ: it has five digits")
    if check_digit(code) != code[4]:
        raise ValueError(f"{text!r} is no code of ЕКАТТЕ: its last digit does not fit the others")
    return code


def read_list(content: bytes) -> NationalList:
    """What a file says.

    Raises:
        ListError: it is none of these lists, or something in it can't be right.
    """
    if len(content) > MAX_BYTES:
        raise ListError("The file is larger than any such list")
    records = list(_records(content))
    if not records:
        raise ListError("The list is empty")
    take = _taker(records[0][1])
    read, problems = NationalList(), []
    for line, record in records:
        try:
            take(read, record)
        except (ValueError, FormError) as error:
            problems.append((line, str(error)))
    if problems:
        raise ListError("The list has mistakes; nothing of it was taken", problems[:_MOST_PROBLEMS])
    return read


def _records(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Line and record, names of columns in small letters."""
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        raise ListError("This is a workbook of Excel: save it as CSV (UTF-8), or take the JSON")
    text = _decoded(content)
    if text.lstrip().startswith("["):
        yield from _from_json(text)
        return
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        if names:
            _taker(dict.fromkeys(names, ""))  # another kind of file is told before its mistakes
        for cells in reader:
            if not any(cells):
                continue
            if len(cells) != len(names):
                raise ListError(
                    "The list has mistakes; nothing of it was taken",
                    [(reader.line_num, f"{len(cells)} cells instead of {len(names)}")],
                )
            yield reader.line_num, dict(zip(names, (cell.strip() for cell in cells), strict=True))
    except csv.Error as error:
        raise ListError("The list can't be read as CSV", [(reader.line_num, str(error))]) from error


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "windows-1251"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise ListError("This is no list in UTF-8 or Windows-1251")


def _from_json(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        found: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ListError("The list can't be read as JSON", [(0, str(error))]) from error
    for number, each in enumerate(found, 1):
        if not isinstance(each, dict):
            raise ListError("The list can't be read as JSON", [(number, "it is no object")])
        if "name" not in each:  # the institute ends its lists with a count
            continue
        yield number, {str(key).lower(): _shown(value) for key, value in each.items()}


def _shown(value: object) -> str:
    return "" if value is None else str(value).strip()


def _taker(columns: Mapping[str, str]) -> Any:  # noqa: ANN401  # one of the functions below
    """How the records of a list with these columns are taken."""
    if {"ekatte", "t_v_m", "name", "obshtina", "kmetstvo"} <= columns.keys():
        return _take_settlement
    if "name" in columns:
        for column, kind, form in _TERRITORIES:
            if column in columns:
                return lambda read, record: _take_territory(read, record, column, kind, form)
    raise ListError(
        "The columns are of no list known here: for settlements ekatte, t_v_m, name, obshtina "
        "and kmetstvo are needed, for mayoralties kmetstvo and name"
    )


_TERRITORIES: Final = (
    ("kmetstvo", "mayoralty", _MAYORALTY),
    ("obshtina", "municipality", _MUNICIPALITY),
    ("oblast", "province", _PROVINCE),
)


def _take_settlement(read: NationalList, record: Mapping[str, str]) -> None:
    code = read_code(record["ekatte"])
    if code in read.settlements:
        raise ValueError(f"{code} is there twice")
    if record["t_v_m"] not in SETTLEMENT_KINDS:
        raise ValueError(f"{record['t_v_m']!r} is no kind: {', '.join(SETTLEMENT_KINDS)}")
    said: dict[str, str | float] = {
        "kind": record["t_v_m"],
        "name": _name(record["name"]),
        "municipality": _checked(record["obshtina"], _MUNICIPALITY),
        "mayoralty": _checked(record["kmetstvo"], _MAYORALTY),
    }
    if english := record.get("name_en"):
        said["name_en"] = _name(english)
    if postal := record.get("postal code") or record.get("postal_code"):
        said["postal_code"] = _checked(postal, re.compile(r"[0-9]{4}"))
    for column, name, most in (("lon", "longitude", 180.0), ("lat", "latitude", 90.0)):
        if degrees := record.get(column):
            said[name] = _degrees(degrees, most)
    read.listed.add("settlement")
    read.settlements[code] = said
    _note_names_above(read, record, str(said["municipality"]))


def _note_names_above(read: NationalList, record: Mapping[str, str], municipality: str) -> None:
    """A list of settlements names their municipality and province, too."""
    if name := record.get("obshtina_name"):
        read.territories[("municipality", municipality)] = {"name": _name(name)}
    if name := record.get("oblast_name"):
        bare = _name(name).removeprefix("обл. ")
        read.territories[("province", municipality[:3])] = {"name": bare}


def _take_territory(
    read: NationalList, record: Mapping[str, str], column: str, kind: str, form: re.Pattern[str]
) -> None:
    code = _checked(record[column], form)
    if (kind, code) in read.territories:
        raise ValueError(f"{code} is there twice")
    said: dict[str, str | float] = {"name": _name(record["name"])}
    if english := record.get("name_en"):
        said["name_en"] = _name(english)
    if seat := record.get("ekatte"):
        said["seat"] = read_code(seat)
    read.listed.add(kind)
    read.territories[(kind, code)] = said


def _name(text: str) -> str:
    name = one_line(text)
    if not name or len(name) > 100:
        raise ValueError(f"{text[:100]!r} is no name")
    return name


def _checked(text: str, form: re.Pattern[str]) -> str:
    if not form.fullmatch(text):
        raise ValueError(f"{text!r} is not written like {form.pattern}")
    return text


def _degrees(text: str, most: float) -> float:
    found = float(text.replace(",", "."))
    if not -most <= found <= most:
        raise ValueError(f"{text!r} degrees are nowhere")
    return found
