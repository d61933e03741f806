"""The pages on which staff invite people to a survey."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Final

from pydantic import AfterValidator, Field
from starlette.responses import Response

from portal.mail.address import MOST_SUBJECT, MailError, check_header
from portal.surveys.editions import Channel, Edition, find
from portal.surveys.invitations import LINK, Invitation, invite, make_slips, read_addresses
from portal.surveys.links import MOST_AT_ONCE, count_links
from portal.surveys.places_asked import places_in_use
from portal.surveys.printing import slips
from portal.web.forms import Filled, Form, FormError, blank
from portal.web.page import Page
from portal.web.routes import Area, Here
from portal.web.rules import staff

AREA: Final = Area("invitations", "/staff/invitations")
EDITORS: Final = staff("editor", "administrator")

_BAD_SHOWN: Final = 5


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


def _one_line(text: str) -> str:
    try:
        return check_header(text)
    except MailError as error:
        raise FormError(_("Write the subject in one line")) from error


def _with_link(text: str) -> str:
    if LINK not in text:
        raise FormError(
            _("Leave {link} in the text: the link of each person stands there"), link=LINK
        )
    return text


Days = Annotated[int, Field(ge=1, le=365)]


class InviteForm(Form):
    """A mail to many."""

    touchpoint: str
    addresses: Annotated[str, Field(max_length=300_000)]
    subject: Annotated[str, Field(max_length=MOST_SUBJECT), AfterValidator(_one_line)]
    text: Annotated[str, Field(max_length=10_000), AfterValidator(_with_link)]
    days: Days = 30


class SlipsForm(Form):
    """Slips to print."""

    touchpoint: str
    number: Annotated[int, Field(ge=1, le=MOST_AT_ONCE)]
    days: Days = 90


@AREA.get("/{code}", EDITORS)
def show(page: Here, code: str) -> Response:
    """Both ways, and how many links were used."""
    return _show(page, _edition(page, code), None, None)


@AREA.post("/{code}", EDITORS)
def send(page: Here, code: str) -> Response:
    """Queue the mails."""
    edition, filled = _edition(page, code), page.fill(InviteForm)
    form = filled.model
    addresses: list[str] = []
    if form is not None:
        addresses = _addresses(page, filled, form.addresses)
        _check_place(page, filled, form.touchpoint)
        _check_way(page, filled, edition, "e-mail")
    if form is None or filled.errors:
        return _show(page, edition, filled, None)
    invite(
        page.portal.database,
        page.portal.keys,
        page.actor,
        _invitation(page, code, form.touchpoint, form.days),
        addresses=addresses,
        subject=form.subject,
        text=form.text.replace("\r\n", "\n"),
        address_of=lambda secret: page.absolute(f"/a/{secret}"),
        now=page.portal.clock(),
        form_id=page.form_id,
    )
    has_mail = bool(page.portal.settings.smtp_url.get_secret_value())
    return page.redirect(f"/staff/invitations/{code}", say="sent" if has_mail else "mail-waits")


@AREA.post("/{code}/slips", EDITORS)
def print_slips(page: Here, code: str) -> Response:
    """Make links and print them, once."""
    edition, filled = _edition(page, code), page.fill(SlipsForm)
    form = filled.model
    if form is not None:
        _check_place(page, filled, form.touchpoint)
        _check_way(page, filled, edition, "link")
    if form is None or filled.errors:
        return _show(page, edition, None, filled)
    invitation = _invitation(page, code, form.touchpoint, form.days)
    portal = page.portal
    secrets = make_slips(portal.database, portal.keys, page.actor, invitation, form.number)
    content = slips(
        portal,
        addresses=[page.absolute(f"/a/{secret}") for secret in secrets],
        survey=page.language.of(edition.survey.title) or code,
        until=page.language.day(invitation.expires_on - timedelta(days=1)),
        language=page.language,
        now=portal.clock(),
    )
    return page.send(content, "application/pdf", f"{code}.pdf")


def _edition(page: Page, code: str) -> Edition:
    found: Edition = page.need(find(page.portal, code, page.portal.clock()))
    return found


def _invitation(page: Page, code: str, touchpoint: str, days: int) -> Invitation:
    today = page.portal.clock().astimezone(page.language.zone).date()
    return Invitation(code, touchpoint, today, today + timedelta(days=days + 1))


def _addresses(page: Page, filled: Filled[InviteForm], typed: str) -> list[str]:
    good, bad = read_addresses(typed)
    if bad:
        shown = ", ".join(bad[:_BAD_SHOWN])
        filled.refuse("addresses", page.text("These are no addresses: {bad}", bad=shown))
    elif not good:
        filled.refuse("addresses", page.text("Fill this in"))
    elif len(good) > MOST_AT_ONCE:
        message = page.text("Write to at most {bound} people at once", bound=MOST_AT_ONCE)
        filled.refuse("addresses", message)
    return good


def _check_place(page: Page, filled: Filled[Any], touchpoint: str) -> None:
    if touchpoint not in places_in_use(page):
        filled.refuse("touchpoint", page.text("Choose one of the answers"))


def _check_way(page: Page, filled: Filled[Any], edition: Edition, way: Channel) -> None:
    """That the links will be good for anything: the page may be old, and the survey closed."""
    if way not in edition.channels:
        message = "This survey takes no answers by one-time links. Open it for that channel first."
        filled.refuse("", page.text(message))
    elif edition.state in {"over", "closed"}:
        filled.refuse("", page.text("This survey is closed: nobody could answer."))


def _show(
    page: Page, edition: Edition, mail: Filled[Any] | None, slip: Filled[Any] | None
) -> Response:
    survey = edition.survey
    form = mail or slip or Filled()
    return page.render(
        "surveys/invitations.html",
        422 if form.errors else 200,
        edition=edition,
        survey_code=survey.code,
        survey_title=page.language.of(survey.title) or survey.code,
        form=form,
        mail=mail or blank(touchpoint=edition.touchpoint, days=30, text=_text(page)),
        slip=slip or blank(touchpoint=edition.touchpoint, days=90, number=50),
        places=[(code, place.name) for code, place in places_in_use(page).items()],
        counts=count_links(page.portal.database, survey.code),
        has_mail=bool(page.portal.settings.smtp_url.get_secret_value()),
    )


def _text(page: Page) -> str:
    """What a mail says before anybody changes it."""
    message = _(
        "Good day,\n\nplease tell us how we served you. It takes a minute, and nobody can tell "
        "which answer is yours:\n\n{link}\n\nThe link works once. Thank you."
    )
    return str(page.text(message, link=LINK))
