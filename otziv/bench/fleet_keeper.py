"""The part of the fleet's process that brings configurations to kiosks, without the others.

``python -m otziv.bench.fleet_keeper PORT DATABASE`` says ``ready`` and goes on until it is killed.
"""

from __future__ import annotations

import logging
import sys

from broker.fleet.keeper import SUBSCRIPTIONS, Keeper
from broker.fleet.publishing import Publisher
from broker.link.mqtt import MqttLink
from broker.link.settings import MqttSettings
from broker.logs import log_as_json
from broker.server.process import LOOPBACK
from broker.store.migrate import open_database


def main(port: int, address: str) -> None:
    """Keep for ever."""
    log_as_json()
    logging.disable(logging.INFO)  # what was made and said is measured, not read
    link = MqttLink(
        MqttSettings(host=LOOPBACK, port=port, client_id="fleet", subscriptions=SUBSCRIPTIONS)
    )
    keeper = Keeper(link, [Publisher(open_database(address), link)])
    print("ready", flush=True)
    keeper.run(lambda: False)


if __name__ == "__main__":
    _, given_port, given_address = sys.argv
    main(int(given_port), given_address)
