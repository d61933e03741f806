"""A posted form: read against a model, and shown again with what is wrong beside each field.

A form is a pydantic model of ``Form``. Its field names are those of the inputs; a field that may
be given several times is a ``list``. What was typed is kept as it was, so that nothing need be
typed twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, Final, Generic, TypeVar, get_origin
from unicodedata import normalize

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.datastructures import FormData, UploadFile

from portal.web.characters import UNSTORABLE
from portal.web.language import Language

TOKEN_FIELD = "form_token"  # noqa: S105  # the name of a field

M = TypeVar("M", bound="Form")


class Form(BaseModel):
    """Base of all forms: spaces around texts go, fields nobody asked for are ignored."""

    model_config = ConfigDict(
        str_strip_whitespace=True, extra="ignore", frozen=True, hide_input_in_errors=True
    )


class FormError(ValueError):
    """What a validator of a form says to the person; ``{values}`` are put in after translation.

    It is raised with the message in English, as in the catalogue: ``FormError("Choose a day")``.
    """

    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values


@dataclass(slots=True)
class Filled(Generic[M]):
    """A form as filled in.

    Attributes:
        raw: field → what was typed, once or several times.
        files: field → the files that were chosen.
        model: what it means; ``None`` while something is wrong.
        errors: field → what is wrong, for people; the key ``""`` is for the form as a whole.
    """

    raw: Mapping[str, list[str]] = field(default_factory=dict)
    files: Mapping[str, list[UploadFile]] = field(default_factory=dict)
    model: M | None = None
    errors: dict[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """What was typed into a field; empty when nothing was."""
        return next(iter(self.raw.get(name, ())), "")

    def values(self, name: str) -> list[str]:
        """All that was chosen of a field."""
        return list(self.raw.get(name, ()))

    def refuse(self, name: str, message: str) -> None:
        """Add what is wrong with a field (translated already)."""
        self.errors.setdefault(name, message)
        self.model = None


def blank(**values: object) -> Filled[Any]:
    """A form before it is filled in; ``values`` stand in it already. A list gives several."""
    return Filled(
        {
            name: [_typed(each) for each in (value if isinstance(value, list | tuple) else [value])]
            for name, value in values.items()
            if value is not None
        }
    )


def _typed(value: object) -> str:
    """``value`` as people type it."""
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, bool):
        return "yes" if value else ""
    return str(value)


def fill(model: type[M], posted: FormData, language: Language) -> Filled[M]:
    """Read what was posted against ``model``."""
    raw: dict[str, list[str]] = {}
    unstorable: set[str] = set()
    files: dict[str, list[UploadFile]] = {}
    for name, value in posted.multi_items():
        if isinstance(value, str):
            text = normalize("NFC", value.replace("\r\n", "\n"))
            raw.setdefault(name, []).append(UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text))
            if UNSTORABLE.search(text):
                unstorable.add(name)
        elif value.filename:
            files.setdefault(name, []).append(value)
    filled: Filled[M] = Filled(raw, files)
    try:
        filled.model = model.model_validate(_arranged(model, raw))
    except ValidationError as error:
        for each in error.errors():
            name = str(each["loc"][0]) if each["loc"] else ""
            filled.refuse(name, _say(language, each))
    for name in unstorable & set(model.model_fields):
        filled.refuse(
            name, language.text("There are signs in this that nobody can read; type it anew")
        )
    return filled


def _arranged(model: type[BaseModel], raw: Mapping[str, list[str]]) -> dict[str, object]:
    """Values as the model takes them; an empty input is one that was not filled in."""
    arranged: dict[str, object] = {}
    for name, info in model.model_fields.items():
        given = [value for value in raw.get(name, ()) if value.strip()]
        if get_origin(info.annotation) in {list, tuple, set, frozenset}:
            arranged[name] = given
        elif given:
            arranged[name] = given[0]
    return arranged


def _say(language: Language, error: Any) -> str:  # noqa: ANN401  # pydantic's ErrorDetails
    """A validation error in the reader's words."""
    context = error.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, FormError):
        return language.text(cause.message, **cause.values)
    message, bound = next(
        (said for kind, said in _SAYINGS.items() if error["type"].startswith(kind)), _UNKNOWN
    )
    return language.text(message, **({"bound": context[bound]} if bound else {}))


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


_UNKNOWN: Final = (_("This can't be used as it is; check it"), "")
_SAYINGS: Final[dict[str, tuple[str, str]]] = {
    "missing": (_("Fill this in"), ""),
    "string_too_long": (_("Write at most {bound} characters"), "max_length"),
    "string_too_short": (_("Write at least {bound} characters"), "min_length"),
    "too_long": (_("Choose at most {bound}"), "max_length"),
    "too_short": (_("Choose at least {bound}"), "min_length"),
    "date": (_("Write a day, for example 22.11.2026"), ""),
    "int": (_("Write a whole number"), ""),
    "float": (_("Write a number"), ""),
    "decimal": (_("Write a number"), ""),
    "greater_than_equal": (_("Write a number from {bound} up"), "ge"),
    "greater_than": (_("Write a number above {bound}"), "gt"),
    "less_than_equal": (_("Write a number up to {bound}"), "le"),
    "less_than": (_("Write a number below {bound}"), "lt"),
    "literal_error": (_("Choose one of the answers"), ""),
    "enum": (_("Choose one of the answers"), ""),
}
"""Beginnings of pydantic's types of errors, the longer ones first: what we say, and its bound."""
