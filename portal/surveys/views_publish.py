"""The builder's last pages: publishing, where and when a survey is open, results, export."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from pydantic import Field
from starlette.responses import Response

from broker.fleet.errors import FleetError
from broker.fleet.surveys import find_newest, list_surveys
from broker.store.errors import RegistryError
from broker.store.registry import list_touchpoints
from portal.surveys.build_area import (
    AREA,
    BASE,
    CHANNEL_NAMES,
    EDITORS,
    check_published,
    kept_draft,
    shown_page,
)
from portal.surveys.differences import KIND_NAMES, differences
from portal.surveys.draft import Draft
from portal.surveys.drafts import DraftError
from portal.surveys.editions import CHANNELS, Channel, find
from portal.surveys.freezing import thaw
from portal.surveys.publishing import (
    FIRST_CHANNELS,
    OWN_PLACE,
    Opening,
    close_survey,
    find_window,
    open_survey,
    publish_draft,
    reopen_survey,
    version_of,
)
from portal.surveys.tables import SurveyWindow
from portal.surveys.views_draft import all_remarks
from portal.web.fields import Day, Hour
from portal.web.forms import Filled, Form, blank
from portal.web.page import Page
from portal.web.routes import Here


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


OWN: Final = "own"
"""Of the choice of places: one for this survey alone."""


class OpeningForm(Form):
    """Where and when a survey takes answers."""

    channels: list[Channel] = Field(default_factory=list)
    touchpoint: str = OWN
    opens_on: Day | None = None
    opens_time: Hour | None = None
    closes_on: Day | None = None
    closes_time: Hour | None = None
    is_listed: str = ""


@AREA.get("/{code}/publish", EDITORS)
def ask_publish(page: Here, code: str) -> Response:
    """What is new, and where it shall be open."""
    draft = kept_draft(page, code).draft
    window = find_window(page.portal.database, code)
    form = _in_form(page, window)
    return _publish_page(page, code, form, draft_remarks=all_remarks(draft))


@AREA.post("/{code}/publish", EDITORS)
def take_publish(page: Here, code: str) -> Response:
    """Publish the draft: this version stays as it is from now on."""
    draft = kept_draft(page, code).draft
    filled = page.fill(OpeningForm)
    opening = _opening(page, filled)
    remarks = all_remarks(draft)
    weights = {remark.weight for remark in remarks}
    if "fault" in weights:
        filled.refuse("", page.text("The draft has faults: the check list says which."))
    elif "kiosk" in weights and opening is not None and "kiosk" in opening.channels:
        message = "A kiosk can't show this survey. The check list says why."
        filled.refuse("channels", page.text(message))
    if opening is not None and not filled.errors:
        try:
            publish_draft(page.portal, page.actor, code, page.portal.clock(), opening)
        except DraftError as error:
            filled.refuse("", page.text(str(error)))
        except (FleetError, RegistryError) as error:
            filled.refuse("", str(error))
    if filled.errors:
        return _publish_page(page, code, filled, 422, draft_remarks=remarks)
    edition = find(page.portal, code, page.portal.clock())
    is_open = edition is not None and edition.is_open
    return page.redirect(f"{BASE}/{code}", say="survey-open" if is_open else "survey-published")


@AREA.get("/{code}/window", EDITORS)
def ask_window(page: Here, code: str) -> Response:
    """Where and when a published survey is open."""
    check_published(page, code)
    form = _in_form(page, find_window(page.portal.database, code))
    return _window_page(page, code, form)


@AREA.post("/{code}/window", EDITORS)
def take_window(page: Here, code: str) -> Response:
    """Change it."""
    check_published(page, code)
    filled = page.fill(OpeningForm)
    opening = _opening(page, filled)
    if opening is not None:
        try:
            open_survey(page.portal, page.actor, code, opening, page.portal.clock())
        except DraftError as error:
            filled.refuse("", page.text(str(error)))
        except RegistryError as error:
            filled.refuse("", str(error))
    if filled.errors:
        return _window_page(page, code, filled, 422)
    return page.redirect(f"{BASE}/{code}", say="saved")


@AREA.post("/{code}/close", EDITORS)
def close(page: Here, code: str) -> Response:
    """Take no more answers."""
    check_published(page, code)
    close_survey(page.portal.database, page.actor, code, page.portal.clock())
    return page.redirect(f"{BASE}/{code}", say="survey-closed")


@AREA.post("/{code}/reopen", EDITORS)
def reopen(page: Here, code: str) -> Response:
    """Take answers again."""
    check_published(page, code)
    reopen_survey(page.portal.database, page.actor, code, page.portal.clock())
    return page.redirect(f"{BASE}/{code}", say="survey-reopened")


def _publish_page(
    page: Page, code: str, form: Filled[Any], status: int = 200, *, draft_remarks: list[Any]
) -> Response:
    draft = kept_draft(page, code).draft
    editions = [e for e in list_surveys(page.portal.feedback) if e.survey.code == code]
    before = thaw(editions[-1].survey) if editions else None
    return shown_page(
        page,
        "build_publish.html",
        status,
        draft=draft,
        form=form,
        remarks=draft_remarks,
        changes=differences(before, draft) if before is not None else [],
        is_first=before is None,
        version=_next_version(page, draft),
        kind_names=KIND_NAMES,
        **_choices(page),
    )


def _next_version(page: Page, draft: Draft) -> int:
    """The version that a draft becomes, faults or not."""
    try:
        return version_of(page.portal.feedback, draft)
    except FleetError:
        return find_newest(page.portal.feedback, draft.code) + 1


def _window_page(page: Page, code: str, form: Filled[Any], status: int = 200) -> Response:
    return shown_page(page, "build_window.html", status, survey=code, form=form, **_choices(page))


def _choices(page: Page) -> dict[str, object]:
    places = list_touchpoints(page.portal.feedback, page.portal.settings.site)
    own = [(OWN, page.text("A place of its own on the web"))]
    there = [
        (each.code, each.name if each.name == each.code else f"{each.name} ({each.code})")
        for each in places
        if each.retired_on is None
    ]
    hints = {"kiosk": page.text("Kiosks ask what is set for their place, under Places.")}
    ways = [(each, page.text(CHANNEL_NAMES[each]), hints.get(each, "")) for each in CHANNELS]
    return {"places": own + there, "channel_choices": ways}


def _in_form(page: Page, window: SurveyWindow | None) -> Filled[Any]:
    """The form as things stand; where nothing is open yet: everywhere, at once, without end."""
    if window is None:
        return blank(channels=list(FIRST_CHANNELS), touchpoint=OWN, is_listed=True)
    zone = page.language.zone
    ends: dict[str, object] = {}
    for name, at in (("opens", window.opens_at), ("closes", window.closes_at)):
        if at is not None:
            there = at.astimezone(zone)
            ends |= {f"{name}_on": there.date(), f"{name}_time": there.time()}
    return blank(
        channels=window.channels.split(),
        touchpoint=window.touchpoint,
        is_listed=window.is_listed,
        **ends,
    )


def _opening(page: Page, filled: Filled[OpeningForm]) -> Opening | None:
    """What the form means; ``None`` where something is wrong in it."""
    given = filled.model
    if given is None:
        return None
    if not given.channels:
        filled.refuse("channels", page.text("Choose at least one way to answer"))
    for name in ("opens", "closes"):
        if getattr(given, f"{name}_time") and not getattr(given, f"{name}_on"):
            filled.refuse(f"{name}_on", page.text("Write the day, too"))
    opens_at = _moment(page, given.opens_on, given.opens_time)
    # A day without a time is meant whole.
    last = given.closes_on
    if last is not None and given.closes_time is None and last < date.max:
        last += timedelta(days=1)
    closes_at = _moment(page, last, given.closes_time)
    if opens_at and closes_at and closes_at <= opens_at:
        filled.refuse("closes_on", page.text("It would close before it opens."))
    if filled.errors:
        return None
    return Opening(
        frozenset(given.channels),
        OWN_PLACE if given.touchpoint == OWN else given.touchpoint,
        opens_at,
        closes_at,
        given.is_listed == "yes",
    )


def _moment(page: Page, on: date | None, at: time | None) -> datetime | None:
    """A moment of the municipality's time zone."""
    if on is None:
        return None
    return datetime.combine(on, at or time(0), page.language.zone)
