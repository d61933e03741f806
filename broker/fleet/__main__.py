"""``python -m broker.fleet``: enrolment, configurations, orders, health, barring.

Secrets come from the environment only, since arguments can be seen by others: ``OTZIV_DATABASE``,
``OTZIV_FLEET_PASSPHRASE``, ``OTZIV_NOTIFY``, ``OTZIV_SERVED_TOKEN``. SIGTERM and SIGINT end it.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Final

import structlog

from broker.fleet.authority import Authority
from broker.fleet.errors import FleetError
from broker.fleet.reach import Reach, Telling
from broker.fleet.service import run_fleet
from broker.link.tls import IdentityError
from broker.logs import log_as_json
from broker.notify import tell_ready
from broker.store.errors import StoreError
from broker.store.migrate import open_database

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger("broker.fleet")


def main() -> int:
    """Run until told to end; 1 when it can't be started, or not go on."""
    reach, telling = _parse()
    log_as_json()
    is_over = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: is_over.set())
    passphrase = os.environ.get("OTZIV_FLEET_PASSPHRASE", "").encode()
    try:
        with closing(open_database(os.environ.get("OTZIV_DATABASE", ""))) as database:
            authority = Authority.open(reach.folder, passphrase, datetime.now(UTC))
            _log.info("started", database=str(database))
            run_fleet(
                database,
                authority,
                reach,
                telling,
                is_over=is_over.is_set,
                when_ready=tell_ready,
            )
    except (StoreError, FleetError, IdentityError) as error:
        _log.error("given-up", error=str(error))
        return 1
    _log.info("ended")
    return 0


def _parse(words: Sequence[str] | None = None) -> tuple[Reach, Telling]:
    parser = argparse.ArgumentParser(prog="python -m broker.fleet", description=__doc__)
    add = parser.add_argument
    add("--folder", type=Path, required=True, help="of the authority and the identities")
    add("--mqtt-host", required=True, help="where we meet the broker")
    add("--mqtt-port", type=int, required=True, help="its port, for us and for kiosks")
    add("--public-host", required=True, help="where kiosks meet the broker, and us")
    add("--names", nargs="+", required=True, help="names and addresses of this machine")
    add("--listen", required=True, help="address of the enrolment endpoint")
    add("--port", type=int, required=True, help="of the enrolment endpoint")
    add("--broker", choices=("mosquitto", "nats"), required=True, help="which broker it is")
    add("--broker-pid", type=Path, help="file with the broker's process id")
    add("--broker-commands", nargs=2, metavar=("RELOAD", "RESTART"), help="of a broker of others")
    add("--language", choices=("bg", "en"), default="bg", help="of notices")
    given = vars(parser.parse_args(words))
    telling = Telling(
        addresses=tuple(os.environ.get("OTZIV_NOTIFY", "").split()),
        language=given.pop("language"),
        served_token=os.environ.get("OTZIV_SERVED_TOKEN", ""),
    )
    names, commands = tuple(given.pop("names")), given.pop("broker_commands")
    return Reach(names=names, broker_commands=commands and tuple(commands), **given), telling


if __name__ == "__main__":
    sys.exit(main())
