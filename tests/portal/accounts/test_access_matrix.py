"""Each role on each route: nobody gets further than its rule says.

Made from the route table, so a new route is in it as soon as it is there. Each is asked for what
is there and for what is not, and what belongs to one person for one's own and somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import pytest
from starlette.testclient import TestClient

from portal.accounts.accounts import BOUNDED
from portal.accounts.sessions import begin
from portal.accounts.tickets import is_alive
from portal.app import guarded_routes
from portal.web.actor import NOBODY, ROLES, Actor, Kind, Role
from portal.web.form_token import new_token
from portal.web.forms import TOKEN_FIELD
from portal.web.portal import Portal
from portal.web.routes import Guarded
from tests.fixtures.portals import (
    PUBLIC_URL,
    sign_in,
    sign_in_citizen,
    sign_in_staff,
)
from tests.portal.accounts.examples import EXAMPLES, Example, World, example_for

PARAMETER: Final = re.compile(r"{(\w+)(?::\w+)?}")
ROUTES: Final = guarded_routes()

PUBLIC: Final = (
    *("/", "/accessibility", "/style", "/robots.txt", "/.well-known/security.txt"),
    *("/municipality/arms", "/write-to-us", "/sign-in", "/sign-out", "/first-use", "/welcome"),
    *("/virtual/e-identity", "/surveys", "/s", "/q", "/a", "/tablet", "/subscriptions"),
    *("/results", "/reports"),
)
"""What anybody may open, with all below it. A new page for everybody needs a line here."""

WITHOUT_TOKEN: Final = ("/tablet/{touchpoint}/answers",)
"""What is posted without a form: it may know nobody who is signed in."""


def _session_of(portal: Portal, account: str) -> str:
    with portal.database.transaction() as connection:
        return begin(connection, portal.keys, account, now=portal.clock())[0]


OWNED: Final[dict[str, Callable[[Portal, str], str]]] = {
    "/account/sessions/{session}/end": _session_of,
}
"""Path → makes an object of that account. Citizens' routes with a parameter must stand here."""


@dataclass
class Visitor:
    """Somebody with a browser."""

    portal: Portal
    client: TestClient
    actor: Actor
    session: str = ""

    def ask(self, route: Guarded, path: str) -> Any:  # noqa: ANN401  # response
        """Open a page, or send an empty form; signed in anew where that ended the session."""
        if self.actor.id and not is_alive(self.portal, self.session):
            self.session = sign_in(self.portal, self.client, self.actor.id)
        if route.method == "GET":
            return self.client.get(path)
        token = new_token(self.portal.keys, self.session, self.portal.clock())
        fields = {TOKEN_FIELD: token}
        return self.client.post(path, data=fields, headers={"Origin": PUBLIC_URL})


def name_of(route: Guarded) -> str:
    """A route, for messages."""
    return f"{route.area}: {route.method} {route.path}"


def examples_of(route: Guarded) -> dict[str, Example | None]:
    """The examples of a route's parameters."""
    return {
        name: example_for(route.area, route.path, name) for name in PARAMETER.findall(route.path)
    }


def fill(path: str, values: dict[str, str]) -> str:
    """A path with its parameters filled in."""
    return PARAMETER.sub(lambda found: values[found[1]], path)


def present(world: World, route: Guarded) -> str | None:
    """The path of something that is there; ``None``: no example of it."""
    values = {}
    for name, example in examples_of(route).items():
        if example is None or example.present is None:
            return None
        values[name] = example.present(world)
    return fill(route.path, values)


def missing(route: Guarded) -> str:
    """The path of what is not there."""
    found = examples_of(route)
    return fill(route.path, {name: each.missing for name, each in found.items() if each})


def test_each_parameter_has_an_example() -> None:
    """A new route with a new parameter needs one."""
    lacking = [
        f"{name_of(route)}: {name}"
        for route in ROUTES
        for name, example in examples_of(route).items()
        if example is None
    ]
    assert not lacking, "add them to tests/portal/accounts/examples.py"


def test_each_example_is_used() -> None:
    """Else it is of a route that is gone."""
    used = {id(each) for route in ROUTES for each in examples_of(route).values()}
    assert [key for key, example in EXAMPLES.items() if id(example) not in used] == []


def test_what_is_for_everybody_is_meant_so() -> None:
    """A page for everybody is on a list; what is below /staff is for staff, with roles or not."""
    for route in ROUTES:
        is_public = "anonymous" in route.rule.kinds
        is_listed = any(route.path == path or route.path.startswith(f"{path}/") for path in PUBLIC)
        assert is_public == is_listed, name_of(route)
        if route.path.startswith("/staff") or route.path == "/dashboard":
            assert route.rule.kinds == {"staff"}, name_of(route)
        if route.method == "POST" and not route.needs_token:
            assert route.path in WITHOUT_TOKEN, name_of(route)


def test_what_staff_may_change_needs_a_role() -> None:
    """All staff may read much; nobody changes anything by being there."""
    for route in ROUTES:
        if route.method == "POST" and route.path.startswith("/staff"):
            assert route.rule.roles, name_of(route)


def test_what_citizens_own_has_an_owner_here() -> None:
    """A citizens' route with a parameter is asked for somebody else's."""
    for route in ROUTES:
        if "citizen" in route.rule.kinds and "anonymous" not in route.rule.kinds:
            assert not PARAMETER.search(route.path) or route.path in OWNED, name_of(route)


@pytest.fixture(params=["anonymous", "citizen", *ROLES, "staff without a role"])
def visitor(
    request: pytest.FixtureRequest, portal: Portal, new_client: Callable[[], TestClient]
) -> Visitor:
    """Everybody in turn."""
    client, name = new_client(), request.param
    if name == "anonymous":
        return Visitor(portal, client, NOBODY)
    if name == "citizen":
        return Visitor(portal, client, Actor("citizen", sign_in_citizen(portal, client)))
    kind: Kind = "staff"
    if name in ROLES:
        return Visitor(
            portal, client, Actor(kind, sign_in_staff(portal, client, name), "", frozenset({name}))
        )
    account = sign_in_staff(portal, client, "clerk")
    with portal.database.transaction() as connection:
        from sqlalchemy import delete

        from portal.accounts.tables import AccountRole
        from portal.store.tables import table_of

        connection.execute(delete(table_of(AccountRole)))
    return Visitor(portal, client, Actor(kind, account))


def test_nobody_gets_further_than_the_rule_says(visitor: Visitor) -> None:
    """Whether what was asked for is there or not."""
    world, wrong = World(visitor.portal), []
    for route in ROUTES:
        for path in paths(world, route):
            answer = visitor.ask(route, path)
            said = judge(route, visitor.actor, answer)
            if said:
                wrong.append(f"{name_of(route)} ({path}): {said}")
    assert not wrong


@pytest.mark.parametrize("role", sorted(BOUNDED))
def test_a_role_for_another_unit_opens_nothing_here(
    portal: Portal, client: TestClient, role: Role
) -> None:
    """Neither what is there, by its address, nor a word of it in a list."""
    world, wrong = World(portal), []
    account = sign_in_staff(portal, client, role, units=["elsewhere"])
    actor = Actor("staff", account, "", frozenset({role}), frozenset({"elsewhere"}))
    visitor = Visitor(portal, client, actor)
    names = {world.device, world.location, "hall-web"}
    for route in ROUTES:
        path = present(world, route)
        if not route.rule.roles or route.rule.judge(actor) != "welcome" or path is None:
            continue
        answer = visitor.ask(route, path)
        if PARAMETER.search(route.path) and answer.status_code not in {403, 404}:
            wrong.append(f"{name_of(route)} ({path}): {answer.status_code}")
        if any(name in answer.text for name in names - set(path.split("/"))):
            wrong.append(f"{name_of(route)} ({path}): tells of others")
    assert not wrong


def paths(world: World, route: Guarded) -> Iterator[str]:
    """What is asked for: what is missing, and what is there."""
    yield missing(route)
    if PARAMETER.search(route.path) and (there := present(world, route)):
        yield there


def judge(route: Guarded, actor: Actor, answer: Any) -> str:  # noqa: ANN401  # response
    """What is wrong with an answer; empty: nothing."""
    verdict = route.rule.judge(actor)
    if answer.status_code >= 500:
        return f"{answer.status_code}: a fault"
    to_sign_in = answer.headers.get("location", "").startswith("/sign-in")
    if verdict == "forbidden" and answer.status_code != 403:
        return f"{answer.status_code} where 403 was due"
    if verdict == "sign-in" and not (answer.status_code == 303 and to_sign_in):
        return f"{answer.status_code} where the sign-in page was due"
    is_kept = answer.headers.get("cache-control", "") != "no-store"
    if (actor.id or route.rule.is_personal) and is_kept and route.method == "GET":
        return "" if verdict == "welcome" and "anonymous" in route.rule.kinds else "may be cached"
    return ""


def test_what_is_not_there_is_not_found(
    portal: Portal, new_client: Callable[[], TestClient]
) -> None:
    """By those who may look; an empty form does nothing to it either."""
    wrong = []
    for route in ROUTES:
        found = examples_of(route)
        if not found or any(each is None or each.is_always_there for each in found.values()):
            continue
        client = new_client()
        role: Role = min(route.rule.roles, default="clerk")
        actor = NOBODY
        if "anonymous" not in route.rule.kinds:
            actor = Actor("staff", sign_in_staff(portal, client, role), "", frozenset({role}))
        answer = Visitor(portal, client, actor).ask(route, missing(route))
        if answer.status_code not in {404, 410} and not is_refused_form(route, answer):
            wrong.append(f"{name_of(route)}: {answer.status_code} {answer.headers.get('location')}")
    assert not wrong


def is_refused_form(route: Guarded, answer: Any) -> bool:  # noqa: ANN401  # response
    """Whether an empty form, or who has no key for it, was sent back before anybody looked."""
    return answer.status_code in ({401, 403, 415, 422} if route.method == "POST" else {401, 403})


@pytest.mark.parametrize("kind", ["citizen", "staff"])
def test_what_belongs_to_somebody_is_his(
    portal: Portal, new_client: Callable[[], TestClient], kind: str
) -> None:
    """One's own is there, another one's is not."""
    client = new_client()
    if kind == "citizen":
        actor = Actor("citizen", sign_in_citizen(portal, client))
    else:
        actor = Actor("staff", sign_in_staff(portal, client, "clerk"))
    visitor, others = Visitor(portal, client, actor), sign_in_citizen(portal, new_client())
    for route in ROUTES:
        if route.path not in OWNED:
            continue
        (parameter,) = PARAMETER.findall(route.path)
        own = fill(route.path, {parameter: OWNED[route.path](portal, actor.id)})
        foreign = fill(route.path, {parameter: OWNED[route.path](portal, others)})
        assert visitor.ask(route, own).status_code < 400, name_of(route)
        assert visitor.ask(route, foreign).status_code == 404, name_of(route)
