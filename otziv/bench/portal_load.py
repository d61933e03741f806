"""Visitors of a survey page: each opens it, sends it, and opens it again, over a connection kept.

``python -m otziv.bench.portal_load PORT CONNECTIONS SECONDS`` prints what it measured as JSON. It
speaks HTTP/1.1 by hand: a library's client costs more than the pages that are measured.
"""

from __future__ import annotations

import asyncio
import json
import math
import re
import sys
import time
from dataclasses import dataclass, field
from html import unescape
from urllib.parse import urlencode

HOST = "127.0.0.1"
PATH = "/s/bench"
WARM_UP_S = 1.0

_SAID = {"q-overall": "4", "q-polite": "3", "q-expert": "5", "go": "next"}
_HIDDEN = re.compile(r'<input type="hidden" name="(state|form_token)" value="([^"]*)"')


@dataclass
class Measured:
    """What was answered since the warm-up, and how long each answer took."""

    begins_s: float
    ends_s: float
    taken_s: list[float] = field(default_factory=list)
    visits: int = 0


async def visit_again_and_again(
    number: int, port: int, measured: Measured, option: str, most: float = math.inf
) -> None:
    """One connection's visitors, one after another; at the ``most`` so many.

    Raises:
        RuntimeError: an answer is not the page, or no thanks.
    """
    reader, writer = await asyncio.open_connection(HOST, port)
    turn = 0
    while time.monotonic() < measured.ends_s and turn < most:
        turn += 1
        # Each visitor has an address of his own, as behind a proxy.
        shared = f"Host: {HOST}\r\nX-Forwarded-For: 10.{number}.{turn // 250}.{turn % 250}\r\n"
        status, page = await _ask(reader, writer, measured, f"GET {PATH} HTTP/1.1\r\n{shared}\r\n")
        if status != 200:
            raise RuntimeError(f"the page: {status} {page[:200]}")
        hidden = {name: unescape(value) for name, value in _HIDDEN.findall(page)}
        body = urlencode({**_SAID, "q-came-for": option, **hidden})
        head = (
            f"POST {PATH} HTTP/1.1\r\n{shared}Origin: http://{HOST}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        )
        status, page = await _ask(reader, writer, measured, head)
        if status != 303:
            raise RuntimeError(f"the form: {status} {page[:2000]}")
        measured.visits += 1
    writer.close()


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, measured: Measured, request: str
) -> tuple[int, str]:
    began_s = time.monotonic()
    writer.write(request.encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    found = re.search(r"(?i)content-length: (\d+)", head)
    body = await reader.readexactly(int(found[1])) if found else b""
    ended_s = time.monotonic()
    if measured.begins_s <= ended_s < measured.ends_s:
        measured.taken_s.append(ended_s - began_s)
    return int(head.split(" ", 2)[1]), body.decode()


async def measure(port: int, connections: int, seconds: float, option: str) -> dict[str, float]:
    """Requests a second, and the 99th percentile of their times in milliseconds."""
    # One visitor first: what a server reads once, it need not read for a crowd.
    first = Measured(0, math.inf)
    await visit_again_and_again(250, port, first, option, most=3)
    begins_s = time.monotonic() + WARM_UP_S
    measured = Measured(begins_s, begins_s + seconds)
    await asyncio.gather(
        *(visit_again_and_again(n, port, measured, option) for n in range(connections))
    )
    taken = sorted(measured.taken_s)
    return {
        "requests_per_s": len(taken) / seconds,
        "p99_ms": 1000 * taken[int(0.99 * (len(taken) - 1))],
        "median_ms": 1000 * taken[len(taken) // 2],
        "visits": first.visits + measured.visits,
    }


if __name__ == "__main__":
    _, port, connections, seconds, option = sys.argv
    print(json.dumps(asyncio.run(measure(int(port), int(connections), float(seconds), option))))
