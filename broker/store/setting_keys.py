"""What can be set at a place: each key with its type, its default, and what it means.

A value is JSON. It is checked when it is entered, by the classes of the wire that it becomes a
part of, and kept as those write it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta, Struct

from broker.store.errors import StoreError
from broker.store.prepared import prepare
from broker.wire.configuration import (
    EVERY_DAY,
    Deed,
    Result,
    SpecialDay,
    WebAddress,
    Weekdays,
    WeeklyHours,
)
from broker.wire.events import Version
from broker.wire.surveys import Texts
from broker.wire.texts import Code, Language


class SettingError(StoreError):
    """A setting that there is not, or a value that it can't have; the text shows a good one."""


class SurveyChoice(Struct, frozen=True, kw_only=True):
    """A published survey; ``version`` ``None`` is always the newest one."""

    code: Code
    version: Version | None = None


class PlannedChoice(Struct, frozen=True, kw_only=True):
    """A survey for some days, as :class:`broker.wire.configuration.PlannedSurvey`."""

    survey: SurveyChoice
    days: Weekdays = EVERY_DAY
    first_on: date | None = None
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class SettingKey:
    """One thing that can be set.

    Attributes:
        type: what msgspec reads a value as.
        default: as JSON's values, where no place above says anything.
        meaning: for people.
        example: a good value, as JSON.
        is_inherited: whether places below have it too.
    """

    type: Any
    default: Any
    meaning: str
    example: str
    is_inherited: bool = True


_HOURS: Final = '[{"days": [1, 2, 3, 4, 5], "opens_at": "08:00", "closes_at": "17:00"}]'
_SPECIAL_DAYS: Final = (
    '[{"on": "2026-12-12", "hours": [{"opens_at": "09:00", "closes_at": "13:00"}]}]'
)
_NAME: Final = '{"bg": "Община Троян", "en": "Municipality of Troyan"}'
_DEEDS: Final = (
    '[{"said": {"bg": "Чака се дълго", "en": "The wait is long"}, '
    '"did": {"bg": "Отворихме още едно гише", "en": "We opened one more desk"}}]'
)
_RESULT: Final = (
    '{"unit": {"bg": "Център", "en": "Centre"}, "month": "2026-10-01", '
    '"satisfied_percent": 91.4, "ratings": 812}'
)

SETTINGS: Final[dict[str, SettingKey]] = {
    "unit": SettingKey(Code | None, None, "the unit that serves here, by its code", '"revenue"'),
    "survey": SettingKey(
        SurveyChoice | None,
        None,
        "the survey that is asked; without a version always the newest",
        '{"code": "reception"}',
    ),
    "planned": SettingKey(
        Annotated[tuple[PlannedChoice, ...], Meta(max_length=8)],
        [],
        "other surveys on some days; the first that fits the day is asked",
        '[{"survey": {"code": "fair"}, "days": [6, 7], "first_on": "2026-12-01", '
        '"last_on": "2026-12-31"}]',
    ),
    "languages": SettingKey(
        Annotated[tuple[Language, ...], Meta(min_length=1, max_length=12)],
        ["bg", "en"],
        "the languages of the screen; the first is the hall's own",
        '["bg", "en"]',
    ),
    "opening.weekly": SettingKey(
        Annotated[tuple[WeeklyHours, ...], Meta(max_length=28)] | None,
        None,
        "the usual hours; 1 is Monday, two entries make a lunch break; null: always open",
        _HOURS,
    ),
    "opening.special_days": SettingKey(
        Annotated[tuple[SpecialDay, ...], Meta(max_length=100)],
        [],
        "days unlike their weekday; without hours closed. They win over public holidays",
        _SPECIAL_DAYS,
    ),
    "opening.grace_min": SettingKey(
        Annotated[int, Meta(ge=0, le=240)],
        30,
        "minutes after closing in which ratings are still taken",
        "30",
    ),
    "holidays": SettingKey(
        Literal["BG"] | None,
        "BG",
        "whose public holidays are closed, where opening hours are set; null: nobody's",
        '"BG"',
    ),
    "presentation.name": SettingKey(Texts, {}, "the name on the screen", _NAME),
    "presentation.deeds": SettingKey(
        Annotated[tuple[Deed, ...], Meta(max_length=8)],
        [],
        "what visitors said and what was done about it, shown in turns",
        _DEEDS,
    ),
    "presentation.result": SettingKey(
        Result | None, None, "the centre's result of a past month", _RESULT
    ),
    "presentation.write_url": SettingKey(
        WebAddress | None,
        None,
        "where visitors can write more, on a phone of their own",
        '"https://example.org/write"',
    ),
    "presentation.is_high_contrast": SettingKey(
        bool, default=False, meaning="black and white, thick lines", example="true"
    ),
    "presentation.is_slow": SettingKey(
        bool, default=False, meaning="for slow readers: thrice the time", example="true"
    ),
    "presentation.reads_aloud": SettingKey(
        bool, default=False, meaning="questions are read aloud", example="true"
    ),
    "staff": SettingKey(
        Annotated[int, Meta(ge=0, le=100_000)] | None,
        None,
        "how many people serve at exactly this place; a count, never names",
        "4",
        is_inherited=False,
    ),
}
"""Key → what it is. Keys with a dot become the parts of a configuration that they name."""

prepare(*(known.type for known in SETTINGS.values()))


def key_of(key: str) -> SettingKey:
    """What is known of ``key``.

    Raises:
        SettingError: there is no such setting.
    """
    if key not in SETTINGS:
        raise SettingError(f"there is no setting {key!r}; the settings are {', '.join(SETTINGS)}")
    return SETTINGS[key]


def check_value(key: str, value: object) -> str:
    """``value``, made of what JSON can say, as the JSON to keep.

    Raises:
        SettingError: what was wrong with it, with an example of a good one.
    """
    known = key_of(key)
    try:
        read = msgspec.convert(value, known.type)
    except msgspec.ValidationError as error:
        raise _refused(key, str(error)) from error
    for place in strange_fields(value, read):
        raise _refused(key, f"there is no field {place!r}")
    if key == "opening.special_days":
        _check_days([day.on for day in read])
    return msgspec.json.encode(read).decode()


def read_value(text: str) -> Any:  # noqa: ANN401  whatever JSON can say
    """What was kept, made of JSON's values."""
    return msgspec.json.decode(text)


def _check_days(days: Sequence[date]) -> None:
    """One of two entries of a day would be lost in silence."""
    for on in days:
        if days.count(on) > 1:
            raise _refused("opening.special_days", f"{on} is there twice: keep one")


def _refused(key: str, why: str) -> SettingError:
    known = SETTINGS[key]
    return SettingError(f"{key}: {why}. It is {known.meaning}; for example {known.example}")


def strange_fields(value: object, read: object) -> Iterator[str]:
    """Fields that nobody would read: a slip of the pen must not be lost in silence.

    The wire takes them, since a newer sender may know more; a person who enters them does not.
    """
    if isinstance(value, dict) and isinstance(read, Struct):
        for name, inner in value.items():
            if name not in read.__struct_fields__:
                yield str(name)
            else:
                yield from strange_fields(inner, getattr(read, name))
    elif isinstance(value, list | tuple) and isinstance(read, tuple):
        for inner, of in zip(value, read, strict=True):
            yield from strange_fields(inner, of)
