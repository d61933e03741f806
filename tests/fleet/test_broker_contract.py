"""What a secure broker owes us, whichever it is; proved by what is received, never by answers.

SUBACK and PUBACK are no evidence: brokers grant subscriptions that deliver nothing, and
acknowledge messages that they throw away.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import pytest

from broker.server.rights import DEVICE, SERVICES
from broker.wire.topics import Channel, filter_all, topic
from tests.fleet.secure_hall import SITE, Guest, SecureHall, wait_until

CHANNELS: tuple[Channel, ...] = get_args(Channel)
GOOD, VICTIM = f"{SITE}/hall-1", f"{SITE}/hall-2"

EVERYWHERE = (
    "#",
    "+/#",
    "otziv/#",
    "otziv/v1/#",
    f"otziv/v1/{SITE}/#",
    f"otziv/v1/{SITE}/hall-2/#",
    *(f"otziv/v1/{SITE}/hall-2/{channel}" for channel in CHANNELS),
    *(filter_all(channel) for channel in CHANNELS),
    "+/+/+/+/+",
    "$SYS/#",
    "$JS/#",
    "$MQTT/#",
    "$MQTT/sub/#",
    "$share/all/otziv/v1/+/+/events",
)


@pytest.fixture(
    scope="module", params=["nats", pytest.param("mosquitto", marks=pytest.mark.mosquitto)]
)
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SecureHall]:
    """A secure broker, once of each kind."""
    with SecureHall(request.param, tmp_path_factory.mktemp("hall")) as hall:
        yield hall


@pytest.fixture
def hall(running: SecureHall) -> Iterator[SecureHall]:
    """The same, with nobody connected."""
    yield running
    running.leave_all()


def own(device: str, channel: Channel) -> str:
    """A device's topic."""
    return topic(SITE, device, channel)


def everyone(hall: SecureHall) -> dict[str, Guest]:
    """All who can hear something: the services and the other device."""
    heard = {
        name: hall.guest(name).hear(*(filter_all(channel) for channel in rights.hears))
        for name, rights in SERVICES.items()
        if rights.hears
    }
    heard[VICTIM] = hall.guest(VICTIM).hear(*(own("hall-2", each) for each in DEVICE.hears))
    return heard


def settle(attacker: Guest, heard: dict[str, Guest]) -> None:
    """Wait until whatever the attacker said would have arrived at each of them."""
    attacker.say(own("hall-1", "events"), b"last").say(own("hall-1", "replies"), b"last")
    heard["collector"].wait_for(b"last")
    heard["fleet"].wait_for(b"last")
    heard["collector"].say(own("hall-2", "receipts"), b"last")
    heard["fleet"].say(own("hall-2", "config"), b"last")
    heard["watcher"].wait_for(b"last")
    wait_until(lambda: heard[VICTIM].payloads().count(b"last") == 2, "the last words")


def test_a_device_speaks_and_hears_on_its_own_topics(hall: SecureHall) -> None:
    """What rights give, they give: all channels work for a device in order."""
    device = hall.guest(GOOD).hear(*(own("hall-1", each) for each in DEVICE.hears))
    services = everyone(hall)
    for channel in DEVICE.publishes:
        device.say(own("hall-1", channel), channel.encode())
        for name, service in services.items():
            if channel in SERVICES.get(name, SERVICES["guard"]).hears:
                service.wait_for(channel.encode())
    for channel in DEVICE.hears:
        speaker = next(n for n, r in SERVICES.items() if channel in r.publishes)
        qos = 0 if channel == "commands" else 1
        services[speaker].say(own("hall-1", channel), channel.encode(), qos=qos)
        device.wait_for(channel.encode())


def test_what_a_device_says_elsewhere_reaches_nobody(hall: SecureHall) -> None:
    """Not as another device, not on the server's channels, not of another site, kept or not."""
    attacker, heard = hall.guest(GOOD), everyone(hall)
    elsewhere = [own("hall-2", channel) for channel in CHANNELS]
    elsewhere += [own("hall-1", channel) for channel in DEVICE.hears]
    elsewhere += [f"otziv/v1/lovech/hall-1/{channel}" for channel in CHANNELS]
    elsewhere += ["$SYS/broker/clients", "$CONTROL/dynamic-security/v1", "$JS/API/INFO", "hello"]
    for each in elsewhere:
        attacker = attacker if attacker.is_in else hall.guest(GOOD)
        attacker.say(each, b"forged").say(each, b"forged and kept", retained=True)
    attacker = attacker if attacker.is_in else hall.guest(GOOD)
    settle(attacker, heard)
    for name, guest in heard.items():
        assert not [said for said in guest.payloads() if said.startswith(b"forged")], name
    late = everyone(hall)
    settle(attacker, late)
    for name, guest in late.items():
        assert not [said for said in guest.payloads() if said.startswith(b"forged")], name


def test_who_listens_elsewhere_hears_nothing(hall: SecureHall) -> None:
    """Neither others' topics nor everything nor the broker's own, live or kept."""
    hall.guest("fleet").say(own("hall-2", "config"), b"secret", retained=True)
    hall.guest(VICTIM).say(own("hall-2", "availability"), b"secret", retained=True)
    attacker = hall.guest(GOOD).hear(own("hall-1", "receipts"))
    attacker.hear(*EVERYWHERE)
    assert attacker.is_in
    victim = hall.guest(VICTIM)
    for channel in DEVICE.publishes:
        victim.say(own("hall-2", channel), b"secret")
    for name, rights in SERVICES.items():
        speaker = hall.guest(name)
        for channel in rights.publishes:
            speaker.say(own("hall-2", channel), b"secret")
    hall.guest("collector").say(own("hall-1", "receipts"), b"mine")
    attacker.wait_for(b"mine")
    assert set(attacker.payloads()) == {b"mine"}
    hall.guest("fleet").say(own("hall-2", "config"), b"", retained=True)


def test_another_client_id_takes_nothing_over(hall: SecureHall) -> None:
    """A valid certificate with somebody else's client id neither kicks nor hears nor speaks."""
    receipts = own("hall-2", "receipts")
    victim = hall.guest(VICTIM).hear(receipts)
    collector = hall.guest("collector").hear(filter_all("events"))
    thief = hall.guest(GOOD, client_id=VICTIM)
    if thief.is_in:  # Mosquitto gives him his own name
        thief.hear(receipts).say(own("hall-2", "events"), b"forged")
        thief.say(own("hall-1", "events"), b"his own")
        collector.wait_for(b"his own")
    collector.say(receipts, b"for the victim")
    victim.wait_for(b"for the victim")
    assert victim.is_in
    assert thief.payloads() == []
    assert b"forged" not in collector.payloads()


def test_another_client_id_ends_no_kept_session(hall: SecureHall) -> None:
    """The collector's session outlives a device that greets in its name, with a clean session."""
    hall.guest("collector", is_persistent=True).hear(filter_all("events")).leave()
    hall.guest(GOOD).say(own("hall-1", "events"), b"waits")
    hall.guest(GOOD, client_id="collector").leave()
    collector = hall.guest("collector", is_persistent=True)
    collector.wait_for(b"waits")
    collector.leave()
    hall.guest("collector").leave()


def test_a_will_speaks_only_where_its_owner_may(hall: SecureHall) -> None:
    """The will of a device that vanishes is heard at its own topic, and nowhere else."""
    heard = everyone(hall)
    for where in (own("hall-2", "availability"), own("hall-1", "config")):
        thief = hall.guest(GOOD, will=where)
        if thief.is_in:
            thief.vanish()
    honest = hall.guest(GOOD, will=own("hall-1", "availability"))
    honest.vanish()
    heard["collector"].wait_for(b"a forged will")
    settle(hall.guest(GOOD), heard)
    wills = {
        t for guest in heard.values() for t, said, _ in guest.heard if said == b"a forged will"
    }
    assert wills == {own("hall-1", "availability")}
    config = hall.guest(GOOD).hear(own("hall-1", "config"), own("hall-1", "receipts"))
    heard["collector"].say(own("hall-1", "receipts"), b"end")
    config.wait_for(b"end")
    assert config.payloads() == [b"end"]


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_says_nothing_beyond_its_rights(hall: SecureHall, name: str) -> None:
    """The collector gives no orders, the watcher none of anything, and so on: nobody hears it."""
    heard, device = everyone(hall), hall.guest(GOOD)
    heard[name] = service = heard.get(name) or hall.guest(name)
    for channel in [each for each in CHANNELS if each not in SERVICES[name].publishes]:
        service.say(own("hall-2", channel), b"forged")
        service.say(own("hall-2", channel), b"forged and kept", retained=True)
    settle(device, heard)
    late = hall.guest(VICTIM).hear(*(own("hall-2", channel) for channel in DEVICE.hears))
    heard["collector"].say(own("hall-2", "receipts"), b"end")
    late.wait_for(b"end")
    heard["late"] = late
    assert [n for n, g in heard.items() for p in g.payloads() if p.startswith(b"forged")] == []


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_hears_nothing_beyond_its_rights(hall: SecureHall, name: str) -> None:
    """It may ask for every channel, and hears its own ones."""
    heard, device = everyone(hall), hall.guest(GOOD)
    heard[name] = service = heard.get(name) or hall.guest(name)
    service.hear(*(filter_all(channel) for channel in CHANNELS))
    assert service.is_in
    for channel in DEVICE.publishes:
        device.say(own("hall-1", channel), b"said")
    for speaker, rights in SERVICES.items():
        for channel in rights.publishes:
            heard[speaker].say(own("hall-1", channel), b"said")
    settle(device, heard)
    wait_until(lambda: channels(service) >= set(SERVICES[name].hears), "what it may hear")
    assert channels(service) == set(SERVICES[name].hears)


def channels(guest: Guest) -> set[str]:
    """The channels on which a guest heard anything."""
    return {topic.rsplit("/")[-1] for topic, _, _ in guest.heard}


def test_the_configuration_is_kept_and_an_old_command_is_not(hall: SecureHall) -> None:
    """A device that comes later finds its configuration, and no order of yesterday."""
    fleet = hall.guest("fleet")
    fleet.say(own("hall-1", "config"), b"settings", retained=True)
    session = hall.guest(GOOD, is_persistent=True).hear(own("hall-1", "commands"), qos=0)
    session.leave()
    fleet.say(own("hall-1", "commands"), b"yesterday", qos=0)
    device = hall.guest(GOOD, is_persistent=True)
    device.hear(own("hall-1", "config")).hear(own("hall-1", "commands"), qos=0)
    device.wait_for(b"settings")
    fleet.say(own("hall-1", "commands"), b"now", qos=0)
    device.wait_for(b"now")
    assert (own("hall-1", "config"), b"settings", True) in device.heard
    assert b"yesterday" not in device.payloads()
    device.leave()
    hall.guest(GOOD).leave()
    fleet.say(own("hall-1", "config"), b"", retained=True)


def test_too_large_a_message_hurts_nobody_else(hall: SecureHall) -> None:
    """It is not delivered, and the others' messages are."""
    collector = hall.guest("collector").hear(filter_all("events"))
    hall.guest(GOOD).say(own("hall-1", "events"), bytes(700_000))
    hall.guest(VICTIM).say(own("hall-2", "events"), bytes(256 * 1024))
    collector.wait_for(bytes(256 * 1024))
    assert [len(said) for said in collector.payloads()] == [256 * 1024]


def test_a_flood_hurts_nobody_else(hall: SecureHall) -> None:
    """While one device sends as fast as it can, another's event arrives."""
    collector = hall.guest("collector").hear(filter_all("events"))
    attacker, victim = hall.guest(GOOD), hall.guest(VICTIM)
    for _ in range(3_000):
        attacker.say_at_once(own("hall-1", "events"), bytes(1_000))
    victim.say(own("hall-2", "events"), b"a press")
    collector.wait_for(b"a press")
    assert victim.is_in
