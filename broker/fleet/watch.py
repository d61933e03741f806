"""The chore that looks after all devices: every quarter of a minute it judges, opens and closes.

When nobody is heard, the fault is most likely ours (broker, collector, network): one notice for
the installation, and none for each device.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog

from broker.fleet.expected import Exposure, Profile, learn, limit_of, read_counts
from broker.fleet.health_facts import Hall, Halls, Unit, missing_of, read_alarms, read_units
from broker.fleet.health_rules import RULES, Facts, Quiet, Verdicts, family, judge
from broker.fleet.hysteresis import Hysteresis
from broker.fleet.notices import INSTALLATION, close_notice, open_notice, read_open
from broker.fleet.unmade import read_unmade
from broker.link.link import Message
from broker.store.completeness import Completeness, completeness
from broker.store.database import Database
from broker.store.flag_reasons import FOREIGN_STREAM, OVERREACH, SEQ_CLASH
from broker.store.status import Who
from broker.wire.topics import Topic

EVERY: Final = timedelta(seconds=15)
SELDOM: Final = timedelta(minutes=5)
"""Between looks at what costs more: flags, completeness, faults of settings."""
LEARNS_EVERY: Final = timedelta(days=1)

_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Seldom:
    """What is read seldom."""

    read_at: datetime = _NEVER
    alarms: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    accounts: Collection[Completeness] = ()
    unmade: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Usual:
    """What is usual at a touchpoint, as learnt at a time for certain hours."""

    learnt_at: datetime
    hall: Hall
    profile: Profile | None


class Watch:
    """Opens and closes notices; a :class:`broker.fleet.chore.Chore`.

    Args:
        database: where facts and notices are.
        is_connected: whether our own link to the broker stands.
    """

    def __init__(self, database: Database, is_connected: Callable[[], bool]) -> None:
        self._database = database
        self._is_connected = is_connected
        self._due_at = _NEVER
        self._halls = Halls()
        self._hysteresis = Hysteresis()
        self._seldom = _Seldom()
        self._usual: dict[str, _Usual] = {}
        self._exposures: dict[tuple[Who, str], Exposure] = {}

    def connected(self) -> None:
        """Nothing to say."""

    def take(self, topic: Topic, message: Message) -> None:
        """Nothing to hear: the collector writes down what devices say."""

    def attend(self, now: datetime) -> None:
        """Look, when it is time.

        Raises:
            StoreError: the database does not answer.
        """
        # More than one interval ahead: the clock was set back.
        if self._due_at - EVERY <= now < self._due_at:
            return
        self.look(now)
        self._due_at = now + EVERY

    def look(self, now: datetime) -> None:
        """Judge everything, and write what has changed."""
        self._look_closer(now)
        with self._database.reading() as connection:
            units = read_units(connection)
            halls = {unit.who: self._halls.of(connection, unit.published) for unit in units}
            is_open = read_open(connection)
        self._halls.keep({unit.published for unit in units})
        facts = {unit.who: self._facts(unit, halls[unit.who], len(units), now) for unit in units}
        installation = judge_installation(facts, is_open, is_connected=self._is_connected())
        self._apply(INSTALLATION, installation, is_open, now)
        is_ours = installation.get("nothing-heard") is not None
        for who, known in facts.items():
            self._apply(who, {} if is_ours else judge(known), is_open, now)
        self._close_gone(set(facts), is_open, now)

    def _look_closer(self, now: datetime) -> None:
        """Read what costs more, when it is time."""
        if self._seldom.read_at <= now < self._seldom.read_at + SELDOM:
            return
        with self._database.reading() as connection:
            alarms, unmade = read_alarms(connection, now), read_unmade(connection, now)
        self._seldom = _Seldom(now, alarms, completeness(self._database), unmade)

    def _facts(self, unit: Unit, hall: Hall, devices: int, now: datetime) -> Facts:
        name = unit.who.device
        return Facts(
            now=now,
            beat=unit.beat,
            is_hall_open=hall.needs_device(now),
            published=unit.published,
            unmade=self._seldom.unmade.get(name, ""),
            certificate=unit.certificate,
            quiet=self._quiet(unit, hall, devices, now),
            moved_at=self._seldom.alarms.get((name, FOREIGN_STREAM)),
            copied_at=self._seldom.alarms.get((name, SEQ_CLASH)),
            overreached_at=max(
                (
                    at
                    for (who, why), at in self._seldom.alarms.items()
                    if who == name and why in OVERREACH
                ),
                default=None,
            ),
            missing=missing_of(unit, self._seldom.accounts),
        )

    def _quiet(self, unit: Unit, hall: Hall, devices: int, now: datetime) -> Quiet | None:
        """How quiet a device has been; ``None`` where nobody knows what is usual."""
        if unit.beat is None or unit.is_test or not hall.is_known:
            return None
        profile = self._profile(unit.touchpoint, hall, now)
        if profile is None:
            return None
        mark = (unit.beat.stream, unit.beat.last_seq)
        key = (unit.who, unit.touchpoint)
        exposure = self._exposures.setdefault(key, Exposure(mark, now))
        is_heard = Facts(now=now, beat=unit.beat).is_heard
        rate = profile.rate_at(now.astimezone(hall.zone)) if hall.is_open(now) and is_heard else 0.0
        exposure.look(mark, rate, now)
        limit = limit_of(profile, devices)
        return Quiet(expected=exposure.expected, limit=limit, is_known=exposure.is_known)

    def _profile(self, touchpoint: str, hall: Hall, now: datetime) -> Profile | None:
        """What is usual at a touchpoint, learnt anew once a day and when its hours change."""
        known = self._usual.get(touchpoint)
        is_old = known is None or not known.learnt_at <= now < known.learnt_at + LEARNS_EVERY
        if known is None or is_old or known.hall != hall:
            with self._database.reading() as connection:
                counts = read_counts(connection, touchpoint, hall.zone, now)
            profile = learn(counts, hall.opening, hall.zone)
            known = self._usual[touchpoint] = _Usual(now, hall, profile)
        return known.profile

    def _apply(
        self, who: Who, verdicts: Verdicts, is_open: Mapping[Who, set[str]], now: datetime
    ) -> None:
        """Let time tell what of the verdicts is worth a notice, and write it."""
        changes = self._hysteresis.look(who, verdicts, is_open.get(who, set()), now)
        for rule, detail in changes.opened:
            open_notice(self._database, *who, rule, detail, now)
            _log.warning(
                "notice-opened", site=who.site, device=who.device, rule=rule, detail=detail
            )
        for rule in changes.closed:
            self._close(who, rule, now)

    def _close(self, who: Who, rule: str, now: datetime) -> None:
        close_notice(self._database, *who, rule, now)
        _log.info("notice-closed", site=who.site, device=who.device, rule=rule)

    def _close_gone(self, known: set[Who], is_open: Mapping[Who, set[str]], now: datetime) -> None:
        """A device in a drawer is ill no more."""
        for who in set(is_open) - known - {INSTALLATION}:
            self._hysteresis.forget(who)
            for rule in is_open[who]:
                if family(rule) in RULES:  # others have their own keepers
                    self._close(who, rule, now)


def judge_installation(
    facts: Mapping[Who, Facts], is_open: Mapping[Who, Collection[str]], *, is_connected: bool
) -> Verdicts:
    """Whether nobody at all is heard, which no single device can be blamed for.

    Of at least two devices that ought to be on, and were until now.
    """
    if not is_connected:
        return {"nothing-heard": json.dumps({"why": "broker"})}
    wanted = [
        each
        for who, each in facts.items()
        if each.beat is not None and each.is_hall_open and "silent" not in is_open.get(who, ())
    ]
    if any(each.is_heard for each in facts.values()):
        return {"nothing-heard": None}
    if len(wanted) > 1:
        heard_at = max(each.beat.at for each in wanted if each.beat is not None).isoformat()
        said = {"why": "devices", "devices": len(wanted), "last_heard_at": heard_at}
        return {"nothing-heard": json.dumps(said)}
    return {}
