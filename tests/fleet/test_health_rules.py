"""Every rule fires in time, and closes by itself; on one of twelve devices, the others silent."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from broker.fleet.health_rules import RULES, Beat, Facts, Quiet, family, judge
from broker.fleet.hysteresis import Hysteresis
from broker.fleet.notices import INSTALLATION, NO_BACKUP
from broker.fleet.watch import judge_installation
from broker.store.status import Who

NOON: Final = datetime(2026, 3, 10, 10, 0, tzinfo=UTC)
STEP: Final = timedelta(seconds=15)
MINUTE: Final = timedelta(minutes=1)
KIOSK: Final = Who("troyan", "kiosk-1")
GB: Final = 1_000_000_000


def healthy(now: datetime, **changed: Any) -> Facts:  # noqa: ANN401  # fields of two classes
    """A device that is well, but for what is ``changed`` of its facts or its heartbeat."""
    beat = Beat(at=now, configuration=3, temperature_c=50.0, disk_free_bytes=8 * GB)
    said = {name: changed.pop(name) for name in list(changed) if name in Beat.__slots__}
    facts = Facts(
        now=now,
        beat=replace(beat, disk_total_bytes=16 * GB, **said),
        published=3,
        certificate=(now - timedelta(days=50), now + timedelta(days=40)),
        quiet=Quiet(expected=1, limit=30, is_known=True),
    )
    return replace(facts, **changed)


@dataclass
class Ward:
    """One device under watch, from minute to minute."""

    now: datetime = NOON
    is_open: set[str] = field(default_factory=set)
    history: list[tuple[float, str, bool]] = field(default_factory=list)
    _hysteresis: Hysteresis = field(default_factory=Hysteresis)

    def live(self, minutes: float, facts: Callable[[datetime], Facts]) -> None:
        """Let time pass, looking each quarter of a minute."""
        until = self.now + minutes * MINUTE
        while self.now < until:
            self.now += STEP
            changes = self._hysteresis.look(KIOSK, judge(facts(self.now)), self.is_open, self.now)
            for rule, _ in changes.opened:
                self._note(rule, is_opening=True)
            for rule in changes.closed:
                self._note(rule, is_opening=False)

    def _note(self, rule: str, *, is_opening: bool) -> None:
        (self.is_open.add if is_opening else self.is_open.discard)(rule)
        self.history.append(((self.now - NOON) / MINUTE, rule, is_opening))


def gone(now: datetime) -> Facts:
    """A device whose last heartbeat was at noon."""
    return healthy(now, at=NOON)


TROUBLES: Final[dict[str, Callable[[datetime], Facts]]] = {
    "silent": gone,
    "lagging": lambda now: healthy(now, waiting=40, oldest_waiting_s=1_000),
    "clock-lost": lambda now: healthy(now, clock="unknown"),
    "disk-full": lambda now: healthy(now, disk_free_bytes=GB // 10),
    "stuck-button:face-2": lambda now: healthy(now, faults=("face-2:stuck",)),
    "fault:outbox:not-writable": lambda now: healthy(now, faults=("outbox:not-writable",)),
    "configuration-behind": lambda now: healthy(now, published=4),
    "configuration-missing": lambda now: healthy(now, unmade="languages: tr is missing"),
    "configuration-refused": lambda now: healthy(now, published=4, refusal="no text in en"),
    "certificate-expiring": lambda now: healthy(
        now, certificate=(now - timedelta(days=70), now + timedelta(days=20))
    ),
    "too-hot": lambda now: healthy(now, temperature_c=83.0),
    "low-power": lambda now: healthy(now, throttling=("under-voltage", "throttled")),
    "improbably-quiet": lambda now: healthy(
        now, quiet=Quiet(expected=31, limit=30, is_known=False)
    ),
    "card-moved": lambda now: healthy(now, moved_at=now),
    "card-copied": lambda now: healthy(now, copied_at=now),
    "speaks-for-others": lambda now: healthy(now, overreached_at=now),
    "missing": lambda now: healthy(now, missing=2),
}


def test_every_rule_has_a_trouble_here() -> None:
    """No rule is left out of this file; ``nothing-heard`` has tests of its own below."""
    assert {family(rule) for rule in TROUBLES} | {"nothing-heard"} == set(RULES)


def test_every_rule_is_in_the_documents(project: Path) -> None:
    """The page for people has a row for each."""
    page = (project / "docs" / "health.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-zA-Z:-]+)`", page, re.MULTILINE)
    assert {family(rule) for rule in rows} == {*RULES, NO_BACKUP}


@pytest.mark.parametrize("rule", TROUBLES)
def test_a_rule_fires_in_time_and_closes_by_itself(rule: str) -> None:
    """One notice, of this rule only, after its time; and none is left when all is well again."""
    patience, ward = RULES[family(rule)], Ward()
    opens_min, closes_min = patience.opens_after / MINUTE, patience.closes_after / MINUTE
    ward.live(opens_min + 4, TROUBLES[rule])
    ((opened_min, opened, _),) = ward.history
    assert opened == rule
    assert opens_min <= opened_min <= opens_min + 3
    ended_min = (ward.now - NOON) / MINUTE
    ward.live(closes_min + 1, healthy)
    ((closed_min, closed, is_opening),) = ward.history[1:]
    assert (closed, is_opening, ward.is_open) == (rule, False, set())
    assert closes_min <= closed_min - ended_min <= closes_min + 1


@pytest.mark.parametrize(
    "rule", [rule for rule in TROUBLES if RULES[family(rule)].opens_after > 2 * MINUTE]
)
def test_what_passes_soon_troubles_nobody(rule: str) -> None:
    """Trouble for half of a rule's time opens nothing."""
    ward = Ward()
    ward.live(RULES[family(rule)].opens_after / MINUTE / 2, TROUBLES[rule])
    ward.live(120, healthy)
    assert ward.history == []


def test_a_shut_hall_says_nothing_of_its_device() -> None:
    """A device that is off at night is not silent; one that was stays so until it is heard."""
    ward = Ward()
    ward.live(600, lambda now: replace(gone(now), is_hall_open=False))
    assert ward.history == []
    ward.live(12, gone)
    assert ward.is_open == {"silent"}
    ward.live(600, lambda now: replace(gone(now), is_hall_open=False))
    assert ward.is_open == {"silent"}
    ward.live(5, healthy)
    assert ward.is_open == set()


def test_what_is_begun_before_the_night_begins_anew_after_it() -> None:
    """Switched off five minutes before closing, and on five minutes late, is no trouble."""
    ward = Ward()
    ward.live(7, gone)
    ward.live(600, lambda now: replace(gone(now), is_hall_open=False))
    ward.live(5, gone)
    ward.live(10, healthy)
    assert ward.history == []


def test_a_device_that_is_not_heard_keeps_its_other_notices() -> None:
    """Nobody knows whether the button still sticks; the notice stays, without a second one."""
    ward = Ward()
    ward.live(5, TROUBLES["stuck-button:face-2"])
    ward.live(60, lambda now: healthy(now, at=NOON + 5 * MINUTE, faults=("face-2:stuck",)))
    assert ward.is_open == {"stuck-button:face-2", "silent"}
    ward.live(5, TROUBLES["stuck-button:face-2"])
    assert [rule for _, rule, is_opening in ward.history if is_opening] == [
        "stuck-button:face-2",
        "silent",
    ]


def test_each_fault_has_a_notice_of_its_own() -> None:
    """A dark lamp does not hide that answers can't be kept; each closes for itself."""
    ward, both = Ward(), ("lamp-2:dead", "outbox:not-writable")
    ward.live(5, lambda now: healthy(now, faults=both[:1]))
    ward.live(5, lambda now: healthy(now, faults=both))
    assert ward.is_open == {f"fault:{each}" for each in both}
    ward.live(5, lambda now: healthy(now, faults=both[1:]))
    assert ward.is_open == {"fault:outbox:not-writable"}


def test_a_level_between_two_bounds_changes_nothing() -> None:
    """Heat and disk hover around a bound without opening and closing all the time."""
    ward = Ward()
    ward.live(60, lambda now: healthy(now, temperature_c=78.0, disk_free_bytes=GB))
    assert ward.history == []
    ward.live(20, lambda now: healthy(now, temperature_c=81.0, disk_free_bytes=GB // 10))
    ward.live(60, lambda now: healthy(now, temperature_c=78.0, disk_free_bytes=GB))
    assert ward.is_open == {"too-hot", "disk-full"}


def test_a_refused_configuration_is_not_behind_as_well() -> None:
    """One notice says it: the refused one, with the reason."""
    verdicts = judge(TROUBLES["configuration-refused"](NOON))
    assert "no text in en" in (verdicts["configuration-refused"] or "")
    assert "configuration-behind" not in verdicts


def test_a_device_that_was_never_heard_is_not_installed_yet() -> None:
    """It has no notices, however long it lies in its box."""
    verdicts = judge(Facts(now=NOON))
    assert not any(verdicts.values())
    assert "silent" not in verdicts


def test_a_wrong_clock_is_told_by_its_offset_too() -> None:
    """A minute off is no time to date answers by; a second is."""
    assert judge(healthy(NOON, clock_offset_ms=-60_000))["clock-lost"]
    assert judge(healthy(NOON, clock_offset_ms=1_000))["clock-lost"] is None


def fleet(now: datetime, silent: int, heard: int) -> dict[Who, Facts]:
    """Some devices that have not been heard for an hour, and some that are."""
    old = [healthy(now, at=now - timedelta(hours=1)) for _ in range(silent)]
    found = [*old, *(healthy(now) for _ in range(heard))]
    return {Who("troyan", f"kiosk-{n}"): facts for n, facts in enumerate(found)}


def test_nothing_heard_is_one_notice_that_opens_and_closes() -> None:
    """The broker is away for ten minutes: opened after five, closed soon after it is back."""
    hysteresis, is_open, history = Hysteresis(), set[str](), []
    for quarter in range(4 * 20):
        now = NOON + quarter * STEP
        verdicts = judge_installation(fleet(now, 0, 12), {}, is_connected=quarter >= 40)
        changes = hysteresis.look(INSTALLATION, verdicts, is_open, now)
        is_open |= {rule for rule, _ in changes.opened}
        is_open -= set(changes.closed)
        history += [(quarter / 4, rule) for rule, _ in changes.opened]
        history += [(quarter / 4, rule) for rule in changes.closed]
    assert history == [(5.0, "nothing-heard"), (13.0, "nothing-heard")]


@pytest.mark.parametrize(
    ("silent", "heard", "expected"), [(12, 0, True), (11, 1, False), (2, 0, True), (1, 0, None)]
)
def test_only_when_all_are_silent_the_fault_is_ours(
    silent: int, heard: int, expected: bool | None
) -> None:
    """One that is heard proves that the line works; a single one proves nothing."""
    verdicts = judge_installation(fleet(NOON, silent, heard), {}, is_connected=True)
    said = bool(verdicts["nothing-heard"]) if "nothing-heard" in verdicts else None
    assert said == expected


def test_devices_that_are_known_to_be_silent_prove_nothing() -> None:
    """Eleven have been broken for weeks; the twelfth falls silent too, and is told of itself."""
    known = {Who("troyan", f"kiosk-{n}"): {"silent"} for n in range(11)}
    assert "nothing-heard" not in judge_installation(fleet(NOON, 12, 0), known, is_connected=True)
