"""A survey as a file: our own form, as JSON or TOML, and that of SurveyJS."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from broker.fleet.surveys import write_survey
from portal.surveys.draft import Draft, Note
from portal.surveys.freezing import freeze
from portal.surveys.surveyjs_writing import to_surveyjs

FORMATS: Final = {
    "otziv": ("json", "application/json"),
    "toml": ("toml", "application/toml"),
    "surveyjs": ("surveyjs.json", "application/json"),
}
"""Name → how files of it end, and their media type."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A file, and what it could not carry."""

    content: bytes
    lost: tuple[Note, ...] = ()


def exported(draft: Draft, version: int, form: str) -> Exported:
    """``draft`` as a file of that format.

    Raises:
        FleetError: our own form takes whole surveys only, and something is missing.
    """
    if form == "surveyjs":
        document, lost = to_surveyjs(draft)
        return Exported(_json(document), lost)
    survey = freeze(draft, version)
    if form == "toml":
        return Exported("\n".join(as_toml(json.loads(write_survey(survey)))).encode() + b"\n")
    return Exported(write_survey(survey).encode() + b"\n")


def as_toml(document: dict[str, Any], path: str = "") -> Iterator[str]:
    """A document of texts, numbers, lists and tables as lines of TOML 1.0.

    Lists of tables get a head of their own; tables inside them stand in one line. JSON's strings
    are TOML's basic strings, save for DEL, which TOML wants escaped.
    """
    tables = {name: value for name, value in document.items() if _is_tables(value)}
    for name, value in document.items():
        if name not in tables:
            yield f"{name} = {_inline(value)}"
    for name, rows in tables.items():
        for row in rows:
            yield f"\n[[{path}{name}]]"
            yield from as_toml(row, f"{path}{name}.")


def _is_tables(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _inline(value: object) -> str:
    if isinstance(value, dict):
        inside = ", ".join(f"{_key(key)} = {_inline(each)}" for key, each in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_inline, value))}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _key(key: str) -> str:
    return json.dumps(key, ensure_ascii=False)


def _json(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
