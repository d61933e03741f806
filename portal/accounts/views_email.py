"""One's own e-mail address, confirmed by a code."""

from __future__ import annotations

from starlette.responses import Response

from portal.accounts.accounts import AccountError, mail_of
from portal.accounts.area import AREA
from portal.accounts.forms import CodeForm, EmailForm
from portal.accounts.mail_codes import VALID, confirm_address, find_by_id, set_address
from portal.accounts.visits import need_fresh
from portal.web.forms import blank
from portal.web.limits import Limits
from portal.web.routes import Here
from portal.web.rules import SIGNED_IN

_MOST_SENT = 5


@AREA.get("/account/email", SIGNED_IN)
def show_email(page: Here) -> Response:
    """Another address."""
    need_fresh(page)
    with page.portal.database.reading() as connection:
        found = find_by_id(connection, page.actor.id)
    return page.render(
        "accounts/email.html", form=blank(email=mail_of(page.portal.keys, found) or None)
    )


@AREA.post("/account/email", SIGNED_IN)
def take_email(page: Here) -> Response:
    """A code goes there."""
    need_fresh(page)
    filled = page.fill(EmailForm)
    if filled.model is None:
        return page.show_again("accounts/email.html", filled)
    page.portal.part(Limits).check("mail-code", page.actor.id, _MOST_SENT, VALID)
    set_address(page.portal, page.actor, filled.model.email, page.language)
    return page.redirect("/account/email/code", say="sent")


@AREA.get("/account/email/code", SIGNED_IN)
def show_email_code(page: Here) -> Response:
    """The code of that mail."""
    return page.render("accounts/email_code.html", form=blank())


@AREA.post("/account/email/code", SIGNED_IN)
def take_email_code(page: Here) -> Response:
    """It was typed."""
    filled = page.fill(CodeForm)
    if filled.model is not None:
        try:
            confirm_address(page.portal, page.actor, filled.model.code)
        except AccountError as error:
            filled.refuse("code", page.text(error.message))
        else:
            return page.redirect("/account", say="saved")
    return page.show_again("accounts/email_code.html", filled)
