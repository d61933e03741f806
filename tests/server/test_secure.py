"""A secure broker's files, and a handle to a broker that is not our child."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from broker.server.control import CommandControl, ProcessControl
from broker.server.mosquitto import Mosquitto
from broker.server.nats import NatsServer
from broker.server.rights import DEVICE, SERVICES, Topics, as_mosquitto, as_subjects, topics_of
from broker.server.security import Callout, Security
from broker.server.server import BrokerServerError

HERE = Path("/etc/otziv")
SECURITY = Security("192.0.2.7", HERE / "broker.pem", HERE / "trust.pem", HERE / "revoked.pem")


def test_a_device_has_rights_on_its_own_topics_only() -> None:
    """They are spelled out by its name."""
    topics = topics_of("troyan/hall-1")
    assert topics.hears == tuple(f"otziv/v1/troyan/hall-1/{each}" for each in DEVICE.hears)
    assert topics.publishes == tuple(f"otziv/v1/troyan/hall-1/{each}" for each in DEVICE.publishes)


@pytest.mark.parametrize("name", ["", "hall-1", "troyan/#", "+/+", "troyan/hall-1/x", "a/b", "/"])
def test_an_odd_name_has_no_rights(name: str) -> None:
    """A name that would reach beyond its own topics has none at all."""
    assert topics_of(name) == Topics()


def test_rights_are_the_same_on_both_brokers() -> None:
    """Every right of the table stands in Mosquitto's file, and in NATS's subjects."""
    acl = as_mosquitto()
    for name, rights in SERVICES.items():
        block = acl.split(f"user {name}\n")[1].split("\n\n")[0]
        assert block.count("topic write") == len(rights.publishes)
        assert block.count("topic read") == len(rights.hears)
    assert as_subjects(topics_of("watcher").hears) == ["otziv.v1.*.*.receipts"]


def test_the_secure_configuration_has_one_listener_and_no_anonymous(tmp_path: Path) -> None:
    """What would open another way in is not there."""
    text = Mosquitto(tmp_path, 8883, SECURITY).render(8883)
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    assert [line for line in lines if line.startswith(("listener", "port"))] == [
        "listener 8883 192.0.2.7"
    ]
    assert "allow_anonymous false" in lines
    assert "allow_anonymous true" not in lines
    assert str(HERE / "revoked.pem") in text


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    """Mosquitto can't do without lists, nor NATS without somebody to ask."""
    bare = Security("192.0.2.7", HERE / "broker.pem", HERE / "trust.pem")
    with pytest.raises(BrokerServerError, match="revocation lists"):
        Mosquitto(tmp_path, 8883, bare).render(8883)
    with pytest.raises(BrokerServerError, match="callout"):
        NatsServer(tmp_path, 8883, bare).render(8883)


def test_nats_listens_where_it_is_told(tmp_path: Path) -> None:
    """Its own protocol stays on this machine; an IPv6 address is written as one."""
    callout = Callout(4222, "A" * 56, "U" * 56)
    security = Security("::", HERE / "broker.pem", HERE / "trust.pem", callout=callout)
    text = NatsServer(tmp_path, 8883, security).render(8883)
    assert 'listen: "[::]:8883"' in text
    assert 'listen: "127.0.0.1:4222"' in text


def test_a_stale_process_id_signals_nobody(tmp_path: Path) -> None:
    """Numbers are used again, and SIGHUP ends most programs: whoever has it now is left alone."""
    control = ProcessControl(tmp_path / "mosquitto.pid")
    with pytest.raises(BrokerServerError, match="start it"):
        control.reload()
    control.pid_path.write_text(f"{os.getpid()}\n")
    with pytest.raises(BrokerServerError, match="start it"):
        control.reload()
    with pytest.raises(BrokerServerError, match="start it"):
        control.restart()


def test_a_command_that_fails_is_reported(tmp_path: Path) -> None:
    """With its name, its status, and what it said."""
    good = tmp_path / "ran"
    touch = f'{sys.executable} -c "import pathlib; pathlib.Path({str(good)!r}).touch()"'
    fail = f"{sys.executable} -c \"raise SystemExit('no such unit')\""
    control = CommandControl(touch, fail)
    control.reload()
    assert good.exists()
    with pytest.raises(BrokerServerError, match="status 1: no such unit"):
        control.restart()
    with pytest.raises(BrokerServerError, match="nowhere"):
        CommandControl("nowhere", "").reload()
