"""What Mosquitto keeps and how much it takes, whoever may reach it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from broker.server.server import MAX_IN_FLIGHT, MAX_PACKET_BYTES

_LIMITS: Final = """\
# By default a killed Mosquitto has forgotten half an hour of sessions and retained messages.
# Here it is a second or two. Lost messages are sent again, since receipts are missing; saving at
# each change would rewrite the whole file for every message.
persistence true
persistence_location {data}
autosave_interval 1
persistent_client_expiration 30d

# The default drops in silence (and acknowledges) what is above 1000 waiting messages.
max_queued_messages 1000000
max_queued_bytes 268435456
max_inflight_messages {in_flight}

# Above it a client is disconnected. (message_size_limit would acknowledge, and drop in silence.)
max_packet_size {packet}
"""


def as_text(data: Path) -> str:
    """Lines of its configuration.

    Args:
        data: the folder for what it keeps.
    """
    return _LIMITS.format(data=f"{data}/", in_flight=MAX_IN_FLIGHT, packet=MAX_PACKET_BYTES)
