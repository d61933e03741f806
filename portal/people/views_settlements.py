"""Staff's pages about settlements: looking one up, its history, and taking the national lists."""

from __future__ import annotations

import time
from typing import Any, Final

from starlette.responses import Response

from portal.people.errors import PeopleError
from portal.people.forms import ListForm, SuccessorForm
from portal.people.pages import refuse, today
from portal.people.settlement_import import Plan, plan_import, take
from portal.people.settlement_lists import MAX_BYTES, ListError, NationalList, read_list
from portal.people.settlements import (
    count_places,
    end_settlement,
    exact_places,
    find_places,
    history,
    place_now,
    predecessors,
    territories,
)
from portal.people.units import own_municipality, unit_name, unit_serving
from portal.people.upload_shelf import UploadShelf
from portal.people.words import FIELDS, NO_SETTLEMENT, TERRITORY_KINDS
from portal.web.forms import Filled, blank
from portal.web.notices import NOTICES
from portal.web.page import Page
from portal.web.routes import Area, Here
from portal.web.rules import staff

AREA: Final = Area("settlements", "/staff/settlements")

READERS: Final = staff()
ADMINISTRATOR: Final = staff("administrator")
_MOST_SHOWN: Final = 100

NOTICES.update({"list-taken": "The list is taken."})


@AREA.get("", READERS)
def find(page: Here, q: str = "") -> Response:
    """Settlements by name or code; without one, those of the own municipality."""
    with page.portal.database.reading() as connection:
        own = own_municipality(connection)
        day = today(page)
        asked = q[:200]
        places = find_places(connection, asked, day, municipality=own) if asked or own else []
        mayoralties = territories(connection, "mayoralty", day, own) if own else []
        count = count_places(connection)
    return page.render(
        "people/settlements.html",
        form=blank(q=asked),
        places=places,
        mayoralties=mayoralties,
        count=count,
        is_own=bool(own) and not asked,
        may_import=ADMINISTRATOR.judge(page.actor) == "welcome",
    )


@AREA.get("/import", ADMINISTRATOR)
def ask_list(page: Here) -> Response:
    """A form for a list."""
    return _list_page(page, blank(on=f"{today(page):%d.%m.%Y}"))


@AREA.post("/import", ADMINISTRATOR, takes_files=True)
def preview(page: Here) -> Response:
    """What taking the list would change."""
    filled = page.fill(ListForm)
    if filled.model is None:
        return _list_page(page, filled, 422)
    chosen = filled.files.get("file", [])
    if not chosen:
        filled.refuse("file", page.text("Choose a file"))
        return _list_page(page, filled, 422)
    with chosen[0].file as file:
        content = file.read(MAX_BYTES + 1)
    try:
        found = read_list(content)
    except ListError as error:
        refuse(page, filled, error)
        return _list_page(page, filled, 422, error.problems)
    name = _shelf(page).put(content, time.time())
    with page.portal.database.reading() as connection:
        plan = plan_import(connection, found, filled.model.on)
    return _plan_page(page, filled, found, plan, name)


@AREA.post("/import/take", ADMINISTRATOR)
def take_list(page: Here) -> Response:
    """Take the list that was looked at."""
    filled = page.fill(ListForm)
    form = filled.model
    content = _shelf(page).read(form.upload) if form is not None else None
    if form is None or content is None:
        filled.refuse("file", page.text("The list is not here any more; choose it anew"))
        return _list_page(page, filled, 422)
    try:
        take(
            page.portal.database,
            read_list(content),
            form.on,
            is_complete=form.is_complete,
            actor=page.actor,
        )
    except PeopleError as error:
        refuse(page, filled, error)
        return _list_page(page, filled, 422)
    _shelf(page).remove(form.upload)
    return page.redirect("/staff/settlements", say="list-taken")


@AREA.get("/{code}", READERS)
def show(page: Here, code: str) -> Response:
    """A settlement with its history, and who answers for it."""
    return _settlement_page(page, code, blank())


@AREA.post("/{code}/successor", ADMINISTRATOR)
def take_successor(page: Here, code: str) -> Response:
    """Say what it became a part of."""
    filled = page.fill(SuccessorForm)
    if filled.model is None:
        return _settlement_page(page, code, filled, 422)
    with page.portal.database.reading() as connection:
        page.need(history(connection, code))
        into = exact_places(connection, filled.model.successor, today(page))
    if len(into) != 1:
        several, none = "Write its code: there are several", NO_SETTLEMENT
        filled.refuse("successor", page.text(several if into else none))
        return _settlement_page(page, code, filled, 422)
    try:
        end_settlement(
            page.portal.database,
            code,
            into[0].code,
            filled.model.on,
            actor=page.actor,
            now=page.portal.clock(),
        )
    except PeopleError as error:
        refuse(page, filled, error)
        return _settlement_page(page, code, filled, 422)
    return page.redirect(f"/staff/settlements/{code}", say="saved")


def _settlement_page(page: Page, code: str, form: Filled[Any], status: int = 200) -> Response:
    with page.portal.database.reading() as connection:
        settlement, places, days = page.need(history(connection, code))
        now = place_now(connection, code, today(page))
        unit = unit_serving(connection, code, today(page))
        former = [
            found[1][-1]
            for each in predecessors(connection, code)
            if (found := history(connection, each)) is not None and found[1]
        ]
    return page.render(
        "people/settlement.html",
        status,
        form=form,
        settlement=settlement,
        states=list(zip(days, places, strict=True)),
        place=places[-1],
        now=now,
        former=former,
        unit=unit,
        unit_name=page.language.of(unit_name(unit)) if unit is not None else "",
        may_change=ADMINISTRATOR.judge(page.actor) == "welcome",
    )


def _list_page(
    page: Page, form: Filled[Any], code: int = 200, problems: list[tuple[int, str]] | None = None
) -> Response:
    return page.render("people/list_form.html", code, form=form, problems=problems or [])


def _plan_page(
    page: Page, form: Filled[Any], found: NationalList, plan: Plan, name: str
) -> Response:
    return page.render(
        "people/list_plan.html",
        form=form,
        plan=plan,
        upload=name,
        most=_MOST_SHOWN,
        count=len(found.settlements) + len(found.territories),
        kinds={kind: page.text(word) for kind, word in TERRITORY_KINDS.items()},
        fields={name: page.text(word) for name, word in FIELDS.items()},
    )


def _shelf(page: Page) -> UploadShelf:
    return UploadShelf(page.portal.settings.data / UploadShelf.FOLDER)
