"""``otziv bench portal``: survey page and submission, beside the same in plain FastAPI.

Each measurement has processes, databases and a port of its own; the two take turns. Every answer of
ours is counted afterwards: one that was thanked for and is not there fails the measurement.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import msgspec
from sqlalchemy import func, insert, select

from broker.fleet.surveys import Survey, publish
from broker.server.process import free_port, popen_bound
from broker.store.migrate import open_database
from broker.store.registry import add_site, add_touchpoint
from broker.store.tables import Event, table_of
from otziv.bench.report import Report, Target, medians
from portal.settings import ENVIRONMENT
from portal.store.schema import open_portal
from portal.surveys.first_pages import KEPT_S
from portal.surveys.tables import SurveyWindow
from portal.web.portal import utc_now

RUNS: Final = 5
CONNECTIONS: Final = 50
SECONDS: Final = 8.0
PATIENCE_S: Final = 60.0
HOST: Final = "127.0.0.1"
QUESTIONS: Final = 4


def measure(runs: int = RUNS, seconds: float = SECONDS) -> Report:
    """Measure both, ``runs`` times in turn."""
    taken: dict[str, list[float]] = {}
    for _ in range(runs):
        for name, one in (("portal", _measure_portal), ("plain", _measure_plain)):
            for figure, value in one(seconds).items():
                taken.setdefault(f"{name} {figure}", []).append(value)
    median = medians(taken)
    rate = median["portal requests_per_s"] / median["plain requests_per_s"]
    tail = median["portal p99_ms"] / median["plain p99_ms"]
    return Report(
        name="portal",
        figures={
            "requests_per_s": round(median["portal requests_per_s"]),
            "p99_ms": round(median["portal p99_ms"], 1),
            "median_ms": round(median["portal median_ms"], 1),
            "lost": 0,  # a measurement that loses one fails
            "runs": {name: [round(value, 1) for value in each] for name, each in taken.items()},
        },
        compared_with={
            "plain_requests_per_s": round(median["plain requests_per_s"]),
            "plain_p99_ms": round(median["plain p99_ms"], 1),
            "plain_median_ms": round(median["plain median_ms"], 1),
        },
        targets={
            "requests / plain requests": Target(round(rate, 3), 0.5, "at least"),
            "p99 / plain p99": Target(round(tail, 3), 2, "at most"),
        },
        notes=(
            f"our page's HTML is kept for {KEPT_S:g} s, all but its token; the peer keeps none",
            f"{CONNECTIONS} connections, {seconds:g} s each, page and submission in turn",
            f"{QUESTIONS} questions on a page; one process each; SQLite with synchronous=FULL",
            "ours with rollups, signed forms, limits and languages; the peer with none of them",
        ),
    )


def _measure_portal(seconds: float) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="otziv-bench-") as name:
        folder, port = Path(name), free_port()
        told = _prepare(folder, port)
        with _serving([sys.executable, "-m", "portal"], folder, port, {ENVIRONMENT: told}):
            found = _load(port, seconds, "taxes")
        _check(folder, int(found.pop("visits")))
        return found


def _measure_plain(seconds: float) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="otziv-bench-") as name:
        folder, port = Path(name), free_port()
        argv = [sys.executable, "-m", "otziv.bench.plain_portal", str(port)]
        with _serving([*argv, str(folder / "plain.sqlite3")], folder, port, {}):
            found = _load(port, seconds, "1")
        found.pop("visits")
        return found


def _load(port: int, seconds: float, option: str) -> dict[str, float]:
    argv = [sys.executable, "-m", "otziv.bench.portal_load", str(port), str(CONNECTIONS)]
    ran = subprocess.run([*argv, str(seconds), option], check=True, stdout=subprocess.PIPE)
    found: dict[str, float] = json.loads(ran.stdout)
    return found


def _prepare(folder: Path, port: int) -> str:
    """Databases with a survey; what the portal's process is told."""
    feedback_url = f"sqlite:///{folder / 'feedback.sqlite3'}"
    portal_url = f"sqlite:///{folder / 'portal.sqlite3'}"
    feedback, database = open_database(feedback_url), open_portal(portal_url)
    add_site(feedback, "bench")
    add_touchpoint(feedback, "bench-web", site="bench")
    publish(feedback, SURVEY, utc_now())
    row = {
        "code": SURVEY.code,
        "channels": "web",
        "touchpoint": "bench-web",
        "is_listed": True,
        "changed_at": utc_now(),
    }
    with database.transaction() as connection:
        connection.execute(insert(table_of(SurveyWindow)).values(row))
    feedback.close()
    database.close()
    told = {
        "site": "bench",
        "data": str(folder),
        "database": portal_url,
        "feedback": feedback_url,
        "port": port,
        "public_url": f"http://{HOST}",
        "trusted_proxy": HOST,
    }
    return json.dumps(told)


def _check(folder: Path, visits: int) -> None:
    """See that all are there.

    Raises:
        RuntimeError: some are lost, or there twice.
    """
    database = open_database(f"sqlite:///{folder / 'feedback.sqlite3'}")
    with database.reading() as connection:
        stored = connection.execute(select(func.count()).select_from(table_of(Event))).scalar_one()
    database.close()
    if stored != QUESTIONS * visits:
        raise RuntimeError(f"{visits} forms were thanked for, and {stored} answers are stored")


@contextmanager
def _serving(
    argv: list[str], folder: Path, port: int, environment: dict[str, str]
) -> Iterator[None]:
    """A server, once it listens.

    Raises:
        RuntimeError: it does not.
    """
    with (folder / "log").open("wb") as log:
        process = popen_bound(argv, stdout=log, stderr=log, env={**os.environ, **environment})
    try:
        _await_listening(process, port, folder / "log")
        yield
    finally:
        process.terminate()
        process.wait()


def _await_listening(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            socket.create_connection((HOST, port), 1).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"a server does not start: {log.read_text()}") from None
            time.sleep(0.05)
        else:
            return


def _two(bg: str, en: str) -> dict[str, str]:
    return {"bg": bg, "en": en}


def _rating(code: str, bg: str, en: str) -> dict[str, Any]:
    return {"code": code, "texts": _two(bg, en), "scale": "faces-5"}


SURVEY: Final = msgspec.convert(
    {
        "code": "bench",
        "version": 1,
        "title": _two("Как Ви обслужихме?", "How did we serve you?"),
        "intro": _two("Отнема една минута.", "It takes a minute."),
        "questions": [
            _rating("overall", "Как беше днес?", "How was it today?"),
            _rating("polite", "Любезни", "Polite"),
            _rating("expert", "Знаещи", "Expert"),
            {
                "code": "came-for",
                "texts": _two("За какво дойдохте?", "What did you come for?"),
                "options": [
                    {"code": "taxes", "texts": _two("Данъци", "Taxes")},
                    {"code": "civil", "texts": _two("Гражданско състояние", "Civil status")},
                    {"code": "building", "texts": _two("Строителство", "Building")},
                    {"code": "other", "texts": _two("Друго", "Something else")},
                ],
            },
        ],
    },
    Survey,
)
