"""Access for citizens, at the desk: who is it, what was seen, the two papers."""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from portal.accounts import desk
from portal.accounts.accounts import AccountError
from portal.accounts.area import AREA
from portal.accounts.desk import Access, Seen
from portal.accounts.forms import PersonForm, SeenForm
from portal.accounts.paper import application, slip
from portal.accounts.words import DOCUMENTS
from portal.people.errors import PeopleError, ThereAlreadyError
from portal.people.identifiers import Identifier, masked, read_identifier
from portal.people.parties import Details, enter_party
from portal.people.party_search import full_name, identifiers_of, party_with, resolve_party
from portal.web.errors import not_found
from portal.web.forms import Filled, blank
from portal.web.page import Page
from portal.web.routes import Here
from portal.web.rules import staff

CLERKS: Final = staff("clerk", "mayoralty-clerk")
NEW: Final = "/staff/citizens/new-access"


@AREA.get("/staff/citizens", CLERKS)
def show_citizens(page: Here) -> Response:
    """Where to begin, and what waits for a second person."""
    with page.portal.database.reading() as connection:
        found = desk.waiting(connection, page.portal)
    names = {each.slip.id: _name(each) for each in found}
    return page.render("accounts/citizens.html", waiting=found, names=names)


@AREA.get(NEW, CLERKS)
def show_person(page: Here) -> Response:
    """Who is it?"""
    return page.render("accounts/access_person.html", form=blank(), is_new=False)


@AREA.post(NEW, CLERKS)
def take_person(page: Here) -> Response:
    """Somebody known, or to be entered."""
    filled = page.fill(PersonForm)
    given = filled.model
    if given is None:
        return page.show_again("accounts/access_person.html", filled, is_new=False)
    try:
        party = _known_or_entered(page, given)
    except PeopleError as error:
        field = error.field or "identifier"
        filled.refuse(field, page.text(error.message, **error.values))
        return page.show_again("accounts/access_person.html", filled, is_new=False)
    if party is None:
        return page.render("accounts/access_person.html", form=filled, is_new=True)
    return page.redirect(f"{NEW}/{party}")


@AREA.get(NEW + "/{party}", CLERKS)
def show_access_form(page: Here, party: str) -> Response:
    """What was seen?"""
    return _access_page(page, party, blank(document="identity-card"))


@AREA.post(NEW + "/{party}", CLERKS)
def take_access(page: Here, party: str) -> Response:
    """It was seen."""
    filled = page.fill(SeenForm)
    given = filled.model
    if given is not None:
        seen = Seen(given.document, given.last_four, given.email, given.has_lost_second_factor)
        try:
            made = desk.give_access(page.portal, page.actor, party, seen, page.language)
        except AccountError as error:
            filled.refuse("", page.text(error.message, **error.values))
        else:
            return page.redirect(f"/staff/citizens/access/{made}")
    return _access_page(page, party, filled)


@AREA.get("/staff/citizens/access/{access}", CLERKS)
def show_access(page: Here, access: str) -> Response:
    """The two papers."""
    return _papers_page(page, access, blank())


@AREA.get("/staff/citizens/access/{access}/application.pdf", CLERKS)
def show_application(page: Here, access: str) -> Response:
    """The application, to print and sign."""
    found, identifier = _read(page, access)
    return page.send(application(page, found, identifier), "application/pdf")


@AREA.post("/staff/citizens/access/{access}/slip.pdf", CLERKS)
def take_slip(page: Here, access: str) -> Response:
    """The slip, which is told this once."""
    _read(page, access)
    try:
        drawn = desk.print_slip(
            page.portal, page.actor, access, lambda found, code: slip(page, found, code)
        )
    except AccountError as error:
        return _refused(page, access, error)
    return page.send(drawn, "application/pdf", "slip.pdf")


@AREA.post("/staff/citizens/access/{access}/approve", CLERKS)
def take_approval(page: Here, access: str) -> Response:
    """A second person agrees."""
    _read(page, access)
    try:
        desk.approve_access(page.portal, page.actor, access)
    except AccountError as error:
        return _refused(page, access, error)
    return page.redirect(f"/staff/citizens/access/{access}", say="approved")


def _known_or_entered(page: Page, given: PersonForm) -> str | None:
    """The party's id; ``None``: nobody is known by this identifier, and no names were given."""
    portal, now = page.portal, page.portal.clock()
    today = now.astimezone(page.language.zone).date()
    identifier = read_identifier(given.identifier_kind, given.identifier, today=today)
    with portal.database.reading() as connection:
        found = party_with(connection, portal.keys, identifier)
    if found is not None:
        return found.id
    if not given.first_name or not given.last_name:
        return None
    return _enter(page, given, identifier)


def _enter(page: Page, given: PersonForm, identifier: Identifier) -> str:
    details = Details("person", given.first_name, given.middle_name, given.last_name)
    try:
        return enter_party(
            page.portal.database,
            page.portal.keys,
            details,
            identifier,
            actor=page.actor,
            now=page.portal.clock(),
        )
    except ThereAlreadyError as there:
        return there.id


def _access_page(page: Page, party: str, filled: Filled[Any]) -> Response:
    with page.portal.database.reading() as connection:
        found = page.need(resolve_party(connection, party))
        known = identifiers_of(connection, page.portal.keys, found.id)
        account = desk.account_of_party(connection, found.id)
    return page.render(
        "accounts/access_seen.html",
        422 if filled.errors else 200,
        form=filled,
        party=found,
        name=full_name(found),
        identifier=masked(known[0]) if known else "",
        account=account,
        was_used=account is not None and desk.was_used(account),
        documents=[(code, page.text(name)) for code, name in DOCUMENTS.items()],
    )


def _read(page: Page, access: str) -> tuple[Access, str]:
    """An access, and the identifier of its person, masked."""
    with page.portal.database.reading() as connection:
        try:
            found = desk.read_access(connection, page.portal, access)
        except AccountError as error:
            raise not_found() from error
        party = found.party
        known = identifiers_of(connection, page.portal.keys, party.id) if party else []
    return found, masked(known[0]) if known else ""


def _refused(page: Page, access: str, error: AccountError) -> Response:
    filled: Filled[Any] = blank()
    filled.refuse("", page.text(error.message, **error.values))
    return _papers_page(page, access, filled)


def _papers_page(page: Page, access: str, filled: Filled[Any]) -> Response:
    found, identifier = _read(page, access)
    return page.render(
        "accounts/access_papers.html",
        422 if filled.errors else 200,
        form=filled,
        access=found,
        name=_name(found),
        identifier=identifier,
        document=page.text(DOCUMENTS[found.document[0]]) if found.document else "",
    )


def _name(access: Access) -> str:
    return full_name(access.party) if access.party is not None else str(access.account.name)
