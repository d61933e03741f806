"""What the *Today* page shows of ratings: plain data, ready to be drawn.

Two rules decide what is there (design §5). Touchpoints in test mode are shown one by one, and are
in no figure but their own. Of all others only one total is shown, since the store can't yet tell
whether three people or more served at a place: and that from five votes on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from analytics.dashboard.own_places import touchpoints_of
from analytics.dashboard.releases import Releases
from analytics.measures.minima import MIN_VOTES
from analytics.measures.satisfied import SatisfiedShare, satisfied_share
from analytics.summary import Selection, Summary, Votes, summarise
from broker.store.database import Database
from broker.store.registry import list_sites, list_touchpoints
from broker.store.scales import SCALES
from broker.store.tables import Event, RatingDay, Site, Touchpoint, table_of

RECENTLY: Final = timedelta(minutes=15)
MAX_PRESSES: Final = 8
"""Single presses that are listed, of touchpoints in test mode."""

_EVENT: Final = table_of(Event).c
_ROLLUP: Final = table_of(RatingDay).c
_TOUCHPOINT: Final = table_of(Touchpoint).c


@dataclass(frozen=True, slots=True)
class Figure:
    """Today's ratings on one scale, of one touchpoint or of all that are not in test mode."""

    scale: str
    n: int
    satisfied: SatisfiedShare


@dataclass(frozen=True, slots=True)
class Trial:
    """A touchpoint in test mode.

    Attributes:
        figure: what corrections and the rules on misuse leave of today's ratings.
        pressed: what was pressed.
        recent: ratings of the last 15 minutes.
    """

    name: str
    figure: Figure
    pressed: Votes
    recent: int


@dataclass(frozen=True, slots=True)
class ByChannel:
    """Today's ratings of a touchpoint in test mode that came by one channel."""

    place: str
    channel: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Press:
    """One rating of a touchpoint in test mode; ``at`` is in the site's time zone."""

    at: datetime
    place: str
    scale: str
    value: int


@dataclass(frozen=True, slots=True)
class Today:
    """One site's day so far.

    Attributes:
        site: its name.
        now: when this was read, in the site's time zone.
        places: how many touchpoints are not in test mode.
        everywhere: their figures together, one a scale; empty while there are too few votes.
        recent: their ratings of the last 15 minutes, renewed by five; ``None`` for too few.
        trials: figures of the touchpoints in test mode that have votes today.
        channels: those of them that heard more than presses, channel by channel.
        presses: the newest ratings of those, newest first.
    """

    site: str
    now: datetime
    places: int
    everywhere: list[Figure]
    recent: int | None
    trials: list[Trial]
    channels: list[ByChannel]
    presses: list[Press]

    @property
    def on(self) -> date:
        """The day, as the site has it."""
        return self.now.date()


def read_today(
    database: Database, now: datetime, releases: Releases, units: AbstractSet[str] = frozenset()
) -> list[Today]:
    """The day so far of every site; ``now`` is an aware time.

    ``units``: codes of those whose touchpoints are meant, and no others; none: all.
    """
    days = [_site(database, site, now, releases, units) for site in list_sites(database)]
    return [day for day in days if not units or day.places or day.trials]


def _site(
    database: Database, site: Site, now: datetime, releases: Releases, units: AbstractSet[str]
) -> Today:
    """One site's day so far."""
    here = now.astimezone(ZoneInfo(site.timezone))
    places = list_touchpoints(database, site.code)
    every = {place.code for place in places if not place.is_test}
    with database.reading() as connection:
        if units:
            own = touchpoints_of(connection, units, now)
            places = [place for place in places if place.code in own]
        trials = {place.code: place.name for place in places if place.is_test}
        others = {place.code for place in places if not place.is_test}
        day = Selection(from_on=here.date(), to_on=here.date(), is_filtered=True)
        summaries = summarise(connection, "touchpoint", day)
        recent = _recent(connection, site.code, now)
        channels = list(_channels(connection, trials, day))
        presses = _presses(connection, trials, here)
    few = sum(n for code, n in recent.items() if code in others)
    beside = sum(n for code, n in recent.items() if code in every - others)
    shown = sum(
        releases.release(here.date(), ("recent", site.code, *sorted(units)), {0: few}).values()
    )
    return Today(
        site=site.name,
        now=here,
        places=len(others),
        everywhere=list(_everywhere(summaries, others, every, releases, here.date(), site.code)),
        recent=shown if shown and few >= MIN_VOTES and _hides_nobody(beside) else None,
        trials=_trials(summaries, trials, recent),
        channels=channels,
        presses=presses,
    )


def _trials(
    summaries: Iterable[Summary], names: Mapping[str, str], recent: Mapping[str, int]
) -> list[Trial]:
    """The figures of touchpoints in test mode (code → name), each for itself."""
    return [
        Trial(
            names[found.key],
            Figure(summary.scale, found.n, found.satisfied),
            found.raw,
            recent.get(found.key, 0),
        )
        for summary in summaries
        for found in summary.figures
        if found.key in names
    ]


def _channels(
    connection: Connection, names: Mapping[str, str], day: Selection
) -> Iterator[ByChannel]:
    """Channel by channel, the touchpoints in test mode (code → name) that people reach by others
    than a device.
    """
    reached = select(_ROLLUP.touchpoint).distinct().where(_ROLLUP.touchpoint.in_(names))
    query = reached.where(_ROLLUP.day == day.from_on, _ROLLUP.channel != "device")
    for code in sorted(connection.scalars(query), key=names.__getitem__):
        for summary in summarise(connection, "channel", replace(day, touchpoint=code)):
            for found in summary.figures:
                figure = Figure(summary.scale, found.n, found.satisfied)
                yield ByChannel(names[code], found.key, figure)


def _everywhere(
    summaries: Iterable[Summary],
    codes: set[str],
    every: set[str],
    releases: Releases,
    on: date,
    site: str,
) -> Iterator[Figure]:
    """The figures of all touchpoints of ``codes`` together, as far as they may be shown.

    Where they are not ``every`` one there is, neither may the rest be too few: whoever sees the
    total of all could take the difference.
    """
    part = () if codes == every else (frozenset(codes),)
    for summary in summaries:
        votes: Counter[int] = Counter()
        for found in summary.figures:
            if found.key in codes:
                votes.update({int(value): n for value, n in found.counts.items()})
        rest = sum(found.n for found in summary.figures if found.key in every - codes)
        if not _hides_nobody(rest):
            continue
        shown = releases.release(on, (site, summary.scale, *part), votes)
        if shown:
            share = satisfied_share(shown, SCALES[summary.scale])
            yield Figure(summary.scale, sum(shown.values()), share)


def _hides_nobody(rest: int) -> bool:
    """Whether so many votes may be told by a difference: none, or not too few."""
    return rest == 0 or rest >= MIN_VOTES


def _recent(connection: Connection, site: str, now: datetime) -> dict[str, int]:
    """Ratings of the last 15 minutes, by touchpoint."""
    query = (
        select(_TOUCHPOINT.code, func.count().label("votes"))
        .join_from(table_of(Touchpoint), table_of(Event), _EVENT.touchpoint == _TOUCHPOINT.code)
        .where(_TOUCHPOINT.site == site, _EVENT.kind == "rating")
        .where(_EVENT.answered_at > now - RECENTLY)
        .group_by(_TOUCHPOINT.code)
    )
    return {row.code: row.votes for row in connection.execute(query)}


def _presses(connection: Connection, codes: Iterable[str], here: datetime) -> list[Press]:
    """The newest ratings of the last 15 minutes at those of ``codes`` that are in test mode."""
    query = (
        select(_EVENT.answered_at, _TOUCHPOINT.name, _EVENT.scale, _EVENT.value)
        .join_from(table_of(Touchpoint), table_of(Event), _EVENT.touchpoint == _TOUCHPOINT.code)
        .where(_TOUCHPOINT.code.in_(codes), _TOUCHPOINT.is_test, _EVENT.kind == "rating")
        .where(_EVENT.answered_at > here - RECENTLY)
        .order_by(_EVENT.answered_at.desc())
        .limit(MAX_PRESSES)
    )
    return [
        Press(at.astimezone(here.tzinfo), place, scale, value)
        for at, place, scale, value in connection.execute(query)
    ]
