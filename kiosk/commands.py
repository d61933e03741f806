"""Orders from the fleet: a small table of what a kiosk does on demand."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from broker.wire.codec import read
from broker.wire.messages import VERSION, Command, Reply

_log: Final = logging.getLogger(__name__)

Handler: TypeAlias = Callable[[Command], str]
"""Does what the command says, and returns what to reply."""


def pong(_command: Command) -> str:
    """Answer, which is all that is asked."""
    return "pong"


def obey(payload: bytes, handlers: Mapping[str, Handler]) -> Reply:
    """Carry a command out.

    Args:
        payload: as received.
        handlers: name of a command → what does it.

    Raises:
        WireError: it is no command, so there is nobody to reply to.
    """
    command = read(payload, Command)
    handler = handlers.get(command.name)
    if handler is None:
        known = ", ".join(sorted(handlers))
        detail = f"unknown command; this kiosk knows {known}"
        return Reply(v=VERSION, command=command.id, ok=False, detail=detail)
    _log.info("command %s", command.name)
    return Reply(v=VERSION, command=command.id, ok=True, detail=handler(command))
