"""The map of a replay: what the columns and texts of a CSV file mean, read from TOML."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import ErrorDetails

from broker.wire.events import Channel
from broker.wire.scales import SCALES, ScaleCode
from broker.wire.topics import NAME_PATTERN
from otziv.replay.errors import MapError
from otziv.replay.times import has_year

_CODE: Final = r"^[a-z0-9][a-z0-9-]{0,62}$"
_LANGUAGE: Final = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$"


def tidy(text: str) -> str:
    """``text`` without spaces at its ends, and with single ones inside: exports are untidy."""
    return " ".join(text.split())


Text: TypeAlias = Annotated[str, BeforeValidator(lambda text: tidy(str(text)))]
Column: TypeAlias = Annotated[Text, Field(min_length=1)]
Code: TypeAlias = Annotated[str, Field(pattern=_CODE)]
Language: TypeAlias = Annotated[str, Field(pattern=_LANGUAGE)]


class _Table(BaseModel):
    """A table of the map, in which an unknown key is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Columns(_Table):
    """Names of the file's columns."""

    time: Column
    value: Column
    touchpoint: Column | None = None
    option: Column | None = None
    language: Column | None = None


class Map(_Table):
    """A whole map; ``docs/replay.md`` tells the meaning of each key."""

    site: Annotated[str, Field(pattern=NAME_PATTERN)]
    survey: Code
    question: Code
    scale: ScaleCode
    timezone: str
    columns: Columns
    survey_version: Annotated[StrictInt, Field(ge=1, lt=2**31)] = 1
    channel: Channel = "device"
    source: str = ""
    touchpoint: Code | None = None
    language: Language = "und"
    option_question: Code = "reason"
    time_format: tuple[str, ...] = ()
    time_prefix: str = ""
    precision: Literal["day"] | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] = ","
    encoding: str = "utf-8-sig"
    values: dict[Text, StrictInt | Literal["skip"]] = {}
    touchpoints: dict[Text, Code] = {}
    options: dict[Text, Code] = {}
    languages: dict[Text, Language] = {}

    @field_validator("timezone")
    @classmethod
    def _is_known(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(f"no time zone is called {name!r}; try Europe/Sofia") from error
        return name

    @field_validator("encoding")
    @classmethod
    def _can_be_read(cls, name: str) -> str:
        try:
            "".encode(name)
        except LookupError as error:
            raise ValueError(f"no encoding is called {name!r}; try utf-8-sig or cp1251") from error
        return name

    @field_validator("time_format", mode="before")
    @classmethod
    def _one_or_more(cls, given: Any) -> Any:  # noqa: ANN401  whatever TOML holds
        return (given,) if isinstance(given, str) else given

    @field_validator("time_format")
    @classmethod
    def _names_a_year(cls, formats: tuple[str, ...]) -> tuple[str, ...]:
        for text in formats:
            if not has_year(text):
                raise ValueError(f"{text!r} has no year; write what is missing as time_prefix")
        return formats

    @field_validator("delimiter")
    @classmethod
    def _can_separate(cls, delimiter: str) -> str:
        if delimiter in '"\r\n ':
            raise ValueError(f"{delimiter!r} can't separate cells")
        return delimiter

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.touchpoint is None) == (self.columns.touchpoint is None):
            raise ValueError('give either touchpoint = "code" or the column of the touchpoint')
        scale = SCALES[self.scale]
        for text, value in self.values.items():
            if value != "skip" and not scale.has(value):
                raise ValueError(
                    f"[values] {text!r}: {value} is not on the scale {self.scale} "
                    f"({scale.worst} to {scale.best})"
                )
        return self


def load_map(path: Path) -> Map:
    """Read the map at ``path``.

    Raises:
        MapError: it can't be read, or something in it can't be used.
    """
    try:
        return Map.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
    except OSError as error:
        raise MapError(f"the map {path} can't be read: {error.strerror or error}") from error
    except ValidationError as error:
        raise MapError(f"{path}: {'; '.join(map(_describe, error.errors()))}") from error
    except ValueError as error:  # no TOML, or no UTF-8
        raise MapError(f"{path} is no TOML: {error}") from error


def _describe(error: ErrorDetails) -> str:
    """One mistake: where it is, what it is, and what to do."""
    place = [str(part) for part in error["loc"]]
    key = ".".join(place)
    if error["type"] == "extra_forbidden":
        known = Columns.model_fields if place[0] == "columns" else Map.model_fields
        return f"{key}: unknown key; known are {', '.join(known)}"
    if error["type"] == "missing":
        return f"{key}: is missing; add it"
    told = error["msg"].removeprefix("Value error, ")
    return f"{key}: {told}" if key else told
