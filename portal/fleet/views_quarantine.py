"""The quarantine: what could not be accepted, why, and the way back in."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Final

from pydantic import Field
from starlette.responses import Response

from broker.intake.intake import Intake
from broker.intake.reasons import EXPLANATIONS
from broker.store.errors import StoreError
from broker.store.quarantine import (
    count_waiting,
    list_entries,
    show_entry,
    waiting_entries,
)
from broker.store.tables import Quarantined
from portal.fleet.area import AREA, CHANGE, READ
from portal.fleet.ledger import carry_out
from portal.fleet.sight import need_whole
from portal.fleet.words import moment
from portal.web.errors import not_found
from portal.web.forms import Form
from portal.web.language import Language
from portal.web.page import Page
from portal.web.routes import Here

PER_PAGE: Final = 50
MOST_LISTED: Final = 10_000
"""Entries of a reason that can be paged through; readmitting all of them has no limit."""


class ReadmitForm(Form):
    """Which entries: some, all of a reason, or all; and whether their clocks are believed."""

    number: list[int] = Field(default_factory=list)
    reason: str = ""
    which: str = "chosen"
    distrusts_clock: str = ""


@AREA.get("/quarantine", READ)
def list_reasons(page: Here, done: int = -1, of: int = 0) -> Response:
    """What waits, by reason."""
    need_whole(page)
    return page.render(
        "fleet/quarantine.html",
        reasons=[
            (each, *explained(each.reason, page.language))
            for each in count_waiting(page.portal.feedback)
        ],
        done=done,
        of=of,
        may_change=CHANGE.judge(page.actor) == "welcome",
    )


@AREA.get("/quarantine/reasons/{reason}", READ)
def list_of_reason(page: Here, reason: str, number: int = 1) -> Response:
    """The entries of a reason, the first that came first."""
    need_whole(page)
    found = list_entries(page.portal.feedback, reason=reason, limit=MOST_LISTED, with_payload=False)
    if not found:
        raise not_found("Nothing is in quarantine for this reason any more.")
    count = -(-len(found) // PER_PAGE)
    shown = min(max(number, 1), count)
    meaning, remedy = explained(reason, page.language)
    return page.render(
        "fleet/quarantine_reason.html",
        reason=reason,
        meaning=meaning,
        remedy=remedy,
        entries=found[(shown - 1) * PER_PAGE : shown * PER_PAGE],
        total=len(found),
        number=shown,
        count=count,
        moment=moment,
        may_change=CHANGE.judge(page.actor) == "welcome",
    )


@AREA.get("/quarantine/{number}", READ)
def show_one(page: Here, number: int) -> Response:
    """One entry whole, with what its reason means."""
    need_whole(page)
    entry = _need(page, number)
    meaning, remedy = explained(entry.reason, page.language)
    return page.render(
        "fleet/quarantine_entry.html",
        entry=entry,
        meaning=meaning,
        remedy=remedy,
        payload=_shown(entry),
        moment=moment,
        may_change=CHANGE.judge(page.actor) == "welcome",
    )


@AREA.post("/quarantine/readmit", CHANGE)
def readmit(page: Here) -> Response:
    """Put entries through the intake again, and tell how many are in the store now."""
    need_whole(page)
    form = page.need(page.fill(ReadmitForm).model)
    store = page.portal.feedback
    if form.which == "chosen":
        if not form.number:
            return page.redirect(_back(form))
        entries = iter([_need(page, number) for number in sorted(set(form.number))])
        total = len(set(form.number))
    else:
        reason = form.reason or None
        waiting = {each.reason: each.number for each in count_waiting(store)}
        total = waiting.get(form.reason, 0) if reason else sum(waiting.values())
        entries = waiting_entries(store, reason=reason)
    distrusts = form.distrusts_clock == "yes"
    done = carry_out(
        page, "fleet.quarantine-readmit", form.reason,
        lambda: Intake(store).readmit(entries, distrusts_clock=distrusts),
        entries=total, distrusts_clock=distrusts,
    )  # fmt: skip
    return page.redirect("/staff/quarantine", done=done, of=total)


def explained(reason: str, language: Language) -> tuple[str, str]:
    """What a reason means and what to do; itself where nobody knows it."""
    found = EXPLANATIONS.get(reason)
    if found is None:
        return reason, ""
    if language.code == "bg":
        return found.meaning_bg, found.remedy_bg
    return found.meaning_en, found.remedy_en


def _back(form: ReadmitForm) -> str:
    return f"/staff/quarantine/reasons/{form.reason}" if form.reason else "/staff/quarantine"


def _need(page: Page, number: int) -> Quarantined:
    if not 0 < number < 2**53:
        raise not_found()
    try:
        return show_entry(page.portal.feedback, number)
    except StoreError as error:
        raise not_found() from error


def _shown(entry: Quarantined) -> str:
    """What came, as text: JSON in lines where it is JSON, what is no text escaped."""
    if entry.payload is None:
        return ""
    text = entry.payload.decode("utf-8", errors="backslashreplace")
    with suppress(ValueError, RecursionError):  # it is shown as it came
        text = json.dumps(json.loads(text), ensure_ascii=False, indent=2)
    return "".join(c if c.isprintable() or c == "\n" else ascii(c)[1:-1] for c in text)
