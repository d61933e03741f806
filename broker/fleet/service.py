"""The fleet put together: a keeper with its chores, the endpoint, and who tells people."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from typing import Any, Final

from broker.fleet.authority import Authority
from broker.fleet.endpoint import Endpoint
from broker.fleet.enforcement import Gate
from broker.fleet.errors import FleetError
from broker.fleet.guard import Guard
from broker.fleet.keeper import SUBSCRIPTIONS, Keeper
from broker.fleet.knock import Door
from broker.fleet.orders import Orders
from broker.fleet.presence import Presence
from broker.fleet.publishing import Publisher
from broker.fleet.reach import Reach, Telling
from broker.fleet.served_reports import accept_served
from broker.fleet.telling import Teller
from broker.fleet.upkeep import Upkeep
from broker.fleet.watch import Watch
from broker.link.mqtt import MqttLink, MqttSettings
from broker.link.tls import client_context
from broker.server.choose import SERVERS
from broker.server.control import BrokerControl, CommandControl, ProcessControl
from broker.store.database import Database

CLIENT_ID: Final = "fleet"
"""Also the name in its certificate."""
SERVED_PATH: Final = "/v1/served"


def run_fleet(
    database: Database,
    authority: Authority,
    reach: Reach,
    telling: Telling,
    *,
    is_over: Callable[[], bool],
    when_ready: Callable[[], None],
) -> None:
    """Run all of it until ``is_over``.

    Raises:
        FleetError: it can't be started, or a part of it has ended; the text says why.
        IdentityError: a certificate of ours can't be used.
    """
    control = _control(reach)
    with ExitStack() as stack:
        link = stack.enter_context(closing(_link(reach)))
        endpoint = _endpoint(database, authority, reach, telling)
        endpoint.start()
        stack.callback(endpoint.stop)
        teller = Teller(database, telling.addresses, language=telling.language)
        teller.start()
        stack.callback(teller.stop)
        guard = Guard(database, authority, _gate(reach, control), reach.folder / "guard.memory")
        stack.callback(guard.close)

        def renewed() -> None:
            endpoint.renew()
            control.reload()

        chores = (
            Presence(database, authority, reach.fleet_url),
            Publisher(database, link),
            Orders(database, link),
            Watch(database, lambda: link.is_connected),
            guard,
            Upkeep(database, authority, reach.identities, reach.names, renewed),
        )
        keeper = Keeper(link, chores)
        when_ready()
        keeper.run(lambda: is_over() or not endpoint.is_running)
    if not is_over():
        raise FleetError("enrolment has ended by itself; the log above says why")


def _link(reach: Reach) -> MqttLink:
    return MqttLink(
        MqttSettings(
            host=reach.mqtt_host,
            port=reach.mqtt_port,
            client_id=CLIENT_ID,
            subscriptions=SUBSCRIPTIONS,
            tls=client_context(reach.trust, reach.identities / f"{CLIENT_ID}.pem"),
            most_wait_s=5.0,
        )
    )


def _control(reach: Reach) -> BrokerControl:
    if reach.broker_pid is not None:
        return ProcessControl(reach.broker_pid)
    if reach.broker_commands is not None:
        return CommandControl(*reach.broker_commands)
    raise FleetError("nothing says how the broker is told to read its files: give its process id")


def _gate(reach: Reach, control: BrokerControl) -> Gate:
    kind = SERVERS[reach.broker]
    return Gate(
        door=Door(reach.mqtt_host, reach.mqtt_port, reach.trust),
        control=control,
        lists=reach.lists if kind.reads_lists else None,
        rereads_trust=kind.rereads_trust,
    )


def _endpoint(database: Database, authority: Authority, reach: Reach, telling: Telling) -> Endpoint:
    def served(body: bytes, headers: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        said = headers.get("authorization")
        return accept_served(database, body, said, telling.served_token, datetime.now(UTC))

    return Endpoint(
        database,
        authority,
        reach.identities / "endpoint.pem",
        listen=reach.listen,
        port=reach.port,
        mqtt_host=reach.public_host,
        mqtt_port=reach.mqtt_port,
        fleet_url=reach.fleet_url,
        routes=((SERVED_PATH, served),),
    )
