"""Many kiosks in one process, without visitors: relay, housekeeping and configuration as shipped.

``python -m otziv.bench.fleet_kiosks PORT SITE FOLDER FIRST COUNT`` says ``ready`` once all of
them are connected, and goes on until it is killed. The kiosks take turns in one thread, since a
link is pulled; what a screen would do when nobody is there, using what came, is done at once.
"""

from __future__ import annotations

import logging
import sys
import time
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

from broker.link.link import Will
from broker.link.mqtt import MqttLink
from broker.link.settings import MqttSettings
from broker.server.process import LOOPBACK
from kiosk.backlog import Backlog
from kiosk.ballast import Ballast
from kiosk.clock import DeviceClock
from kiosk.commands import Commands
from kiosk.configuration import CONFIGURATION_NAME, ConfigurationFile
from kiosk.database import OUTBOX_NAME
from kiosk.health import Health
from kiosk.housekeeping import Housekeeping
from kiosk.identity import Identity
from kiosk.outbox import Outbox
from kiosk.pace import Pace, PaceSettings
from kiosk.rehearsal import rehearse
from kiosk.relay import Relay
from kiosk.vitals import Instruments
from kiosk.words import words_in

TURN_S: Final = 0.02
"""Between two turns of all: a kiosk of its own would wake up at once."""


def device_name(number: int) -> str:
    """Name of a device, and of its touchpoint."""
    return f"fleet-{number:03}"


class QuietKiosk:
    """One kiosk at which nobody presses anything.

    Args:
        port: of the broker.
        identity: who it is.
        folder: of its own; it must be there.
    """

    def __init__(self, port: int, identity: Identity, folder: Path) -> None:
        self.link = MqttLink(
            MqttSettings(
                host=LOOPBACK,
                port=port,
                client_id=f"{identity.site}/{identity.device}",
                subscriptions=identity.subscriptions(),
                will=Will(identity.topic("availability"), b"offline"),
                most_wait_s=1.0,
            )
        )
        Outbox(folder / OUTBOX_NAME).close()  # makes it
        clock, chance = DeviceClock(is_trusted=True), Random(identity.device)
        self._backlog = Backlog(folder / OUTBOX_NAME, Ballast(folder / "ballast"))
        self.health = Health(read_vitals=Instruments(folder).read)
        self.configuration = ConfigurationFile(
            folder / CONFIGURATION_NAME,
            identity.device,
            self._use,
            rehearse=partial(rehearse, words_of=words_in(None)),
        )
        commands = Commands({}, clock=clock)
        duties = Housekeeping(
            self.link, self._backlog, identity, self.health, self.configuration, commands
        )
        self.relay = Relay(
            self.link, self._backlog, identity, clock, Pace(PaceSettings(), chance), duties
        )

    def close(self) -> None:
        """Release what it holds."""
        self.link.close()
        self.relay.close()
        self._backlog.close()

    def _use(self) -> None:
        """Take up what came, as the firmware does when nobody is at the panel."""
        if self.configuration.latest is not None:
            self.health.set_configuration(self.configuration.latest.revision)


def main(port: int, site: str, folder: Path, first: int, count: int) -> None:
    """Make the kiosks, and let them run for ever."""
    logging.disable(logging.ERROR)  # each tells what it received and refused
    kiosks = []
    for number in range(first, first + count):
        own = folder / device_name(number)
        own.mkdir()
        kiosks.append(QuietKiosk(port, Identity(site, device_name(number)), own))
    is_ready = False
    while True:
        for kiosk in kiosks:
            kiosk.relay.step(0.0)
        if not is_ready and all(kiosk.link.is_connected for kiosk in kiosks):
            is_ready = True
            print("ready", flush=True)
        time.sleep(TURN_S)


if __name__ == "__main__":
    _, given_port, given_site, given_folder, given_first, given_count = sys.argv
    main(int(given_port), given_site, Path(given_folder), int(given_first), int(given_count))
