"""Who a kiosk is on the wire."""

from __future__ import annotations

from typing import NamedTuple

from broker.wire.topics import Channel, topic


class Identity(NamedTuple):
    """A device and the site it belongs to."""

    site: str
    device: str

    def topic(self, channel: Channel) -> str:
        """The device's topic for ``channel``.

        Raises:
            WireError: ``bad-topic``, when a name would not survive the trip.
        """
        return topic(self.site, self.device, channel)

    def subscriptions(self) -> tuple[tuple[str, int], ...]:
        """What a kiosk hears, with the QoS of each: commands are worth nothing later."""
        return (
            (self.topic("receipts"), 1),
            (self.topic("config"), 1),
            (self.topic("commands"), 0),
        )
