"""The pages where staff make surveys: their routes' common ground."""

from __future__ import annotations

from typing import Final, TypeAlias

from babel.core import Locale
from starlette.responses import Response

from broker.fleet.surveys import find_newest
from broker.store.scales import SCALES
from portal.surveys.checks import Remark
from portal.surveys.draft import Draft, Item, Sort
from portal.surveys.drafts import Kept, find_draft
from portal.surveys.editions import Channel
from portal.surveys.points import NAMES
from portal.surveys.store_faults import told_fault
from portal.web.errors import not_found
from portal.web.forms import blank
from portal.web.page import Page
from portal.web.routes import Area
from portal.web.rules import staff

BASE: Final = "/staff/surveys"
AREA: Final = Area("surveys-build", BASE)
READERS: Final = staff()
EDITORS: Final = staff("editor", "administrator")

Point: TypeAlias = tuple[str, str, str]

RESERVED: Final = frozenset({"new", "ready", "import"})
"""Codes that no survey can have: pages of ours stand there."""


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


SORT_NAMES: Final[dict[Sort, str]] = {
    "faces-5": _("Rating with five faces"),
    "faces-4": _("Rating with four faces"),
    "stars": _("Rating with five stars"),
    "yes-no": _("Yes or no"),
    "nps-11": _("Recommendation from 0 to 10"),
    "choice": _("Choice of one"),
    "multiple": _("Choice of several"),
    "matrix": _("Table: several rows, one scale"),
    "number": _("A number"),
    "date": _("A date"),
    "comment": _("Comment in one's own words"),
}

CHANNEL_NAMES: Final[dict[Channel, str]] = {
    "web": _("Link on the website"),
    "qr": _("QR code on a poster"),
    "tablet": _("Tablet on a stand"),
    "paper": _("Paper forms, entered by staff"),
    "link": _("Links that work once"),
    "e-mail": _("Invitation by e-mail"),
    "kiosk": _("Kiosk"),
}

STATE_NAMES: Final = {
    "open": _("Takes answers"),
    "not-yet": _("Opens later"),
    "over": _("Its time is over"),
    "closed": _("Takes no more answers"),
}


def kept_draft(page: Page, code: str) -> Kept:
    """The draft of that code.

    Raises:
        Stop: (404) there is none.
    """
    found = find_draft(page.portal.database, code)
    if found is None:
        raise not_found(_("There is no draft of this survey. It may have been published."))
    return found


def revision_of(page: Page) -> int:
    """Of the draft that somebody looked at when he sent this form; 0 where it says none."""
    said = str(page.posted.get("revision", ""))
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0


def check_published(page: Page, code: str) -> None:
    """See that a survey was published.

    Raises:
        Stop: (404) it was not.
    """
    if not find_newest(page.portal.feedback, code):
        raise not_found()


def item_of(draft: Draft, code: str) -> Item:
    """The question of that code.

    Raises:
        Stop: (404) there is none.
    """
    found = draft.find(code)
    if found is None:
        raise not_found(_("This question was removed meanwhile."))
    return found


def language_name(page: Page, tag: str) -> str:
    """A language's name in the reader's language."""
    try:
        name = Locale.parse(tag, sep="-").get_display_name(page.language.code)
    except ValueError:  # a tag that Babel can't parse, or does not know
        return tag
    return name or tag


def said(page: Page, remark: Remark) -> str:
    """A line of the check list in the reader's language."""
    values = {**remark.values}
    if "what" in values:
        values["what"] = page.text(str(values["what"]))
    if "language" in values:
        values["language"] = language_name(page, str(values["language"]))
    if "fault" in values:  # the feedback store speaks of it as it does of a kiosk's configuration
        where, _colon, what = str(values["fault"]).partition(": ")
        values["fault"] = told_fault(what or where, page.language)
    return str(page.text(remark.message, **values))


def points_of(page: Page, scale: str | None, *, is_stars: bool = False) -> list[Point]:
    """The points of a scale: value, what it is called, its drawing (or nothing)."""
    if scale is None:
        return []
    values, names = SCALES[scale].values, NAMES.get(scale)
    if names is None or is_stars:
        return [(str(value), str(value), "") for value in values]
    drawings = {
        value: f"face-{value}-of-{len(values)}" if scale != "yes-no" else ("no", "yes")[value]
        for value in values
    }
    return [
        (str(value), page.text(name), drawings[value])
        for value, name in zip(values, names, strict=True)
    ]


def shown_page(page: Page, template: str, status: int = 200, /, **context: object) -> Response:
    """A page of the builder, with what all of them know."""
    return page.render(
        f"surveys/{template}",
        status,
        base=BASE,
        may_edit=EDITORS.judge(page.actor) == "welcome",
        sort_names=SORT_NAMES,
        channel_names=CHANNEL_NAMES,
        state_names=STATE_NAMES,
        language_name=lambda tag: language_name(page, tag),
        said=lambda remark: said(page, remark),
        blank_form=blank(),
        **context,
    )
