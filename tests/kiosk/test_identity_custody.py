"""Which certificate a kiosk uses, and what it says of it; the network is in our hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import msgspec
import pytest

from broker.link.link import Message
from kiosk.changing_link import ChangingLink
from kiosk.clock import Reading
from kiosk.custody import TRIAL_MS, TRY_AGAIN_MS, Custody
from kiosk.health import Health
from kiosk.identity import Identity
from kiosk.identity_file import IdentityFolder
from kiosk.kept_identity import IdentityFileError, KeptIdentity
from kiosk.renewer import Child, Renewer
from tests.kiosk.papers import BEGAN_AT, LASTS, kept

NOW = BEGAN_AT + timedelta(days=10)
REVOKED = "127.0.0.1:8883: connection lost ([SSL: X] ssl/tls alert certificate revoked (_ssl.c))"


class Way:
    """A link that is up when we say so."""

    def __init__(self, identity: KeptIdentity) -> None:
        self.serial = identity.serial
        self.is_connected = False
        self.connections = 0
        self.trouble = ""
        self.is_closed = False

    def come_up(self) -> None:
        """The broker accepts us."""
        self.is_connected, self.trouble = True, ""
        self.connections += 1

    def publish(self, *_: object, **__: object) -> bool:
        """It goes."""
        return self.is_connected

    def receive(self, *_: object) -> list[Message]:
        """Nothing comes."""
        return []

    def acknowledge(self, messages: list[Message]) -> None:
        """Nothing came."""

    def wake(self) -> None:
        """Nobody sleeps."""

    def close(self) -> None:
        """It is closed."""
        self.is_closed = True


class Keeper:
    """A custody, and all around it."""

    def __init__(self, path: Path) -> None:
        self.folder = IdentityFolder(path)
        self.path = path
        self.link = ChangingLink()
        self.ways: list[Way] = []
        self.health = Health()
        self.renamed = 0
        self.rotations = 0
        self.attended = 0
        self.uptime_ms = 0
        self.custody = Custody(
            folder=self.folder,
            identity=Identity("troyan", "hall-3"),
            link=self.link,
            connect=self._connect,
            health=self.health,
            renewer=Renewer(self._rotate, Random(1)),
            when_renamed=self._rename,
            others=self,
        )

    def _connect(self, identity: KeptIdentity) -> Way:
        identity.tls()
        self.ways.append(Way(identity))
        return self.ways[-1]

    def _rotate(self) -> Child:
        self.rotations += 1
        raise OSError("no memory for a process")

    def _rename(self) -> None:
        self.renamed += 1

    def take(self, message: Message) -> None:
        """Nothing is taken."""

    def attend(self, now: Reading, *, is_new_connection: bool) -> None:  # noqa: ARG002 as Duties
        """The other duties."""
        self.attended += 1

    def keep(self, identity: KeptIdentity) -> KeptIdentity:
        """Enrol the kiosk."""
        with self.folder.alone():
            self.folder.keep(identity)
        return identity

    def keep_next(self, identity: KeptIdentity) -> KeptIdentity:
        """Bring it the next certificate."""
        with self.folder.alone():
            self.folder.keep_next(identity)
        return identity

    def step(self, after_ms: int = 1_000, at: datetime = NOW, *, is_synced: bool = True) -> None:
        """Let time pass."""
        self.uptime_ms += after_ms
        now = Reading("boot", self.uptime_ms, int(at.timestamp() * 1000), is_synced)
        self.custody.attend(now, is_new_connection=False)

    @property
    def certificate_faults(self) -> set[str]:
        """What the heartbeat and the maintenance screen say."""
        return {each for each in self.health.faults if each.startswith("certificate:")}


@pytest.fixture
def keeper(tmp_path: Path) -> Iterator[Keeper]:
    """A kiosk that is not enrolled."""
    made = Keeper(tmp_path / "identity")
    with closing(made.link):
        yield made


def test_a_kiosk_that_is_not_enrolled_waits(keeper: Keeper) -> None:
    """It says so, and everything else goes on."""
    keeper.step()
    assert keeper.certificate_faults == {"certificate:missing"}
    assert (keeper.ways, keeper.attended) == ([], 1)
    assert not keeper.link.publish("otziv/1/troyan/hall-3/events", b"")


def test_it_goes_to_the_broker_as_soon_as_it_is_enrolled(keeper: Keeper) -> None:
    """Nobody has to start it again."""
    keeper.step()
    identity = keeper.keep(kept())
    keeper.step()
    assert [way.serial for way in keeper.ways] == [identity.serial]
    keeper.ways[0].come_up()
    keeper.step()
    assert keeper.certificate_faults == set()
    assert keeper.link.is_connected
    assert keeper.link.connections == 1


def test_another_name_makes_everything_begin_anew(keeper: Keeper) -> None:
    """Topics, sessions and logs know the old one."""
    keeper.step()
    keeper.keep(kept("troyan/hall-4"))
    keeper.step()
    keeper.step()
    assert keeper.renamed == 1
    assert keeper.ways == []


def test_a_next_certificate_that_connects_takes_the_place(keeper: Keeper) -> None:
    """The old one is gone then; another start uses the new one."""
    keeper.keep(kept())
    keeper.step()
    keeper.ways[0].come_up()
    fresh = keeper.keep_next(kept(began_at=NOW))
    keeper.step()
    assert keeper.ways[0].is_closed
    assert keeper.ways[1].serial == fresh.serial
    assert keeper.folder.next() == fresh
    keeper.ways[1].come_up()
    keeper.step()
    assert (keeper.folder.current(), keeper.folder.next()) == (fresh, None)
    assert keeper.link.connections == 2
    keeper.step()
    assert len(keeper.ways) == 2


def test_an_enrolment_in_that_moment_is_not_overlooked(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It takes the next certificate away, and puts its own into the place just before we look."""
    keeper.keep(kept())
    keeper.keep_next(kept(began_at=NOW))
    keeper.step()
    keeper.ways[-1].come_up()
    enrolled, promote = kept(), keeper.folder.promote

    def be_too_late() -> None:
        keeper.keep(enrolled)
        promote()

    monkeypatch.setattr(keeper.folder, "promote", be_too_late)
    keeper.step()
    assert keeper.folder.current() == enrolled
    keeper.step()
    assert keeper.ways[-1].serial == enrolled.serial


def test_who_need_not_wait_lacks_nothing(keeper: Keeper) -> None:
    """A virtual kiosk meets a broker before it is enrolled; then its certificate counts."""
    trial = Way(kept())
    keeper.link.change(trial)
    keeper.step()
    assert keeper.certificate_faults == set()
    identity = keeper.keep(kept())
    keeper.step()
    assert trial.is_closed
    assert [way.serial for way in keeper.ways] == [identity.serial]


@pytest.mark.parametrize(("trouble", "is_asked"), [("nobody there", True), (REVOKED, False)])
def test_the_server_is_asked_where_the_broker_is(
    keeper: Keeper, trouble: str, is_asked: bool
) -> None:
    """After an hour without a connection, and an hour drawn; not where the broker refuses us."""
    keeper.keep(kept())
    keeper.step()
    keeper.ways[-1].trouble = trouble
    for _ in range(59):
        keeper.step(60_000)
    assert keeper.rotations == 0
    for _ in range(65):
        keeper.step(60_000)
    assert (keeper.rotations > 0) == is_asked


def test_a_next_certificate_that_is_not_accepted_is_left(keeper: Keeper) -> None:
    """After two minutes back to the old one; both are kept, and an hour later it is tried again."""
    current = keeper.keep(kept())
    fresh = keeper.keep_next(kept(began_at=NOW))
    keeper.step()
    keeper.ways[-1].trouble = REVOKED
    keeper.step(TRIAL_MS // 2)
    assert keeper.ways[-1].serial == fresh.serial
    keeper.step(TRIAL_MS)
    assert keeper.ways[-1].serial == current.serial
    keeper.ways[-1].come_up()
    keeper.step(TRY_AGAIN_MS // 2)
    assert keeper.certificate_faults == set()
    assert (keeper.folder.current(), keeper.folder.next()) == (current, fresh)
    keeper.step(TRY_AGAIN_MS)
    assert keeper.ways[-1].serial == fresh.serial
    keeper.ways[-1].come_up()
    keeper.step()
    assert keeper.folder.current() == fresh


def test_with_no_network_both_are_tried_in_turn(keeper: Keeper) -> None:
    """Whichever the broker takes when it is back."""
    current, fresh = keeper.keep(kept()), keeper.keep_next(kept(began_at=NOW))
    keeper.step()
    for _ in range(3):
        keeper.step(TRIAL_MS + 1)
    serials = [way.serial for way in keeper.ways]
    assert serials == [fresh.serial, current.serial, fresh.serial, current.serial]


def test_a_refusal_is_told_until_there_is_a_connection(keeper: Keeper) -> None:
    """Not every attempt brings the reason; presses are taken all the same."""
    keeper.keep(kept())
    keeper.step()
    for trouble in (REVOKED, "127.0.0.1:8883: connection lost (reset by peer)"):
        keeper.ways[0].trouble = trouble
        keeper.step()
        assert keeper.certificate_faults == {"certificate:refused"}
    keeper.ways[0].come_up()
    keeper.step()
    assert keeper.certificate_faults == set()


def test_a_clock_of_1970_is_the_clocks_fault(keeper: Keeper) -> None:
    """No certificate is valid yet; when the time has come, nothing is wrong any more."""
    keeper.keep(kept())
    keeper.step(at=datetime.fromtimestamp(0, NOW.tzinfo), is_synced=False)
    assert keeper.certificate_faults == {"certificate:not-yet-valid"}
    keeper.step()
    assert keeper.certificate_faults == set()


def test_an_expired_certificate_is_told(keeper: Keeper) -> None:
    """By a clock that can be believed; one that can't says nothing."""
    keeper.keep(kept())
    keeper.step(at=BEGAN_AT + 2 * LASTS, is_synced=False)
    assert keeper.certificate_faults == set()


@pytest.mark.parametrize("content", ["{", "", '{"site": "Троян"}', "\xff"])
def test_a_damaged_identity_stops_nothing(keeper: Keeper, content: str) -> None:
    """It is a fault, and enrolling anew mends it."""
    keeper.path.mkdir()
    (keeper.path / "identity.json").write_bytes(content.encode("latin-1", "replace"))
    keeper.step()
    assert keeper.certificate_faults == {"certificate:damaged"}
    keeper.keep(kept())
    keeper.step()
    assert keeper.certificate_faults == set()
    assert len(keeper.ways) == 1


def test_a_key_that_is_none_stops_nothing(keeper: Keeper) -> None:
    """What OpenSSL can't take is as good as damaged."""
    keeper.keep(msgspec.structs.replace(kept(), key="-"))
    keeper.step()
    assert keeper.certificate_faults == {"certificate:damaged"}


def test_two_at_once_wait_for_each_other(keeper: Keeper) -> None:
    """One enrolment or rotation at a time."""
    with (
        keeper.folder.alone(),
        pytest.raises(IdentityFileError, match="wait a minute"),
        IdentityFolder(keeper.path).alone(),
    ):
        pass
