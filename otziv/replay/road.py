"""The road of every press, for old votes: outbox, broker, collector, receipt."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from random import SystemRandom
from ssl import SSLContext
from time import monotonic
from typing import Final

from broker.link.link import Link, Message
from broker.link.mqtt import MqttLink, MqttSettings
from broker.wire.codec import read
from broker.wire.errors import WireError
from broker.wire.messages import Receipt
from kiosk.backlog import Backlog
from kiosk.ballast import Ballast
from kiosk.clock import DeviceClock, Reading
from kiosk.database import OUTBOX_NAME
from kiosk.identity import Identity
from kiosk.outbox import Entry, Outbox
from kiosk.pace import Pace, PaceSettings
from kiosk.relay import Relay
from otziv.installation import Running
from otziv.replay.errors import ReplayError
from otziv.replay.rows import Vote

PATIENCE_S: Final = 60.0
"""Without a single receipt; a collector that was killed is back long before."""

_STEP_S: Final = 0.5


class Road:
    """One outbox, and the relay that empties it; to be closed.

    Args:
        folder: of the outbox, which stays: it is one stream for all replays of the site.
        identity: the device that we are.
        running: where the broker is.
        tls: how it is met; ``None`` without TLS.
    """

    def __init__(
        self, folder: Path, identity: Identity, running: Running, tls: SSLContext | None
    ) -> None:
        path = folder / OUTBOX_NAME
        self._outbox = Outbox(path)
        self._backlog = Backlog(path, Ballast(folder / "ballast"))
        self._link = Overheard(_link(identity, running, tls), identity.topic("receipts"))
        # No grace: our times are known. Quick: a collector just started may miss the first batch.
        pace = Pace(PaceSettings(resend_first_s=1, resend_most_s=10, grace_s=0), SystemRandom())
        clock = DeviceClock(is_trusted=True)
        self._relay = Relay(self._link, self._backlog, identity, clock, pace)
        self._boot = secrets.token_hex(4)  # short: so 500 events fit into a message

    def send(self, votes: Sequence[Vote]) -> dict[str, str]:
        """Send ``votes`` and wait for all receipts; the outbox must be empty.

        Returns:
            Reasons by id, of what the collector keeps in quarantine.

        Raises:
            OutboxError: nothing of it was sent.
            ReplayError: there was no receipt for long; the rest waits in the outbox.
        """
        self._link.quarantined.clear()
        self._outbox.add(
            Entry(draft, Reading(self._boot, 0, vote.when.wall_ms, is_synced=True))
            for vote in votes
            for draft in vote.drafts
        )
        self.deliver()
        return dict(self._link.quarantined)

    def deliver(self) -> None:
        """Wait until everything in the outbox has its receipt.

        Raises:
            ReplayError: there was no receipt for long.
        """
        before, since_s = self._backlog.counts(), monotonic()
        while (now := self._backlog.counts()).waiting:
            if now.refused:
                raise ReplayError(f"{now.refused} events can't be sent; the log says why")
            if now.waiting < before.waiting:
                before, since_s = now, monotonic()
            if monotonic() - since_s > PATIENCE_S:
                raise ReplayError(
                    f"no receipt for {PATIENCE_S:.0f} s: is the collector running? See its log in "
                    "the data folder. Nothing is lost; run the same replay again"
                )
            self._relay.step(_STEP_S)

    def close(self) -> None:
        """Release broker and files."""
        self._link.close()
        self._backlog.close()
        self._outbox.close()


class Overheard:
    """A link whose receipts we read along: the relay lets go of what is quarantined, too.

    Attributes:
        quarantined: reasons by id, since it was cleared.
    """

    def __init__(self, link: Link, receipts_topic: str) -> None:
        self.quarantined: dict[str, str] = {}
        self._link = link
        self._topic = receipts_topic
        self.publish = link.publish
        self.acknowledge = link.acknowledge
        self.wake = link.wake
        self.close = link.close

    @property
    def is_connected(self) -> bool:
        """As the link says."""
        return self._link.is_connected

    @property
    def connections(self) -> int:
        """As the link says."""
        return self._link.connections

    def receive(self, timeout_s: float, limit: int = 1000) -> list[Message]:
        """What the link received, noting what is in quarantine."""
        messages = self._link.receive(timeout_s, limit)
        for message in messages:
            if message.topic == self._topic:
                self._note(message.payload)
        return messages

    def _note(self, payload: bytes) -> None:
        try:
            receipt = read(payload, Receipt)
        except WireError:
            return  # the relay logs it
        self.quarantined |= {entry.id: entry.reason for entry in receipt.quarantined}


def _link(identity: Identity, running: Running, tls: SSLContext | None) -> MqttLink:
    return MqttLink(
        MqttSettings(
            host=running.mqtt_host,
            port=running.mqtt_port,
            client_id=f"{identity.site}/{identity.device}",
            subscriptions=((identity.topic("receipts"), 1),),
            tls=tls,
            most_wait_s=5.0,
        )
    )
