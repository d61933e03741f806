"""Doubted votes: what the rules say of places and days, and what people rule about them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from pydantic import AwareDatetime
from starlette.responses import Response

from broker.misuse.flagging import rule, take_ruling_back
from broker.misuse.rulings import Ruling, list_rulings
from broker.store.errors import StoreError
from broker.store.flag_reasons import MISUSE, RULED_OUT
from broker.store.places import Place
from portal.fleet.area import AREA, JUDGE, READ
from portal.fleet.asking import Question, ask, ask_again
from portal.fleet.doubts import CAUSES, REASONS, doubted_days
from portal.fleet.editors.parts import Choice, Group, Input, SomeDay
from portal.fleet.ledger import carry_out
from portal.fleet.place_questions import touchpoint_choices
from portal.fleet.refusals import told
from portal.fleet.rules import Sight
from portal.fleet.sight import look, today
from portal.fleet.words import moment, name_of
from portal.web.errors import not_found
from portal.web.fields import Hour
from portal.web.forms import Filled, Form, blank
from portal.web.page import Page
from portal.web.routes import Here

DAYS: Final = 30
"""Shown of what the rules doubted."""
RULINGS_DAYS: Final = 400
"""Shown of what people ruled."""
_EVERY: Final = "every"


class RulingForm(Form):
    """What somebody says of the votes of a day or some hours."""

    touchpoint: str
    on: SomeDay
    first: Hour | None = None
    last: Hour | None = None
    verdict: str
    cause: str


class BackForm(Form):
    """Which ruling is taken back."""

    touchpoint: str
    reason: str = ""
    from_at: AwareDatetime


@AREA.get("/misuse", READ)
def show_misuse(page: Here) -> Response:
    """Days with doubted votes, and rulings that hold."""
    return _all(page)


@AREA.get("/misuse/rule", JUDGE)
def ask_ruling(page: Here, touchpoint: str = "", on: str = "") -> Response:
    """A form for a ruling."""
    try:
        day = f"{date.fromisoformat(on):%d.%m.%Y}"
    except ValueError:
        day = f"{today(page):%d.%m.%Y}"
    return ask(page, _ruling(page, look(page)), blank(touchpoint=touchpoint, on=day))


@AREA.post("/misuse/rule", JUDGE)
def put_ruling(page: Here) -> Response:
    """Let a ruling hold."""
    sight, filled = look(page), page.fill(RulingForm)
    question = _ruling(page, sight)
    ruling = _read(page, sight, filled)
    if ruling is None or filled.errors:
        return ask(page, question, filled)
    store, now = page.portal.feedback, page.portal.clock()
    try:
        carry_out(
            page, "fleet.votes-rule", ruling.touchpoint, lambda: rule(store, ruling, now),
            reason=ruling.reason, cause=ruling.cause,
            from_at=ruling.from_at.isoformat(), until_at=ruling.until_at.isoformat(),
        )  # fmt: skip
    except StoreError as error:
        return ask_again(page, question, filled, error)
    return page.redirect("/staff/misuse", say="saved")


@AREA.post("/misuse/back", JUDGE)
def take_back(page: Here) -> Response:
    """Take a ruling back."""
    sight, form = look(page), page.need(page.fill(BackForm).model)
    if not sight.sees("touchpoint", form.touchpoint):
        raise not_found()
    store, now = page.portal.feedback, page.portal.clock()
    from_at = _utc(page, form.from_at)
    try:
        carry_out(
            page, "fleet.votes-rule-back", form.touchpoint,
            lambda: take_ruling_back(store, form.touchpoint, form.reason, from_at, now),
            reason=form.reason, from_at=from_at.isoformat(),
        )  # fmt: skip
    except StoreError as error:
        return _all(page, error)
    return page.redirect("/staff/misuse", say="removed")


def _utc(page: Page, at: datetime) -> datetime:
    """``at`` in UTC; near the ends of the calendar there is no such time."""
    try:
        return at.astimezone(UTC)
    except OverflowError:
        return page.portal.clock()


def _all(page: Page, error: Exception | None = None) -> Response:
    sight, on = look(page), today(page)
    zone = page.portal.settings.timezone
    now = page.portal.clock()
    with page.portal.feedback.reading() as connection:
        days = doubted_days(connection, on - timedelta(days=DAYS), zone)
        rulings = list_rulings(connection, now - timedelta(days=RULINGS_DAYS))
    names = {code: name_of(sight.tree, Place("touchpoint", code)) for code in sight.touchpoints()}
    return page.render(
        "fleet/misuse.html",
        422 if error else 200,
        days=[day for day in days if day.touchpoint in names],
        rulings=[each for each in rulings if each.touchpoint in names],
        names=names,
        reasons=REASONS,
        causes=CAUSES,
        shown_days=DAYS,
        moment=moment,
        ruled_out=RULED_OUT,
        refusal=told(error, page.language) if error else None,
        may_judge=JUDGE.judge(page.actor) == "welcome",
    )


def _read(page: Page, sight: Sight, filled: Filled[RulingForm]) -> Ruling | None:
    form = filled.model
    if form is None:
        return None
    if not sight.sees("touchpoint", form.touchpoint):
        filled.refuse("touchpoint", page.text("Choose one of the answers"))
    if form.verdict not in {_EVERY, RULED_OUT, *MISUSE}:
        filled.refuse("verdict", page.text("Choose one of the answers"))
    if form.cause not in CAUSES:
        filled.refuse("cause", page.text("Choose one of the answers"))
    zone = ZoneInfo(page.portal.settings.timezone)
    from_at = datetime.combine(form.on, form.first or time(), zone)
    until_at = datetime.combine(form.on + timedelta(days=1), time(), zone)
    if form.last is not None:
        until_at = datetime.combine(form.on, form.last, zone)
    if from_at >= until_at:
        filled.refuse("last", page.text("These hours end before they begin"))
    if from_at > page.portal.clock():
        filled.refuse("on", page.text("This day is still to come"))
    reason = "" if form.verdict == _EVERY else form.verdict
    from_utc, until_utc = from_at.astimezone(UTC), until_at.astimezone(UTC)
    return Ruling(form.touchpoint, reason, from_utc, until_utc, form.cause)


def _ruling(page: Page, sight: Sight) -> Question:
    out = page.text("For all votes of those hours. They stay in the raw figures.")
    every = page.text("No rule doubts them.")
    verdicts: list[Choice] = [
        (RULED_OUT, page.text("They are no votes"), out),
        (_EVERY, page.text("They are genuine"), every),
        *(
            (
                reason,
                page.text(
                    "They are genuine, as far as this goes: {reason}", reason=page.text(text)
                ),
            )
            for reason, text in REASONS.items()
            if reason in MISUSE
        ),
    ]
    hint = page.text("For example 9:30. Empty: from the beginning of the day.")
    last = page.text("Empty: until the end of the day.")
    inputs = [
        Input("select", "touchpoint", page.text("Touchpoint"), choices=touchpoint_choices(sight)),
        Input("text", "on", page.text("Day"), page.text("For example 22.11.2026"), width="10"),
        Input("text", "first", page.text("From"), hint, width="5", optional=True),
        Input("text", "last", page.text("Until"), last, width="5", optional=True),
        Input("radios", "verdict", page.text("What about these votes?"), choices=verdicts),
        Input(
            "radios",
            "cause",
            page.text("Why?"),
            choices=[(k, page.text(v)) for k, v in CAUSES.items()],
        ),
    ]
    title = page.text("Rule about votes")
    crumbs = [
        (page.text("Health"), page.url("/staff/health")),
        (page.text("Doubted votes"), page.url("/staff/misuse")),
        (title, ""),
    ]
    lines = [
        page.text(
            "A ruling is about a place and a time, never about a person. Ratings stay as they are; "
            "only the filtered figures change. It can be taken back."
        )
    ]
    return Question(title, crumbs, page.text("Let it hold"), [Group(inputs)], lines)
