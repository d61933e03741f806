"""``python -m broker.fleet.callout``: answers NATS's questions about clients.

A process of its own, so that devices can connect while the fleet is restarted. It holds nothing:
killed and started again it goes on. While it is down NATS lets nobody new in, and whoever is
connected stays. Where the database does not answer, nobody new is let in either, and it is logged.

The database's address comes from the environment (``OTZIV_DATABASE``), since it may hold a
password, which others would see among the arguments. SIGTERM and SIGINT end it.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import nats
import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from broker.fleet.callout_answers import (
    Question,
    QuestionError,
    Verdict,
    answer,
    judge,
    read_question,
)
from broker.fleet.callout_keys import CalloutKeys, callout_keys
from broker.fleet.certificates import standing
from broker.fleet.errors import FleetError
from broker.logs import log_as_json
from broker.notify import tell_ready
from broker.server.nats_secure import RESPONDER
from broker.server.process import LOOPBACK
from broker.store.database import Database
from broker.store.errors import StoreError
from broker.store.migrate import open_database

SUBJECT: Final = "$SYS.REQ.USER.AUTH"
LOOKUP_S: Final = 2.0
"""How long the database may take; NATS itself gives up after 3 s."""
_LOOKUPS: Final = 4
"""At once: after a broker's restart everybody comes in one minute."""
_RETRY_S: Final = 0.5

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class Responder:
    """Answers questions about clients from our records.

    Args:
        database: with the records.
        keys: to sign with.
    """

    def __init__(self, database: Database, keys: CalloutKeys) -> None:
        self._database = database
        self._keys = keys
        self._threads = ThreadPoolExecutor(_LOOKUPS, "lookup")
        self._under_way: set[asyncio.Task[None]] = set()

    async def when_asked(self, message: Msg) -> None:
        """Take a question; it is answered while the next are taken."""
        task = asyncio.create_task(self._answer(message))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _answer(self, message: Msg) -> None:
        try:
            question = read_question(message.data)
        except QuestionError as error:
            _log.error("not-understood", error=str(error))
            return
        verdict = await self._judge(question)
        if verdict.refusal is not None:
            _log.warning(
                "refused",
                name=verdict.name,
                client_id=question.client_id,
                address=question.address,
                why=verdict.refusal,
            )
        try:
            await message.respond(answer(question, verdict, self._keys, datetime.now(UTC)))
        except NatsError as error:
            _log.warning("not-answered", error=repr(error))

    async def _judge(self, question: Question) -> Verdict:
        name = question.shown.subject if question.shown else ""
        looking = asyncio.get_running_loop().run_in_executor(self._threads, self._look, question)
        try:
            return await asyncio.wait_for(looking, LOOKUP_S)
        except (StoreError, TimeoutError) as error:
            _log.error("database-does-not-answer", error=str(error))
            return Verdict(name, "the records do not answer")

    def _look(self, question: Question) -> Verdict:
        with self._database.reading() as connection:
            return judge(
                question,
                lambda serial, subject: standing(connection, serial, subject, datetime.now(UTC)),
            )


async def respond(database: Database, keys: CalloutKeys, port: int, is_over: asyncio.Event) -> None:
    """Answer questions until ``is_over``; the broker may come and go meanwhile."""
    responder = Responder(database, keys)
    client = await _connect(keys, port, is_over)
    if client is None:
        return
    await client.subscribe(SUBJECT, queue="otziv", cb=responder.when_asked)
    await client.flush()
    _log.info("answering", port=port)
    tell_ready()
    await is_over.wait()
    await client.close()


async def _connect(keys: CalloutKeys, port: int, is_over: asyncio.Event) -> Client | None:
    """Connect to NATS as soon as it is there; ``None`` when it is over before."""

    async def when_failing(error: Exception) -> None:
        _log.warning("broker", error=repr(error))

    while not is_over.is_set():
        try:
            return await nats.connect(
                f"nats://{LOOPBACK}:{port}",
                user=RESPONDER,
                password=keys.password,
                error_cb=when_failing,
                max_reconnect_attempts=-1,
                reconnect_time_wait=_RETRY_S,
            )
        except (NatsError, OSError) as error:
            await when_failing(error)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(is_over.wait(), _RETRY_S)
    return None


def main() -> int:
    """Run until told to end; 1 when it can't be started."""
    parser = argparse.ArgumentParser(prog="python -m broker.fleet.callout", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="of NATS's own protocol")
    parser.add_argument("--keys", type=Path, required=True, help="folder with callout.seeds")
    arguments = parser.parse_args()
    log_as_json()
    try:
        keys = callout_keys(arguments.keys)
        database = open_database(os.environ.get("OTZIV_DATABASE", ""))
    except (FleetError, StoreError) as error:
        _log.error("not-started", error=str(error))
        return 1
    asyncio.run(_run(database, keys, arguments.port))
    database.close()
    return 0


async def _run(database: Database, keys: CalloutKeys, port: int) -> None:
    is_over = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, is_over.set)
    await respond(database, keys, port, is_over)


if __name__ == "__main__":
    sys.exit(main())
