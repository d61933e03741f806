"""Doubted votes, counted by place and day: what the rules flagged, and what people ruled."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from broker.store.columns import to_ms
from broker.store.flag_reasons import FOREIGN_RATING, FOREIGN_TOUCHPOINT, JUDGED
from broker.store.local_time import QUARTER_MS, calendar_of
from broker.store.tables import Event, Flag, RatingDay, table_of


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


REASONS: Final = {
    "burst": _("many presses in a row, seconds apart"),
    "sweep": _("presses in a row that tried every face"),
    "repeat": _("the same face again at once"),
    "several-buttons": _("several faces at nearly the same time"),
    "stuck-key": _("a face at perfectly even gaps: the button may be stuck"),
    "monotone": _("one face in a steady rhythm"),
    "out-of-hours": _("pressed while it was closed"),
    "improbable-count": _("far more than this desk ever has in such an hour"),
    "same-answers": _("many forms from the web that say exactly the same"),
    "foreign-touchpoint": _("from a device that never stood there"),
    "foreign-rating": _("about a vote of another device"),
    "ruled-out": _("people of the administration ruled so"),
}
"""Reasons to doubt a vote; those of the wire are in the order of docs/misuse.md."""

CAUSES: Final = {
    "tried-out": _("Staff or installers tried it out"),
    "children": _("Children played with it"),
    "damage": _("The device was damaged"),
    "event": _("Something unusual took place"),
    "known-crowd": _("There really was such a crowd"),
    "other": _("Something else"),
}

_SHOWN: Final = (*sorted(JUDGED), FOREIGN_TOUCHPOINT, FOREIGN_RATING)
_event: Final = table_of(Event)
_flag: Final = table_of(Flag)
_day: Final = table_of(RatingDay)


@dataclass(frozen=True, slots=True)
class DoubtedDay:
    """A local day at a touchpoint on which something was doubted.

    Attributes:
        reasons: reason → how many events are flagged so.
        raw, filtered: ratings that day, all of them and without the doubted ones.
    """

    touchpoint: str
    on: date
    reasons: dict[str, int]
    raw: int
    filtered: int


def doubted_days(connection: Connection, since_on: date, timezone: str) -> list[DoubtedDay]:
    """Days with doubted ratings from ``since_on`` on, the newest first; of the feedback store."""
    found: dict[tuple[str, date], dict[str, int]] = defaultdict(dict)
    since_at = datetime.combine(since_on, datetime.min.time(), ZoneInfo(timezone))
    calendar = calendar_of(timezone)
    query = (
        select(_event.c.touchpoint, _event.c.answered_at, _flag.c.reason, func.count())
        .join(_flag, _flag.c.event_id == _event.c.id)
        .where(_event.c.answered_at >= since_at, _flag.c.reason.in_(_SHOWN))
        .where(_event.c.kind == "rating")
        .group_by(_event.c.touchpoint, _event.c.answered_at, _flag.c.reason)
    )
    for touchpoint, at, reason, number in connection.execute(query):
        on = date.fromisoformat(calendar[to_ms(at) // QUARTER_MS].day)
        reasons = found[touchpoint, on]
        reasons[reason] = reasons.get(reason, 0) + number
    counts = _counts(connection, since_on - timedelta(days=1))
    days = [
        DoubtedDay(touchpoint, on, reasons, *counts.get((touchpoint, on), (0, 0)))
        for (touchpoint, on), reasons in found.items()
    ]
    return sorted(days, key=lambda day: (day.on, day.touchpoint), reverse=True)


def _counts(connection: Connection, since_on: date) -> dict[tuple[str, date], tuple[int, int]]:
    query = (
        select(_day.c.touchpoint, _day.c.day, func.sum(_day.c.raw), func.sum(_day.c.filtered))
        .where(_day.c.day >= since_on)
        .group_by(_day.c.touchpoint, _day.c.day)
    )
    return {
        (touchpoint, on): (int(raw), int(filtered))
        for touchpoint, on, raw, filtered in connection.execute(query)
    }
