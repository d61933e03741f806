"""The tree of places, a place, and what can be done with it besides its settings."""

from __future__ import annotations

from datetime import date

from starlette.responses import Response

from broker.fleet.errors import FleetError
from broker.fleet.places import add_location, move, rename, retire
from broker.fleet.seen import Seen
from broker.store.errors import StoreError
from broker.store.place_settings import effective_at
from broker.store.places import Entry, Place, devices_at, location_of
from portal.fleet.area import AREA, CHANGE, READ
from portal.fleet.asking import ask, ask_again
from portal.fleet.editors.all import EDITED
from portal.fleet.editors.parts import SomeDay
from portal.fleet.ledger import carry_out
from portal.fleet.place_questions import adding, moving, renaming, retiring
from portal.fleet.rules import Sight
from portal.fleet.settings_of_place import about_place
from portal.fleet.sight import look, look_at, today
from portal.fleet.words import KINDS, crumbs_to, path_of, short_day, source_words
from portal.web.errors import not_found
from portal.web.fields import Code, Line
from portal.web.forms import Form, blank
from portal.web.page import Page
from portal.web.routes import Here


class AddForm(Form):
    """A new place."""

    name: Line
    code: Code
    into: str = ""
    from_on: SomeDay | None = None


class NameForm(Form):
    """Another name."""

    name: Line
    seen: str = ""


class MoveForm(Form):
    """Into which location, from when on."""

    into: str = ""
    from_on: SomeDay | None = None
    seen: str = ""


class RetireForm(Form):
    """From when on it is no more."""

    on: SomeDay | None = None


@AREA.get("/places", READ)
def list_places(page: Here) -> Response:
    """All places that whoever asks sees, as a tree."""
    sight = look(page)
    with page.portal.feedback.reading() as connection:
        devices = devices_at(connection, sight.tree.on)
    roots = [place for place in sight.tree.entries if place.kind == "site"]
    roots = [place for place in roots if place in sight.shown]
    return page.render("fleet/places.html", sight=sight, roots=roots, devices=devices)


@AREA.get("/places/add", CHANGE)
def ask_add(page: Here, into: str = "") -> Response:
    """A form for a new place."""
    sight = look(page)
    return ask(page, adding(page, sight), blank(into=into, from_on=short_day(today(page))))


@AREA.post("/places/add", CHANGE)
def add(page: Here) -> Response:
    """Add a place."""
    sight, filled = look(page), page.fill(AddForm)
    form = filled.model
    if form is not None and form.into and not sight.sees("location", form.into):
        filled.refuse("into", page.text("Choose one of the answers"))
    if form is not None and Place("location", form.code) in sight.tree.entries:
        filled.refuse("code", page.text("This code is taken; choose another one"))
    if form is None or filled.errors:
        return ask(page, adding(page, sight), filled)

    def work() -> bool:
        return add_location(
            page.portal.feedback,
            form.code,
            site=page.portal.settings.site,
            now=page.portal.clock(),
            name=form.name,
            location=form.into or None,
            from_on=form.from_on,
        )

    try:
        carry_out(page, "fleet.place-add", form.code, work, into=form.into)
    except (FleetError, StoreError) as error:
        return ask_again(page, adding(page, sight), filled, error)
    return page.redirect(path_of(Place("location", form.code)), say="saved")


@AREA.get("/places/{kind}/{code}", READ)
def show_place(page: Here, kind: str, code: str) -> Response:
    """A place: what stands in it, what is set, and where that comes from."""
    sight, entry = look_at(page, kind, code)
    with page.portal.feedback.reading() as connection:
        settings = effective_at(connection, entry.place, sight.tree.on)
        about = about_place(page, connection, settings)
        devices = devices_at(connection, sight.tree.on).get(code, [])
    may_change = CHANGE.judge(page.actor) == "welcome"
    rows = [
        (
            page.text(known.name),
            "\n".join(
                [
                    *known.editor.words(settings[key].value, about),
                    f"({source_words(settings[key], entry.place, sight.tree, page.language)})",
                ]
            ),
            page.url(f"{path_of(entry.place)}/settings/{key}") if may_change else None,
        )
        for key, known in EDITED.items()
    ]
    return page.render(
        "fleet/place.html",
        entry=entry,
        kind_name=page.text(KINDS[kind]),
        sight=sight,
        inside=[each for each in sight.tree.below.get(entry.place, ()) if each in sight.shown],
        devices=devices if kind == "touchpoint" else [],
        rows=rows,
        crumbs=crumbs_to(page, sight.tree, entry.place),
        may_change=may_change,
    )


@AREA.get("/places/{kind}/{code}/rename", CHANGE)
def ask_rename(page: Here, kind: str, code: str) -> Response:
    """A form for another name."""
    sight, entry = look_at(page, kind, code)
    return ask(page, renaming(page, sight, entry), blank(name=entry.name))


@AREA.post("/places/{kind}/{code}/rename", CHANGE)
def take_name(page: Here, kind: str, code: str) -> Response:
    """Give it another name."""
    sight, entry = look_at(page, kind, code)
    filled = page.fill(NameForm)
    if filled.model is None:
        return ask(page, renaming(page, sight, entry), filled)
    name, seen = filled.model.name, Seen(filled.model.seen)
    store = page.portal.feedback
    try:
        carry_out(
            page, "fleet.place-rename", code, lambda: rename(store, kind, code, name, seen=seen),
            kind=kind,
        )  # fmt: skip
    except (FleetError, StoreError) as error:
        return ask_again(page, renaming(page, sight, entry), filled, error)
    return page.redirect(path_of(entry.place), say="saved")


@AREA.get("/places/{kind}/{code}/move", CHANGE)
def ask_move(page: Here, kind: str, code: str) -> Response:
    """A form for where it stands."""
    sight, entry = _movable(page, kind, code)
    now_in = _location(page, entry, sight.tree.on)
    return ask(
        page,
        moving(page, sight, entry, now_in),
        blank(into=now_in, from_on=short_day(sight.tree.on)),
    )


@AREA.post("/places/{kind}/{code}/move", CHANGE)
def take_move(page: Here, kind: str, code: str) -> Response:
    """Put it somewhere else, from a day on."""
    sight, entry = _movable(page, kind, code)
    filled = page.fill(MoveForm)
    form = filled.model
    question = moving(page, sight, entry, _location(page, entry, sight.tree.on))
    if form is not None and form.into and not sight.sees("location", form.into):
        filled.refuse("into", page.text("Choose one of the answers"))
    if form is None or filled.errors:
        return ask(page, question, filled)
    into, day, seen = form.into or None, form.from_on, Seen(form.seen or None)
    store, now = page.portal.feedback, page.portal.clock()
    try:
        carry_out(
            page, "fleet.place-move", code,
            lambda: move(store, kind, code, into, now=now, from_on=day, seen=seen),
            kind=kind, into=form.into, on=day.isoformat() if day else "",
        )  # fmt: skip
    except (FleetError, StoreError) as error:
        return ask_again(
            page, moving(page, sight, entry, _location(page, entry, sight.tree.on)), filled, error
        )
    return page.redirect(path_of(entry.place), say="saved")


@AREA.get("/places/{kind}/{code}/retire", CHANGE)
def ask_retire(page: Here, kind: str, code: str) -> Response:
    """What it means to take a place out of use, and from which day on."""
    sight, entry = _movable(page, kind, code)
    return ask(page, retiring(page, sight, entry), blank(on=short_day(sight.tree.on)))


@AREA.post("/places/{kind}/{code}/retire", CHANGE)
def take_out(page: Here, kind: str, code: str) -> Response:
    """Take it out of use."""
    sight, entry = _movable(page, kind, code)
    filled = page.fill(RetireForm)
    form = filled.model
    if form is None:
        return ask(page, retiring(page, sight, entry), filled)
    store, now = page.portal.feedback, page.portal.clock()
    try:
        carry_out(
            page, "fleet.place-retire", code,
            lambda: retire(store, kind, code, now=now, on=form.on),
            kind=kind, on=form.on.isoformat() if form.on else "",
        )  # fmt: skip
    except (FleetError, StoreError) as error:
        return ask_again(page, retiring(page, sight, entry), filled, error)
    return page.redirect("/staff/places", say="removed")


def _movable(page: Page, kind: str, code: str) -> tuple[Sight, Entry]:
    """A place that can be moved and retired: the municipality can't."""
    if kind == "site":
        raise not_found()
    return look_at(page, kind, code)


def _location(page: Page, entry: Entry, on: date) -> str:
    with page.portal.feedback.reading() as connection:
        return location_of(connection, entry.place, on) or ""
