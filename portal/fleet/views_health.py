"""How the installation does: what is wrong now, what to do, and who looks after it."""

from __future__ import annotations

from typing import Final, Literal

from sqlalchemy.exc import IntegrityError
from starlette.responses import Response

from broker.fleet.errors import FleetError
from broker.fleet.notices import NoticeView, list_notices, show_notice
from broker.store.quarantine import count_waiting
from portal.fleet.area import AREA, HANDLE, READ
from portal.fleet.fleet_of import fleet_presence, list_lines
from portal.fleet.notices import Handled, put_off, take_up, with_handling
from portal.fleet.sight import look
from portal.fleet.words import moment
from portal.mail.outgoing import queue_state
from portal.web.errors import not_found
from portal.web.forms import Form, blank
from portal.web.page import Page
from portal.web.routes import Here

OVER_SHOWN: Final = 20
"""Notices that are over, on the page."""


MOST_NUMBER: Final = 2**53
"""Of a notice; what a database counts up to, and more than there ever will be."""


class HandleForm(Form):
    """Take it up, or put it off for so many days."""

    deed: Literal["take-up", "put-off"]
    days: Literal["1", "7", "30"] = "1"


@AREA.get("/health", READ)
def show_health(page: Here) -> Response:
    """What is wrong now; what was, of late; and what waits."""
    store, now = page.portal.feedback, page.portal.clock()
    lines = list_lines(page, look(page))
    mine = {line.device for line in lines}
    sees_all = not page.actor.units
    views = [
        view
        for view in list_notices(store, only_open=False, limit=1_000)
        if _is_mine(view, page, mine)
    ]
    with page.portal.database.reading() as connection:
        handled = with_handling(connection, views, page.language)
    still = [each for each in handled if each.view.notice.closed_at is None]
    presence = fleet_presence(page)
    in_use = [line for line in lines if line.touchpoint is not None and not line.is_retired]
    return page.render(
        "fleet/health.html",
        now_wrong=[each for each in still if not each.is_snoozed(now)],
        snoozed=[each for each in still if each.is_snoozed(now)],
        over=[each for each in handled if each.view.notice.closed_at is not None][:OVER_SHOWN],
        presence=presence,
        is_running=presence is not None and presence.is_running(now),
        connected=sum(line.is_online for line in in_use),
        devices=len(in_use),
        waiting=sum(line.waiting or 0 for line in lines),
        quarantined=sum(each.number for each in count_waiting(store)) if sees_all else 0,
        mails=queue_state(page.portal.database) if sees_all else None,
        sees_all=sees_all,
        moment=moment,
    )


@AREA.get("/health/{number}", READ)
def show_one(page: Here, number: int) -> Response:
    """A notice: what is the matter, and what to do."""
    return _notice(page, _need(page, number))


@AREA.post("/health/{number}", HANDLE)
def handle(page: Here, number: int) -> Response:
    """Take a notice up, or put it off."""
    _need(page, number)
    form = page.need(page.fill(HandleForm).model)
    try:
        _handle(page, number, form)
    except IntegrityError:  # somebody else was the first to say something of it
        _handle(page, number, form)
    return page.redirect("/staff/health", say="saved")


def _handle(page: Page, number: int, form: HandleForm) -> None:
    if form.deed == "take-up":
        take_up(page, number)
    else:
        put_off(page, number, form.days)


def _is_mine(view: NoticeView, page: Page, mine: set[str]) -> bool:
    """Whether it is about a device that whoever asks sees, or about all and he sees all."""
    if not view.notice.device:
        return not page.actor.units
    return view.notice.device in mine


def _need(page: Page, number: int) -> Handled:
    if not 0 < number < MOST_NUMBER:
        raise not_found()
    try:
        view = show_notice(page.portal.feedback, number)
    except FleetError as error:
        raise not_found() from error
    if not _is_mine(view, page, {line.device for line in list_lines(page, look(page))}):
        raise not_found()
    with page.portal.database.reading() as connection:
        return with_handling(connection, [view], page.language)[0]


def _notice(page: Page, found: Handled) -> Response:
    notice = found.view.notice
    return page.render(
        "fleet/notice.html",
        found=found,
        matter=notice,
        form=blank(days="1"),
        may_handle=HANDLE.judge(page.actor) == "welcome",
        is_snoozed=found.is_snoozed(page.portal.clock()),
        moment=moment,
        choices=[
            ("1", page.text("one day")),
            ("7", page.text("a week")),
            ("30", page.text("30 days")),
        ],
    )
