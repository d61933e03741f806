"""The open data: CSV that RFC 4180 readers read, and a description that fits it.

The musts are those of the W3C Recommendations of 17 December 2015: "Model for Tabular Data and
Metadata on the Web" (M) and "Metadata Vocabulary for Tabular Data" (V).
"""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from portal.results.columns import MONTHS, REASONS
from portal.web.portal import Portal
from tests.portal.results.giving_back import a_mayor, add_units, publish_months
from tests.published.sample import FEBRUARY, JANUARY, MARCH

NAMES = ("data.csv", "reasons.csv")
COMMON = re.compile(r"[a-z]+:[A-Za-z]+")
OF_TABLE = {
    *("@id", "@type", "@context", "url", "dialect", "notes", "tableDirection", "tableSchema"),
    *("transformations", "suppressOutput"),
}
OF_COLUMN = {
    *("name", "titles", "virtual", "suppressOutput", "aboutUrl", "datatype", "default", "lang"),
    *("null", "ordered", "propertyUrl", "required", "separator", "textDirection", "valueUrl"),
    *("@id", "@type"),
}
BUILT_IN = {"string", "gYearMonth", "date", "decimal", "nonNegativeInteger"}
DIALECT = {"encoding", "lineTerminators", "delimiter"}


@pytest.fixture
def published(portal: Portal, client: TestClient) -> TestClient:
    """Three months of two units."""
    add_units(portal)
    publish_months(portal, a_mayor(portal))
    return client


def rows_of(client: TestClient, name: str) -> list[dict[str, str]]:
    """What a reader of CSV reads."""
    text = client.get(f"/results/{name}").content.decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def described(client: TestClient, name: str) -> dict[str, Any]:
    """Its description."""
    answer = client.get(f"/results/{name}-metadata.json")
    assert answer.headers["content-type"].startswith("application/csvm+json")
    found: dict[str, Any] = answer.json()
    return found


def test_columns_are_stable() -> None:
    """Whoever reads them by name or by place goes on; new ones come at the end."""
    key = ["month", "unit", "unit_name_bg", "unit_name_en", "published_on", "edition"]
    assert [column.name for column in MONTHS] == [
        *key,
        *("scale", "ratings", "satisfied", "satisfied_share", "low", "high"),
        *("index", "index_low", "index_high"),
    ]
    assert [column.name for column in REASONS] == [
        *key,
        *("survey", "question", "option", "option_bg", "option_en"),
        *("answered", "chose", "chose_share", "low", "high"),
    ]


def test_the_data_say_what_the_pages_say(published: TestClient) -> None:
    """All months, the earliest first; decimal points in every language."""
    rows = rows_of(published, "data.csv")
    assert [row["month"] for row in rows] == [*[JANUARY] * 3, *[FEBRUARY] * 3, *[MARCH] * 3]
    assert [row["unit"] for row in rows[:3]] == ["municipality", "annex", "hall"]
    hall = rows[-1]
    assert (hall["unit_name_bg"], hall["unit_name_en"]) == ("Приемна", "Reception hall")
    assert (hall["ratings"], hall["satisfied"]) == ("310", "248")
    assert (hall["satisfied_share"], hall["scale"]) == ("0.8000", "faces-4")
    assert rows_of(published, "reasons.csv")[-1]["answered"] == "155"
    assert (
        published.get("/en/results/data.csv").content == published.get("/results/data.csv").content
    )


def test_no_row_is_of_fewer_than_five_or_below_a_unit(published: TestClient) -> None:
    """And no column could hold a place, a day or an hour."""
    for row in rows_of(published, "data.csv"):
        assert int(row["ratings"]) >= 5
        assert row["unit"] in {"municipality", "hall", "annex"}
    for row in rows_of(published, "reasons.csv"):
        assert int(row["answered"]) >= 5


@pytest.mark.parametrize("name", NAMES)
def test_lines_end_as_the_dialect_says(published: TestClient, name: str) -> None:
    """CRLF, UTF-8 without a mark of byte order (M 8)."""
    content = published.get(f"/results/{name}").content
    assert not content.startswith(b"\xef\xbb\xbf")
    assert content.endswith(b"\r\n")
    assert content.count(b"\n") == content.count(b"\r\n")


@pytest.mark.parametrize("name", NAMES)
def test_a_reader_finds_the_description(published: TestClient, name: str) -> None:
    """By the link header (M 5.2), which must name this table, and at the default place (M 5.3)."""
    link = published.get(f"/results/{name}").headers["link"]
    found = re.fullmatch(r'<([^>]+)>; rel="describedby"; type="application/csvm\+json"', link)
    assert found is not None
    assert urlsplit(found[1]).path == f"/results/{name}-metadata.json"
    assert urlsplit(described(published, name)["url"]).path == f"/results/{name}"


@pytest.mark.parametrize("name", NAMES)
def test_the_description_keeps_the_musts(published: TestClient, name: str) -> None:
    """Of tables, schemas, columns and common properties (V 5)."""
    found = described(published, name)
    assert found["@context"][0] == "http://www.w3.org/ns/csvw"  # V 5.2
    assert set(found["@context"][1]) <= {"@base", "@language"}
    assert found["@type"] == "Table"
    assert all(key in OF_TABLE or COMMON.fullmatch(key) for key in found)
    assert set(found["dialect"]) == DIALECT
    schema = found["tableSchema"]
    names = [column["name"] for column in schema["columns"]]
    assert len(names) == len(set(names))  # V 5.5
    assert set(schema["primaryKey"]) <= set(names)
    for column in schema["columns"]:
        assert all(key in OF_COLUMN or COMMON.fullmatch(key) for key in column)
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.]*", column["name"])  # V 5.6: no _ first
        datatype = column["datatype"]
        base = datatype if isinstance(datatype, str) else datatype["base"]
        assert base in BUILT_IN
        _check_common(column["dc:description"])
    for key in ("dc:title", "dc:publisher", "dc:license"):
        _check_common(found[key])
    assert found["dc:license"]["@id"].startswith("https://creativecommons.org/")


def _check_common(value: object) -> None:
    """Values of common properties (V 5.8): texts, @value with @language, @id, or more of these."""
    if isinstance(value, list):
        for each in value:
            _check_common(each)
    elif isinstance(value, dict):
        if "@value" in value:
            assert set(value) <= {"@value", "@language", "@type"}
            assert not {"@language", "@type"} <= set(value)
            return
        for key, each in value.items():
            assert key in {"@id", "@type"} or COMMON.fullmatch(key), key
            _check_common(each)
    else:
        assert isinstance(value, str)


@pytest.mark.parametrize("name", NAMES)
def test_the_table_fits_its_description(published: TestClient, name: str) -> None:
    """Header and titles (M 8, V 5.5.1), required cells, values of their datatypes, unique keys."""
    found, rows = described(published, name), rows_of(published, name)
    columns = found["tableSchema"]["columns"]
    header = published.get(f"/results/{name}").text.partition("\r\n")[0].split(",")
    assert [column["titles"]["und"] for column in columns] == header
    assert rows
    for row in rows:
        for column in columns:
            _check_cell(row[column["name"]], column)
    keys = [tuple(row[name] for name in found["tableSchema"]["primaryKey"]) for row in rows]
    assert len(keys) == len(set(keys))


def _check_cell(text: str, column: dict[str, Any]) -> None:
    if not text:
        assert not column["required"], column["name"]
        return
    datatype = column["datatype"]
    base = datatype if isinstance(datatype, str) else datatype["base"]
    if base == "gYearMonth":
        assert re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text)
    elif base == "date":
        assert date.fromisoformat(text).isoformat() == text
    elif base == "nonNegativeInteger":
        assert re.fullmatch(r"\d+", text)
    elif base == "decimal":
        assert re.fullmatch(r"\d+\.\d+", text)
        assert Decimal(datatype["minimum"]) <= Decimal(text) <= Decimal(datatype["maximum"])


def test_a_table_that_is_not_there_has_no_description(client: TestClient) -> None:
    """And any name is safe."""
    for name in ("x", "data", "..%2Fdata.csv"):
        assert client.get(f"/results/{name}-metadata.json").status_code == 404


def test_programs_of_other_sites_may_read_it(published: TestClient) -> None:
    """It is open; nothing else of the portal is."""
    headers = published.get("/results/data.csv").headers
    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-origin" not in published.get("/results").headers
