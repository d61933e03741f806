"""``python -m broker.collector``: the collector as a process of its own.

Everything is a parameter; only the database's address may come from the environment
(``OTZIV_DATABASE``), since it may hold a password, which others would see among the arguments.
With ``--trust`` and ``--identity`` the broker is met over TLS, each side with its certificate.
SIGTERM and SIGINT end it after the transaction under way.
"""

from __future__ import annotations

import argparse
import gc
import os
import signal
import sys
from pathlib import Path
from ssl import SSLContext
from threading import Event

import structlog

from broker.collector.collector import CLIENT_ID, SUBSCRIPTIONS, Collector
from broker.link.link import Link
from broker.link.mqtt import MqttLink, MqttSettings
from broker.link.tls import IdentityError, client_context
from broker.logs import log_as_json
from broker.notify import tell_ready
from broker.store.database import Database
from broker.store.errors import StoreError
from broker.store.migrate import open_database

_log = structlog.get_logger("broker.collector")


def main() -> int:
    """Run until told to end; 1 when the database can't be opened."""
    arguments = _parse()
    log_as_json()
    try:
        database = open_database(arguments.database)
        tls = _tls(arguments.trust, arguments.identity)
    except (StoreError, IdentityError) as error:
        _log.error("not-started", error=str(error))
        return 1
    settings = MqttSettings(
        host=arguments.host,
        port=arguments.port,
        client_id=CLIENT_ID,
        subscriptions=SUBSCRIPTIONS,
        is_persistent=True,
        tls=tls,
        most_wait_s=5.0,
    )
    _run(MqttLink(settings), database)
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m broker.collector", description=__doc__)
    address = os.environ.get("OTZIV_DATABASE")
    parser.add_argument(
        "--database",
        default=address,
        required=address is None,
        help="sqlite:///FILE or postgresql://…; else OTZIV_DATABASE",
    )
    parser.add_argument("--host", default="127.0.0.1", help="of the MQTT broker")
    parser.add_argument("--port", type=int, default=1883, help="of the MQTT broker")
    parser.add_argument("--trust", type=Path, help="PEM with the roots to believe")
    parser.add_argument("--identity", type=Path, help="PEM with our key and certificate")
    return parser.parse_args()


def _tls(trust: Path | None, identity: Path | None) -> SSLContext | None:
    return None if trust is None else client_context(trust, identity)


def _run(link: Link, database: Database) -> None:
    is_over = Event()

    def end(_signal: int, _frame: object) -> None:
        is_over.set()
        link.wake()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    _settle_garbage()
    _log.info("started", database=str(database))
    try:
        Collector(link, database, when_connected=tell_ready).run(is_over.is_set)
    finally:
        link.close()
        database.close()
        _log.info("ended")


def _settle_garbage() -> None:
    """Look for cycles seldom, and never among what was imported.

    A transaction makes thousands of objects and no cycle; the collector of garbage would walk
    through all of them, and all modules, again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


if __name__ == "__main__":
    sys.exit(main())
