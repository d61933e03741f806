"""Who is not let in by a secure broker, whichever it is, and what odd names can't do."""

from __future__ import annotations

import socket
import ssl
import subprocess
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from broker.fleet.callout_keys import callout_keys
from broker.fleet.door_check import check_door
from broker.fleet.knock import Door, knock, knock_plainly
from broker.fleet.revocation import write_lists
from broker.link.tls import client_context
from broker.server.process import LOOPBACK, free_port, popen_bound
from broker.server.rendering import Kind, render_to
from broker.server.server import accepts_tls
from broker.wire.topics import filter_all
from tests.fixtures.brokers import make_broker
from tests.fleet import strangers
from tests.fleet.secure_hall import SITE, SecureHall, utc_now, wait_until

NAME = f"{SITE}/hall-1"


@pytest.fixture(
    scope="module", params=["nats", pytest.param("mosquitto", marks=pytest.mark.mosquitto)]
)
def hall(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SecureHall]:
    """A secure broker, once of each kind."""
    with SecureHall(request.param, tmp_path_factory.mktemp("hall")) as running:
        yield running


@pytest.mark.parametrize(
    "made",
    [
        strangers.expired,
        strangers.not_yet_valid,
        strangers.for_servers,
        strangers.foreign,
        strangers.self_signed,
        strangers.forged,
        strangers.signed_by_a_device,
        strangers.revoked,
    ],
)
def test_a_certificate_out_of_order_gets_nowhere(
    hall: SecureHall, made: Callable[[SecureHall, str], Path]
) -> None:
    """Whatever name it bears, and though another one of that name is let in."""
    identity = made(hall, NAME)
    if made is strangers.revoked and hall.gate.lists is not None:
        write_lists(hall.database, hall.authority, hall.gate.lists, utc_now())
        hall.gate.control.reload()
        wait_until(lambda: knock(hall.door, NAME, identity) == "refused", "the lists are read")
    assert knock(hall.door, NAME, identity) == "refused"
    assert knock(hall.door, NAME, hall.identity(NAME)) == "let in"


def test_nobody_comes_without_a_certificate(hall: SecureHall) -> None:
    """Neither over TLS nor past it."""
    assert knock(hall.door, NAME, None) == "refused"
    assert knock_plainly(hall.door, NAME, timeout_s=1) == "refused"


def shakes_hands(hall: SecureHall, limit: Callable[[ssl.SSLContext], None]) -> bool:
    """Whether the broker agrees to a connection with a certificate in order, and ``limit``."""
    context = client_context(hall.authority.trust_path, hall.identity(NAME))
    limit(context)
    try:
        with socket.create_connection((LOOPBACK, hall.server.port), 5) as plain:
            context.wrap_socket(plain, server_hostname=LOOPBACK).close()
    except OSError:
        return False
    return True


def allow_old(context: ssl.SSLContext) -> None:
    """TLS 1.0 and 1.1 only, with whatever they need."""
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1


def allow_weak(context: ssl.SSLContext) -> None:
    """TLS 1.2 without authenticated encryption."""
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-ECDSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA:AES128-SHA")


def allow_modern(context: ssl.SSLContext) -> None:
    """TLS 1.2 as it should be."""
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE-ECDSA-AES128-GCM-SHA256")


def test_old_and_weak_encryption_is_refused(hall: SecureHall) -> None:
    """TLS 1.2 with modern suites is the least, and is enough."""
    assert shakes_hands(hall, allow_modern)
    assert not shakes_hands(hall, allow_old)
    assert not shakes_hands(hall, allow_weak)


def test_there_is_no_other_listener(hall: SecureHall) -> None:
    """The process waits at the MQTT port, and NATS for its responder, on this machine only."""
    assert hall.server.pid is not None
    waiting = {
        each.laddr[:2]
        for each in psutil.Process(hall.server.pid).net_connections("inet")
        if each.status == psutil.CONN_LISTEN
    }
    expected = {(LOOPBACK, hall.server.port)}
    if hall.kind == "nats":
        expected.add((LOOPBACK, hall.callout_port))
    assert waiting == expected


def test_natss_own_port_is_for_the_responder_alone(hall: SecureHall) -> None:
    """A stranger on this machine is refused there, with the name of a device or none."""
    if hall.kind != "nats":
        return
    for greeting in (
        b'CONNECT {"verbose":true}\r\nPING\r\n',
        b'CONNECT {"user":"x","pass":"y"}\r\n',
    ):
        with socket.create_connection((LOOPBACK, hall.callout_port), 5) as stranger:
            stranger.sendall(greeting)
            heard = b""
            while more := stranger.recv(4096):
                heard += more
        assert b"Authorization Violation" in heard
        assert b"PONG" not in heard


@pytest.mark.parametrize("name", ["#", "+/+", "troyan/+", "troyan/hall-1/x", "troyan", "Collector"])
def test_an_odd_name_may_do_nothing(hall: SecureHall, name: str) -> None:
    """A certificate whose name would fit a pattern of topics neither hears nor is heard."""
    collector = hall.guest("collector").hear(filter_all("events"))
    device = hall.guest(NAME)
    odd = hall.guest(name)
    if odd.is_in:
        odd.hear("#", filter_all("receipts"), "otziv/v1/troyan/hall-1/receipts")
        odd.say("otziv/v1/troyan/hall-1/events", b"odd")
        if not set(name) & set("+#"):
            odd.say(f"otziv/v1/{name}/events", b"odd")
    collector.say("otziv/v1/troyan/hall-1/receipts", b"receipt")
    device.say("otziv/v1/troyan/hall-1/events", b"end")
    collector.wait_for(b"end")
    assert odd.payloads() == []
    assert collector.payloads() == [b"end"]
    hall.leave_all()


def test_the_check_finds_the_door_in_order(hall: SecureHall) -> None:
    """Who is in order gets in, and the strangers that it sends do not."""
    findings = check_door(hall.database, hall.authority, hall.door, utc_now())
    assert [each for each in findings if not each.is_right] == []
    assert {each.wanted for each in findings} == {"let in", "refused", "in order"}


def test_the_check_finds_an_open_door(hall: SecureHall, tmp_path: Path) -> None:
    """A broker without security is told from a tight one."""
    with make_broker(hall.kind, tmp_path) as server:
        door = Door(LOOPBACK, server.port, hall.authority.trust_path)
        findings = check_door(hall.database, hall.authority, door, utc_now())
    wrong = {each.who: each.found for each in findings if not each.is_right}
    assert wrong["no TLS"] == "let in"
    assert "a certificate in order" in wrong


def test_the_rendered_configuration_runs(hall: SecureHall, tmp_path: Path) -> None:
    """What is written for a broker of the system keeps strangers out as ours does."""
    port = free_port()
    assert hall.server.security is not None
    kind: Kind = "mosquitto" if hall.kind == "mosquitto" else "nats"
    callout = callout_keys(hall.papers).callout(free_port())
    security = replace(hall.server.security, callout=callout)
    written = render_to(tmp_path / "etc", kind, port, security, "root")
    program = type(hall.server).find_program()
    assert program is not None
    door = Door(LOOPBACK, port, hall.authority.trust_path)
    with popen_bound([program, "-c", written.files[0]], stderr=subprocess.DEVNULL) as process:
        wait_until(lambda: accepts_tls(LOOPBACK, port, door.trust), "it answers")
        assert knock(door, NAME, None) == "refused"
        assert knock(door, NAME, strangers.foreign(hall, NAME)) == "refused"
        if kind == "mosquitto":  # NATS would ask a responder of its own
            assert knock(door, NAME, hall.identity(NAME)) == "let in"
        process.terminate()
