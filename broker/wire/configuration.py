"""The kiosk's configuration: what it asks, when it is open, what it shows of the municipality.

These classes say what can be read; :mod:`broker.wire.presentable` says what can be shown.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, TypeAlias

from msgspec import Meta, Struct

from broker.wire.events import MAX_INTEGER
from broker.wire.messages import Message
from broker.wire.standard_survey import STANDARD_SURVEY
from broker.wire.surveys import Survey, Texts
from broker.wire.texts import Code, Language, checked

EVERY_DAY: Final = (1, 2, 3, 4, 5, 6, 7)

TimeOfDay: TypeAlias = Annotated[
    str, checked("(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)", "local time, HH:MM")
]
Weekday: TypeAlias = Annotated[int, Meta(ge=1, le=7, description="1 is Monday (ISO 8601)")]
Weekdays: TypeAlias = Annotated[tuple[Weekday, ...], Meta(min_length=1, max_length=7)]
WebAddress: TypeAlias = Annotated[str, Meta(max_length=200), checked("https://[!-~]{4,192}")]


class Hours(Struct, frozen=True, kw_only=True):
    """From ``opens_at`` until before ``closes_at`` of the same day; ``24:00`` is its end.

    Hours that pass midnight are written as two.
    """

    opens_at: TimeOfDay
    closes_at: TimeOfDay

    def __post_init__(self) -> None:
        """Refuse hours that end before they begin."""
        if self.opens_at >= self.closes_at:
            raise ValueError(f"hours from {self.opens_at} to {self.closes_at} never are")


class WeeklyHours(Hours, frozen=True, kw_only=True, omit_defaults=True):
    """Hours on some days of every week; two entries make a lunch break."""

    days: Weekdays


class SpecialDay(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A day that is not like its weekday: a holiday, or a working Saturday.

    Attributes:
        hours: of that day, instead of the weekly ones; none: closed.
        texts: why, as visitors may read it while it is closed.
    """

    on: date
    hours: Annotated[tuple[Hours, ...], Meta(max_length=4)] = ()
    texts: Texts = {}


class OpeningHours(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When the hall serves people.

    Attributes:
        weekly: the usual hours; a weekday without an entry is closed.
        special_days: days that are not like their weekday, in any order.
        grace_min: how long after closing ratings are still taken: people leave after the desk
            has closed.
    """

    weekly: Annotated[tuple[WeeklyHours, ...], Meta(max_length=28)]
    special_days: Annotated[tuple[SpecialDay, ...], Meta(max_length=100)] = ()
    grace_min: Annotated[int, Meta(ge=0, le=240)] = 30


class PlannedSurvey(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Another survey on some days; the first planned one that fits the day is asked.

    Attributes:
        days: of the week.
        first_on, last_on: the days between which it is asked, both included.
    """

    survey: Survey
    days: Weekdays = EVERY_DAY
    first_on: date | None = None
    last_on: date | None = None


class Deed(Struct, frozen=True, kw_only=True):
    """What visitors said, and what the municipality did about it ("you said, we did")."""

    said: Texts
    did: Texts


class Result(Struct, frozen=True, kw_only=True):
    """The centre's result of a past month; never that of one desk.

    Attributes:
        unit: the centre's name.
        month: its first day.
        satisfied_percent: share of satisfied ratings, 0–100.
        ratings: how many there were.
    """

    unit: Texts
    month: date
    satisfied_percent: Annotated[float, Meta(ge=0, le=100)]
    ratings: Annotated[int, Meta(ge=5, le=9_999_999)]


class Presentation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the kiosk shows and says besides its questions.

    Attributes:
        name: the municipality's or the centre's name.
        deeds: shown in turns while nobody is there.
        result: shown while nobody is there; left out where it is not switched on.
        write_url: where a visitor can go on writing on a phone of their own; a QR code shows it.
        is_high_contrast: black and white, and thick lines.
        is_slow: for slow readers: questions wait three times as long before they warn.
        reads_aloud: the loudspeaker reads what everyone is asked, to whoever chose a language or
            is asked one more question.
    """

    name: Texts = {}
    deeds: Annotated[tuple[Deed, ...], Meta(max_length=8)] = ()
    result: Result | None = None
    write_url: WebAddress | None = None
    is_high_contrast: bool = False
    is_slow: bool = False
    reads_aloud: bool = False


class Configuration(Message, frozen=True, kw_only=True):
    """The kiosk's configuration; fleet → device, retained. A higher ``revision`` replaces.

    Attributes:
        languages: the first one is the hall's own; all texts must be there in each.
        survey: asked on every day that has no planned one; left out: the standard one, on the faces
            that the kiosk's panel has.
        opening: without it the kiosk is always open.
        planned: surveys for some days, each instead of ``survey``.
        timezone: where hours and days are reckoned (a name of the IANA time zone database).
        is_resting: the device stands nowhere: it is closed at every hour, also without a clock.
    """

    revision: Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
    touchpoint: Code
    survey: Survey = STANDARD_SURVEY
    languages: Annotated[tuple[Language, ...], Meta(min_length=1, max_length=12)] = ("bg", "en")
    opening: OpeningHours | None = None
    planned: Annotated[tuple[PlannedSurvey, ...], Meta(max_length=8)] = ()
    timezone: Annotated[str, Meta(max_length=64)] = "Europe/Sofia"
    presentation: Presentation = Presentation()
    is_resting: bool = False
