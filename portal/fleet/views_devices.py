"""The list of devices, a device, and where it stands."""

from __future__ import annotations

from starlette.responses import Response

from broker.fleet.certificates import list_certificates, revoke_device
from broker.fleet.configurations import show
from broker.fleet.device_places import move_device, retire_device
from broker.fleet.errors import FleetError
from broker.fleet.fleet_status import DeviceLine
from broker.fleet.notice_words import in_words
from broker.fleet.notices import list_notices
from broker.fleet.orders import recent_orders
from broker.fleet.seen import Seen
from broker.store.errors import StoreError
from broker.store.places import Place
from portal.fleet.area import AREA, CHANGE, READ
from portal.fleet.asking import Question, ask, ask_again
from portal.fleet.device_words import (
    ORDERS,
    SAYS,
    STATES,
    certificate_rows,
    configuration_words,
    connection_words,
    standing_words,
)
from portal.fleet.editors.parts import Choice, Group, Input
from portal.fleet.fleet_of import fleet_presence, list_lines, need_line
from portal.fleet.ledger import carry_out
from portal.fleet.notice_language import of_reader
from portal.fleet.place_questions import touchpoint_choices
from portal.fleet.refusals import told_fault
from portal.fleet.rules import Sight
from portal.fleet.sight import look
from portal.fleet.words import device_crumbs, moment
from portal.web.fields import Line
from portal.web.forms import Form, blank
from portal.web.page import Page
from portal.web.routes import Here


class PlaceForm(Form):
    """Where a device stands from now on; empty: in the drawer."""

    touchpoint: str = ""
    seen: str = ""


class WhyForm(Form):
    """Why it is barred."""

    why: Line


@AREA.get("/devices", READ)
def list_devices(page: Here) -> Response:
    """All devices that whoever asks sees."""
    sight = look(page)
    lines = list_lines(page, sight)
    presence = fleet_presence(page)
    return page.render(
        "fleet/devices.html",
        lines=[line for line in lines if not line.is_retired],
        retired=[line for line in lines if line.is_retired],
        is_running=presence is not None and presence.is_running(page.portal.clock()),
        connection_words=connection_words,
        standing_words=standing_words,
        configuration_words=configuration_words,
        moment=moment,
    )


@AREA.get("/devices/{name}", READ)
def show_device(page: Here, name: str) -> Response:
    """How a device does, and what can be done with it."""
    _, line = need_line(page, name)
    store, now = page.portal.feedback, page.portal.clock()
    language = of_reader(page.language)
    shown = show(store, name, now)
    return page.render(
        "fleet/device.html",
        line=line,
        shown=shown,
        refusal=told_fault(shown.refusal, page.language),
        faults=[told_fault(fault, page.language) for fault in shown.faults],
        says=page.text(SAYS.get(shown.says, shown.says)),
        connection=connection_words(line, page.language),
        standing=standing_words(line, page.language),
        configuration=configuration_words(line, page.language),
        notices=[(each, in_words(each, language)) for each in list_notices(store, device=name)],
        orders=recent_orders(store, name, now, 5),
        order_names=ORDERS,
        states=STATES,
        certificates=certificate_rows(
            list_certificates(store, f"{line.site}/{name}"), page.language
        ),
        moment=moment,
        may_change=CHANGE.judge(page.actor) == "welcome",
    )


@AREA.get("/devices/{name}/move", CHANGE)
def ask_place(page: Here, name: str) -> Response:
    """A form for where it stands."""
    sight, line = need_line(page, name)
    return ask(page, _moving(page, sight, line), blank(touchpoint=line.touchpoint or ""))


@AREA.post("/devices/{name}/move", CHANGE)
def take_place(page: Here, name: str) -> Response:
    """Put it at another touchpoint, or into the drawer."""
    sight, line = need_line(page, name)
    filled = page.fill(PlaceForm)
    form = page.need(filled.model)
    if form.touchpoint and not sight.sees("touchpoint", form.touchpoint):
        filled.refuse("touchpoint", page.text("Choose one of the answers"))
        return ask(page, _moving(page, sight, line), filled)
    store, now, seen = page.portal.feedback, page.portal.clock(), Seen(form.seen or None)
    try:
        carry_out(
            page, "fleet.device-move", name,
            lambda: move_device(store, name, form.touchpoint or None, now=now, seen=seen),
            to=form.touchpoint,
        )  # fmt: skip
    except (FleetError, StoreError) as error:
        return ask_again(page, _moving(page, sight, line), filled, error)
    return page.redirect(f"/staff/devices/{name}", say="saved")


@AREA.get("/devices/{name}/revoke", CHANGE)
def ask_revoke(page: Here, name: str) -> Response:
    """What barring does, before it is done."""
    _, line = need_line(page, name)
    return ask(page, _revoking(page, line), blank())


@AREA.post("/devices/{name}/revoke", CHANGE)
def bar(page: Here, name: str) -> Response:
    """Bar it."""
    _, line = need_line(page, name)
    filled = page.fill(WhyForm)
    form = filled.model
    if form is None:
        return ask(page, _revoking(page, line), filled)
    store, now = page.portal.feedback, page.portal.clock()
    try:
        carry_out(
            page, "fleet.device-revoke", name, lambda: revoke_device(store, name, form.why, now)
        )
    except (FleetError, StoreError) as error:
        return ask_again(page, _revoking(page, line), filled, error)
    return page.redirect(f"/staff/devices/{name}", say="saved")


@AREA.get("/devices/{name}/retire", CHANGE)
def ask_retire_device(page: Here, name: str) -> Response:
    """What it means to take a device out of use."""
    _, line = need_line(page, name)
    return ask(page, _retiring(page, line), blank())


@AREA.post("/devices/{name}/retire", CHANGE)
def take_device_out(page: Here, name: str) -> Response:
    """Take it out of use for good."""
    _, line = need_line(page, name)
    filled = page.fill(Form)
    store, now = page.portal.feedback, page.portal.clock()
    try:
        carry_out(page, "fleet.device-retire", name, lambda: retire_device(store, name, now=now))
    except (FleetError, StoreError) as error:
        return ask_again(page, _retiring(page, line), filled, error)
    return page.redirect(f"/staff/devices/{name}", say="saved")


def _moving(page: Page, sight: Sight, line: DeviceLine) -> Question:
    title = page.text("Move")
    choices: list[Choice] = [("", page.text("In the drawer")), *touchpoint_choices(sight)]
    hint = page.text(
        "In the drawer it stands nowhere: it shows that it is closed, and asks nobody."
    )
    return Question(
        f"{title}: {line.device}",
        device_crumbs(page, line.device, title),
        title,
        [Group([Input("select", "touchpoint", page.text("It stands at"), hint, choices)])],
        [page.text("From now on. Its ratings keep the touchpoint at which they were given.")],
        hidden={"seen": line.touchpoint or ""},
    )


def _revoking(page: Page, line: DeviceLine) -> Question:
    title = page.text("Bar this device")
    lines = [
        page.text("It is for a device that was stolen, sold or lost."),
        page.text(
            "All its certificates and codes end; the connection that it has is cut within a "
            "minute, and it can't come back by itself."
        ),
        page.text("To use it again, set it up again with a new code."),
    ]
    warning = ""
    if line.waiting:
        warning = page.language.many(
            line.waiting,
            "One answer waits in it. It stays there until it is set up again.",
            "{n} answers wait in it. They stay there until it is set up again.",
        )
    place = Place("touchpoint", line.touchpoint or "")
    if line.touchpoint is not None:
        lines.append(
            page.text("It stands at {place}; nobody is asked there then.", place=place.code)
        )
    why = Input(
        "text",
        "why",
        page.text("Why?"),
        page.text("For the records, for example: stolen"),
        lang="bg",
    )
    return Question(
        f"{title}: {line.device}",
        device_crumbs(page, line.device, title),
        title,
        [Group([why])],
        lines,
        warning,
        is_danger=True,
    )


def _retiring(page: Page, line: DeviceLine) -> Question:
    title = page.text("Take out of use")
    lines = [
        page.text("For good: its name is never used again. Its ratings stay."),
        page.text("Switch it off: as long as it is on, it asks where it stood last."),
        page.text(
            "What still waits in it is taken when it comes. Bar it when nothing waits any more."
        ),
    ]
    warning = ""
    if line.waiting:
        warning = page.language.many(
            line.waiting, "One answer waits in it.", "{n} answers wait in it."
        )
    return Question(
        f"{title}: {line.device}",
        device_crumbs(page, line.device, title),
        title,
        [],
        lines,
        warning,
        is_danger=True,
    )
