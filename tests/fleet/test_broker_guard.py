"""Barring: a revoked device is out and stays out; a broker that disobeys is reported."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from broker.fleet import enforcement
from broker.fleet.certificates import find, revoke
from broker.fleet.enforcement import EnforcementError, evict_all
from broker.fleet.guard import AFTER_ASKING, AFTERWARDS, LOOK, RULE, Guard
from broker.fleet.knock import KnockError, knock
from broker.fleet.notices import list_notices
from broker.fleet.revocation import to_enforce
from broker.wire.topics import filter_all
from tests.fleet.secure_hall import PATIENCE_S, SITE, SecureHall, serial_in, utc_now, wait_until

NAME = f"{SITE}/hall-1"
KINDS = ["nats", pytest.param("mosquitto", marks=pytest.mark.mosquitto)]


@pytest.fixture(scope="module", params=KINDS)
def hall(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SecureHall]:
    """A secure broker, once of each kind."""
    with SecureHall(request.param, tmp_path_factory.mktemp("hall")) as running:
        yield running


@pytest.fixture
def guard(hall: SecureHall, tmp_path: Path) -> Iterator[Guard]:
    """A guard that has looked around, and its broker with nobody connected."""
    with contextlib.closing(make_guard(hall, tmp_path)) as made:
        made.make_round(utc_now())
        yield made
    hall.leave_all()


def make_guard(hall: SecureHall, folder: Path, **changes: object) -> Guard:
    """A guard with little patience; ``changes`` are made to its gate."""
    gate = replace(hall.gate, **changes)  # type: ignore[arg-type]  # tests
    return Guard(hall.database, hall.authority, gate, folder / "trust.seen", patience_s=2)


def is_enforced(hall: SecureHall, serial: str) -> bool:
    """Whether brokers were seen to keep it out."""
    with hall.database.reading() as connection:
        found = find(connection, serial)
    return found is not None and found["enforced_at"] is not None


def notices(hall: SecureHall) -> list[str]:
    """What people are told about the broker."""
    return [v.notice.detail for v in list_notices(hall.database) if v.notice.rule == RULE]


def test_a_revoked_device_is_out_and_stays_out(hall: SecureHall, guard: Guard) -> None:
    """Its live connection ends, the next is refused, and the others notice nothing."""
    other = hall.guest(f"{SITE}/hall-2")
    identity = hall.new_identity(NAME)
    device = hall.guest(NAME, identity=identity)
    revoke(hall.database, serial_in(identity), "stolen", utc_now())
    assert device.is_in
    guard.make_round(utc_now())
    wait_until(lambda: not device.is_in, "the live connection ends")
    assert knock(hall.door, NAME, identity) == "refused"
    assert is_enforced(hall, serial_in(identity))
    assert to_enforce(hall.database) == []
    assert other.is_in
    assert notices(hall) == []


def test_the_same_name_comes_again_with_another_certificate(hall: SecureHall, guard: Guard) -> None:
    """An old key stays out; the re-enrolled device comes back by itself, speaks and hears."""
    old = hall.new_identity(NAME)
    revoke(hall.database, serial_in(old), "replaced", utc_now())
    new = hall.new_identity(NAME)
    hall.guest(NAME, identity=new)
    guard.make_round(utc_now())
    collector = hall.guest("collector").hear(filter_all("events"))
    device = hall.guest(NAME, identity=new).hear(f"otziv/v1/{NAME}/receipts")
    device.say(f"otziv/v1/{NAME}/events", b"a press")
    collector.wait_for(b"a press")
    collector.say(f"otziv/v1/{NAME}/receipts", b"a receipt")
    device.wait_for(b"a receipt")
    assert knock(hall.door, NAME, old) == "refused"


def test_a_revoked_service_is_out_and_its_session_stays(hall: SecureHall, guard: Guard) -> None:
    """The collector's next certificate finds what waited meanwhile."""
    old = hall.new_identity("collector")
    hall.guest("collector", identity=old, is_persistent=True).hear(filter_all("events"))
    revoke(hall.database, serial_in(old), "leaked", utc_now())
    guard.make_round(utc_now())
    hall.guest(NAME).say(f"otziv/v1/{NAME}/events", b"waits")
    assert knock(hall.door, "collector", old, is_clean=False) == "refused"
    new = hall.guest("collector", identity=hall.new_identity("collector"), is_persistent=True)
    new.wait_for(b"waits")


@pytest.mark.parametrize("is_killed", [False, True])
def test_latecomers_are_sent_out_again(
    hall: SecureHall, guard: Guard, tmp_path: Path, *, is_killed: bool
) -> None:
    """Both brokers may let in who came in time; he is out a little later, also by another guard."""
    identity = hall.new_identity(NAME)
    revoke(hall.database, serial_in(identity), "stolen", utc_now())
    now, wait = utc_now(), AFTER_ASKING if hall.gate.lists is None else AFTERWARDS
    guard.make_round(now)
    latecomer = hall.guest(NAME, identity=hall.new_identity(NAME))  # stands in for one
    with contextlib.closing(make_guard(hall, tmp_path)) as another:
        later = another if is_killed else guard
        later.make_round(now + wait / 2)
        assert latecomer.is_in
        later.make_round(now + 2 * wait)
    wait_until(lambda: not latecomer.is_in, "the latecomer is sent out")


def test_the_notice_closes_when_the_trouble_is_over(hall: SecureHall, guard: Guard) -> None:
    """Whatever the trouble was: also where nothing else is due after it."""
    identity = hall.new_identity(NAME)
    revoke(hall.database, serial_in(identity), "stolen", utc_now())
    now = utc_now()
    guard.make_round(now)
    hall.server.stop()
    guard.make_round(now + AFTERWARDS)
    assert len(notices(hall)) == 1
    hall.server.start()
    hall.server.wait_until_ready()

    def is_over() -> bool:
        guard.make_round(now + AFTERWARDS)
        return notices(hall) == []

    wait_until(is_over, "the notice closes")


def test_one_who_cannot_be_sent_out_keeps_nobody_else_in(
    hall: SecureHall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are sent out all the same, and the fault is told."""
    met: list[str] = []

    def evict(_database: object, _authority: object, _door: object, name: str, _at: object) -> None:
        met.append(name)
        if name == "troyan/a":
            raise KnockError("not let in as troyan/a")

    monkeypatch.setattr(enforcement, "evict", evict)
    with pytest.raises(EnforcementError, match="troyan/a"):
        evict_all(hall.database, hall.authority, hall.door, ["troyan/a", "troyan/b"], utc_now())
    assert met == ["troyan/a", "troyan/b"]


class Deaf:
    """A handle to a broker that does nothing."""

    def reload(self) -> None:
        """Nothing."""

    def restart(self) -> None:
        """Nothing."""


@pytest.mark.mosquitto
def test_a_broker_that_does_not_read_its_lists_is_reported(tmp_path: Path) -> None:
    """The canary gets in: people are told, nothing counts as enforced, and it is tried again."""
    with SecureHall("mosquitto", tmp_path) as hall:
        identity = hall.new_identity(NAME)
        revoke(hall.database, serial_in(identity), "stolen", utc_now())
        before = (tmp_path / "papers/revoked.pem").read_bytes()
        deaf = make_guard(hall, tmp_path, control=Deaf())
        deaf.make_round(utc_now())
        assert "lets a revoked certificate in" in notices(hall)[0]
        assert not is_enforced(hall, serial_in(identity))
        assert (tmp_path / "papers/revoked.pem").read_bytes() == before
        deaf.close()
        with contextlib.closing(make_guard(hall, tmp_path)) as guard:
            guard.make_round(utc_now())
        assert is_enforced(hall, serial_in(identity))
        assert notices(hall) == []
        assert knock(hall.door, NAME, identity) == "refused"


@pytest.mark.mosquitto
def test_lists_that_mosquitto_cannot_read_are_replaced_by_the_last_good_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With such lists it would let everybody in, and nothing but the canary would tell."""
    with SecureHall("mosquitto", tmp_path) as hall:
        barred = hall.new_identity(NAME)
        revoke(hall.database, serial_in(barred), "stolen", utc_now())
        with contextlib.closing(make_guard(hall, tmp_path)) as guard:
            guard.make_round(utc_now())
            assert knock(hall.door, NAME, barred) == "refused"
        with contextlib.closing(make_guard(hall, tmp_path)) as guard:
            with monkeypatch.context() as patch:
                patch.setattr(type(hall.authority), "revocation_lists", lambda *_: b"no lists")
                guard.make_round(utc_now())
            assert "lets a revoked certificate in" in notices(hall)[0]
            wait_until(lambda: knock(hall.door, NAME, barred) == "refused", "it is barred again")
            guard.make_round(utc_now())
            assert notices(hall) == []


def test_a_broker_that_is_gone_is_reported_until_it_is_back(
    hall: SecureHall, tmp_path: Path
) -> None:
    """A revocation waits for it, and is enforced when it is there again."""
    identity = hall.new_identity(NAME)
    revoke(hall.database, serial_in(identity), "stolen", utc_now())
    with contextlib.closing(make_guard(hall, tmp_path)) as guard:
        hall.server.stop()
        guard.make_round(utc_now())
        assert len(notices(hall)) == 1
        assert not is_enforced(hall, serial_in(identity))
        hall.server.start()
        hall.server.wait_until_ready()
        deadline_s = time.monotonic() + PATIENCE_S
        while notices(hall):
            assert time.monotonic() < deadline_s
            guard.make_round(utc_now())
    assert is_enforced(hall, serial_in(identity))
    assert knock(hall.door, NAME, identity) == "refused"


def test_the_guard_works_beside_the_keepers_loop(hall: SecureHall, tmp_path: Path) -> None:
    """``attend`` returns at once, and a later one finds what was done."""
    identity = hall.new_identity(NAME)
    device = hall.guest(NAME, identity=identity)
    now = utc_now()
    with contextlib.closing(make_guard(hall, tmp_path)) as guard:
        guard.attend(now)
        revoke(hall.database, serial_in(identity), "stolen", now)

        def look_again() -> bool:
            nonlocal now
            now += LOOK
            guard.attend(now)
            return is_enforced(hall, serial_in(identity))

        wait_until(look_again, "it is enforced")
    wait_until(lambda: not device.is_in, "the live connection ends")


def test_a_new_issuing_key_locks_nobody_out(hall: SecureHall, guard: Guard) -> None:
    """Old and new certificates are good, an old one can be revoked, and no restart is needed."""
    old, barred = hall.new_identity(f"{SITE}/hall-3"), hall.new_identity(NAME)
    hall.authority.change_issuing(utc_now())
    new = hall.new_identity(f"{SITE}/hall-4")
    revoke(hall.database, serial_in(barred), "stolen", utc_now())
    guard.make_round(utc_now())
    assert notices(hall) == []
    assert knock(hall.door, f"{SITE}/hall-3", old) == "let in"
    assert knock(hall.door, f"{SITE}/hall-4", new) == "let in"
    assert knock(hall.door, NAME, barred) == "refused"


def test_a_new_root_locks_nobody_out(hall: SecureHall, tmp_path: Path) -> None:
    """Before and after the broker takes it up, old and new certificates are good."""
    old = hall.new_identity(f"{SITE}/hall-3")
    with contextlib.closing(make_guard(hall, tmp_path)) as guard:
        guard.make_round(utc_now())
        hall.authority.change_root(utc_now())
        new = hall.new_identity(f"{SITE}/hall-4")
        assert knock(hall.door, f"{SITE}/hall-3", old) == "let in"
        before = hall.server.pid
        make_round_with_a_watcher(hall, guard)
        assert (hall.server.pid == before) == hall.gate.rereads_trust
        assert notices(hall) == []
        for name, identity in (("hall-3", old), ("hall-4", new)):
            assert knock(hall.door, f"{SITE}/{name}", identity) == "let in"


def make_round_with_a_watcher(hall: SecureHall, guard: Guard) -> None:
    """A round of the guard, while we start the broker again when it has ended.

    We do that and not another thread: the broker would end with the thread that started it.
    """
    with ThreadPoolExecutor(1) as pool:
        under_way = pool.submit(guard.make_round, utc_now())
        while not under_way.done():
            if not hall.server.is_running:
                hall.server.start()
            time.sleep(0.02)
        under_way.result()
