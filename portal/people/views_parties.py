"""Staff's pages about parties: finding, entering and changing them.

Names and identifiers are sent by POST even where they only look something up: addresses of pages
end up in the histories of browsers and the logs of proxies.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Connection
from starlette.responses import Response

from portal.audit.log import note
from portal.people.addresses import addresses_of
from portal.people.errors import PeopleError, ThereAlreadyError
from portal.people.forms import FindForm, PartyForm, PurposeForm
from portal.people.identifiers import Identifier, masked, possible
from portal.people.pages import choices, refuse, today
from portal.people.parties import change_party, enter_party, namesakes
from portal.people.party_search import (
    find_parties,
    full_name,
    identifiers_of,
    party_with,
    resolve_party,
)
from portal.people.tables import Party
from portal.people.words import ADDRESS_KINDS, IDENTIFIER_KINDS, PARTY_KINDS, PURPOSES
from portal.web.forms import Filled, blank
from portal.web.limits import Limits
from portal.web.notices import NOTICES
from portal.web.page import Page
from portal.web.routes import Area, Here
from portal.web.rules import staff

AREA: Final = Area("people", "/staff/people")

READERS: Final = staff("clerk", "mayoralty-clerk", "auditor")
WRITERS: Final = staff("clerk", "mayoralty-clerk")
MOST_FOUND: Final = 50
_DIGITS_OF_NUMBER: Final = 5
_HOUR: Final = timedelta(hours=1)

NOTICES.update(
    {
        "party-there": "This identifier is entered already: here is whose it is. Nothing was "
        "entered twice.",
        "party-merged": "Merged. What referred to either of them is found here.",
    }
)


@AREA.get("", READERS)
def ask(page: Here) -> Response:
    """A field for a name or an identifier."""
    return page.render("people/parties.html", form=blank(), found=None, is_cut=False)


@AREA.post("", READERS)
def find(page: Here) -> Response:
    """Who is called so, or has that identifier."""
    filled = page.fill(FindForm)
    if filled.model is None:
        return page.show_again("people/parties.html", filled, found=None, is_cut=False)
    text = filled.model.text
    page.portal.part(Limits).check("people.find", page.actor.id, 300, _HOUR)
    with page.portal.database.transaction() as connection:
        found = find_parties(connection, text, most=MOST_FOUND + 1)
        if sum(letter.isdigit() for letter in text) >= _DIGITS_OF_NUMBER:
            found = _find_by_identifier(page, connection, text) or found
        rows = [party_row(page, connection, each) for each in found[:MOST_FOUND]]
    is_cut = len(found) > MOST_FOUND
    return page.render("people/parties.html", form=filled, found=rows, is_cut=is_cut)


@AREA.get("/new", WRITERS)
def ask_new(page: Here, kind: str = "person") -> Response:
    """An empty form for a person, a company or a body."""
    page.need(PARTY_KINDS.get(kind))
    suggested = "egn" if kind == "person" else "eik"
    return _form_page(page, blank(kind=kind, identifier_kind=suggested), "")


@AREA.post("/new", WRITERS)
def take_new(page: Here) -> Response:
    """Enter a party, unless somebody has that identifier, or perhaps is the same."""
    filled = page.fill(PartyForm)
    form = filled.model
    if form is None:
        return _form_page(page, filled, "", 422)
    try:
        identifier = form.read_identifier(today(page))
        if identifier is None and not form.is_another and (like := _like(page, form)):
            filled.refuse("is_another", page.text("Look whether it is one of these"))
            return _form_page(page, filled, "", 422, like=like)
        id_ = enter_party(
            page.portal.database,
            page.portal.keys,
            form.details(),
            identifier,
            actor=page.actor,
            now=page.portal.clock(),
        )
    except ThereAlreadyError as there:
        return page.redirect(f"/staff/people/{there.id}", say="party-there")
    except PeopleError as error:
        refuse(page, filled, error)
        return _form_page(page, filled, "", 422)
    return page.redirect(f"/staff/people/{id_}", say="saved")


@AREA.get("/{party}", READERS)
def show(page: Here, party: str) -> Response:
    """All that is known of a party, its identifier masked; that it was read is noted."""
    with page.portal.database.transaction() as connection:
        found = page.need(resolve_party(connection, party))
        if found.id != party:
            return page.redirect(f"/staff/people/{found.id}")
        note(connection, page.actor, "people.party-read", found.id)
    return _party_page(page, found, [])


@AREA.post("/{party}/identifier", WRITERS)
def show_identifier(page: Here, party: str) -> Response:
    """The same with identifiers whole, for a purpose, which is noted.

    Shown at once and not after a redirection: what is whole has no address.
    """
    filled = page.fill(PurposeForm)
    page.portal.part(Limits).check("people.identifier", page.actor.id, 60, _HOUR)
    form = filled.model
    with page.portal.database.transaction() as connection:
        found = page.need(living(connection, party))
        shown = identifiers_of(connection, page.portal.keys, party) if form is not None else []
        if form is not None:
            purpose = form.purpose
            note(connection, page.actor, "people.identifier-shown", found.id, purpose=purpose)
    if form is None:
        return _party_page(page, found, [], filled, 422)
    return _party_page(page, found, shown)


@AREA.get("/{party}/change", WRITERS)
def ask_change(page: Here, party: str) -> Response:
    """The form with what is known; an identifier is typed only to give another one."""
    with page.portal.database.transaction() as connection:
        found = page.need(living(connection, party))
        note(connection, page.actor, "people.party-read", found.id)
    names = PartyForm.model_fields.keys() & Party.model_fields.keys()
    known = {name: getattr(found, name) for name in names}
    known["born_on"] = f"{found.born_on:%d.%m.%Y}" if found.born_on else None
    return _form_page(page, blank(**known, identifier_kind="none"), party)


@AREA.post("/{party}/change", WRITERS)
def take_change(page: Here, party: str) -> Response:
    """Write what a party is now."""
    filled = page.fill(PartyForm)
    form = filled.model
    with page.portal.database.reading() as connection:
        page.need(living(connection, party))
    if form is None:
        return _form_page(page, filled, party, 422)
    try:
        change_party(
            page.portal.database,
            page.portal.keys,
            party,
            form.details(),
            form.read_identifier(today(page)),
            revision=form.revision,
            actor=page.actor,
            now=page.portal.clock(),
        )
    except PeopleError as error:
        refuse(page, filled, error)
        return _form_page(page, filled, party, 422)
    return page.redirect(f"/staff/people/{party}", say="saved")


def _find_by_identifier(page: Page, connection: Connection, text: str) -> list[Party]:
    """Whose identifier it is; each look is noted, without the identifier."""
    keys = page.portal.keys
    met = [party_with(connection, keys, each) for each in possible(text, today=today(page))]
    found = {each.id: each for each in met if each is not None}
    about = next(iter(found), "")
    note(connection, page.actor, "people.identifier-sought", about, found=len(found))
    return list(found.values())


def living(connection: Connection, party: str) -> Party | None:
    """A party that can be changed."""
    found = resolve_party(connection, party)
    return found if found is not None and found.id == party and not found.erased_at else None


def _like(page: Page, form: PartyForm) -> list[Any]:
    with page.portal.database.reading() as connection:
        found = namesakes(connection, form.details())
        return [party_row(page, connection, each) for each in found]


def party_row(page: Page, connection: Connection, party: Party) -> dict[str, Any]:
    """What a list shows of a party: enough to tell it from its namesakes, and no more."""
    numbers = identifiers_of(connection, page.portal.keys, party.id)
    kept = [each for each in addresses_of(connection, party.id, today(page)) if each.now]
    return {
        "party": party,
        "name": full_name(party),
        "kind": page.text(PARTY_KINDS[party.kind]),
        "number": masked(numbers[0]) if numbers else "",
        "place": kept[0].now.full_name if kept and kept[0].now else "",
    }


def _party_page(
    page: Page,
    party: Party,
    whole: list[Identifier],
    form: Filled[Any] | None = None,
    code: int = 200,
) -> Response:
    with page.portal.database.reading() as connection:
        numbers = identifiers_of(connection, page.portal.keys, party.id)
        addresses = addresses_of(connection, party.id, today(page))
    return page.render(
        "people/party.html",
        code,
        form=form or blank(),
        party=party,
        name=full_name(party),
        kinds=PARTY_KINDS,
        numbers=[
            (IDENTIFIER_KINDS[each.kind], each.country, each.value if whole else masked(each))
            for each in numbers
        ],
        is_whole=bool(whole),
        has_masked=any(not each.is_public for each in numbers),
        addresses=addresses,
        address_kinds=ADDRESS_KINDS,
        purposes=choices(page, PURPOSES),
        may_write=WRITERS.judge(page.actor) == "welcome",
        today=today(page),
    )


def _form_page(
    page: Page, form: Filled[Any], party: str, code: int = 200, like: list[Any] | None = None
) -> Response:
    kind = form.value("kind")
    return page.render(
        "people/party_form.html",
        code,
        form=form,
        party=party,
        kind=kind if kind in PARTY_KINDS else "person",
        identifier_kinds=[
            ("none", page.text("No identifier" if not party else "Leave it as it is")),
            *choices(page, IDENTIFIER_KINDS),
        ],
        like=like or [],
    )
