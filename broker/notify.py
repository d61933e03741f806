"""Telling whoever started us that we are ready, the way systemd understands (sd_notify(3))."""

from __future__ import annotations

import os
import socket
from typing import Final

VARIABLE: Final = "NOTIFY_SOCKET"


def tell_ready() -> None:
    """Say ``READY=1`` to the service manager; nothing where there is none.

    One that has gone in the meantime is no reason to fail.
    """
    address = os.environ.get(VARIABLE)
    if not address:
        return
    if address.startswith("@"):  # Linux's abstract names
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.settimeout(0)
        try:
            manager.sendto(b"READY=1", address)
        except OSError:
            return
