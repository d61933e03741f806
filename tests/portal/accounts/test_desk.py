"""Access at the desk, the way Smolyan gives it: card seen, application signed, slip used once."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select, update
from starlette.testclient import TestClient

from portal.accounts.accounts import MAIL_USE, mail_of
from portal.accounts.policy import Policy, write_policy
from portal.accounts.tables import Account, AccountSlip
from portal.audit.log import CONSOLE
from portal.audit.reading import Wanted, read_entries
from portal.audit.tables import AuditEntry
from portal.mail.tables import OutgoingMail
from portal.municipality.service import change_facts
from portal.store.tables import table_of
from portal.web.portal import Portal
from tests.fixtures.portals import FrozenClock, sign_in_staff
from tests.portal.accounts.people import PASSWORD, send, sign_in_at

NEW = "/staff/citizens/new-access"
EGN = "8501010011"
ACCOUNT = table_of(Account)
SEEN = {"document": "identity-card", "last_four": "4711", "is_checked": "yes"}


def begin(client: TestClient, **more: str) -> str:
    """Go to the papers of somebody; the path of their page."""
    asked = send(client, NEW, identifier_kind="egn", identifier=EGN)
    if asked.status_code == 200:
        names = {"first_name": "Мария", "middle_name": "Иванова", "last_name": "Петрова"}
        asked = send(client, NEW, identifier_kind="egn", identifier=EGN, **names)
    assert asked.status_code == 303
    answer = send(client, asked.headers["location"], **{**SEEN, **more})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def slip_of(client: TestClient, papers: str) -> tuple[str, str]:
    """Number and code, as they are printed."""
    printed = send(client, f"{papers}/slip.pdf", papers)
    assert printed.status_code == 200
    assert printed.headers["content-type"] == "application/pdf"
    text = "\n".join(each.extract_text() for each in PdfReader(io.BytesIO(printed.content)).pages)
    number = re.search(r"\b(\d{3} \d{3} \d{3})\b", text)
    code = re.search(r"\b((?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})\b", text)
    assert number is not None
    assert code is not None
    return number[1], code[1]


def first_use(client: TestClient, number: str, code: str, password: str = PASSWORD) -> None:
    """Use the slip."""
    answer = sign_in_at(client, number, code)
    assert answer.headers["location"] == "/first-use"
    answer = send(client, "/first-use", password=password, again=password)
    assert answer.headers["location"] == "/account"


@pytest.fixture
def clerk(portal: Portal, new_client: Callable[[], TestClient]) -> TestClient:
    """A clerk's browser."""
    made = new_client()
    sign_in_staff(portal, made, "clerk")
    return made


def test_a_citizen_gets_in_with_a_slip(clerk: TestClient, client: TestClient) -> None:
    """From the identity card to the own password."""
    papers = begin(clerk)
    application = clerk.get(f"{papers}/application.pdf")
    text = PdfReader(io.BytesIO(application.content)).pages[0].extract_text()
    assert "Мария Иванова Петрова" in text
    assert "…4711" in text
    assert EGN not in text
    number, code = slip_of(clerk, papers)
    first_use(client, number, code)
    assert "Мария Иванова Петрова" in client.get("/account").text
    client.cookies.clear()
    assert sign_in_at(client, number).status_code == 303
    client.cookies.clear()
    assert sign_in_at(client, number, code).status_code == 422, "it is spent"


def test_the_slip_is_told_once(portal: Portal, clerk: TestClient) -> None:
    """No page, no row and no entry has it."""
    papers = begin(clerk)
    number, code = slip_of(clerk, papers)
    again = send(clerk, f"{papers}/slip.pdf", NEW)
    assert again.status_code == 422
    assert code not in again.text + clerk.get(papers).text
    with portal.database.reading() as connection:
        kept = str(
            [
                connection.execute(select(table_of(each))).all()
                for each in (Account, AccountSlip, AuditEntry)
            ]
        )
    assert number.replace(" ", "") in kept
    for secret in (code, code.replace("-", ""), "4711", EGN):
        assert secret not in kept


def test_pdfs_are_accessible(clerk: TestClient) -> None:
    """Tagged, with a title and a language."""
    papers = begin(clerk)
    for answer in (
        clerk.get(f"{papers}/application.pdf"),
        send(clerk, f"{papers}/slip.pdf", papers),
    ):
        read = PdfReader(io.BytesIO(answer.content))
        assert "/MarkInfo" in read.root_object
        assert "/StructTreeRoot" in read.root_object
        assert str(read.root_object["/Lang"]).startswith("bg")
        assert read.metadata is not None
        assert read.metadata.title
        assert len(read.pages) == 1


def test_a_slip_holds_72_hours(clerk: TestClient, client: TestClient, clock: FrozenClock) -> None:
    """Not a second more."""
    number, code = slip_of(clerk, begin(clerk))
    clock.now += timedelta(hours=72)
    answer = sign_in_at(client, number, code.lower().replace("-", " "))
    assert answer.headers["location"] == "/first-use"
    client.cookies.clear()
    clock.now += timedelta(seconds=1)
    assert sign_in_at(client, number, code).status_code == 422


def test_a_slip_opens_its_own_account_only(clerk: TestClient, client: TestClient) -> None:
    """Whoever finds one needs the number, too, which stands on it: that is what the seal is for."""
    _, code = slip_of(clerk, begin(clerk))
    assert sign_in_at(client, "123456789", code).status_code == 422


def test_a_new_slip_ends_the_access_before(
    portal: Portal,
    clerk: TestClient,
    client: TestClient,
    new_client: Callable[[], TestClient],
) -> None:
    """The old slip, the password, the sessions; and the owner is told."""
    number, code = slip_of(clerk, begin(clerk, email="maria@example.bg"))
    first_use(client, number, code)
    number_again, code_again = slip_of(clerk, begin(clerk))
    assert number_again == number, "one person, one account"
    assert client.get("/account").status_code == 303, "the session is over"
    assert sign_in_at(new_client(), number).status_code == 422, "the password is"
    with portal.database.reading() as connection:
        mails = connection.execute(select(table_of(OutgoingMail))).all()
    assert [each.recipient for each in mails] == ["maria@example.bg"]
    third = new_client()
    first_use(third, number, code_again, "съвсем друга дълга парола")


def test_who_began_with_an_old_slip_does_not_go_on(
    clerk: TestClient, client: TestClient, new_client: Callable[[], TestClient]
) -> None:
    """A new one was given meanwhile, and is somebody else's."""
    number, code = slip_of(clerk, begin(clerk))
    assert sign_in_at(client, number, code).headers["location"] == "/first-use"
    _, newer = slip_of(clerk, begin(clerk))
    assert client.get("/first-use").headers["location"] == "/sign-in"
    first_use(new_client(), number, newer)


def test_two_persons_where_the_town_wants_it(
    portal: Portal,
    clerk: TestClient,
    client: TestClient,
    new_client: Callable[[], TestClient],
) -> None:
    """Who asked can't approve; until then the access before still works."""
    with portal.database.transaction() as connection:
        write_policy(connection, Policy("none", two_persons=True))
    number, code = slip_of(clerk, begin(clerk))
    first_use(client, number, code)
    with portal.database.transaction() as connection:
        own = {"email": portal.keys.seal(MAIL_USE, b"maria@example.bg")}
        connection.execute(update(ACCOUNT).values(**own, email_confirmed_at=portal.clock()))
    papers = begin(clerk, email="other@example.bg")
    assert address_of(portal) == ("maria@example.bg", True)
    assert send(clerk, f"{papers}/slip.pdf", papers).status_code == 422
    assert send(clerk, f"{papers}/approve", papers).status_code == 422
    assert client.get("/account").status_code == 200
    other = new_client()
    sign_in_staff(portal, other, "mayoralty-clerk")
    assert papers in other.get("/staff/citizens").text
    assert send(other, f"{papers}/approve", papers).status_code == 303
    assert client.get("/account").status_code == 303
    assert address_of(portal) == ("other@example.bg", False)
    assert slip_of(clerk, papers)[0] == number


def address_of(portal: Portal) -> tuple[str, bool]:
    """The citizen's e-mail address, and whether it is confirmed."""
    with portal.database.reading() as connection:
        found = connection.execute(select(ACCOUNT).where(ACCOUNT.c.kind == "citizen")).one()
    return mail_of(portal.keys, found), found.email_confirmed_at is not None


@pytest.mark.parametrize(
    "wrong",
    [
        {"last_four": "47"},
        {"last_four": "471112"},
        {"is_checked": ""},
        {"document": "library-card"},
        {"email": "nobody"},
    ],
)
def test_what_was_not_checked_gives_nothing(
    portal: Portal, clerk: TestClient, wrong: dict[str, str]
) -> None:
    """The form says what is missing."""
    with pytest.raises(AssertionError):
        begin(clerk, **wrong)
    with portal.database.reading() as connection:
        assert connection.execute(select(table_of(AccountSlip))).all() == []


@pytest.mark.parametrize("egn", ["8501010012", "1234567890", "850101001", "", "abc"])
def test_who_has_no_identifier_is_told_what_is_wrong_with_it(clerk: TestClient, egn: str) -> None:
    """At once, with the field."""
    assert send(clerk, NEW, identifier_kind="egn", identifier=egn).status_code == 422


def test_no_password_is_made_of_ones_own_names(
    portal: Portal, clerk: TestClient, client: TestClient
) -> None:
    """Nor of the municipality's: whoever has the slip's envelope would try them first."""
    facts = {"name_bg": "Община Гълъбовград", "short_name_en": "Galabovgrad"}
    change_facts(portal.database, CONSOLE, portal.settings.site, facts, portal.clock())
    number, code = slip_of(clerk, begin(clerk, email="kanarchitsa@example.bg"))
    sign_in_at(client, number, code)
    bad = ("Мария Иванова Петрова 1", "Гълъбовград 12", "galabovgrad 2", "kanarchitsa 1")
    for password in bad:
        answer = send(client, "/first-use", password=password, again=password)
        assert answer.status_code == 422, password
    assert send(client, "/first-use", password=PASSWORD, again=PASSWORD).status_code == 303
    own = bad[0]
    answer = send(client, "/account/password", old=PASSWORD, password=own, again=own)
    assert answer.status_code == 422


def test_all_is_noted(portal: Portal, clerk: TestClient, client: TestClient) -> None:
    """Who gave it, who printed it, when it was used; without the document's number."""
    number, code = slip_of(clerk, begin(clerk))
    first_use(client, number, code)
    with portal.database.reading() as connection:
        found = [each.action for each in read_entries(connection, Wanted(action="accounts."))]
    assert found == [
        "accounts.signed-in",
        "accounts.password-set",
        "accounts.slip-printed",
        "accounts.access-given",
    ]


def test_race_for_a_slip_has_one_winner(portal: Portal, clerk: TestClient) -> None:
    """Two browsers choose a password with one slip."""
    import threading

    from portal.accounts.accounts import AccountError
    from portal.accounts.sessions import Sessions
    from portal.accounts.signing_in import Visit, set_first_password, sign_in

    number, code = slip_of(clerk, begin(clerk))
    visit = Visit("192.0.2.1", "")
    doorkeeper = Sessions(portal.database, portal.keys, portal.clock)
    won: list[str] = []

    def use(password: str) -> None:
        secret = sign_in(portal, number, code, visit).secret
        both.wait(30)
        live = doorkeeper.live(doorkeeper.recognise_secret(secret).session)
        assert live is not None
        try:
            set_first_password(portal, live, password, visit)
        except AccountError:
            return
        won.append(password)

    both = threading.Barrier(2)
    words = ("първата дълга парола тук", "втората съвсем различна")
    threads = [threading.Thread(target=use, args=(word,)) for word in words]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert len(won) == 1
    assert sign_in(portal, number, won[0], visit).stage == "full"


def test_access_anew_whatever_address_is_kept(
    portal: Portal, clerk: TestClient, client: TestClient
) -> None:
    """An address that no mail can go to, kept when less was checked, is no reason to fail."""
    papers = begin(clerk)
    first_use(client, *slip_of(clerk, papers))
    with portal.database.transaction() as connection:
        sealed = portal.keys.seal(MAIL_USE, "иван@abv.bg".encode())
        connection.execute(update(table_of(Account)).values(email=sealed))
    assert begin(clerk) != papers
    with portal.database.reading() as connection:
        assert connection.execute(select(table_of(OutgoingMail))).all() == []
