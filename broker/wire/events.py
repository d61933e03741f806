"""Events of the wire, version 1: the immutable things that happened at a touchpoint.

A reader ignores fields it does not know; a kind it does not know goes to quarantine. So any
version of a kiosk runs beside any version of the collector.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from typing import Annotated, Final, Literal, TypeAlias

from msgspec import Meta, Struct

from broker.wire.scales import SCALES, ScaleCode
from broker.wire.texts import CODE, ID, LANGUAGE, TOKEN, Code, EventId, declared

MAX_INTEGER: Final = 2**53 - 1
"""Above this a JSON number is not the same in every language."""

Seq: TypeAlias = Annotated[int, Meta(ge=1, le=MAX_INTEGER)]
Version: TypeAlias = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Milliseconds: TypeAlias = Annotated[int, Meta(ge=0, le=MAX_INTEGER)]
Instant: TypeAlias = Annotated[
    datetime, Meta(tz=True, description="RFC 3339 with an offset, milliseconds are enough")
]
Value: TypeAlias = Annotated[int, Meta(ge=0, le=10, description="the smallest is worst")]

Options: TypeAlias = Annotated[
    tuple[Code, ...],
    Meta(min_length=1, max_length=32, extra_json_schema={"uniqueItems": True}),
]

Channel: TypeAlias = Literal["device", "tablet", "web", "qr", "paper", "phone", "e-mail", "case"]
Clock: TypeAlias = Literal["synced", "estimated", "unknown"]
Precision: TypeAlias = Literal["instant", "day"]
Outcome: TypeAlias = Literal["answered", "skipped", "timeout"]

_FORMS: Final = {
    "id": ID,
    "visit": TOKEN,
    "touchpoint": CODE,
    "survey": CODE,
    "input": CODE,
    "language": LANGUAGE,
    "boot": TOKEN,
}
# None of the forms allows a space, so texts joined by spaces can't be mistaken for each other.
_all_fit: Final = re.compile(" ".join(_FORMS.values())).fullmatch
_ON_SCALE: Final = frozenset((code, value) for code in SCALES for value in SCALES[code].values)


def check_year(at: datetime) -> None:
    """Refuse the first and the last year: in another zone such a time may not exist.

    Raises:
        ValueError: as said.
    """
    if not 1 < at.year < 9999:
        raise ValueError(f"year {at.year} of {at.isoformat()} is not in 2–9998")


class Event(
    Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag_field="kind",
    gc=False,
):
    """What every event carries.

    Attributes:
        id: minted at the press; makes resending harmless.
        seq: number within the stream, from 1, without gaps.
        visit: joins the answers of one visitor at one time; random, never reused.
        touchpoint: where; ratings belong to it, so a device can be swapped.
        survey: what was asked, with its frozen ``survey_version``.
        channel: how it came in; kiosks send ``device``.
        input: ``button``, ``touch``, ``keyboard``, ``form`` …
        language: of the question as shown.
        answered_at: when, by the device's clock.
        clock: how far ``answered_at`` can be trusted.
        boot: the boot during which it happened, ``uptime_ms`` milliseconds after its start.
        precision: ``day`` where only the day is known (paper).
    """

    id: Annotated[str, declared(ID, "UUID, version 7 by preference, minted at the press")]
    seq: Seq
    visit: Annotated[str, declared(TOKEN)]
    touchpoint: Annotated[str, declared(CODE)]
    survey: Annotated[str, declared(CODE)]
    survey_version: Version
    channel: Channel
    input: Annotated[str, declared(CODE)]
    language: Annotated[str, declared(LANGUAGE, "BCP 47 tag")]
    answered_at: Instant
    clock: Clock
    boot: Annotated[str, declared(TOKEN)]
    uptime_ms: Milliseconds
    precision: Precision = "instant"

    def __post_init__(self) -> None:
        """Refuse a text that has not its form, and a time that other zones don't have."""
        if not _all_fit(
            f"{self.id} {self.visit} {self.touchpoint} {self.survey} "
            f"{self.input} {self.language} {self.boot}"
        ):
            raise ValueError(_misfit(self))
        check_year(self.answered_at)


class Rating(Event, frozen=True, kw_only=True, omit_defaults=True, tag="rating", gc=False):
    """A value pressed on a named scale."""

    question: Code
    scale: ScaleCode
    value: Value

    def __post_init__(self) -> None:
        """Refuse a value that is not on the scale."""
        Event.__post_init__(self)
        if (self.scale, self.value) not in _ON_SCALE:
            raise ValueError(f"value {self.value} is not on scale {self.scale}")


class Correction(Event, frozen=True, kw_only=True, omit_defaults=True, tag="correction", gc=False):
    """Another value for an earlier rating; both are kept."""

    rating: EventId
    value: Value


class Answer(Event, frozen=True, kw_only=True, omit_defaults=True, tag="answer", gc=False):
    """Anything else without free text; with ``rating`` it is that rating's follow-up.

    ``answered`` carries exactly one of ``options``, ``number`` and ``date``; ``skipped`` and
    ``timeout`` carry none, so that response rates can be told.
    """

    question: Code
    outcome: Outcome
    rating: EventId | None = None
    options: Options | None = None
    number: float | None = None
    date: date | None = None

    def __post_init__(self) -> None:
        """Refuse an answer that says nothing, says two things, or is no number."""
        Event.__post_init__(self)
        given = (self.options is not None) + (self.number is not None) + (self.date is not None)
        if given != (self.outcome == "answered"):
            raise ValueError(
                "'answered' needs exactly one of options, number, date; "
                "'skipped' and 'timeout' need none"
            )
        if self.number is not None and not math.isfinite(self.number):
            raise ValueError("number is not finite")
        if self.options is not None and len(set(self.options)) != len(self.options):
            raise ValueError("an option is given twice")


AnyEvent: TypeAlias = Rating | Correction | Answer


def _misfit(event: Event) -> str:
    """Which text of an event has not its form."""
    texts = {name: getattr(event, name) for name in _FORMS}
    wrong = next(name for name, text in texts.items() if not re.fullmatch(_FORMS[name], text))
    return f"{wrong} {texts[wrong][:80]!r} does not match ^{_FORMS[wrong]}$"
