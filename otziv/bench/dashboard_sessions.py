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
    """What renewals cost: processor time of the process in all, and one renewal's share of it."""

    reruns: int
    seconds: float
    processor_s: float

    @property
    def ms_each(self) -> float:
        """Milliseconds of processor a renewal."""
        return 1000 * self.processor_s / max(self.reruns, 1)


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


def live(dashboard: Dashboard, count: int, seconds: float, query: str) -> Live:
    """Let first pages stand open, and their parts renew themselves for so many seconds."""
    return asyncio.run(_live(dashboard, count, seconds, query))


async def _live(dashboard: Dashboard, count: int, seconds: float, query: str) -> Live:
    async with AsyncExitStack() as stack:
        sessions = [await stack.enter_async_context(opened(dashboard)) for _ in range(count)]
        for session in sessions:
            await session.run("", query)
        loop = asyncio.get_running_loop()
        began_s, before_s = loop.time(), processor_s(dashboard.pid)
        ends_s = began_s + seconds
        reruns = await asyncio.gather(*(_renew(each, ends_s) for each in sessions))
        return Live(sum(reruns), loop.time() - began_s, processor_s(dashboard.pid) - before_s)


async def _renew(session: Session, ends_s: float) -> int:
    """One page's renewals; how many there were.

    Raises:
        RuntimeError: nothing on it renews itself.
    """
    if not session.fragments:
        raise RuntimeError("no part of the page renews itself")
    fragment, interval_s = session.fragments[-1]
    loop, reruns = asyncio.get_running_loop(), 0
    while loop.time() + interval_s <= ends_s:
        await asyncio.sleep(interval_s)
        await session.renew(fragment)
        reruns += 1
    return reruns
