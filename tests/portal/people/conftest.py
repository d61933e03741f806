"""A municipality of four invented settlements, its units, and two clerks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest
from starlette.testclient import TestClient

from portal.people.settlement_import import take
from portal.people.settlement_lists import read_list
from portal.people.units import UnitDetails, add_unit
from portal.web.actor import Role
from portal.web.portal import Portal
from tests.fixtures.portals import sign_in_staff
from tests.portal.people.town import ADMINISTRATOR, LONG_AGO, MAYORALTIES, SETTLEMENTS


@pytest.fixture
def now(portal: Portal) -> datetime:
    """The time of day."""
    return portal.clock()


@pytest.fixture
def town(portal: Portal) -> Portal:
    """With its settlements and mayoralties, a town hall, and a unit that is a mayoralty."""
    for text in (SETTLEMENTS, MAYORALTIES):
        found = read_list(text.encode())
        take(portal.database, found, LONG_AGO, is_complete=False, actor=ADMINISTRATOR)
    hall = UnitDetails(kind="centre", name_bg="Община Ясеново", settlement="00014")
    add_unit(portal.database, "town-hall", hall, LONG_AGO, actor=ADMINISTRATOR)
    return portal


@pytest.fixture
def sign_in(town: Portal, new_client: Callable[[], TestClient]) -> Callable[..., TestClient]:
    """Signs somebody with some roles in: ``sign_in("clerk")``."""

    def enter(*roles: Role, units: tuple[str, ...] = ()) -> TestClient:
        client = new_client()
        sign_in_staff(town, client, *roles, units=units)
        return client

    return enter


@pytest.fixture
def clerk(sign_in: Callable[..., TestClient]) -> TestClient:
    """Somebody who serves citizens."""
    return sign_in("clerk")


@pytest.fixture
def administrator(sign_in: Callable[..., TestClient]) -> TestClient:
    """Somebody who looks after units and settlements."""
    return sign_in("administrator")
