"""Staff's pages about a party's addresses, and about merging what was entered twice."""

from __future__ import annotations

from typing import Any, Final, get_args

from starlette.responses import Response

from portal.audit.log import note
from portal.people.addresses import Where, address_of, end_address, set_address
from portal.people.errors import PeopleError
from portal.people.forms import AddressForm, EndForm, FindForm, MergeForm
from portal.people.identifiers import possible
from portal.people.pages import refuse, today
from portal.people.party_endings import merge_parties
from portal.people.party_search import find_parties, full_name, party_with
from portal.people.rules import AddressKind
from portal.people.settlements import Place, choose_places
from portal.people.tables import Party
from portal.people.units import own_municipality
from portal.people.views_parties import AREA, WRITERS, living, party_row
from portal.people.words import ADDRESS_KINDS, NO_SETTLEMENT
from portal.web.forms import Filled, blank
from portal.web.page import Page
from portal.web.routes import Here

__all__ = ["AREA"]

_KINDS: Final[dict[str, AddressKind]] = {kind: kind for kind in get_args(AddressKind)}


@AREA.get("/{party}/address/{kind}", WRITERS)
def ask(page: Here, party: str, kind: str) -> Response:
    """The form with the address of today."""
    found, of_kind = _party(page, party), page.need(_KINDS.get(kind))
    on = today(page)
    with page.portal.database.reading() as connection:
        shown = address_of(connection, found.id, of_kind, on)
    known: dict[str, Any] = {}
    if shown is not None:
        known = {name: getattr(shown.address, name) for name in Where.__dataclass_fields__}
        known["settlement"] = shown.now.full_name if shown.now else ""
        known["settlement_code"] = shown.now.code if shown.now else ""
    return _page(page, found, of_kind, blank(**known, from_on=f"{on:%d.%m.%Y}"), [])


@AREA.post("/{party}/address/{kind}", WRITERS)
def take(page: Here, party: str, kind: str) -> Response:
    """Say where the party is from a day on."""
    found, of_kind = _party(page, party), page.need(_KINDS.get(kind))
    filled = page.fill(AddressForm)
    form = filled.model
    if form is None:
        return _page(page, found, of_kind, filled, [], 422)
    place, places = _places(page, form) if form.country == "BG" else (None, [])
    if form.country == "BG" and place is None:
        said = "Choose which one it is" if places else NO_SETTLEMENT
        filled.refuse("settlement_code" if places else "settlement", page.text(said))
        return _page(page, found, of_kind, filled, places, 422)
    values = {name: getattr(form, name) for name in Where.__dataclass_fields__}
    values["settlement"] = place.code if place is not None else ""
    where = Where(**values)
    try:
        set_address(page.portal.database, found.id, of_kind, where, form.from_on, actor=page.actor)
    except PeopleError as error:
        refuse(page, filled, error)
        return _page(page, found, of_kind, filled, places, 422)
    return page.redirect(f"/staff/people/{found.id}", say="saved")


@AREA.post("/{party}/address/{kind}/end", WRITERS)
def end(page: Here, party: str, kind: str) -> Response:
    """Say that the address holds no more."""
    found, of_kind = _party(page, party), page.need(_KINDS.get(kind))
    filled = page.fill(EndForm)
    if filled.model is None:
        return _page(page, found, of_kind, filled, [], 422)
    on = filled.model.on
    if not end_address(page.portal.database, found.id, of_kind, on, actor=page.actor):
        filled.refuse("on", page.text("There is no such address on that day"))
        return _page(page, found, of_kind, filled, [], 422)
    return page.redirect(f"/staff/people/{found.id}", say="saved")


@AREA.get("/{party}/merge", WRITERS)
def ask_merge(page: Here, party: str) -> Response:
    """Who else of the same name is there?"""
    found = _party(page, party)
    with page.portal.database.transaction() as connection:
        like = find_parties(connection, full_name(found), most=20)
        note(connection, page.actor, "people.party-read", found.id)
    return _merge_page(page, found, blank(), [each for each in like if each.id != found.id])


@AREA.post("/{party}/merge/find", WRITERS)
def find_merge(page: Here, party: str) -> Response:
    """Look for the other entry by name or identifier."""
    found, filled = _party(page, party), page.fill(FindForm)
    if filled.model is None:
        return _merge_page(page, found, filled, [], 422)
    text = filled.model.text
    with page.portal.database.transaction() as connection:
        like = find_parties(connection, text, most=20)
        for each in possible(text, today=today(page)):
            met = party_with(connection, page.portal.keys, each)
            like += [met] if met is not None else []
        note(connection, page.actor, "people.identifier-sought", found.id, found=len(like))
    return _merge_page(page, found, filled, [each for each in like if each.id != found.id])


@AREA.post("/{party}/merge", WRITERS)
def take_merge(page: Here, party: str) -> Response:
    """Merge this entry into the chosen one."""
    found, filled = _party(page, party), page.fill(MergeForm)
    form = filled.model
    if form is None:
        return _merge_page(page, found, filled, [], 422)
    other = _party(page, form.into)
    if not form.is_sure:
        filled.refuse("is_sure", page.text("Say that they are the same: it can't be undone"))
        return _merge_page(page, found, filled, [other], 422)
    try:
        merge_parties(
            page.portal.database, found.id, other.id, actor=page.actor, now=page.portal.clock()
        )
    except PeopleError as error:
        refuse(page, filled, error)
        return _merge_page(page, found, filled, [other], 422)
    return page.redirect(f"/staff/people/{other.id}", say="party-merged")


def _party(page: Page, party: str) -> Party:
    with page.portal.database.reading() as connection:
        found: Party = page.need(living(connection, party))
    return found


def _places(page: Page, form: AddressForm) -> tuple[Place | None, list[Place]]:
    """The settlement that is meant, if that is clear, and those that may be."""
    with page.portal.database.reading() as connection:
        own = own_municipality(connection)
        return choose_places(
            connection, form.settlement, today(page), chosen=form.settlement_code, municipality=own
        )


def _page(
    page: Page,
    party: Party,
    kind: AddressKind,
    form: Filled[Any],
    places: list[Place],
    code: int = 200,
) -> Response:
    return page.render(
        "people/address_form.html",
        code,
        form=form,
        party=party,
        name=full_name(party),
        kind=kind,
        title=page.text(ADDRESS_KINDS[kind]),
        places=[(each.code, f"{each.where} ({each.code})") for each in places],
    )


def _merge_page(
    page: Page, party: Party, form: Filled[Any], like: list[Party], code: int = 200
) -> Response:
    with page.portal.database.reading() as connection:
        own = party_row(page, connection, party)
        rows = [party_row(page, connection, each) for each in like]
    return page.render(
        "people/merge.html", code, form=form, party=party, name=full_name(party), own=own, like=rows
    )
