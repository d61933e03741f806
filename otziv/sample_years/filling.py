"""Filling a feedback store with the sample years of both towns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from broker.intake.submissions import register_sender
from broker.misuse.flagging import Summary, flag_recent, reflag
from broker.misuse.rules import CURRENT
from broker.store.database import Database
from broker.store.errors import StoreError
from broker.store.flags import lock_events
from broker.store.local_time import calendar_of
from broker.store.registry import list_touchpoints
from broker.store.statements import put, write_rows
from broker.store.tables import Event, Meta, table_of
from otziv.sample_years.planting import Planted, plant
from otziv.sample_years.registering import register
from otziv.sample_years.span import Span
from otziv.sample_years.town import Desk, Town
from otziv.sample_years.towns import LARGE, SMALL
from otziv.sample_years.votes import HOUR_MS, DeskDay, Served, Vote, votes_of
from otziv.sample_years.writing import Writer

TOWNS: Final = (LARGE, SMALL)
DAYS: Final = 365
_JUDGED_DAYS: Final = 28
_JUDGED_TO: Final = "misuse"
"""Meta: up to which event the daily judging has come (``broker.misuse.flagging``)."""
_BACK_ON_LINE_MS: Final = 8 * HOUR_MS
"""After midnight: the device that was without a network is noticed before the hall opens."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What is in the store now.

    Attributes:
        votes: ratings.
        events: ratings, corrections and answers.
        doubted: visits that the rules against misuse flagged, by reason.
        planted: what the measures should find.
    """

    votes: int
    events: int
    doubted: Mapping[str, int]
    planted: Sequence[Planted]


def fill(  # noqa: PLR0913  # each says one thing about it, by its name
    database: Database,
    site: str,
    timezone: str,
    now: datetime,
    *,
    days: int = DAYS,
    seed: int = 1,
    towns: Sequence[Town] = TOWNS,
) -> Filled | None:
    """Fill the store with days up to yesterday; ``None`` where sample votes are there already.

    Args:
        database: of a demo; it must not hold votes of real places.
        site: the installation's own, registered already.
        timezone: of all sites.
        now: when this is.
        days: how many.
        seed: the same gives the same votes.
        towns: which; each with touchpoints of its own.

    Raises:
        StoreError: there are touchpoints of somebody else, not in test mode; or as any transaction.
    """
    if _is_filled(database, towns):
        return None
    _refuse_strangers(database, towns)
    while flag_recent(database, now).days:  # what an earlier demo left
        pass
    span = Span(now.astimezone(ZoneInfo(timezone)).date() - timedelta(days=1), days, timezone)
    votes = events = 0
    planted: list[Planted] = []
    for town in towns:
        code = town.site or site
        register(database, town, code, span, now)
        year = SampleYear(town, code, span, seed)
        planted += year.planted
        writer = _write(database, year)
        votes, events = votes + writer.votes, events + writer.events
    return Filled(votes, events, _flag(database, span, planted, now).doubted, planted)


class SampleYear:
    """The days of one town, made as they are asked for.

    Attributes:
        planted: what lies in them.
    """

    def __init__(self, town: Town, site: str, span: Span, seed: int) -> None:
        """Plan it; no vote is made yet."""
        self.town: Final = town
        self.site: Final = site
        self.span: Final = span
        self.seed: Final = seed
        self._visits: Final = {desk.code: span.visits(town, desk) for desk in town.desks}
        self.planted: Final = plant(town.seeds, site, lambda code: list(self._visits[code]), seed)

    def days(self) -> Iterator[tuple[date, list[Vote], dict[str, Served]]]:
        """Each day: what came in on it, in that order, and who was served, by touchpoint.

        What comes in after the last day is left out: it is not there yet.
        """
        waiting: list[Vote] = []
        for on in self.span.all:
            served: dict[str, Served] = {}
            for desk in self.town.desks:
                votes, served[desk.code] = votes_of(self._day(desk, on))
                waiting += votes
            until_ms = self.span.midnight_ms(on + timedelta(days=1))
            came = [vote for vote in waiting if vote.received_ms < until_ms]
            waiting = [vote for vote in waiting if vote.received_ms >= until_ms]
            yield on, sorted(came, key=lambda vote: (vote.received_ms, vote.at_ms)), served

    def _day(self, desk: Desk, on: date) -> DeskDay:
        planted = [each for each in self.planted if each.touchpoint == desk.code and each.is_on(on)]
        late = next((each for each in planted if each.kind == "late-upload"), None)
        visits = self._visits[desk.code]
        return DeskDay(
            desk,
            on,
            self.span.midnight_ms(on),
            visits.get(on, 0.0),
            self.town.a_day * desk.weight,
            planted,
            None if late is None else self._back_ms(late),
            self.seed,
        )

    def _back_ms(self, late: Planted) -> int:
        """When what was kept meanwhile comes in."""
        return self.span.midnight_ms(late.until_on + timedelta(days=1)) + _BACK_ON_LINE_MS


def _write(database: Database, year: SampleYear) -> Writer:
    """All of a town in one transaction: killed half-way, nothing of it is there."""
    sender = register_sender(database, year.site)
    calendar = calendar_of(year.span.timezone)
    with database.transaction() as connection:
        lock_events(connection)
        writer = Writer(connection, year.site, sender, calendar, year.seed)
        for _, votes, served in year.days():
            writer.write(votes)
            for touchpoint, hours in served.items():
                writer.serve(touchpoint, hours)
        writer.finish()
    return writer


def _flag(database: Database, span: Span, planted: Sequence[Planted], now: datetime) -> Summary:
    """Let the rules against misuse judge the last weeks, and each day on which some was planted.

    All of a year would take longer than making it, and the daily judging hours to catch up: it
    goes on from here.
    """
    last_weeks = span.last_on - timedelta(days=_JUDGED_DAYS - 1)
    found = reflag(database, CURRENT, last_weeks, span.last_on, now)
    for each in planted:
        if each.is_misuse and each.from_on < last_weeks:
            on, at = each.from_on, each.touchpoint
            found += reflag(database, CURRENT, on, on, now, touchpoint=at)
    meta, event = table_of(Meta), table_of(Event)
    with database.transaction() as connection:
        last = connection.execute(select(func.max(event.c.number))).scalar_one()
        write_rows(connection, put(meta, ("key", "value"), database.dialect), [(_JUDGED_TO, last)])
    return found


def _is_filled(database: Database, towns: Iterable[Town]) -> bool:
    event = table_of(Event)
    codes = [desk.code for town in towns for desk in town.desks]
    query = select(event.c.id).where(event.c.touchpoint.in_(codes)).limit(1)
    with database.reading() as connection:
        return connection.execute(query).first() is not None


def _refuse_strangers(database: Database, towns: Iterable[Town]) -> None:
    ours = {desk.code for town in towns for desk in town.desks}
    others = [
        each.code
        for each in list_touchpoints(database)
        if not each.is_test and each.code not in ours
    ]
    if others:
        raise StoreError(
            f"database {database} is of a real installation, with touchpoint {others[0]}: sample "
            "votes can't be taken out again. Name a new folder, with --data"
        )
