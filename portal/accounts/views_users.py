"""Users: what administrators see of accounts of the staff, and do with them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection
from starlette.responses import Response

from portal.accounts import users
from portal.accounts.accounts import UNBOUNDED, AccountError, mail_of, roles_of, units_of
from portal.accounts.area import AREA
from portal.accounts.directories import link, links_of, providers
from portal.accounts.forms import LinkForm, NewUserForm, PolicyForm, PowersForm
from portal.accounts.policy import Policy
from portal.accounts.sessions import sessions_of
from portal.accounts.slips import VALID
from portal.accounts.users import Invitation, NewUser
from portal.accounts.visits import need_fresh
from portal.accounts.words import ACTIONS, ROLE_HINTS, ROLE_NAMES, STATES
from portal.audit.reading import Wanted, read_entries
from portal.people.employees import employee_name, find_employees
from portal.people.units import all_units, in_tree_order, unit_name
from portal.web.actor import Actor
from portal.web.errors import not_found
from portal.web.forms import Filled, blank
from portal.web.page import Page
from portal.web.portal import Portal
from portal.web.routes import Here
from portal.web.rules import staff

ADMINISTRATOR: Final = staff("administrator")


@AREA.get("/staff/users", ADMINISTRATOR)
def show_users(page: Here) -> Response:
    """All of the staff who have an account."""
    with page.portal.database.reading() as connection:
        found = users.list_users(connection)
    return page.render("accounts/users.html", users=found, role_names=ROLE_NAMES, states=STATES)


@AREA.get("/staff/users/new", ADMINISTRATOR)
def show_new_user(page: Here) -> Response:
    """One more."""
    need_fresh(page)
    return page.render("accounts/user_new.html", form=blank(), **_choices(page))


@AREA.post("/staff/users/new", ADMINISTRATOR)
def take_new_user(page: Here) -> Response:
    """One more; the link is shown in the answer, since nobody can read it again."""
    need_fresh(page)
    filled = page.fill(NewUserForm)
    given = filled.model
    if given is not None:
        user = NewUser(
            given.sign_in_name,
            given.name,
            frozenset(given.roles),
            frozenset(given.units),
            given.email or "",
            given.employee,
        )
        try:
            return _show_link(page, users.invite(page.portal, page.actor, user))
        except AccountError as error:
            field = "units" if error.message == UNBOUNDED else "sign_in_name"
            filled.refuse(field, page.text(error.message, **error.values))
    return page.show_again("accounts/user_new.html", filled, **_choices(page))


@AREA.get("/staff/users/policy", ADMINISTRATOR)
def show_policy(page: Here) -> Response:
    """Rules for accounts."""
    need_fresh(page)
    held = users.policy_of(page.portal)
    form = blank(second_factor=held.second_factor, two_persons="yes" if held.two_persons else None)
    return page.render("accounts/policy.html", form=form)


@AREA.post("/staff/users/policy", ADMINISTRATOR)
def take_policy(page: Here) -> Response:
    """Other rules."""
    need_fresh(page)
    filled = page.fill(PolicyForm)
    if filled.model is None:
        return page.show_again("accounts/policy.html", filled)
    policy = Policy(filled.model.second_factor, filled.model.two_persons)
    users.decide(page.portal, page.actor, policy)
    return page.redirect("/staff/users", say="saved")


@AREA.get("/staff/users/{account}", ADMINISTRATOR)
def show_user(page: Here, account: str) -> Response:
    """One of them."""
    return _user_page(page, account, blank())


@AREA.post("/staff/users/{account}/powers", ADMINISTRATOR)
def take_powers(page: Here, account: str) -> Response:
    """Other roles or units."""
    need_fresh(page, f"/staff/users/{account}")
    filled = page.fill(PowersForm)
    given = filled.model
    if given is None:
        return _user_page(page, account, filled)
    return _done(
        page,
        account,
        lambda portal, actor, who: users.change_powers(
            portal, actor, who, given.roles, given.units
        ),
        "saved",
    )


@AREA.post("/staff/users/{account}/lock", ADMINISTRATOR)
def take_lock(page: Here, account: str) -> Response:
    """Nobody gets in with it any more."""
    return _done(page, account, users.lock, "locked")


@AREA.post("/staff/users/{account}/unlock", ADMINISTRATOR)
def take_unlock(page: Here, account: str) -> Response:
    """It may be used again."""
    need_fresh(page, f"/staff/users/{account}")
    return _done(page, account, users.unlock, "unlocked")


@AREA.post("/staff/users/{account}/end-sessions", ADMINISTRATOR)
def take_end_sessions(page: Here, account: str) -> Response:
    """Signed out everywhere."""
    return _done(page, account, users.end_sessions, "sessions-ended")


@AREA.post("/staff/users/{account}/remove-second-factor", ADMINISTRATOR)
def take_second_factor_of(page: Here, account: str) -> Response:
    """A lost second factor."""
    need_fresh(page, f"/staff/users/{account}")
    return _done(page, account, users.remove_second_factor, "removed")


@AREA.post("/staff/users/{account}/invite", ADMINISTRATOR)
def take_invite(page: Here, account: str) -> Response:
    """A new link."""
    need_fresh(page, f"/staff/users/{account}")
    try:
        return _show_link(page, users.invite_again(page.portal, page.actor, account))
    except AccountError as error:
        return _refused(page, account, error)


@AREA.post("/staff/users/{account}/directory", ADMINISTRATOR)
def take_link(page: Here, account: str) -> Response:
    """What a user is called in a directory."""
    need_fresh(page, f"/staff/users/{account}")
    _need_user(page, account)
    filled = page.fill(LinkForm)
    given = filled.model
    if given is None:
        return page.redirect(f"/staff/users/{account}")
    return _done(
        page,
        account,
        lambda portal, actor, who: link(portal, actor, who, given.provider, given.login),
        "saved",
    )


def _done(
    page: Page, account: str, verb: Callable[[Portal, Actor, str], object], say: str
) -> Response:
    """Do it, and back to the user's page."""
    _need_user(page, account)
    try:
        verb(page.portal, page.actor, account)
    except AccountError as error:
        return _refused(page, account, error)
    return page.redirect(f"/staff/users/{account}", say=say)


def _refused(page: Page, account: str, error: AccountError) -> Response:
    filled: Filled[Any] = blank()
    filled.refuse("", page.text(error.message, **error.values))
    return _user_page(page, account, filled)


def _need_user(page: Page, account: str) -> Any:  # noqa: ANN401  a row of the table
    with page.portal.database.reading() as connection:
        try:
            return users.need_user(connection, account)
        except AccountError as error:
            raise not_found() from error


def _user_page(page: Page, account: str, filled: Filled[Any]) -> Response:
    found = _need_user(page, account)
    with page.portal.database.reading() as connection:
        roles, units = roles_of(connection, account), units_of(connection, account)
        context: dict[str, Any] = {
            "user": found,
            "email": mail_of(page.portal.keys, found),
            "live": sessions_of(connection, account, page.portal.clock()),
            "entries": read_entries(connection, Wanted(about=account), most=20),
            "link_form": _link_form(connection, account),
        }
    context["directories"] = [
        (each.code, each.name) for each in providers(page.portal) if each.kind == "staff"
    ]
    if not filled.raw:
        filled.raw = {"roles": sorted(roles), "units": sorted(units)}
    return page.render(
        "accounts/user.html",
        422 if filled.errors else 200,
        form=filled,
        states=STATES,
        actions=ACTIONS,
        **context,
        **_choices(page),
    )


def _link_form(connection: Connection, account: str) -> Filled[Any]:
    """What the account is called in a directory now."""
    found = next(iter(links_of(connection, account)), None)
    return blank(provider=found.provider, login=found.login) if found is not None else blank()


def _show_link(page: Page, invitation: Invitation) -> Response:
    address = page.absolute(f"/welcome/{invitation.code}")
    hours = round(VALID.total_seconds() / 3600)
    return page.render(
        "accounts/invited.html", link=address, hours=hours, account=invitation.account
    )


def _units(page: Page) -> list[tuple[str, str]]:
    today = page.portal.clock().astimezone(page.language.zone).date()
    with page.portal.database.reading() as connection:
        found = in_tree_order(all_units(connection, today))
    return [(unit.code, page.language.of(unit_name(unit))) for _depth, unit in found]


def _employees(page: Page) -> list[tuple[str, str]]:
    """Employees who are there today, for an account of one of them; none where none is entered."""
    today = page.portal.clock().astimezone(page.language.zone).date()
    with page.portal.database.reading() as connection:
        found = find_employees(connection, "", today)
    named = [(each.id, employee_name(each)) for each in found]
    return [("", page.text("Not in the list")), *named] if named else []


def _choices(page: Page) -> dict[str, Any]:
    return {
        "role_choices": [
            (role, page.text(name), page.text(ROLE_HINTS[role]))
            for role, name in ROLE_NAMES.items()
        ],
        "unit_choices": _units(page),
        "employee_choices": _employees(page),
    }
