"""Sessions of a dashboard without a browser: websockets that speak Streamlit's protocol.

Each does what a page does: asks for the script's run, takes what is drawn, and, where a part of the
page renews itself, asks for that again at its interval.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from streamlit.proto.BackMsg_pb2 import BackMsg  # noqa: TID253 - a page's part, played by hand
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg  # noqa: TID253 - as above
from streamlit.util import calc_hash  # noqa: TID253 - as above
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from otziv.bench.costs import processor_s, rss_mib
from otziv.bench.dashboard_running import Dashboard

PATIENCE_S: Final = 120.0


@dataclass(frozen=True, slots=True)
class Held:
    """What a process took for ``sessions`` pages that stand open."""

    sessions: int
    rss_mib: float


@dataclass(frozen=True, slots=True)
class Live:
    """What renewals of a part of a page cost.

    Attributes:
        reruns: how many there were.
        seconds: in what time.
        processor_s: of the whole process meanwhile.
        idle: what the process takes a second with the same pages open and nothing renewed.
    """

    reruns: int
    seconds: float
    processor_s: float
    idle: float

    @property
    def ms_each(self) -> float:
        """Milliseconds of processor a renewal."""
        return 1000 * (self.processor_s - self.idle * self.seconds) / max(self.reruns, 1)


class Session:
    """One page that stands open."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.fragments: list[tuple[str, float]] = []
        """Parts that renew themselves, and every how many seconds."""

    async def run(self, path: str, query: str = "") -> None:
        """Ask for a page, and take all of it.

        Raises:
            RuntimeError: the script failed.
        """
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_script_hash = calc_hash(path) if path else ""
        await self._ask(message)

    async def renew(self, fragment: str) -> None:
        """Ask for one part anew, as the page does by itself."""
        message = BackMsg()
        message.rerun_script.fragment_id = fragment
        message.rerun_script.is_auto_rerun = True
        await self._ask(message)

    async def _ask(self, message: BackMsg) -> None:
        await self._socket.send(message.SerializeToString())
        async with asyncio.timeout(PATIENCE_S):
            while True:
                said = ForwardMsg()
                said.ParseFromString(await self._socket.recv(decode=False))
                kind = said.WhichOneof("type")
                if kind == "auto_rerun":
                    self.fragments.append((said.auto_rerun.fragment_id, said.auto_rerun.interval))
                if kind == "script_finished":
                    if said.script_finished in _FAILED:
                        raise RuntimeError("a page of the dashboard can't be run")
                    return


_FAILED: Final = frozenset({ForwardMsg.FINISHED_WITH_COMPILE_ERROR})


@asynccontextmanager
async def opened(dashboard: Dashboard) -> AsyncIterator[Session]:
    """A websocket to ``dashboard``."""
    cookies = "; ".join(f"{name}={value}" for name, value in dashboard.cookies.items())
    async with connect(
        f"{dashboard.url.replace('http', 'ws', 1)}/_stcore/stream",
        origin=Origin(dashboard.url),
        additional_headers={"Cookie": cookies} if cookies else {},
        subprotocols=[Subprotocol("streamlit")],
        max_size=None,
    ) as socket:
        yield Session(socket)


def hold(dashboard: Dashboard, count: int, path: str, queries: Sequence[str]) -> list[Held]:
    """Open pages one after another, and leave them open; memory after the first and the last."""
    return asyncio.run(_hold(dashboard, count, path, queries))


async def _hold(dashboard: Dashboard, count: int, path: str, queries: Sequence[str]) -> list[Held]:
    found = []
    async with AsyncExitStack() as stack:
        for number in range(count):
            session = await stack.enter_async_context(opened(dashboard))
            await session.run(path, queries[number % len(queries)])
            if number in (0, count - 1):
                found.append(Held(number + 1, round(rss_mib(dashboard.pid), 1)))
    return found


def live(dashboard: Dashboard, count: int, seconds: float, query: str) -> list[Live]:
    """Let first pages stand open, and each part in turn renew itself for so many seconds.

    Raises:
        RuntimeError: nothing on the page renews itself.
    """
    return asyncio.run(_live(dashboard, count, seconds, query))


async def _live(dashboard: Dashboard, count: int, seconds: float, query: str) -> list[Live]:
    async with AsyncExitStack() as stack:
        sessions = [await stack.enter_async_context(opened(dashboard)) for _ in range(count)]
        for session in sessions:
            await session.run("", query)
        parts = range(min(len(each.fragments) for each in sessions))
        if not parts:
            raise RuntimeError("no part of the page renews itself")
        before_s = processor_s(dashboard.pid)
        await asyncio.sleep(seconds / 2)
        idle = (processor_s(dashboard.pid) - before_s) / (seconds / 2)
        return [await _renew_all(dashboard, sessions, part, seconds, idle) for part in parts]


async def _renew_all(
    dashboard: Dashboard, sessions: Sequence[Session], part: int, seconds: float, idle: float
) -> Live:
    """The same part of all pages, at its interval."""
    loop = asyncio.get_running_loop()
    began_s, before_s = loop.time(), processor_s(dashboard.pid)
    ends_s = began_s + seconds
    reruns = await asyncio.gather(*(_renew(each, part, ends_s) for each in sessions))
    took_s = processor_s(dashboard.pid) - before_s
    return Live(sum(reruns), loop.time() - began_s, took_s, idle)


async def _renew(session: Session, part: int, ends_s: float) -> int:
    """One page's renewals of a part; how many there were."""
    fragment, interval_s = session.fragments[part]
    loop, reruns = asyncio.get_running_loop(), 0
    while loop.time() + interval_s <= ends_s:
        await asyncio.sleep(interval_s)
        await session.renew(fragment)
        reruns += 1
    return reruns
