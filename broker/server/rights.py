"""Who may say and hear what on a secure broker: one table for all kinds of brokers.

Names come from certificates. A device is called ``site/device``, just as its topics are; a service
has no slash in its name, so none is ever taken for the other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from broker.wire.topics import ROOT, Channel, filter_all, is_name, topic


@dataclass(frozen=True, slots=True)
class Rights:
    """Channels to which somebody publishes, and channels that he hears.

    A device means its own topics by it, a service those of all devices.
    """

    publishes: tuple[Channel, ...] = ()
    hears: tuple[Channel, ...] = ()


DEVICE: Final = Rights(
    publishes=("events", "availability", "health", "replies"),
    hears=("receipts", "config", "commands"),
)

SERVICES: Final[dict[str, Rights]] = {
    "collector": Rights(publishes=("receipts",), hears=("events", "health", "availability")),
    "fleet": Rights(
        publishes=("config", "commands", "availability"), hears=("replies", "availability")
    ),
    "watcher": Rights(hears=("receipts",)),
    "guard": Rights(),
}
"""By the certificate's common name; whoever is not here, and is no device, may do nothing."""


@dataclass(frozen=True, slots=True)
class Topics:
    """Rights spelled out: filters of MQTT."""

    publishes: tuple[str, ...] = ()
    hears: tuple[str, ...] = ()


def topics_of(name: str) -> Topics:
    """What a certificate's common name may publish to and hear.

    Args:
        name: ``site/device`` or a service's; strangers may do nothing.
    """
    site, _, device = name.partition("/")
    if is_name(site) and is_name(device):
        return Topics(
            tuple(topic(site, device, channel) for channel in DEVICE.publishes),
            tuple(topic(site, device, channel) for channel in DEVICE.hears),
        )
    rights = SERVICES.get(name, Rights())
    return Topics(
        tuple(filter_all(channel) for channel in rights.publishes),
        tuple(filter_all(channel) for channel in rights.hears),
    )


def as_mosquitto() -> str:
    """All rights as Mosquitto's ``acl_file``; ``%u`` stands for the certificate's name."""
    blocks = [
        "# Written by Otziv; changes here are lost.",
        "# Each device, by the name in its certificate (site/device), within its own topics.",
        *_lines("pattern", DEVICE, ROOT + "/%u/{}"),
    ]
    for name, rights in SERVICES.items():
        blocks += [f"\n# The {name}'s certificate.\nuser {name}"]
        blocks += _lines("topic", rights, ROOT + "/+/+/{}")
    return "\n".join(blocks) + "\n"


def _lines(kind: str, rights: Rights, form: str) -> Iterable[str]:
    for verb, channels in (("write", rights.publishes), ("read", rights.hears)):
        yield from (f"{kind} {verb} {form.format(channel)}" for channel in channels)


def as_subjects(filters: Iterable[str]) -> list[str]:
    """Filters of MQTT as NATS knows them; our names have no dot, so none is ambiguous."""
    return [each.replace("/", ".").replace("+", "*") for each in filters]
