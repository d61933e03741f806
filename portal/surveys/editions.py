"""What is open: the newest published version of a survey, with where and when it is asked.

    edition = find_open(portal, "reception", portal.clock())
    if edition is not None and "web" in edition.channels: …

Published versions never change, so each is read from the feedback store once.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, Literal, TypeAlias, get_args
from weakref import WeakKeyDictionary

from sqlalchemy import select

from broker.fleet.surveys import Survey, find_newest, show_survey
from broker.store.database import Database
from portal.store.tables import table_of
from portal.surveys.tables import SurveyWindow
from portal.web.portal import Portal

Channel: TypeAlias = Literal["web", "qr", "tablet", "paper", "link", "e-mail", "kiosk"]
CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)

State: TypeAlias = Literal["open", "not-yet", "over", "closed"]
"""``over``: its last moment has passed; ``closed``: by hand."""

GRACE: Final = timedelta(minutes=30)
"""So long after its end a survey takes forms that were begun before: what somebody was writing just
then isn't thrown away."""

MEMORY_S: Final = 1.0
"""So long another process's change may go unseen."""
_MOST_REMEMBERED: Final = 1_000

_window: Final = table_of(SurveyWindow)


@dataclass(frozen=True, slots=True)
class Edition:
    """A survey as it is asked now.

    Attributes:
        survey: the newest published version.
        opens_at: first moment; ``None``: it has been open since it was published.
        closes_at: first moment after it; ``None``: until it is closed by hand.
        channels: by which it may be answered.
        touchpoint: to which plain answers from the web belong.
        is_listed: whether the public list of surveys names it.
        ended_at: since when it takes no answers any more, where that is so.
    """

    survey: Survey
    state: State
    opens_at: datetime | None
    closes_at: datetime | None
    channels: frozenset[Channel]
    touchpoint: str
    is_listed: bool = True
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it takes answers now."""
        return self.state == "open"

    def takes(self, begun_at: datetime, now: datetime) -> bool:
        """Whether it takes a form that was begun then: one at hand when it ended has some time."""
        if self.ended_at is None:
            return self.is_open
        return begun_at <= self.ended_at and now < self.ended_at + GRACE


_Remembered: TypeAlias = tuple[float, SurveyWindow | None, int]
_memories: Final[WeakKeyDictionary[Database, dict[str, _Remembered]]] = WeakKeyDictionary()
"""By the portal's database: when a code was read, its window, and the survey's newest version."""


def forget(database: Database) -> None:
    """A survey was opened or closed, or published: read anew.

    What another process changes is seen within :data:`MEMORY_S` anyway.
    """
    _memories.pop(database, None)


def find(portal: Portal, code: str, now: datetime) -> Edition | None:
    """The survey of that code in whatever state; ``None``: it was never opened here."""
    window, version = _remember(portal, code)
    return None if window is None else _edition(portal.feedback, window, version, now)


def _remember(portal: Portal, code: str) -> tuple[SurveyWindow | None, int]:
    """What was read lately, so that a crowd's visits don't each read it.

    Whether a survey is open at a moment is reckoned anew each time.
    """
    memory = _memories.setdefault(portal.database, {})
    now_s = time.monotonic()
    read_s, window, version = memory.get(code, (float("-inf"), None, 0))
    if now_s - read_s < MEMORY_S:
        return window, version
    window, version = _read(portal, code)
    if len(memory) >= _MOST_REMEMBERED:  # somebody asks for codes that there are none of
        memory.clear()
    memory[code] = now_s, window, version
    return window, version


def _read(portal: Portal, code: str) -> tuple[SurveyWindow | None, int]:
    with portal.database.reading() as connection:
        query = select(_window).where(_window.c.code == code)
        row = connection.execute(query).mappings().first()
    if row is None:
        return None, 0
    return SurveyWindow(**row), find_newest(portal.feedback, code)


def find_open(portal: Portal, code: str, now: datetime) -> Edition | None:
    """The survey of that code while it takes answers."""
    edition = find(portal, code, now)
    return edition if edition is not None and edition.is_open else None


def list_open(portal: Portal, now: datetime) -> list[Edition]:
    """All that the public list names: open, listed, on the web; by code."""
    return [edition for edition in open_by(portal, "web", now) if edition.is_listed]


def open_by(portal: Portal, channel: Channel, now: datetime) -> list[Edition]:
    """All that take answers by ``channel``, listed or not; by code."""
    with portal.database.reading() as connection:
        rows = connection.execute(select(_window).order_by(_window.c.code)).mappings().all()
    versions = [find_newest(portal.feedback, row["code"]) for row in rows]
    found = [
        _edition(portal.feedback, SurveyWindow(**row), version, now)
        for row, version in zip(rows, versions, strict=True)
    ]
    return [each for each in found if each and each.is_open and channel in each.channels]


def state_of(window: SurveyWindow, now: datetime) -> State:
    """Whether a window is open at ``now``."""
    if window.closed_at is not None:
        return "closed"
    if window.opens_at is not None and now < window.opens_at:
        return "not-yet"
    if window.closes_at is not None and now >= window.closes_at:
        return "over"
    return "open"


def _ended_at(window: SurveyWindow, now: datetime) -> datetime | None:
    """When it ended: by its window or by hand, whichever was first."""
    ends = [at for at in (window.closes_at, window.closed_at) if at is not None and at <= now]
    return min(ends, default=None)


def _edition(
    feedback: Database, window: SurveyWindow, version: int, now: datetime
) -> Edition | None:
    if not version:
        return None
    return Edition(
        published(feedback, window.code, version),
        state_of(window, now),
        window.opens_at,
        window.closes_at,
        frozenset(channel for channel in CHANNELS if channel in window.channels.split()),
        window.touchpoint,
        window.is_listed,
        _ended_at(window, now),
    )


@lru_cache(maxsize=256)
def published(feedback: Database, code: str, version: int) -> Survey:
    """A published version, read once.

    Raises:
        FleetError: there is none.
    """
    return show_survey(feedback, code, version).survey
