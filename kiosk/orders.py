"""What this kiosk does when the fleet asks: the table of its commands."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from broker.link.link import Link
from broker.wire.messages import Command
from hardware.open import VirtualSettings
from kiosk.commands import Answer, Commands, pong
from kiosk.facts import Inner
from kiosk.log_ring import LogRing, masked
from kiosk.report import report
from kiosk.restart import restart_machine
from kiosk.words import Words, words_in

if TYPE_CHECKING:
    from kiosk.selftest import Result

_log: Final = logging.getLogger(__name__)

LANGUAGE: Final = "en"
"""Of a self-test's results, unless the command asks for another."""

_SIGNS: Final = {"good": "[ok]", "bad": "[!!]", "unknown": "[??]"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Orders:
    """Carries out what the fleet asks for.

    Attributes:
        inner: the kiosk's parts.
        link: woken when a slow command is answered.
        log: the last lines of the log.
        identify: lets lights, screen and sound tell which kiosk this is; returns what to reply.
        end: ends this process in good order; whoever watches it starts it again.
        restart_machine: asks for a restart of all.
    """

    inner: Inner
    link: Link
    log: LogRing
    identify: Callable[[Command], str]
    end: Callable[[], None]
    restart_machine: Callable[[], Answer] = restart_machine

    def commands(self) -> Commands:
        """The table."""
        quick = {
            "heartbeat": self._hasten,
            "identify": self._identify,
            "ping": pong,
            "report": self._report,
            "restart": self._restart,
        }
        return Commands(
            quick,
            {"self-test": self._test},
            clock=self.inner.clock,
            when_answered=self.link.wake,
        )

    def _hasten(self, _command: Command) -> Answer:
        self.inner.health.hasten()
        return Answer(detail="under way")

    def _identify(self, command: Command) -> Answer:
        return Answer(detail=self.identify(command))

    def _report(self, _command: Command) -> Answer:
        return Answer(detail="see the report", report=report(self.inner, self.log.lines()))

    def _restart(self, command: Command) -> Answer:
        match command.args.get("what", "kiosk"):
            case "kiosk":
                _log.warning("restarting, as the fleet asks")
                return Answer(detail="it restarts as soon as nobody is at it", afterwards=self.end)
            case "machine" if isinstance(self.inner.settings.panel, VirtualSettings):
                return Answer(detail="a virtual kiosk has no machine of its own", is_done=False)
            case "machine":
                _log.warning("restarting the machine, as the fleet asks")
                return self.restart_machine()
            case _:
                return Answer(detail="restart what? kiosk or machine", is_done=False)

    def _test(self, command: Command) -> Answer:
        """Run the checks that only look, and let the worst decide."""
        from kiosk.selftest import SelfTest  # noqa: PLC0415 needed once a year, if at all

        words = self._words(command.args.get("language", LANGUAGE))
        test = SelfTest(
            settings=self.inner.settings,
            words=words,
            clock=self.inner.clock,
            zone=self.inner.configuration.zone,
            is_connected=self.inner.is_connected,
        )
        results = list(test.passive())
        bad = ", ".join(result.name for result in results if result.mark == "bad")
        return Answer(
            detail=words("Something is not as it should be: {names}.", names=bad)
            if bad
            else words("The kiosk is as it should be."),
            report="\n".join(map(_line, results)),
            is_done=not bad,
        )

    def _words(self, language: str) -> Words:
        """Those of ``language``, if the kiosk speaks it: a file is looked for by its name."""
        latest = self.inner.configuration.latest
        spoken = () if latest is None else latest.languages
        known = language if language in spoken else LANGUAGE
        return words_in(self.inner.settings.languages)(known)


def _line(result: Result) -> str:
    return masked(f"{_SIGNS[result.mark]} {result.name}: {result.text}")
