"""When a device is ill: rules over facts. Pure; docs/health.md says it for people.

Each rule judges what is so at one moment: bad, with facts for people; good; or nothing, where it
can't be told. How long that must be so before anybody is troubled stands in ``RULES``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from broker.store.status import HEARTBEAT_LIMIT

MOST_WAITS: Final = timedelta(minutes=15)
MOST_WAITING: Final = 1_000
"""While online a receipt comes within seconds; a backlog of a month drains in minutes."""

MOST_OFFSET: Final = timedelta(seconds=30)
"""Network time holds milliseconds; at half a minute nobody sets the clock any more."""

DISK_SHARE: Final = 0.05
DISK_LEAST_BYTES: Final = 200_000_000
DISK_MOST_BYTES: Final = 1_000_000_000
"""A disk is full when less than this share of it is free, but never less than an update and its
logs need, nor more than 1 GB: a large card is not full with some gigabytes. Twice that is enough;
between them it is as before. The outbox itself needs 1 KB a press."""

TOO_HOT_C: Final = 80.0
COOL_C: Final = 75.0
"""A Raspberry Pi slows down at 80 °C, and at 85 °C more so."""

CERTIFICATE_LIFE: Final = timedelta(days=90)
LEAST_LIFE: Final = 0.25
"""Share of a certificate's life. A device renews it at a third, and tries again every day."""

FAULTS_WITH_RULES: Final = frozenset({"configuration:refused", "power:low", "processor:hot"})
"""Faults that a rule judges by itself, from readings and with patience: they are told once."""

MOST_FAULTS: Final = 8
"""Of one device, each with a notice of its own; more say no more."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a rule must say *bad* before it opens a notice, *good* before it closes; and why."""

    opens_after: timedelta
    closes_after: timedelta
    why: str


def _minutes(opens: float, closes: float, why: str) -> Patience:
    return Patience(timedelta(minutes=opens), timedelta(minutes=closes), why)


RULES: Final[dict[str, Patience]] = {
    "nothing-heard": _minutes(5, 3, "a restart of broker or collector takes less than a minute"),
    "silent": _minutes(10, 3, "a router or a kiosk that restarts is back within five minutes"),
    "lagging": _minutes(15, 5, "after a long time off line everything is sent within minutes"),
    "clock-lost": _minutes(30, 10, "after the power comes back a network needs time for the time"),
    "disk-full": _minutes(5, 5, "a file that is being written may be gone again"),
    "stuck-button": _minutes(1, 2, "the device itself waits ten seconds before it says so"),
    "fault": _minutes(3, 3, "a sound card or a screen may come back by itself"),
    "configuration-behind": _minutes(10, 0, "a device takes it up when nobody is at the panel"),
    "configuration-missing": _minutes(10, 0, "somebody may be mending the settings just now"),
    "configuration-refused": _minutes(1, 0, "it will not take it by waiting"),
    "certificate-expiring": _minutes(60, 0, "days are left, and it may be renewed just now"),
    "too-hot": _minutes(15, 30, "the sun passes"),
    "low-power": _minutes(15, 60, "it comes and goes with the load, and an hour tells"),
    "improbably-quiet": _minutes(0, 0, "the rule itself waits as long as chance may last"),
    "card-moved": _minutes(0, 0, "votes say so; it holds for a day after the last one"),
    "card-copied": _minutes(0, 0, "votes say so; it holds for a day after the last one"),
    "speaks-for-others": _minutes(0, 0, "votes say so; it holds for a day after the last one"),
    "missing": _minutes(
        24 * 60, 10, "what is under way arrives; what waits in a device is not missing"
    ),
}
"""Every rule, by its code."""

ALARM_HOLDS: Final = timedelta(days=1)
"""So long after the last vote from a moved or copied card the notice stays."""

Verdicts: TypeAlias = dict[str, str | None]
"""Rule → facts for people (JSON) where it is bad, ``None`` where it is good."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """What a device said of itself last; as :class:`broker.wire.messages.Heartbeat` has it."""

    at: datetime
    clock: str = "synced"
    stream: str = ""
    last_seq: int = 0
    waiting: int = 0
    oldest_waiting_s: int | None = None
    clock_offset_ms: int | None = None
    configuration: int = 0
    refusal: str = ""
    faults: tuple[str, ...] = ()
    throttling: tuple[str, ...] = ()
    temperature_c: float | None = None
    disk_free_bytes: int | None = None
    disk_total_bytes: int | None = None
    certificate_expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """How many presses should have come since the last one, and how many prove that none do.

    ``is_known``: there was a press since we look, so that few expected ones mean that all is well.
    """

    expected: float
    limit: float
    is_known: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that is known of a device at a moment.

    Attributes:
        now: that moment.
        beat: its last heartbeat; ``None``: never heard, so it isn't installed yet.
        is_hall_open: whether it ought to be on: its hall has been open for some time.
        published: revision of the configuration that it should have; ``None`` for none.
        unmade: why no configuration could ever be made for it; empty: one could.
        certificate: when the one in use was issued, and until when it holds.
        quiet: ``None`` where nobody can say what is usual.
        moved_at: when the last vote came from a card that was another device's.
        copied_at: when the last vote came that shares its number with another one.
        overreached_at: when its last vote came for a place or a rating that isn't its own.
        missing: numbers of its streams that are neither here nor waiting in it.
    """

    now: datetime
    beat: Beat | None = None
    is_hall_open: bool = True
    published: int | None = None
    unmade: str = ""
    certificate: tuple[datetime, datetime] | None = None
    quiet: Quiet | None = None
    moved_at: datetime | None = None
    copied_at: datetime | None = None
    overreached_at: datetime | None = None
    missing: int = 0

    @property
    def is_heard(self) -> bool:
        """Whether its last heartbeat is not too old."""
        return self.beat is not None and self.now - self.beat.at <= HEARTBEAT_LIMIT


def family(rule: str) -> str:
    """The rule of a notice: ``fault`` of ``fault:lamp-1:dead``."""
    return rule.partition(":")[0]


def judge(facts: Facts) -> Verdicts:
    """What all rules say of a device; ``nothing-heard`` is not about a single one."""
    verdicts = dict(_judge_from_outside(facts))
    beat = facts.beat
    if beat is None:
        return verdicts
    if facts.is_heard:
        verdicts["silent"] = None
        verdicts.update(_judge_beat(beat))
        verdicts.update(_judge_configuration(beat, facts.published))
        verdicts["configuration-missing"] = _facts(faults=facts.unmade) if facts.unmade else None
        if facts.quiet is not None:
            verdicts.update(_judge_quiet(facts.quiet))
    elif facts.is_hall_open:
        verdicts["silent"] = _facts(last_seen_at=beat.at.isoformat())
    return verdicts


def _facts(**said: object) -> str:
    return json.dumps(said, ensure_ascii=False)


def _judge_from_outside(facts: Facts) -> Iterator[tuple[str, str | None]]:
    """Rules that need no heartbeat."""
    told = (
        ("card-moved", facts.moved_at),
        ("card-copied", facts.copied_at),
        ("speaks-for-others", facts.overreached_at),
    )
    for rule, at in told:
        is_late = at is not None and facts.now - at < ALARM_HOLDS
        yield rule, _facts(last_at=at.isoformat()) if at is not None and is_late else None
    yield "missing", _facts(missing=facts.missing) if facts.missing else None
    if facts.certificate is not None:
        issued_at, expires_at = facts.certificate
        is_short = expires_at - facts.now < LEAST_LIFE * (expires_at - issued_at)
        yield (
            "certificate-expiring",
            _facts(expires_at=expires_at.isoformat()) if is_short else None,
        )


def _judge_beat(beat: Beat) -> Iterator[tuple[str, str | None]]:
    """Rules over what the device says of itself."""
    is_lagging = (
        beat.waiting > MOST_WAITING or (beat.oldest_waiting_s or 0) >= MOST_WAITS.total_seconds()
    )
    waits = {"waiting": beat.waiting, "oldest_min": (beat.oldest_waiting_s or 0) // 60}
    yield "lagging", _facts(**waits) if is_lagging else None
    offset_s = (beat.clock_offset_ms or 0) / 1000
    is_lost = beat.clock == "unknown" or abs(offset_s) > MOST_OFFSET.total_seconds()
    yield "clock-lost", _facts(clock=beat.clock, offset_s=round(offset_s)) if is_lost else None
    yield from _judge_faults(beat.faults)
    yield from _judge_disk(beat)
    yield from _judge_heat(beat)
    is_low = "under-voltage" in beat.throttling
    yield "low-power", _facts(throttling=beat.throttling) if is_low else None


def _judge_faults(faults: tuple[str, ...]) -> Iterator[tuple[str, str | None]]:
    """A notice for each thing that is broken; what is not named is whole again."""
    yield "stuck-button", None
    yield "fault", None
    others = [fault for fault in faults if fault not in FAULTS_WITH_RULES]
    for fault in others[:MOST_FAULTS]:
        part, _, what = fault.partition(":")
        if what == "stuck":
            yield f"stuck-button:{part}", _facts(part=part)
        else:
            yield f"fault:{fault}", _facts(fault=fault)


def _judge_disk(beat: Beat) -> Iterator[tuple[str, str | None]]:
    free = beat.disk_free_bytes
    if free is None:
        return
    share = DISK_SHARE * (beat.disk_total_bytes or 0)
    least = max(DISK_LEAST_BYTES, min(share, DISK_MOST_BYTES))
    if free < least:
        yield "disk-full", _facts(free_mb=free // 1_000_000)
    elif free >= 2 * least:
        yield "disk-full", None


def _judge_heat(beat: Beat) -> Iterator[tuple[str, str | None]]:
    heat_c = beat.temperature_c
    if "hot" in beat.throttling or (heat_c is not None and heat_c >= TOO_HOT_C):
        yield "too-hot", _facts(temperature_c=heat_c)
    elif heat_c is not None and heat_c < COOL_C:
        yield "too-hot", None


def _judge_configuration(beat: Beat, published: int | None) -> Iterator[tuple[str, str | None]]:
    if beat.refusal or "configuration:refused" in beat.faults:
        yield "configuration-refused", _facts(refusal=beat.refusal)
        return
    yield "configuration-refused", None
    is_behind = published is not None and beat.configuration != published
    said = {"in_use": beat.configuration, "published": published}
    yield "configuration-behind", _facts(**said) if is_behind else None


def _judge_quiet(quiet: Quiet) -> Iterator[tuple[str, str | None]]:
    if quiet.expected >= quiet.limit:
        yield "improbably-quiet", _facts(expected=round(quiet.expected))
    elif quiet.is_known:
        yield "improbably-quiet", None
