"""Who tells people of alerts: what analytics asks of whoever sends messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from zoneinfo import ZoneInfo

from analytics.alerts.alert import Alert, Moment
from broker.store.places import Place


@dataclass(frozen=True, slots=True)
class News:
    """One thing to tell: that an alert opened, or that it is over.

    Attributes:
        place: the name of the place, for people.
        path: the place and the named places above it, the site last: who may read of it.
        unit: code of the unit that serves there, if one is entered: likewise.
        zone: for times in texts.
        reason: language → the reason's text; empty where the alert is about none.
    """

    alert: Alert
    moment: Moment
    place: str
    path: tuple[Place, ...]
    unit: str | None
    zone: ZoneInfo
    reason: Mapping[str, str] = field(default_factory=dict)


class Teller(Protocol):
    """Sends messages to the people who want them, in the ways and languages that they chose."""

    def tell(self, news: Sequence[News]) -> bool:
        """Send all of it, in one message to each who may read some of it.

        ``analytics.alerts.message.compose`` writes the messages. ``False`` where it can't be sent
        now: then the same comes again later. An exception is taken for the same.
        """
        ...
