"""What the fleet's process does again and again; each part of it is a chore."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from broker.link.link import Message
from broker.wire.topics import Topic


class Chore(Protocol):
    """One part of what :mod:`broker.fleet.keeper` does, in its one thread; it must not block."""

    def connected(self) -> None:
        """The link to the broker is new: what must be known there is said again."""

    def take(self, topic: Topic, message: Message) -> None:
        """A device said something; chores to which it means nothing leave it."""

    def attend(self, now: datetime) -> None:
        """Do what is due; called several times a second.

        Raises:
            StoreError: the database does not answer; it is tried again.
        """
