"""The configurations of a device: what it had, what differs, going back and following again."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field
from starlette.responses import Response

from broker.fleet.configurations import diff, history, show
from broker.fleet.differences import values_of
from broker.fleet.errors import FleetError
from broker.fleet.rollback import Turned, follow, roll_back
from broker.store.errors import StoreError
from portal.fleet.area import AREA, CHANGE, READ
from portal.fleet.device_words import SAYS
from portal.fleet.difference_words import told_difference, told_key, told_note, told_value
from portal.fleet.fleet_of import need_line
from portal.fleet.ledger import carry_out
from portal.fleet.refusals import Told, told
from portal.fleet.words import device_crumbs, moment
from portal.web.errors import not_found
from portal.web.forms import Form
from portal.web.page import Page
from portal.web.routes import Here

MOST_REVISION: Final = 2**53


class HoldForm(Form):
    """What it is held to: a revision; 0: it follows its place. ``seen`` is what it is held to."""

    to: Annotated[int, Field(ge=0, lt=MOST_REVISION)]
    seen: int = 0


@AREA.get("/devices/{name}/configurations", READ)
def list_configurations(page: Here, name: str) -> Response:
    """All that were made for a device."""
    return _all(page, name)


@AREA.get("/devices/{name}/configurations/{number}", READ)
def show_configuration(page: Here, name: str, number: int) -> Response:
    """One of them: all of it, and how what the device should have now differs from it."""
    need_line(page, name)
    store, now, language = page.portal.feedback, page.portal.clock(), page.language
    found = next((each for each in history(store, name, now) if each.revision == number), None)
    revision = page.need(found)
    return page.render(
        "fleet/configuration.html",
        name=name,
        revision=revision,
        values=[
            (told_key(key, language), told_value(key, value, language))
            for key, value in values_of(revision.read()).items()
        ],
        differences=[told_difference(each, language) for each in diff(store, name, now, number)],
        made=moment(revision.made_at, page.language),
        shown=show(store, name, now),
        may_change=CHANGE.judge(page.actor) == "welcome",
        crumbs=[
            *device_crumbs(page, name, "")[:-1],
            (page.text("Configurations"), page.url(f"/staff/devices/{name}/configurations")),
            (str(number), ""),
        ],
    )


@AREA.post("/devices/{name}/configurations", CHANGE)
def hold(page: Here, name: str) -> Response:
    """Hold it to an earlier configuration, or let it follow its place again."""
    need_line(page, name)
    form = page.need(page.fill(HoldForm).model)
    store, now = page.portal.feedback, page.portal.clock()
    if form.seen != (show(store, name, now).pinned or 0):
        text = page.text("Somebody changed this while you were at it. Nothing of yours was saved.")
        return _all(page, name, Told(text), 409)

    def work() -> Turned:
        return roll_back(store, name, now, form.to) if form.to else follow(store, name, now)

    try:
        carry_out(page, "fleet.device-hold", name, work, to=form.to)
    except (FleetError, StoreError) as error:
        return _all(page, name, told(error, page.language), 422)
    return page.redirect(f"/staff/devices/{name}/configurations", say="saved")


def _all(page: Page, name: str, refusal: Told | None = None, status: int = 200) -> Response:
    _, line = need_line(page, name)
    store, now = page.portal.feedback, page.portal.clock()
    try:
        made, shown = history(store, name, now), show(store, name, now)
    except FleetError as error:
        raise not_found() from error
    return page.render(
        "fleet/configurations.html",
        status,
        line=line,
        made=made,
        note=told_note,
        shown=shown,
        says=page.text(SAYS.get(shown.says, shown.says)),
        moment=moment,
        refusal=refusal,
        may_change=CHANGE.judge(page.actor) == "welcome",
        crumbs=device_crumbs(page, name, str(page.text("Configurations"))),
    )
