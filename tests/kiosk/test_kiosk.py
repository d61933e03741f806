"""A whole kiosk in one process: virtual panel, virtual link, real outbox, real threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Self

import pytest

from broker.link.link import Message, Will
from broker.link.virtual import VirtualBroker, VirtualLink
from broker.wire.codec import read, read_batch, write
from broker.wire.messages import VERSION, Command, Heartbeat, Receipt, Reply
from hardware.virtual import VirtualPanel
from hardware.virtual.script import Shown
from kiosk.ballast import Ballast
from kiosk.clock import DeviceClock
from kiosk.database import OutboxError
from kiosk.firmware import Kiosk, open_outbox
from kiosk.outbox import Entry, Outbox
from kiosk.settings import Settings
from tests.kiosk.builders import ONE, HandClock, configured, draft, uuid
from tests.kiosk.full_disk import LiftingBallast, no_room

DEADLINE_S = 20.0


def eventually(is_so: Callable[[], object], what: str) -> None:
    """Wait until something is so."""
    end_s = time.monotonic() + DEADLINE_S
    while not is_so():
        assert time.monotonic() < end_s, f"not in time: {what}"
        time.sleep(0.01)


class Server:
    """The other side, in a thread: gives receipts and remembers everything."""

    def __init__(self, broker: VirtualBroker, settings: Settings) -> None:
        self._identity = settings.identity
        heard = tuple(
            (settings.identity.topic(channel), 1)
            for channel in ("events", "health", "replies", "availability")
        )
        self._link = VirtualLink(broker, "server", subscriptions=heard)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.stored: set[str] = set()
        self.heartbeats: list[Heartbeat] = []
        self.replies: list[Reply] = []
        self.availability: list[bytes] = []

    def __enter__(self) -> Self:
        self._link.receive(0.0)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._link.wake()
        self._thread.join()
        self._link.close()

    def _run(self) -> None:
        while not self._stop.is_set():
            messages = self._link.receive(1.0)
            for message in messages:
                self._take(message)
            self._link.acknowledge(messages)

    def _take(self, message: Message) -> None:
        match message.topic.rpartition("/")[2]:
            case "events":
                batch = read_batch(message.payload)
                ids = [event.id for event in batch.events]
                self.stored |= set(ids)
                receipt = Receipt(v=VERSION, stream=str(batch.stream), accepted=ids)
                self._link.publish(self._identity.topic("receipts"), write(receipt))
            case "health":
                self.heartbeats.append(read(message.payload, Heartbeat))
            case "replies":
                self.replies.append(read(message.payload, Reply))
            case _:
                self.availability.append(message.payload)

    def say(self, channel: str, payload: bytes, *, retained: bool = False) -> None:
        """Publish at one of the kiosk's topics."""
        topic = self._identity.topic("config" if channel == "config" else "commands")
        self._link.publish(topic, payload, qos=1, retained=retained)
        self._link.wake()


class Running:
    """A kiosk that runs in a thread, its panel and its server."""

    def __init__(self, settings: Settings, stack: ExitStack) -> None:
        self.broker = VirtualBroker()
        self.server = stack.enter_context(Server(self.broker, settings))
        self.panel = VirtualPanel()
        stack.callback(self.panel.close)
        self.shown: list[Shown] = []
        self.panel.watch(self.shown.append)
        self.link = VirtualLink(
            self.broker,
            "kiosk",
            subscriptions=settings.identity.subscriptions(),
            will=Will(settings.identity.topic("availability"), b"offline"),
        )
        self.kiosk = Kiosk(settings, self.panel, self.link, DeviceClock(is_trusted=True))
        self.stop = threading.Event()
        self.ended: list[bool] = []
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        stack.callback(self.end)

    def _run(self) -> None:
        self.ended.append(self.kiosk.run(self.stop))

    def end(self) -> None:
        """Stop as SIGTERM does."""
        self.stop.set()
        self.panel.wake()
        self._thread.join()

    def is_thanked(self, press_id: str) -> bool:
        """Whether the panel thanked for a press."""
        return any(s.signal == "thanks" and s.press_id == press_id for s in self.shown)


def test_a_press_is_thanked_for_stored_and_forgotten(settings: Settings, stack: ExitStack) -> None:
    """The promise, from the button to the receipt."""
    running = Running(settings, stack)
    running.panel.press("face-4", uuid(1))
    eventually(lambda: running.is_thanked(uuid(1)), "thanks")
    eventually(lambda: uuid(1) in running.server.stored, "stored")
    running.server.say("commands", write(Command(v=VERSION, id="c0ffee00", name="heartbeat")))
    eventually(
        lambda: (beats := running.server.heartbeats) and beats[-1].last_seq == 1, "a heartbeat"
    )
    running.server.say("commands", write(Command(v=VERSION, id="c0ffee01", name="heartbeat")))
    eventually(lambda: running.server.heartbeats[-1].waiting == 0, "an empty outbox")


def test_it_ends_in_good_order(settings: Settings, stack: ExitStack) -> None:
    """It says good-bye, and that it ended as asked."""
    running = Running(settings, stack)
    eventually(lambda: running.server.availability == [b"online"], "online")
    running.end()
    assert running.ended == [True]
    eventually(lambda: running.server.availability == [b"online", b"offline"], "offline")


def test_a_configuration_is_taken_up_and_reported(settings: Settings, stack: ExitStack) -> None:
    """The heartbeat says at once which one is in use."""
    running = Running(settings, stack)
    running.server.say("config", write(configured(ONE, revision=6)), retained=True)
    eventually(
        lambda: (beats := running.server.heartbeats) and beats[-1].configuration == 6, "revision 6"
    )


def test_commands_reach_the_panel(settings: Settings, stack: ExitStack) -> None:
    """Identify lights the panel, and the fleet hears that it does."""
    running = Running(settings, stack)
    eventually(lambda: running.link.is_connected, "a connection")
    running.server.say("commands", write(Command(v=VERSION, id="c0ffee00", name="identify")))
    eventually(lambda: any(s.signal == "identify" for s in running.shown), "light")
    eventually(lambda: [reply.ok for reply in running.server.replies] == [True], "a reply")


def test_a_broken_outbox_and_configuration_are_reported(
    settings: Settings, stack: ExitStack
) -> None:
    """The kiosk serves visitors all the same, and says what happened."""
    settings.data.mkdir()
    (settings.data / "outbox.db").write_bytes(b"noise" * 1000)
    (settings.data / "configuration.json").write_bytes(b"noise")
    running = Running(settings, stack)
    eventually(lambda: running.server.heartbeats, "a heartbeat")
    assert running.server.heartbeats[0].faults == ("configuration:damaged", "outbox:replaced")
    assert (settings.data / "configuration.json.damaged").read_bytes() == b"noise"
    running.panel.press("face-4", uuid(1))
    eventually(lambda: uuid(1) in running.server.stored, "stored")


def test_a_broken_outbox_is_a_fault_until_somebody_removed_it(
    settings: Settings, stack: ExitStack
) -> None:
    """It is not forgotten with the next start; without the file the fault goes by itself."""
    settings.data.mkdir()
    (settings.data / "outbox.db").write_bytes(b"noise" * 1000)
    Running(settings, stack).end()
    running = Running(settings, stack)
    eventually(lambda: running.server.heartbeats, "a heartbeat")
    assert running.server.heartbeats[0].faults == ("outbox:replaced",)
    (settings.data / "outbox.db.broken-1").unlink()
    running.server.say("commands", write(Command(v=VERSION, id="c0ffee00", name="heartbeat")))
    eventually(lambda: running.server.heartbeats[-1].faults == (), "no fault")


def test_what_a_broken_outbox_kept_is_delivered(settings: Settings, stack: ExitStack) -> None:
    """Thanked for, so it arrives: around the damage, with its old numbers and ids."""
    path = settings.data / "outbox.db"
    with closing(Outbox(path)) as outbox:
        outbox.add(Entry(draft(n), HandClock().read()) for n in range(1, 400))
    content = bytearray(path.read_bytes())
    content[81_920:84_000] = b"\xa5" * 2_080
    path.write_bytes(content)
    running = Running(settings, stack)
    eventually(lambda: len(running.server.stored) > 350, "most events")
    salvaged = settings.data / "outbox.db.salvaged-1"
    eventually(lambda: not salvaged.exists(), "nothing left")
    assert len(running.server.stored) < 399


def test_a_new_name_is_a_new_stream(settings: Settings, stack: ExitStack) -> None:
    """What was pressed under the old one arrives, too, in the stream that it had."""
    with closing(Outbox(settings.data / "outbox.db")) as outbox:
        outbox.add([Entry(draft(1), HandClock().read())])
        before = outbox.stream
    (settings.data / "owner-of-outbox").write_text("troyan/kiosk-0\n")
    running = Running(settings, stack)
    running.panel.press("face-4", uuid(2))
    eventually(lambda: {uuid(1), uuid(2)} <= running.server.stored, "both")
    eventually(lambda: not (settings.data / "outbox.db.salvaged-1").exists(), "nothing left")
    running.server.say("commands", write(Command(v=VERSION, id="c0ffee00", name="heartbeat")))
    eventually(
        lambda: (beats := running.server.heartbeats) and beats[-1].last_seq == 1, "a heartbeat"
    )
    assert running.server.heartbeats[-1].stream != before


def test_a_relay_that_fails_ends_the_kiosk(settings: Settings, stack: ExitStack) -> None:
    """Better started anew than thanking for presses that never leave."""
    running = Running(settings, stack)
    eventually(lambda: running.link.is_connected, "a connection")
    running.link.close()  # in use: nothing that the relay could expect
    running.link.wake()
    eventually(lambda: running.ended == [False], "the end")


def test_an_outbox_on_a_full_disk_is_opened_without_ballast(tmp_path: Path) -> None:
    """Even opening takes room for the write-ahead log's index."""
    path = tmp_path / "outbox.db"
    ballast = LiftingBallast(tmp_path / "ballast", 4096)
    ballast.fill()
    open_outbox(path, ballast).close()
    with no_room():
        open_outbox(path, ballast).close()
    assert not ballast.is_there


def test_a_damaged_disk_is_no_reason_to_free_ballast(tmp_path: Path) -> None:
    """Only a full one is."""
    ballast = Ballast(tmp_path / "ballast", 4096)
    ballast.fill()
    (tmp_path / "file").touch()
    with pytest.raises(OutboxError):
        open_outbox(tmp_path / "file" / "outbox.db", ballast)
    assert ballast.is_there
