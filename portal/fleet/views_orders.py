"""Orders for devices, what became of them, and who tried to set a device up."""

from __future__ import annotations

import threading
import time
from typing import Final

from starlette.responses import Response

from broker.fleet.attempts import list_attempts
from broker.fleet.errors import FleetError
from broker.fleet.orders import Outcome, ask, outcome
from broker.store.errors import StoreError
from portal.fleet.area import AREA, CHANGE, READ
from portal.fleet.device_words import ORDERS, STATES
from portal.fleet.fleet_of import fleet_presence, need_line
from portal.fleet.ledger import carry_out
from portal.fleet.refusals import told_order
from portal.fleet.sight import need_whole
from portal.fleet.words import device_crumbs, moment
from portal.web.errors import not_found
from portal.web.forms import Form
from portal.web.page import Page
from portal.web.routes import Here

WAIT_S: Final = 4.0
"""For so long the page of an order waits for the answer; most come within a second."""
_LOOKS_EVERY_S: Final = 0.2
_WITHIN_S: Final = {"self-test": 120, "report": 60}
"""After which an order is worth nothing; half a minute for most."""


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


RESULTS: Final = {
    "enrolled": _("set up"),
    "enrolled-again": _("set up; the answer had been lost"),
    "wrong-code": _("wrong code"),
    "unknown-code": _("no such code"),
    "ended-code": _("the code had ended"),
    "no-exchange": _("not begun properly"),
    "rotated": _("certificate renewed"),
    "rotated-again": _("certificate renewed; the answer had been lost"),
    "key-copied": _("renewed with a key that was used before: was it copied?"),
    "not-in-use": _("not renewed: the device is in the drawer"),
    "revoked": _("refused: the device is barred"),
    "expired": _("refused: the certificate has expired"),
    "unknown-certificate": _("refused: no certificate of ours"),
    "not-valid": _("not understood"),
    "too-many": _("too many tries from one address"),
}
"""What became of a try."""


class OrderForm(Form):
    """What is asked."""

    order: str


@AREA.get("/devices/attempts", CHANGE)
def list_tries(page: Here) -> Response:
    """Who tried to set a device up, or to renew its certificate."""
    need_whole(page)
    tries = list_attempts(page.portal.feedback, limit=100)
    rows = [
        (
            moment(each.at, page.language),
            each.device or (f"{each.label}-…" if each.label else "–"),
            page.text(RESULTS.get(each.result, each.result)),
            each.address,
        )
        for each in tries
    ]
    return page.render("fleet/attempts.html", rows=rows)


@AREA.post("/devices/{name}/orders", CHANGE)
def order(page: Here, name: str) -> Response:
    """Ask something of a device."""
    need_line(page, name)
    form = page.need(page.fill(OrderForm).model)
    if form.order not in ORDERS:
        raise not_found()
    store, now = page.portal.feedback, page.portal.clock()
    within_s = _WITHIN_S.get(form.order, 30)
    # A device answers in a language of its place; where the reader has another one, in English.
    args = {"language": page.language.code} if form.order == "self-test" else {}
    try:
        asked = carry_out(
            page, "fleet.device-order", name,
            lambda: ask(store, name, form.order, args, now, within_s), order=form.order,
        )  # fmt: skip
    except (FleetError, StoreError) as error:
        raise not_found() from error  # it was retired meanwhile
    return page.redirect(f"/staff/devices/{name}/orders/{asked}", wait="yes")


@AREA.get("/devices/{name}/orders/{number}", READ)
def show_order(page: Here, name: str, number: str, wait: str = "") -> Response:
    """What became of an order; waits for a moment where it was just given."""
    need_line(page, name)
    found = _wait(page, number) if wait else _outcome(page, number)
    if found.device != name:
        raise not_found()
    presence = fleet_presence(page)
    return page.render(
        "fleet/order.html",
        order=found,
        title=page.text(ORDERS.get(found.name, found.name)),
        state=page.text(STATES[found.state]),
        detail=told_order(found.detail, page.language),
        is_running=presence is not None and presence.is_running(page.portal.clock()),
        crumbs=device_crumbs(page, name, str(page.text(ORDERS.get(found.name, found.name)))),
    )


def _outcome(page: Page, number: str) -> Outcome:
    try:
        return outcome(page.portal.feedback, number, page.portal.clock())
    except FleetError as error:
        raise not_found() from error


def _wait(page: Page, number: str) -> Outcome:
    """What became of it, looked at until it is over, for some seconds."""
    deadline_s, pause = time.monotonic() + WAIT_S, threading.Event()
    while not (found := _outcome(page, number)).is_over and time.monotonic() < deadline_s:
        pause.wait(_LOOKS_EVERY_S)
    return found
