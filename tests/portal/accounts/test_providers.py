"""One suite over all providers, and signing in through them from page to page."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from portal.accounts.accounts import AccountError
from portal.accounts.directories import Directory as Settings
from portal.accounts.directories import admit, find_provider, link, set_up_directory
from portal.accounts.oidc import OpenIdConnect, check_address, identifier_of
from portal.accounts.providers import Assertion, Begun, Provider, ProviderError, UnreachableError
from portal.accounts.signing_in import Visit
from portal.accounts.tables import Account, SignInDirectory
from portal.accounts.users import lock
from portal.accounts.virtual_identity import PAGE, PEOPLE, Knob, VirtualIdentity, answer_for
from portal.app import make_app
from portal.audit.log import CONSOLE
from portal.people.party_search import find_parties
from portal.store.tables import table_of
from portal.web.portal import Portal
from tests.fixtures.portals import PUBLIC_URL, FrozenClock
from tests.portal.accounts.oidc_server import CLIENT, SECRET, Directory, running_directory
from tests.portal.accounts.people import send, staff_with_password, without_must

BACK = f"{PUBLIC_URL}/sign-in/back/x"


class World(ABC):
    """A provider with people whom it knows."""

    provider: Provider

    @abstractmethod
    def answer(self, begun: Begun, person: str = "eva") -> dict[str, str]:
        """What comes back when that person agreed."""

    @abstractmethod
    def wrong(self, begun: Begun) -> Iterator[dict[str, str]]:
        """What must not be believed."""


class DirectoryWorld(World):
    """A directory of the town."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self.provider = OpenIdConnect("x", "Directory", "staff", directory.issuer, CLIENT, SECRET)

    def answer(self, begun: Begun, person: str = "eva") -> dict[str, str]:
        """A code."""
        return self.directory.approve(begun.url, sub=f"id-{person}", preferred_username=person)

    def wrong(self, begun: Begun) -> Iterator[dict[str, str]]:
        """A token that is another's, of another, too old, unsigned or wrongly signed."""
        yield {"error": "access_denied"}
        yield {"code": "invented"}
        yield {**self.answer(begun), "iss": "https://other.example"}
        for knob in ("issuer", "audience", "nonce", "expired", "algorithm", "key", "no-token"):
            self.directory.knob = knob
            yield self.answer(begun)
        self.directory.knob = ""


class IdentityWorld(World):
    """The virtual national e-authentication."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.provider = VirtualIdentity(portal)

    def _answer(self, begun: Begun, number: int, knob: Knob = "") -> dict[str, str]:
        request = parse_qs(urlsplit(begun.url).query)["request"][0]
        return {"answer": answer_for(self.portal, request, PEOPLE[number].egn, knob)[1]}

    def answer(self, begun: Begun, person: str = "eva") -> dict[str, str]:
        """A signed answer."""
        return self._answer(begun, 0 if person == "eva" else 1)

    def wrong(self, begun: Begun) -> Iterator[dict[str, str]]:
        """What its knobs make, and what nobody signed."""
        knobs: tuple[Knob, ...] = ("declined", "too-old", "low", "forged")
        for knob in knobs:
            yield self._answer(begun, 0, knob)
        yield {"answer": "e30=.invented"}
        yield {}


@pytest.fixture
def sample(portal: Portal) -> Portal:
    """The same portal, showing samples."""
    settings = portal.settings.model_copy(update={"is_sample": True})
    return Portal(
        settings, portal.database, portal.feedback, portal.keys, portal.doorkeeper, portal.clock
    )


@pytest.fixture(scope="module")
def directory() -> Iterator[Directory]:
    """A running directory."""
    with running_directory() as running:
        yield running


@pytest.fixture(params=["directory", "identity"])
def world(request: pytest.FixtureRequest, sample: Portal) -> World:
    """Each provider with its people."""
    if request.param == "identity":
        return IdentityWorld(sample)
    return DirectoryWorld(request.getfixturevalue("directory"))


def test_a_person_is_the_same_each_time(world: World) -> None:
    """And another one is another."""
    subjects = []
    for person in ("eva", "eva", "ivan"):
        begun = world.provider.begin("state", BACK)
        asserted = world.provider.finish(begun.kept, world.answer(begun, person), BACK)
        assert asserted.provider == world.provider.code
        subjects.append(asserted.subject)
    assert subjects[0] == subjects[1] != subjects[2]
    assert all(subjects)


def test_what_is_wrong_is_not_believed(world: World) -> None:
    """Whatever it is."""
    begun = world.provider.begin("state", BACK)
    for answer in world.wrong(begun):
        with pytest.raises(ProviderError):
            world.provider.finish(begun.kept, answer, BACK)


def test_an_answer_serves_its_own_sign_in_only(world: World) -> None:
    """Nobody slips his own into another's."""
    mine, others = (world.provider.begin("state", BACK) for _ in range(2))
    with pytest.raises(ProviderError):
        world.provider.finish(mine.kept, world.answer(others), BACK)
    with pytest.raises(ProviderError):
        world.provider.finish({}, world.answer(mine), BACK)
    with pytest.raises(ProviderError):
        world.provider.finish(mine.kept, world.answer(mine), f"{BACK}/elsewhere")


def test_a_silent_directory_is_no_refusal(directory: Directory) -> None:
    """People are told that it does not answer."""
    provider = DirectoryWorld(directory).provider
    directory.knob = "down"
    with pytest.raises(UnreachableError):
        provider.begin("state", BACK)
    directory.knob = ""


def test_the_virtual_identity_is_for_samples_only(portal: Portal, client: TestClient) -> None:
    """Neither the provider nor its page is there with real data."""
    with pytest.raises(ProviderError):
        VirtualIdentity(portal)
    assert client.get(PAGE).status_code == 404
    assert client.get("/sign-in/with/e-identity").status_code == 404
    assert "виртуална" not in client.get("/sign-in").text


@pytest.mark.parametrize(
    "url",
    ["http://example.bg", "ftp://127.0.0.1", "https://", "javascript:x", "//x", "http://[x"],
)
def test_addresses_without_tls_are_refused(url: str) -> None:
    """But for this machine's."""
    with pytest.raises(ProviderError):
        check_address(url)
    check_address("http://127.0.0.1:9/x")
    check_address("https://login.troyan.bg/realms/otziv")


def test_identifiers_are_read_as_they_are_written() -> None:
    """By ETSI's way and by ours."""
    assert identifier_of("PNOBG-8501010011") == ("egn", "8501010011")
    assert identifier_of("8501010011") == ("egn", "8501010011")
    assert identifier_of("PI:BG-1000000001") == ("lnch", "1000000001")
    assert identifier_of("") is None


def visit_virtual(client: TestClient, egn: str, knob: str = "") -> Any:  # noqa: ANN401  # response
    """Sign in with the virtual identity, from page to page."""
    begun = client.get("/sign-in/with/e-identity", params={"next": "/account/password"})
    page = begun.headers["location"]
    request = parse_qs(urlsplit(page).query)["request"][0]
    answer = send(client, PAGE, page, request=request, egn=egn, knob=knob)
    return client.get(answer.headers["location"].removeprefix(PUBLIC_URL))


def test_a_citizen_comes_with_an_electronic_identity(sample: Portal) -> None:
    """The person is entered once, and has one account ever after."""
    app = make_app(sample)
    person = PEOPLE[0]
    for _ in range(2):
        client = TestClient(app, base_url=PUBLIC_URL, follow_redirects=False)
        assert visit_virtual(client, person.egn).headers["location"] == "/account/password"
        assert person.name in client.get("/account").text
    with sample.database.reading() as connection:
        assert len(find_parties(connection, "Мария Петрова")) == 1


@pytest.mark.parametrize("knob", ["declined", "too-old", "low", "forged"])
def test_who_is_not_identified_stays_outside(sample: Portal, knob: str) -> None:
    """With a page that says so."""
    client = TestClient(make_app(sample), base_url=PUBLIC_URL, follow_redirects=False)
    assert visit_virtual(client, PEOPLE[0].egn, knob).status_code == 422
    assert client.get("/account").status_code == 303


def test_an_answer_brought_by_another_browser_is_refused(
    sample: Portal, clock: FrozenClock
) -> None:
    """Nor does it work twice, nor later."""
    app = make_app(sample)
    mine, other = (TestClient(app, base_url=PUBLIC_URL, follow_redirects=False) for _ in range(2))

    def answered(client: TestClient) -> str:
        page = client.get("/sign-in/with/e-identity").headers["location"]
        request = parse_qs(urlsplit(page).query)["request"][0]
        answer = send(client, PAGE, page, request=request, egn=PEOPLE[0].egn)
        return str(answer.headers["location"].removeprefix(PUBLIC_URL))

    path = answered(mine)
    assert other.get(path).status_code == 422
    assert mine.get(path).status_code == 303
    assert mine.get(path).status_code == 422
    path = answered(mine)
    clock.now += timedelta(minutes=11)
    assert mine.get(path).status_code == 422


def test_staff_come_from_the_directory(
    portal: Portal, directory: Directory, new_client: Callable[[], TestClient]
) -> None:
    """Who was linked by name is bound at the first sign-in; another one of that name is not."""
    without_must(portal)
    settings = Settings(
        "town", "Директория", "staff", directory.issuer, CLIENT, SECRET, "preferred_username"
    )
    set_up_directory(portal, CONSOLE, settings)
    account = staff_with_password(portal, "ivanova", "manager")
    link(portal, CONSOLE, account, "town", "Eva")

    def come(sub: str, **claims: str) -> Any:  # noqa: ANN401  # response
        client = new_client()
        begun = client.get("/sign-in/with/town", params={"next": "/account/password"})
        assert begun.headers["location"].startswith(f"{directory.issuer}/authorize?")
        answer = directory.approve(begun.headers["location"], sub=sub, **claims)
        return client.get("/sign-in/back/town", params=answer), client

    first, _ = come("id-1", preferred_username="eva")
    assert first.headers["location"] == "/account/password"
    again, client = come("id-1", preferred_username="renamed")
    assert again.status_code == 303
    assert client.get("/account").status_code == 200
    foreign, client = come("id-2", preferred_username="eva")
    assert foreign.status_code == 422
    assert client.get("/account").status_code == 303
    lock(portal, CONSOLE, account)
    barred, _ = come("id-1", preferred_username="eva")
    assert barred.status_code == 422


CITIZENS: Final = ("bridge", "Мост", "citizen")


def come_by_bridge(client: TestClient, directory: Directory, **claims: str) -> Any:  # noqa: ANN401  # response
    """Sign in as a citizen whom the bridge identified."""
    begun = client.get("/sign-in/with/bridge").headers["location"]
    assert parse_qs(urlsplit(begun).query)["acr_values"] == ["substantial high"]
    said = {"sub": "id-9", "name": "Мария Петрова", "pid": "PNOBG-8501010011", **claims}
    return client.get("/sign-in/back/bridge", params=directory.approve(begun, **said))


def test_citizens_need_a_level_of_assurance(
    portal: Portal, directory: Directory, new_client: Callable[[], TestClient]
) -> None:
    """That the municipality named; an identifier alone says nothing of how it was proved."""
    setup = Settings(*CITIZENS, directory.issuer, CLIENT, SECRET, identifier_claim="pid")
    with pytest.raises(AccountError, match="levels of assurance"):
        set_up_directory(portal, CONSOLE, setup)
    set_up_directory(portal, CONSOLE, replace(setup, acr="substantial  high"))
    for claims in ({}, {"acr": "low"}, {"acr": ""}, {"acr": "substantial high"}):
        assert come_by_bridge(new_client(), directory, **claims).status_code == 422
    client = new_client()
    assert come_by_bridge(client, directory, acr="high").status_code == 303
    assert "Мария" in client.get("/account").text
    asserted = Assertion("bridge", "id-9", identifier=("egn", "8501010011"))
    provider = find_provider(portal, "bridge")
    assert provider is not None
    with pytest.raises(AccountError):
        admit(portal, provider, asserted, Visit("", ""))


def test_race_of_one_person_makes_one_account(portal: Portal, directory: Directory) -> None:
    """Who comes for the first time in several windows gets in by each."""
    setup = Settings(
        *CITIZENS, directory.issuer, CLIENT, SECRET, identifier_claim="pid", acr="high"
    )
    set_up_directory(portal, CONSOLE, setup)
    provider = find_provider(portal, "bridge")
    assert provider is not None
    asserted = Assertion(
        "bridge", "id-9", "", "Мария Петрова", ("egn", "8501010011"), "substantial"
    )
    together, stages, faults = threading.Barrier(4), [], []

    def come() -> None:
        together.wait(60)
        try:
            stages.append(admit(portal, provider, asserted, Visit("", "")).stage)
        except Exception as error:  # noqa: BLE001  # whatever it was, it is shown
            faults.append(error)

    threads = [threading.Thread(target=come) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert faults == []
    assert stages == ["full"] * 4
    with portal.database.reading() as connection:
        assert len(connection.execute(select(table_of(Account))).all()) == 1


def test_a_login_belongs_to_one_account(portal: Portal) -> None:
    """The database says so."""
    one, other = staff_with_password(portal, "ivanova"), staff_with_password(portal, "kolev")
    link(portal, CONSOLE, one, "town", "eva")
    with pytest.raises(AccountError):
        link(portal, CONSOLE, other, "town", "EVA")
    link(portal, CONSOLE, one, "town", "")
    link(portal, CONSOLE, other, "town", "eva")


def test_the_directory_s_secret_is_sealed(portal: Portal, directory: Directory) -> None:
    """And stays where none is written."""
    settings = Settings("town", "Директория", "staff", directory.issuer, CLIENT, SECRET)
    set_up_directory(portal, CONSOLE, settings)
    changed = Settings("town", "Друго име", "staff", directory.issuer, CLIENT, "")
    set_up_directory(portal, CONSOLE, changed)
    found = find_provider(portal, "town")
    assert isinstance(found, OpenIdConnect)
    assert (found.name, found.client_secret) == ("Друго име", SECRET)
    with portal.database.reading() as connection:
        assert SECRET not in str(connection.execute(select(table_of(SignInDirectory))).all())
    with pytest.raises(AccountError):
        set_up_directory(portal, CONSOLE, Settings("new", "x", "staff", directory.issuer, "c", ""))
    with pytest.raises(AccountError):
        set_up_directory(portal, CONSOLE, Settings("new", "x", "staff", "http://x.bg", "c", "s"))
