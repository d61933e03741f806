"""An application on a port, until SIGTERM or SIGINT."""

from __future__ import annotations

import logging
import socket
from collections.abc import Callable
from typing import Final, Literal

import uvicorn
from starlette.types import ASGIApp

_BACKLOG: Final = 1024
_MOST_AT_ONCE: Final = 500
"""Connections at the same time; who comes then is asked to come again (503)."""


class _Server(uvicorn.Server):
    """Tells when it listens, and ends in peace: a signal that asks it to end is no fault."""

    def __init__(self, config: uvicorn.Config, when_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_ready = when_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, and say so."""
        await super().startup(sockets)
        self._captured_signals.clear()
        if self.started:
            self._when_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End; uvicorn would raise the signal once more, at whoever is left."""
        await super().shutdown(sockets)
        self._captured_signals.clear()


def quieten() -> None:
    """Let libraries say only what is wrong: our own log has the requests."""
    for name in ("uvicorn", "httpx", "websockets", "streamlit"):
        logging.getLogger(name).setLevel(logging.WARNING)


def listen_on(host: str, port: int) -> socket.socket:
    """A socket on which visitors are heard; ``port`` 0 takes a free one.

    Raises:
        OSError: the port is taken, or the address is none of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=_BACKLOG)


def serve(
    app: ASGIApp,
    listening: socket.socket,
    *,
    when_ready: Callable[[], None],
    trusted_proxy: str = "",
    websockets: Literal["none", "websockets-sansio"] = "none",
    end_within_s: int = 5,
) -> None:
    """Serve ``app`` until SIGTERM or SIGINT; requests under way are finished first.

    Args:
        app: what answers.
        listening: from :func:`listen_on`.
        when_ready: called when it answers.
        trusted_proxy: whose ``X-Forwarded-For`` is believed; empty: nobody's.
        websockets: whether there are any.
        end_within_s: how long requests may take to be finished.
    """
    config = uvicorn.Config(
        app,
        ws=websockets,
        ws_max_size=1024 * 1024,
        loop="asyncio",
        lifespan="on" if websockets != "none" else "off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(trusted_proxy),
        forwarded_allow_ips=trusted_proxy or None,
        limit_concurrency=_MOST_AT_ONCE,
        backlog=_BACKLOG,
        timeout_graceful_shutdown=end_within_s,
    )
    _Server(config, when_ready).run([listening])
