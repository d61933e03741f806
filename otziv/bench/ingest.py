"""``otziv bench ingest``: ratings a second from broker to disk, beside three peers.

Each measurement has a broker, a database and processes of its own; the four take turns. Rates
are messages or ratings over the time from the first publish to the last row (or count).
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

from broker.server.choose import choose_server
from broker.server.process import popen_bound
from broker.store.migrate import open_database
from otziv.bench.child import answer, await_ready, child, tell
from otziv.bench.plain import SITE, insert_plainly, register, rollup_share
from otziv.bench.publisher import DEVICES
from otziv.bench.report import Report, Target, interleave, medians

RUNS: Final = 5
EVENTS_EACH: Final = 100
PATIENCE_S: Final = 120.0


class Sizes(NamedTuple):
    """How many messages each measurement takes: single events, naively stored ones, batches."""

    singles: int = 20_000
    naive: int = 1_500
    batches: int = 1_500


FULL: Final = Sizes()


def measure(runs: int = RUNS, sizes: Sizes = FULL) -> Report:
    """Measure everything, ``runs`` times in turn."""
    taken = interleave(
        runs,
        {
            "counting subscriber": partial(_rate_of_peer, "count", sizes.singles),
            "naive collector": partial(_rate_of_peer, "naive", sizes.naive),
            "single events": partial(_rate_of_collector, sizes.singles, 1),
            "batches of 100": partial(_rate_of_collector, sizes.batches, EVENTS_EACH),
            "executemany of 100": partial(insert_plainly, sizes.batches, EVENTS_EACH),
            "rollups / insert": rollup_share,
        },
    )
    median = medians(taken)
    single, batch = median["single events"], median["batches of 100"]
    return Report(
        name="ingest",
        figures={
            "single_events_per_s": round(single),
            "batched_ratings_per_s": round(batch),
            "rollups_share_of_insert": round(median["rollups / insert"], 3),
            "lost": 0,  # a measurement that loses one fails
            "runs": {name: [round(value, 3) for value in each] for name, each in taken.items()},
        },
        compared_with={
            "counting_subscriber_per_s": round(median["counting subscriber"]),
            "naive_collector_per_s": round(median["naive collector"]),
            "executemany_rows_per_s": round(median["executemany of 100"]),
        },
        targets={
            "single events / counting subscriber": Target(
                round(single / median["counting subscriber"], 3), 0.35, "at least"
            ),
            "single events / naive collector": Target(
                round(single / median["naive collector"], 1), 20, "at least"
            ),
            "batches / executemany": Target(
                round(batch / median["executemany of 100"], 3), 0.3, "at least"
            ),
            "rollups / insert time": Target(round(median["rollups / insert"], 3), 0.25, "at most"),
        },
        notes=(
            f"{sizes.singles} single events, {sizes.batches} batches of {EVENTS_EACH}",
            f"{DEVICES} touchpoints",
            "SQLite with synchronous=FULL, rollups and receipts included",
        ),
    )


def _rate_of_peer(peer: str, messages: int) -> float:
    with _scratch() as (folder, port):
        argv = [sys.executable, "-m", "otziv.bench.peers", peer, str(port), str(messages)]
        if peer == "naive":
            argv.append(str(folder / "naive.sqlite3"))
        with child(argv) as process:
            await_ready(process)
            started_s = _publish(port, messages, 1)
            return messages / (float(answer(process)["ended_s"]) - started_s)


def _rate_of_collector(messages: int, events_each: int) -> float:
    with _scratch() as (folder, port):
        path = folder / "feedback.sqlite3"
        _register(path)
        argv = [sys.executable, "-m", "broker.collector", "--database", f"sqlite:///{path}"]
        argv += ["--host", "127.0.0.1", "--port", str(port)]
        with (folder / "collector.log").open("wb") as log:
            process = popen_bound(argv, stdout=log, stderr=log)
        try:
            _await_subscription(folder / "collector.log")
            started_s = _publish(port, messages, events_each)
            ended_s = _await_rows(path, messages * events_each)
        finally:
            process.terminate()
            process.wait()
        return float(messages * events_each / (ended_s - started_s))


def _register(path: Path) -> None:
    database = open_database(f"sqlite:///{path}")
    register(database)
    database.close()


def _publish(port: int, messages: int, events_each: int) -> float:
    """Publish everything; returns when it began."""
    argv = [sys.executable, "-m", "otziv.bench.publisher", str(port), SITE]
    argv += [str(messages), str(events_each), str(time.monotonic_ns() % 2**31)]
    with child(argv) as process:
        await_ready(process)
        tell(process, "go")
        return float(answer(process)["started_s"])


def _await_rows(path: Path, expected: int) -> float:
    """When the last of ``expected`` rows was stored.

    Raises:
        TimeoutError: some never were: a loss.
    """
    connection = sqlite3.connect(path)
    deadline = time.monotonic() + PATIENCE_S
    try:
        while True:
            (last,) = connection.execute("SELECT max(number) FROM event").fetchone()
            now_s = time.monotonic()
            if last is not None and last >= expected:
                (count,) = connection.execute("SELECT count(DISTINCT id) FROM event").fetchone()
                if count != expected:
                    raise TimeoutError(f"{count} ratings of {expected} are stored")
                return now_s
            if now_s > deadline:
                raise TimeoutError(f"{last} ratings of {expected} after {PATIENCE_S:.0f} s")
            time.sleep(0.002)
    finally:
        connection.close()


@contextmanager
def _scratch() -> Iterator[tuple[Path, int]]:
    """A folder and a broker that nobody used before."""
    with tempfile.TemporaryDirectory(prefix="otziv-bench-") as name:
        folder = Path(name)
        with choose_server(folder / "broker") as server:
            yield folder, server.port


def _await_subscription(log: Path) -> None:
    """Wait until the collector hears."""
    deadline = time.monotonic() + PATIENCE_S
    while "connected to" not in log.read_text(encoding="utf-8"):
        if time.monotonic() > deadline:
            raise TimeoutError(f"the collector does not connect: {log.read_text()}")
        time.sleep(0.01)
