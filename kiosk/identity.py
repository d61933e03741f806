"""Who a kiosk is on the wire."""

from __future__ import annotations

from typing import Annotated, Final, NamedTuple, TypeAlias

from broker.wire.texts import checked
from broker.wire.topics import NAME_PATTERN, Channel, topic

Name: TypeAlias = Annotated[str, checked(NAME_PATTERN.strip("^$"))]
"""Of a site or a device."""

NOT_ENROLLED: Final = "not-enrolled"
"""In place of names that the server says when the kiosk is enrolled."""


class Identity(NamedTuple):
    """A device and the site it belongs to."""

    site: str
    device: str

    @property
    def client_id(self) -> str:
        """Its name in MQTT: what its certificate says, and what brokers hold it to."""
        return f"{self.site}/{self.device}"

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
