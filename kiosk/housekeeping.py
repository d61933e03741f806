"""What a kiosk does over its link besides sending events: heartbeats, configuration, commands."""

from __future__ import annotations

import logging
from typing import Final

from broker.link.link import Link, Message
from broker.wire.codec import write
from kiosk.backlog import Backlog
from kiosk.clock import Reading
from kiosk.commands import Commands
from kiosk.configuration import ConfigurationError, ConfigurationFile
from kiosk.health import Health
from kiosk.identity import Identity
from kiosk.opening import broken_outboxes

_log: Final = logging.getLogger(__name__)


class Housekeeping:
    """Fulfils :class:`kiosk.relay.Duties`.

    Args:
        link: where heartbeats and replies go.
        backlog: what heartbeats count, and what is tidied after each.
        identity: who we are.
        health: gathers faults, and knows when a heartbeat is due.
        configuration: where a received configuration goes.
        commands: carries out what the fleet asks for.
    """

    def __init__(
        self,
        link: Link,
        backlog: Backlog,
        identity: Identity,
        health: Health,
        configuration: ConfigurationFile,
        commands: Commands,
    ) -> None:
        self._link = link
        self._backlog = backlog
        self._health = health
        self._configuration = configuration
        self._commands = commands
        self._topics = {
            channel: identity.topic(channel)
            for channel in ("config", "commands", "health", "replies")
        }

    def take(self, message: Message) -> None:
        """Take a configuration or a command.

        Raises:
            WireError: the command can't be understood.
        """
        if message.topic == self._topics["config"]:
            self._configure(message.payload)
        elif message.topic == self._topics["commands"] and not message.retained:
            self._commands.take(message.payload)

    def attend(self, now: Reading, *, is_new_connection: bool) -> None:
        """Reply to commands; when the heartbeat is due, keep what waits to be, send it, and tidy.

        Raises:
            OutboxError: the outbox can't be read.
        """
        self._reply()
        if is_new_connection:
            self._health.hasten()
        if not self._health.is_due(now):
            return
        self._keep_configuration()
        counts = self._backlog.counts()
        is_replaced = bool(broken_outboxes(self._backlog.path))  # until somebody looks at it
        self._health.set_fault("outbox", "replaced", is_present=is_replaced)
        self._health.set_fault("outbox", "unreadable", is_present=counts.refused > 0)
        moment, oldest_s = self._backlog.date(now), self._backlog.oldest_waiting_s(now)
        heartbeat = self._health.beat(now, moment, self._backlog.stream, counts, oldest_s)
        self._link.publish(self._topics["health"], write(heartbeat))
        self._backlog.tidy()

    def _reply(self) -> None:
        """Send the replies, and then do what was to wait for them.

        Where there is no connection they are dropped: whoever asked has seen it time out by then.
        """
        for reply, afterwards in self._commands.answered():
            self._link.publish(self._topics["replies"], write(reply))
            afterwards()

    def _configure(self, payload: bytes) -> None:
        """Take a newer configuration; the firmware takes it up when nobody is at the panel.

        Nothing at all, which is how a retained message is taken back, leaves what is in use.
        """
        if not payload:
            return
        refused = False
        try:
            if self._configuration.offer(payload):
                self._health.set_fault("configuration", "damaged", is_present=False)
                _log.info("received a configuration")
        except ConfigurationError as error:
            refused = True
            _log.error("refused a configuration, the last good one stays: %s", error)
        self._health.set_fault("configuration", "refused", is_present=refused)
        why = self._configuration.refused
        self._health.set_refusal("" if why is None else str(why))
        self._tell_whether_kept()

    def _keep_configuration(self) -> None:
        """Try again to write one that is used from memory: as often as there is a heartbeat."""
        if self._configuration.is_kept:
            return
        try:
            self._configuration.keep()
        except OSError as error:
            _log.debug("still could not keep the configuration: %s", error)  # it was told already
        else:
            _log.info("the configuration is kept")
        self._tell_whether_kept()

    def _tell_whether_kept(self) -> None:
        is_kept = self._configuration.is_kept
        self._health.set_fault("configuration", "not-kept", is_present=not is_kept)
