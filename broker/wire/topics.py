"""Topics of the wire, version 1: the only place where a topic is put together or taken apart."""

from __future__ import annotations

import re
from typing import Final, Literal, NamedTuple, TypeAlias, get_args

from broker.wire.errors import WireError

Channel: TypeAlias = Literal[
    "events", "receipts", "availability", "health", "config", "commands", "replies"
]

ROOT: Final = "otziv/v1"
NAME_PATTERN: Final = "^[a-z0-9][a-z0-9-]{1,30}$"
"""What ``{site}`` and ``{device}`` must match."""

_NAME: Final = re.compile(NAME_PATTERN.replace("$", r"\Z"))
_CHANNELS: Final = frozenset(get_args(Channel))


class Topic(NamedTuple):
    """One device's topic: who, and what is said there."""

    site: str
    device: str
    channel: Channel

    def __str__(self) -> str:
        """The topic as MQTT knows it."""
        return f"{ROOT}/{self.site}/{self.device}/{self.channel}"


def is_name(text: str) -> bool:
    """Whether ``text`` may be a site's or a device's name."""
    return _NAME.match(text) is not None


def topic(site: str, device: str, channel: Channel) -> str:
    """Build a topic.

    Raises:
        WireError: ``bad-topic``, when a name would not survive the trip (``+``, ``#``, ``/`` …).
    """
    for what, name in (("site", site), ("device", device)):
        if not is_name(name):
            raise WireError("bad-topic", f"{what} {name!r} does not match {NAME_PATTERN}")
    return str(Topic(site, device, channel))


def parse_topic(text: str) -> Topic:
    """Take a topic apart.

    Raises:
        WireError: ``bad-topic``, when it is none of ours.
    """
    parts = text.split("/")
    if len(parts) != 5 or "/".join(parts[:2]) != ROOT or parts[4] not in _CHANNELS:
        raise WireError("bad-topic", f"{text!r} is not {ROOT}/SITE/DEVICE/CHANNEL")
    found = Topic(parts[2], parts[3], parts[4])  # type: ignore[arg-type]  # checked just above
    return Topic(*parse_names(found), found.channel)


def parse_names(found: Topic) -> tuple[str, str]:
    """The site's and the device's name of a topic, checked."""
    for what, name in (("site", found.site), ("device", found.device)):
        if not is_name(name):
            raise WireError("bad-topic", f"{what} {name!r} does not match {NAME_PATTERN}")
    return found.site, found.device


def filter_all(channel: Channel) -> str:
    """The subscription that hears ``channel`` of every device, strangers included."""
    return f"{ROOT}/+/+/{channel}"
