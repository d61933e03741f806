"""One's own account: what it is, and what can be done with it."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from portal.accounts import own_account
from portal.accounts.accounts import AccountError, mail_of, roles_of, shown_name, units_of
from portal.accounts.area import AREA
from portal.accounts.forms import ChangePasswordForm, ProofForm
from portal.accounts.own_account import need_own
from portal.accounts.policy import read_policy
from portal.accounts.second_factor import pending_secret, recovery_codes_left
from portal.accounts.sessions import sessions_of
from portal.accounts.views_sign_in import secret_of, take_first_code
from portal.accounts.visits import need_fresh, own_path, sessions, to_own, visit_of, with_cookie
from portal.accounts.words import ACTIONS, ROLE_NAMES
from portal.audit.reading import Wanted, read_entries
from portal.web.errors import Elsewhere, not_found
from portal.web.forms import Filled, blank
from portal.web.page import Page
from portal.web.routes import Here
from portal.web.rules import SIGNED_IN


@AREA.get("/account", SIGNED_IN)
def show_account(page: Here) -> Response:
    """All of it on a page."""
    return _account_page(page, blank())


@AREA.get("/account/confirm", SIGNED_IN)
def show_confirm(page: Here, next: str = "") -> Response:  # noqa: A002  as it stands in addresses
    """The password again, before something sensitive."""
    return page.render("accounts/confirm.html", form=blank(next=own_path(next)))


@AREA.post("/account/confirm", SIGNED_IN)
def take_confirm(page: Here) -> Response:
    """It was typed."""
    filled = page.fill(ProofForm)
    given = filled.model
    if given is not None:
        try:
            secret = own_account.confirm(page.portal, page.actor, given.password, visit_of(page))
        except AccountError as error:
            filled.refuse("password", page.text(error.message))
        else:
            return with_cookie(page, to_own(page, given.next), secret)
    return page.show_again("accounts/confirm.html", filled)


@AREA.get("/account/password", SIGNED_IN)
def show_password(page: Here) -> Response:
    """Another password."""
    return page.render("accounts/password.html", form=blank())


@AREA.post("/account/password", SIGNED_IN)
def take_password(page: Here) -> Response:
    """It was chosen."""
    filled = page.fill(ChangePasswordForm)
    given = filled.model
    if given is not None and given.password != given.again:
        filled.refuse("again", page.text("This is not the same password"))
    elif given is not None:
        try:
            secret = own_account.change_password(
                page.portal, page.actor, given.old, given.password, visit_of(page)
            )
        except AccountError as error:
            field = "old" if error.message == own_account.WRONG_PASSWORD else "password"
            filled.refuse(field, page.text(error.message, **error.values))
        else:
            return with_cookie(page, page.redirect("/account", say="saved"), secret)
    return page.show_again("accounts/password.html", filled)


@AREA.post("/account/second-factor/new", SIGNED_IN)
def take_new_second_factor(page: Here) -> Response:
    """A second factor is begun."""
    need_fresh(page)
    own_account.begin_second_factor(page.portal, page.actor)
    return page.redirect("/account/second-factor")


@AREA.get("/account/second-factor", SIGNED_IN)
def show_second_factor(page: Here) -> Response:
    """Its key, until its first code was typed; then never again."""
    _need_begun(page)
    return page.render(
        "accounts/enrol.html",
        form=blank(),
        to="/account/second-factor",
        **secret_of(page, page.actor.id, page.actor.session),
    )


@AREA.post("/account/second-factor", SIGNED_IN)
def take_second_factor(page: Here) -> Response:
    """Its first code."""
    _need_begun(page)
    live = page.need(sessions(page.portal).live(page.actor.session))
    return take_first_code(page, live, "/account/second-factor")


@AREA.post("/account/second-factor/remove", SIGNED_IN)
def take_second_factor_away(page: Here) -> Response:
    """Without it, where it is no must."""
    need_fresh(page)
    try:
        own_account.give_up_second_factor(page.portal, page.actor)
    except AccountError as error:
        return _refused(page, error)
    return page.redirect("/account", say="removed")


@AREA.post("/account/recovery-codes", SIGNED_IN)
def take_recovery_codes(page: Here) -> Response:
    """New recovery codes, shown this once."""
    need_fresh(page)
    codes = own_account.renew_recovery_codes(page.portal, page.actor)
    return page.render("accounts/recovery_codes.html", codes=codes, go_on=page.url("/account"))


@AREA.post("/account/sessions/end", SIGNED_IN)
def take_end_of_others(page: Here) -> Response:
    """All other sessions end."""
    own_account.end_other_sessions(page.portal, page.actor)
    return page.redirect("/account", say="sessions-ended")


@AREA.post("/account/sessions/{session}/end", SIGNED_IN)
def take_end_of_session(page: Here, session: str) -> Response:
    """One session ends."""
    if not own_account.end_own_session(page.portal, page.actor, session):
        raise not_found()
    return page.redirect("/account", say="sessions-ended")


def _need_begun(page: Page) -> None:
    """See that a second factor is being set up here."""
    with page.portal.database.reading() as connection:
        pending = pending_secret(connection, page.portal.keys, page.actor.session)
    if not pending:
        raise Elsewhere(page.url("/account"))


def _refused(page: Page, error: AccountError) -> Response:
    filled: Filled[Any] = blank()
    filled.refuse("", page.text(error.message, **error.values))
    return _account_page(page, filled)


def _account_page(page: Page, filled: Filled[Any]) -> Response:
    now, actor = page.portal.clock(), page.actor
    with page.portal.database.reading() as connection:
        found = need_own(connection, actor)
        context: dict[str, Any] = {
            "account": found,
            "name": shown_name(connection, found),
            "email": mail_of(page.portal.keys, found),
            "roles": [
                page.text(ROLE_NAMES[role]) for role in sorted(roles_of(connection, found.id))
            ],
            "units": sorted(units_of(connection, found.id)),
            "live": sessions_of(connection, found.id, now),
            "codes_left": recovery_codes_left(connection, found.id),
            "entries": read_entries(connection, Wanted(about=found.id), most=20),
            "is_must": actor.is_staff and read_policy(connection).needs_second_factor(actor.roles),
        }
    code = 422 if filled.errors else 200
    return page.render("accounts/account.html", code, form=filled, actions=ACTIONS, **context)
