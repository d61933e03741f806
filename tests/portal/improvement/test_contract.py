"""Both implementations keep the same contract: the portal's, and the one in memory."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from analytics.improvement.protocol import Improvement
from analytics.improvement.subscriptions import Subscription
from analytics.improvement_virtual import VirtualImprovement
from portal.accounts.accounts import MAIL_USE, change
from portal.improvement.office import office_of
from portal.improvement.service import ImprovementDesk
from portal.mail.tables import OutgoingMail
from portal.store.tables import table_of
from portal.web.actor import Actor
from portal.web.portal import Portal
from tests.fixtures.portals import FrozenClock, sign_in_staff
from tests.portal.improvement.acting import ActingContract
from tests.portal.improvement.house import PEOPLE, House
from tests.portal.improvement.writing import WritingContract


@pytest.fixture
def portal_house(portal: Portal, client: TestClient, clock: FrozenClock) -> House:
    """The portal's implementation."""
    people = {}
    for name, role, units in PEOPLE:
        account = sign_in_staff(portal, client, role, units=units)  # type: ignore[arg-type]
        sealed = portal.keys.seal(MAIL_USE, f"{name}@example.bg".encode())
        with portal.database.transaction() as connection:
            change(connection, account, name=name, email=sealed)
        people[name] = Actor("staff", account, name, frozenset({role}), frozenset(units))  # type: ignore[arg-type]
    mails = table_of(OutgoingMail)

    def token_of(_subscription: Subscription) -> str:
        with portal.database.reading() as connection:
            text = connection.scalars(select(mails.c.text).order_by(mails.c.id.desc())).first()
        (link,) = [word for word in str(text).split() if "/subscriptions/" in word]
        return link.rpartition("/")[2]

    def mailed() -> list[str]:
        with portal.database.reading() as connection:
            return list(connection.scalars(select(mails.c.recipient).order_by(mails.c.id)))

    desk: Improvement = ImprovementDesk(office_of(portal))
    return House(desk, dict(people), clock, token_of, mailed)


@pytest.fixture
def virtual_house(clock: FrozenClock) -> House:
    """The one in memory."""
    people = {
        name: Actor("staff", name, name, frozenset({role}), frozenset(units))  # type: ignore[arg-type]
        for name, role, units in PEOPLE
    }
    desk = VirtualImprovement(people.values(), clock)
    known: Improvement = desk
    return House(
        known,
        dict(people),
        clock,
        lambda subscription: f"token-{subscription.id}",
        lambda: [address for address, _about in desk.mails],
    )


class TestPortal(ActingContract, WritingContract):
    """On both databases."""

    @pytest.fixture
    def house(self, portal_house: House) -> House:
        """The portal's."""
        return portal_house


class TestVirtual(ActingContract, WritingContract):
    """In memory."""

    @pytest.fixture
    def house(self, virtual_house: House) -> House:
        """The one in memory."""
        return virtual_house
