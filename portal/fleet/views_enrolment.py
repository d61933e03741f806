"""Setting devices up: a new one, one that is there, one in place of another; and its code.

The code is shown in the answer to the form and nowhere else: it has no address, and stands in the
database only sealed. Loading the page again gives another code, which ends this one.
"""

from __future__ import annotations

from typing import Any, Final, Literal

from starlette.responses import Response

from broker.fleet.errors import FleetError
from broker.fleet.fleet_status import DeviceLine
from broker.fleet.offers import Offered, offer
from broker.fleet.replacement import replace
from broker.fleet.seen import Seen
from broker.store.errors import StoreError
from broker.store.registry import list_devices
from portal.fleet.area import AREA, CHANGE
from portal.fleet.asking import Question, ask, ask_again
from portal.fleet.editors.parts import Choice, Group, Input
from portal.fleet.fleet_of import fleet_presence, list_lines, need_line
from portal.fleet.ledger import carry_out
from portal.fleet.pictures import qr_address
from portal.fleet.place_questions import touchpoint_choices
from portal.fleet.sight import look
from portal.fleet.words import device_crumbs, moment
from portal.web.fields import Code
from portal.web.forms import Filled, Form, blank
from portal.web.page import Page
from portal.web.routes import Here


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


_NAME_LENGTH: Final = range(2, 32)
"""Characters of a device's name, which stands in topics and certificates."""

NEVER_RAN: Final = _(
    "No code can be given out yet: the server's process for devices has never run. "
    "Ask whoever looks after the server."
)
# What never stood anywhere may speak for every touchpoint (broker.store.registry.add_importer), so
# that no panel is registered without one.
SPARE: Final = _(
    "A device is set up at a touchpoint, a spare too: choose where it may stand one day. When it "
    "is set up, put it into the drawer."
)
IN_DRAWER: Final = _("It is in the drawer: say first where it stands.")


class DeviceForm(Form):
    """A new device, and where it stands."""

    name: Code
    touchpoint: str = ""


class ReplaceForm(Form):
    """The device that takes over, and what becomes of the old one."""

    name: Code
    old: Literal["keep", "bar"]
    seen: str = ""


@AREA.get("/devices/add", CHANGE)
def ask_device(page: Here, touchpoint: str = "") -> Response:
    """A form for a new device."""
    return ask(page, _adding(page), blank(touchpoint=touchpoint))


@AREA.post("/devices/add", CHANGE)
def add_device(page: Here) -> Response:
    """Register a device, and show its code."""
    filled = page.fill(DeviceForm)
    form = filled.model
    if form is not None:
        _check_name(page, filled, form.name, at=form.touchpoint)
        if not form.touchpoint:
            filled.refuse("touchpoint", page.text("Choose a touchpoint"))
        elif not look(page).sees("touchpoint", form.touchpoint):
            filled.refuse("touchpoint", page.text("Choose one of the answers"))
    if form is None or filled.errors:
        return ask(page, _adding(page), filled)
    try:
        offered = _offer(page, form.name, form.touchpoint)
    except (FleetError, StoreError) as error:
        return ask_again(page, _adding(page), filled, error)
    return _show(page, offered)


@AREA.get("/devices/{name}/enrol", CHANGE)
def ask_code(page: Here, name: str) -> Response:
    """What a new code does, before it is made."""
    _, line = need_line(page, name)
    return ask(page, _enrolling(page, line), blank())


@AREA.post("/devices/{name}/enrol", CHANGE)
def give_code(page: Here, name: str) -> Response:
    """Make a code for a device that is registered, and show it."""
    _, line = need_line(page, name)
    filled = page.fill(Form)
    if line.touchpoint is None:
        filled.refuse("", page.text(IN_DRAWER))
        return ask(page, _enrolling(page, line), filled)
    try:
        offered = _offer(page, name, line.touchpoint)
    except (FleetError, StoreError) as error:
        return ask_again(page, _enrolling(page, line), filled, error)
    return _show(page, offered)


@AREA.get("/devices/{name}/replace", CHANGE)
def ask_replacement(page: Here, name: str) -> Response:
    """Which device takes over, and what becomes of this one."""
    _, line = need_line(page, name)
    return ask(page, _replacing(page, line), blank(old="keep"))


@AREA.post("/devices/{name}/replace", CHANGE)
def put_in_place(page: Here, name: str) -> Response:
    """Let another device take over its touchpoint, and show that one's code."""
    _, line = need_line(page, name)
    filled = page.fill(ReplaceForm)
    form = filled.model
    if form is not None:
        _check_name(page, filled, form.name)
        if fleet_presence(page) is None:
            filled.refuse("", page.text(NEVER_RAN))
    if form is None or filled.errors:
        return ask(page, _replacing(page, line), filled)
    try:
        if line.touchpoint is None and _waits_for_code(page, form.name, form.seen):
            touchpoint = form.seen  # done already, and the page loaded again
        else:
            touchpoint = _take_over(page, line, form)
        offered = _offer(page, form.name, touchpoint)
    except (FleetError, StoreError) as error:
        return ask_again(page, _replacing(page, line), filled, error)
    return _show(page, offered, replaced=name)


def _take_over(page: Page, line: DeviceLine, form: ReplaceForm) -> str:
    """Where the new device stands now."""
    store, now, seen = page.portal.feedback, page.portal.clock(), Seen(form.seen or None)
    is_barred = form.old == "bar"
    done = carry_out(
        page, "fleet.device-replace", line.device,
        lambda: replace(store, line.device, form.name, now, is_barred=is_barred, seen=seen),
        by=form.name, is_barred=is_barred,
    )  # fmt: skip
    return done.touchpoint


def _offer(page: Page, name: str, touchpoint: str) -> Offered:
    """A code; the audit log knows of it, and not what it is."""
    store, now = page.portal.feedback, page.portal.clock()
    return carry_out(
        page, "fleet.device-enrol", name, lambda: offer(store, name, touchpoint, now),
        touchpoint=touchpoint,
    )  # fmt: skip


def _show(page: Page, offered: Offered, replaced: str = "") -> Response:
    return page.render(
        "fleet/code.html",
        offered=offered,
        picture=qr_address(offered.code.photographed),
        until=moment(offered.expires_at, page.language),
        replaced=replaced,
        crumbs=device_crumbs(page, offered.device, str(page.text("Code"))),
    )


def _check_name(page: Page, filled: Filled[Any], name: str, *, at: str | None = None) -> None:
    """See that a name can be one; a new device's (``at`` its touchpoint) nobody else may have."""
    if len(name) not in _NAME_LENGTH:
        filled.refuse("name", page.text("Write 2 to 31 characters"))
    is_there = any(each.name == name for each in list_devices(page.portal.feedback))
    if at is not None and is_there and not _waits_for_code(page, name, at):
        filled.refuse("name", page.text("There is a device of this name; choose another one"))


def _waits_for_code(page: Page, name: str, touchpoint: str) -> bool:
    """Whether it was put there and its code never used: its page was loaded again."""
    return any(
        (line.device, line.touchpoint, line.serial) == (name, touchpoint, None)
        and line.code_expires_at is not None
        for line in list_lines(page, look(page))
    )


def _warning(page: Page) -> str:
    """Said above the forms, where a code could not be used now."""
    presence = fleet_presence(page)
    if presence is None:
        return str(page.text(NEVER_RAN))
    if not presence.is_running(page.portal.clock()):
        return str(
            page.text("The server's process for devices does not run: codes work when it does.")
        )
    return ""


def _name_input(page: Page) -> Input:
    hint = page.text("2 to 31 small Latin letters, digits and hyphens, for example kiosk-3")
    return Input("text", "name", page.text("Name of the new device"), hint, width="20")


def _adding(page: Page) -> Question:
    points = touchpoint_choices(look(page))
    choices: list[Choice] = [("", page.text("Choose a touchpoint")), *points]
    place = Input("select", "touchpoint", page.text("It stands at"), page.text(SPARE), choices)
    title = page.text("Set up a new device")
    none = "" if points else page.text("There is no touchpoint yet: add one under Places first.")
    return Question(
        title,
        device_crumbs(page, str(title)),
        page.text("Make its code"),
        [Group([_name_input(page), place])],
        [page.text("You get a code for one use, good for 24 hours. Have the device at hand.")],
        none or _warning(page),
    )


def _enrolling(page: Page, line: DeviceLine) -> Question:
    title = page.text("Give it a code")
    lines = [
        page.text("For one use, good for 24 hours. A code that is out for this device ends."),
        page.text("What it has works until the new code is used, and is barred then."),
    ]
    return Question(
        f"{title}: {line.device}",
        device_crumbs(page, line.device, title),
        page.text("Make a code"),
        [],
        lines,
        page.text(IN_DRAWER) if line.touchpoint is None else _warning(page),
    )


def _replacing(page: Page, line: DeviceLine) -> Question:
    title = page.text("Replace by another device")
    keep = page.text("It is let in for another week, so that it can send what waits in it.")
    cut = page.text("For a device that was stolen or sold. What waits in it is lost.")
    choices: list[Choice] = [
        ("keep", page.text("Put it into the drawer"), keep),
        ("bar", page.text("Bar it at once"), cut),
    ]
    old = Input(
        "radios", "old", page.text("What becomes of {name}?", name=line.device), choices=choices
    )
    where = page.text(
        "The new one stands at {place} from now on.", place=line.place or line.touchpoint
    )
    waiting = page.language.many(
        line.waiting or 0, "One answer waits in the old one.", "{n} answers wait in the old one."
    )
    return Question(
        f"{title}: {line.device}",
        device_crumbs(page, line.device, title),
        page.text("Replace, and make its code"),
        [Group([_name_input(page), old])],
        [where, *([waiting] if line.waiting else [])],
        _warning(page),
        hidden={"seen": line.touchpoint or ""},
    )
