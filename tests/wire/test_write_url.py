"""The address at which visitors write on phones of their own: one that any phone reaches."""

from __future__ import annotations

from typing import Final

import pytest
from msgspec.structs import replace

from broker.wire.codec import read
from broker.wire.configuration import Configuration, Presentation
from broker.wire.presentable import faults_of
from tests.wire.samples import DATA

FULL: Final = read((DATA / "configuration-full.json").read_bytes(), Configuration)
UNREACHED: Final = [
    "10.0.0.7",
    "192.168.1.20:8443",
    "127.0.0.1",
    "169.254.1.1",
    "100.64.0.1",
    "224.0.0.1",
    "0.0.0.0",  # noqa: S104 - nothing listens
    "[::1]",
    "[fd00::7]",
    "[fe80::1]",
    "[::ffff:10.0.0.7]",
    "[2001:db8::7]",
    "192.0.2.7",
    "otziv.local",
    "Otziv.LOCAL.",
    "portal.troyan.lan",
    "a.internal",
    "otziv.home.arpa",
    "a.localhost",
    "a.test",
    "a.invalid",
]
"""Hosts that a phone in the hall finds nothing by."""


def faults(address: str) -> list[str]:
    """What is wrong with a configuration that shows ``address``."""
    return faults_of(replace(FULL, presentation=Presentation(write_url=address)))


@pytest.mark.parametrize("host", UNREACHED)
def test_a_host_that_no_phone_reaches_is_refused(host: str) -> None:
    """Whoever scanned it would see an error, and think that nobody listens."""
    (fault,) = faults(f"https://{host}/w")
    assert fault.startswith("presentation.write_url: is no https address for everyone")


@pytest.mark.parametrize(
    "host",
    [
        "8.8.8.8:8443",
        "[2606:4700::1111]",
        "[::ffff:8.8.8.8]",
        "local.troyan.bg.",
        "mylan.bg",
        "xn--80akhbyknj4f.xn--90ae",
        "otziv.example",
    ],
)
def test_a_host_of_the_internet_is_fine(host: str) -> None:
    """By name or by number; samples have the name that nobody owns."""
    assert faults(f"https://{host}/w") == []
