"""The watch: round by round it looks at new votes, keeps the alerts up to date, and tells.

What the votes up to yesterday's midnight say is kept in the record; what came since is reckoned
anew in each round, so that a vote corrected, doubted or uploaded late within that time counts as
it should. After a gap it catches up: what rose and fell meanwhile is over and not told.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec
import structlog
from sqlalchemy import Connection

from analytics.alerts.alert import ITSELF, Topic, due
from analytics.alerts.budget import A_MONTH, part
from analytics.alerts.cases import Changes, changes
from analytics.alerts.evidence import NOTHING, Evidence
from analytics.alerts.quiet import QuietHours
from analytics.alerts.reading import (
    Watched,
    midnight_ms,
    read_days_off,
    read_last_press,
    read_new_reasons,
    read_new_votes,
    read_past,
    read_reason_texts,
    read_watched,
    read_weeks,
)
from analytics.alerts.record import AlertRecord
from analytics.alerts.rules import Finding, Limits, Standing, after_all, findings, limits_of
from analytics.alerts.silence import Week, expected, is_silent
from analytics.alerts.teller import News, Teller
from analytics.alerts.usual import usual_of
from analytics.alerts.wording import of_silence
from analytics.period import Period
from broker.store.columns import to_ms
from broker.store.database import Database
from broker.store.places import Place

FIRST_DAYS: Final = 14
"""How far back the first round looks."""
ANEW_EVERY: Final = timedelta(hours=1)
"""How often places and what is usual are read again; also with each new day."""
TELLS_AGAIN_AFTER: Final = timedelta(minutes=5)
"""When telling failed."""

_DAY: Final = timedelta(days=1)
_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class Kept(msgspec.Struct, frozen=True):
    """What is kept of a place: what its votes before ``settled_on``, a local day, said."""

    settled_on: date
    unhappy: Evidence = NOTHING
    content: Evidence = NOTHING
    reasons: Mapping[str, Evidence] = {}

    @property
    def standing(self) -> Standing:
        """The same, to go on from."""
        return Standing(self.unhappy, self.content, self.reasons)


@dataclass(frozen=True, slots=True)
class Round:
    """What a round did."""

    opened: int
    renewed: int
    over: int
    told: int


@dataclass(slots=True)
class _Known:
    """What is read once an hour."""

    read_at: datetime
    on: date
    watched: dict[Place, Watched]
    limits: dict[Place, Limits]
    weeks: dict[str, Week]
    off: dict[str, set[date]]
    reasons: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


class Watch:
    """Looks at one installation; whoever makes it calls :meth:`attend` every minute.

    Args:
        database: the feedback store; only read.
        record: where alerts are kept.
        teller: tells people.
        quiet: when nothing is told.
        a_month: the budget, see ``analytics.alerts.budget``.
        minds_silence: whether devices that are silent are told of; votes made for a demonstration
            end the day before.
    """

    def __init__(
        self,
        database: Database,
        record: AlertRecord,
        teller: Teller,
        *,
        quiet: QuietHours,
        a_month: float = A_MONTH,
        minds_silence: bool = True,
    ) -> None:
        self._database = database
        self._record = record
        self._teller = teller
        self._quiet = quiet
        self._a_month = a_month
        self._minds_silence = minds_silence
        self._known: _Known | None = None
        self._tells_from: datetime | None = None

    def attend(self, now: datetime) -> Round:
        """One round.

        Raises:
            StoreError: the database does not answer; the next round does what this one left.
        """
        kept = {
            key: msgspec.json.decode(text, type=Kept)
            for key, text in self._record.read_evidence().items()
        }
        with self._database.reading() as connection:
            known = self._known = self._read_known(connection, now)
            places = [_Place(connection, known, each, now) for each in known.watched.values()]
            settled = {place.key: place.settled(kept.get(place.key)) for place in places}
            found = [each for place in places for each in place.found(settled[place.key])]
            if self._minds_silence:
                found += [each for place in places for each in place.silence(self._allowed)]
        done = changes(found, self._record.latest(), now)
        self._write(done, now)
        self._keep(kept, settled)
        told = self._tell(known, now)
        return Round(len(done.opened), len(done.renewed), len(done.over), told)

    @property
    def _allowed(self) -> float:
        """Silences a month that one touchpoint may be wrong about."""
        devices = len(self._known.weeks) if self._known else 0
        return part("silence", max(1, devices), self._a_month)

    def _read_known(self, connection: Connection, now: datetime) -> _Known:
        on = now.astimezone(self._quiet.zone).date()
        known = self._known
        if known and known.on == on and timedelta(0) <= now - known.read_at < ANEW_EVERY:
            return known
        watched = read_watched(connection, on)
        usual = usual_of(read_past(connection, watched, on)) if watched else {}
        ones = [each for each in watched if each.place in usual]
        return _Known(
            now,
            on,
            {each.place: each for each in ones},
            limits_of(usual, self._a_month) if usual else {},
            read_weeks(connection, ones, on),
            read_days_off(connection, ones, Period(on - 60 * _DAY, on)),
            read_reason_texts(connection),
        )

    def _write(self, done: Changes, now: datetime) -> None:
        for alert in done.opened:
            if self._record.open(alert):
                _log.info("alert-opened", id=alert.id, topic=str(alert.topic))
        for alert_id, figures in done.renewed:
            self._record.update(alert_id, figures)
        for alert_id in done.over:
            self._record.close(alert_id, ITSELF, now)
            _log.info("alert-over", id=alert_id)

    def _keep(self, before: Mapping[str, Kept], settled: Mapping[str, Kept]) -> None:
        newer = {key: each for key, each in settled.items() if before.get(key) != each}
        if newer:
            documents = {key: msgspec.json.encode(each).decode() for key, each in newer.items()}
            self._record.keep_evidence(documents)
        gone = [key for key in before if key not in settled]
        if gone:
            self._record.forget_evidence(gone)

    def _tell(self, known: _Known, now: datetime) -> int:
        """Tell what is due, in one go; how much."""
        waits = self._tells_from is not None and now < self._tells_from
        if waits or self._quiet.is_quiet(now):
            return 0
        news = list(_news(known, self._record, now))
        if not news:
            return 0
        if not self._is_told(news):
            self._tells_from = now + TELLS_AGAIN_AFTER
            return 0
        self._record.mark_told([(each.alert.id, each.moment) for each in news], now)
        return len(news)

    def _is_told(self, news: Sequence[News]) -> bool:
        try:
            return self._teller.tell(news)
        except Exception as error:  # noqa: BLE001  # whatever it is, it is told again
            _log.error("alerts-not-told", error=str(error), exc_info=error)
            return False


def _news(known: _Known, record: AlertRecord, now: datetime) -> Iterator[News]:
    """What is due of the places that are still watched."""
    for alert in sorted(record.latest(), key=lambda alert: alert.opened_at):
        moment, watched = due(alert, now), known.watched.get(alert.topic.place)
        if moment is not None and watched is not None:
            reason = known.reasons.get(alert.topic.about, {})
            yield News(
                alert, moment, watched.name, watched.path, watched.unit, watched.zone, reason
            )


class _Place:
    """One place in one round."""

    def __init__(
        self, connection: Connection, known: _Known, watched: Watched, now: datetime
    ) -> None:
        self._connection, self._known, self._watched = connection, known, watched
        self._limits = known.limits[watched.place]
        self._now = now
        self._today = now.astimezone(watched.zone).date()
        self.key: Final = "|".join(watched.place)

    def settled(self, kept: Kept | None) -> Kept:
        """What the days before yesterday said, with those added that are new among them."""
        until_on = self._today - _DAY
        kept = kept or Kept(self._today - FIRST_DAYS * _DAY)
        if kept.settled_on >= until_on:
            return kept
        after = self._after(kept.standing, kept.settled_on, until_on - _DAY)
        return Kept(until_on, after.unhappy, after.content, after.reasons)

    def found(self, settled: Kept) -> Iterator[Finding]:
        """What its votes say now."""
        standing = self._after(settled.standing, settled.settled_on, self._today)
        yield from findings(self._watched.place, standing, self._limits, to_ms(self._now))

    def _after(self, before: Standing, from_on: date, to_on: date) -> Standing:
        """After the votes of those days, both ends included, as far as they are."""
        zone, until_on = self._watched.zone, to_on + _DAY
        from_at = _instant(midnight_ms(from_on, zone))
        until_at = min(_instant(midnight_ms(until_on, zone)), self._now + timedelta(milliseconds=1))
        votes = read_new_votes(self._connection, self._watched, from_at, until_at)
        days = read_new_reasons(self._connection, self._watched, from_on, to_on)
        return after_all(before, self._limits, votes, days)

    def silence(self, allowed: float) -> Iterator[Finding]:
        """No press at any device there, though each should have had some."""
        missed, since = 0.0, []
        for code in self._watched.touchpoints:
            week = self._known.weeks.get(code)
            last_at = read_last_press(self._connection, code, self._now)
            if week is None or last_at is None:
                continue
            off = self._known.off[code]
            here = expected(week, self._watched.zone, off.__contains__, last_at, self._now)
            if not is_silent(here, week.a_month, allowed):
                return
            missed += here
            since.append(to_ms(last_at))
        if since:
            topic = Topic("silence", self._watched.place)
            yield Finding(topic, max(since), max(since), of_silence(missed))


def _instant(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)
