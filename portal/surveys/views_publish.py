"""The builder's last pages: publishing, where and when a survey is open, results, export."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any, Final

from pydantic import Field
from starlette.responses import Response

from broker.fleet.errors import FleetError
from broker.fleet.surveys import find_newest, list_surveys, show_survey
from broker.store.errors import RegistryError
from broker.store.registry import list_touchpoints
from portal.surveys.build_area import (
    AREA,
    BASE,
    CHANNEL_NAMES,
    EDITORS,
    check_published,
    kept_draft,
    revision_of,
    shown_page,
)
from portal.surveys.check_list import all_remarks
from portal.surveys.differences import KIND_NAMES, differences
from portal.surveys.draft import Draft
from portal.surveys.drafts import ChangedMeanwhileError, DraftError, Kept, check_revision
from portal.surveys.editions import CHANNELS, Channel, Edition, find, open_by
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
    kept = kept_draft(page, code)
    form = _in_form(page, code, find_window(page.portal.database, code))
    return _publish_page(page, kept, form, draft_remarks=all_remarks(kept.draft))


@AREA.post("/{code}/publish", EDITORS)
def take_publish(page: Here, code: str) -> Response:
    """Publish the draft as it was looked at: this version stays as it is from now on."""
    kept = kept_draft(page, code)
    filled = page.fill(OpeningForm)
    opening = _opening(page, filled)
    remarks = all_remarks(kept.draft)
    weights = {remark.weight for remark in remarks}
    if "fault" in weights:
        filled.refuse("", page.text("The draft has faults: the check list says which."))
    elif "kiosk" in weights and opening is not None and "kiosk" in opening.channels:
        message = "A kiosk can't show this survey. The check list says why."
        filled.refuse("channels", page.text(message))
    seen, now = revision_of(page), page.portal.clock()
    try:
        check_revision(kept, seen)
        if opening is not None and not filled.errors:
            publish_draft(page.portal, page.actor, code, now, opening, revision=seen)
    except ChangedMeanwhileError as error:
        filled.refuse("", page.text(str(error)))
        kept = kept_draft(page, code)
        return _publish_page(page, kept, filled, 409, draft_remarks=all_remarks(kept.draft))
    except DraftError as error:
        filled.refuse("", page.text(str(error)))
    except (FleetError, RegistryError) as error:
        filled.refuse("", str(error))
    if filled.errors:
        return _publish_page(page, kept, filled, 422, draft_remarks=remarks)
    edition = find(page.portal, code, page.portal.clock())
    is_open = edition is not None and edition.is_open
    return page.redirect(f"{BASE}/{code}", say="survey-open" if is_open else "survey-published")


@AREA.get("/{code}/window", EDITORS)
def ask_window(page: Here, code: str) -> Response:
    """Where and when a published survey is open."""
    check_published(page, code)
    form = _in_form(page, code, find_window(page.portal.database, code))
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
    page: Page, kept: Kept, form: Filled[Any], status: int = 200, *, draft_remarks: list[Any]
) -> Response:
    draft = kept.draft
    editions = [e for e in list_surveys(page.portal.feedback) if e.survey.code == draft.code]
    before = thaw(editions[-1].survey) if editions else None
    return shown_page(
        page,
        "build_publish.html",
        status,
        draft=draft,
        revision=kept.revision,
        form=form,
        remarks=draft_remarks,
        changes=differences(before, draft) if before is not None else [],
        is_first=before is None,
        version=_next_version(page, draft),
        kind_names=KIND_NAMES,
        **_choices(page, draft.code),
    )


def _next_version(page: Page, draft: Draft) -> int:
    """The version that a draft becomes, faults or not."""
    try:
        return version_of(page.portal.feedback, draft)
    except FleetError:
        return find_newest(page.portal.feedback, draft.code) + 1


def _window_page(page: Page, code: str, form: Filled[Any], status: int = 200) -> Response:
    choices = _choices(page, code)
    title = page.language.of(show_survey(page.portal.feedback, code).survey.title) or code
    return shown_page(
        page, "build_window.html", status, survey=code, title=title, form=form, **choices
    )


def _choices(page: Page, code: str) -> dict[str, object]:
    places = list_touchpoints(page.portal.feedback, page.portal.settings.site)
    own = [(OWN, page.text("A place of its own on the web"))]
    there = [
        (each.code, each.name if each.name == each.code else f"{each.name} ({each.code})")
        for each in places
        if each.retired_on is None
    ]
    hints = {
        **_others_told(page, code),
        "kiosk": page.text("Kiosks ask what is set for their place, under Places."),
    }
    ways = [(each, page.text(CHANNEL_NAMES[each]), hints.get(each, "")) for each in CHANNELS]
    return {"places": own + there, "channel_choices": ways}


def _others_told(page: Page, code: str) -> dict[str, str]:
    """What else is asked by posters and tablets now, and what would become of it."""
    told = {
        "qr": _(
            "Asked by this way now: {titles}. At places where no survey is set under Places, "
            "visitors would choose between these and this one."
        ),
        "tablet": _(
            "Asked by this way now: {titles}. Tablets go on asking the survey that is set for "
            "their place under Places, or else the one published longest ago."
        ),
    }
    found: dict[str, str] = {}
    for way, others in _others(page, code).items():
        titles = ", ".join(
            page.text("“{title}”", title=page.language.of(each.survey.title)) for each in others
        )
        if others:
            found[way] = page.text(told[way], titles=titles)
    return found


def _others(page: Page, code: str) -> dict[Channel, list[Edition]]:
    """What other surveys are open by the ways that belong to places."""
    now = page.portal.clock()
    ways: tuple[Channel, ...] = ("qr", "tablet")
    return {
        way: [each for each in open_by(page.portal, way, now) if each.survey.code != code]
        for way in ways
    }


def _in_form(page: Page, code: str, window: SurveyWindow | None) -> Filled[Any]:
    """The form as things stand; where nothing is open yet: everywhere, at once, without end.

    Where posters and tablets ask something else already, that is not changed unasked.
    """
    if window is None:
        taken = {way for way, others in _others(page, code).items() if others}
        channels = [each for each in FIRST_CHANNELS if each not in taken]
        return blank(channels=channels, touchpoint=OWN, is_listed=True)
    zone = page.language.zone
    ends: dict[str, object] = {}
    for name, at in (("opens", window.opens_at), ("closes", window.closes_at)):
        if at is not None:
            there = at.astimezone(zone)
            if there.time() == time():  # a whole day, as it was typed
                whole = there.date() - timedelta(days=name == "closes")
                ends[f"{name}_on"] = whole
            else:
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
