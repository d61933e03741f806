"""Directories of the town, set up by administrators."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from starlette.responses import Response

from portal.accounts.accounts import AccountError
from portal.accounts.area import AREA
from portal.accounts.directories import (
    NO_ACR,
    Directory,
    find_directory,
    set_up_directory,
)
from portal.accounts.forms import DirectoryForm
from portal.accounts.last_administrator import NOBODY_LEFT
from portal.accounts.tables import SignInDirectory
from portal.accounts.visits import need_fresh
from portal.store.tables import table_of
from portal.web.forms import Filled, blank
from portal.web.page import Page
from portal.web.routes import Here
from portal.web.rules import staff

ADMINISTRATOR = staff("administrator")


@AREA.get("/staff/directories", ADMINISTRATOR)
def show_directories(page: Here) -> Response:
    """All of them."""
    table = table_of(SignInDirectory)
    with page.portal.database.reading() as connection:
        found = connection.execute(select(table).order_by(table.c.code)).all()
    return page.render("accounts/directories.html", directories=found)


@AREA.get("/staff/directories/new", ADMINISTRATOR)
def show_new_directory(page: Here) -> Response:
    """One more."""
    need_fresh(page)
    form = blank(kind="staff", login_claim="preferred_username", is_on="yes")
    return _directory_page(page, form, is_new=True)


@AREA.post("/staff/directories/new", ADMINISTRATOR)
def take_directory(page: Here) -> Response:
    """Set up or changed."""
    need_fresh(page)
    filled = page.fill(DirectoryForm)
    given = filled.model
    if given is not None:
        try:
            set_up_directory(page.portal, page.actor, Directory(**given.model_dump()))
        except AccountError as error:
            fields = {NO_ACR: "acr", NOBODY_LEFT: "is_on"}
            filled.refuse(fields.get(error.message, "issuer"), page.text(error.message))
        else:
            return page.redirect("/staff/directories", say="saved")
    return _directory_page(page, filled, is_new=True)


@AREA.get("/staff/directories/{code}", ADMINISTRATOR)
def show_directory(page: Here, code: str) -> Response:
    """One of them; its secret is never shown."""
    need_fresh(page)
    with page.portal.database.reading() as connection:
        found = page.need(find_directory(connection, code))
    names = ("code", "name", "kind", "issuer", "client_id", "login_claim", "identifier_claim")
    values = {name: getattr(found, name) for name in (*names, "acr")}
    form = blank(**values, is_on="yes" if found.is_on else None)
    return _directory_page(page, form, is_new=False)


def _directory_page(page: Page, filled: Filled[Any], *, is_new: bool) -> Response:
    return page.render(
        "accounts/directory.html",
        422 if filled.errors else 200,
        form=filled,
        is_new=is_new,
        back=f"{page.portal.settings.public_url}/sign-in/back/{filled.value('code') or '…'}",
    )
