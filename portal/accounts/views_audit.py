"""The audit log for auditors: filtered, page by page, and as a file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import Annotated, Any, Final, TypeAlias

from fastapi import Query
from sqlalchemy import Connection, or_, select
from starlette.datastructures import FormData
from starlette.responses import Response

from portal.accounts.accounts import accounts
from portal.accounts.area import AREA
from portal.accounts.forms import AuditForm
from portal.accounts.visits import need_fresh
from portal.accounts.words import ACTIONS
from portal.audit.log import note
from portal.audit.reading import PAGE, Entry, Wanted, read_entries
from portal.audit.reading import export as export_entries
from portal.web.forms import Filled, fill
from portal.web.page import Page
from portal.web.routes import Here
from portal.web.rules import staff

AUDITOR: Final = staff("auditor")
Before: TypeAlias = Annotated[int | None, Query(ge=0, lt=2**62)]
"""The number of an entry; what no database could count is a page that isn't there."""
_NO_ACCOUNT: Final = {"console": "console", "system": "system", "": "–"}


@AREA.get("/staff/audit", AUDITOR)
def show_audit(page: Here, before: Before = None) -> Response:
    """A page of it, the newest first."""
    filled = _asked(page)
    with page.portal.database.reading() as connection:
        wanted = _wanted(page, connection, filled)
        found = read_entries(connection, wanted, before=before) if wanted else []
        names = names_of(connection, {entry.actor for entry in found})
    older = found[-1].number if len(found) == PAGE else None
    return page.render(
        "accounts/audit.html",
        422 if filled.errors else 200,
        form=filled,
        entries=found,
        names=names,
        older=_query(filled, before=older) if older else "",
        export=_query(filled),
        actions=ACTIONS,
        as_text=as_text,
    )


@AREA.get("/staff/audit/export.csv", AUDITOR)
def show_export(page: Here) -> Response:
    """The same as a file; that somebody took it is noted."""
    need_fresh(page)
    filled = _asked(page)
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(["number", "at", "kind", "actor", "name", "action", "about", "facts"])
    with page.portal.database.transaction() as connection:
        wanted = _wanted(page, connection, filled)
        found = list(export_entries(connection, wanted)) if wanted else []
        names = names_of(connection, {entry.actor for entry in found})
        note(connection, page.actor, "audit.exported", "", entries=len(found))
    for entry in found:
        cells = (
            *(str(entry.number), entry.at.isoformat(), entry.actor_kind, entry.actor),
            *(names.get(entry.actor, ""), entry.action, entry.about, as_text(entry)),
        )
        table.writerow([_harmless(cell) for cell in cells])
    # With a mark of its encoding, or Excel reads Cyrillic as something else.
    return page.send(written.getvalue().encode("utf-8-sig"), "text/csv", "audit.csv")


def names_of(connection: Connection, ids: Collection[str]) -> dict[str, str]:
    """What the accounts of those ids are called; a citizen by the sign-in number only."""
    wanted = select(accounts).where(accounts.c.id.in_(ids))
    found = {
        row.id: row.name if row.kind == "staff" else row.sign_in_name
        for row in connection.execute(wanted)
    }
    return {**_NO_ACCOUNT, **found}


def as_text(entry: Entry) -> str:
    """The facts of an entry, to read."""
    return "; ".join(
        f"{name}: {value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)}"
        for name, value in entry.facts.items()
    )


def _asked(page: Page) -> Filled[AuditForm]:
    return fill(AuditForm, FormData([*page.request.query_params.multi_items()]), page.language)


def _wanted(page: Page, connection: Connection, filled: Filled[AuditForm]) -> Wanted | None:
    """What is looked for; ``None``: nothing could be it."""
    given = filled.model
    if given is None:
        return None
    actor = given.who if given.who in _NO_ACCOUNT else ""
    if given.who and not actor:
        named = or_(accounts.c.sign_in_name == given.who.casefold(), accounts.c.name == given.who)
        wanted = select(accounts.c.id).where(or_(named, accounts.c.id == given.who)).limit(1)
        actor = connection.scalar(wanted) or ""
        if not actor:
            filled.refuse("who", page.text("Nobody has this name"))
            return None
    zone = page.language.zone
    begin = datetime.combine(given.from_on, time(), zone) if given.from_on else None
    last = given.until_on
    end = datetime.combine(last + timedelta(days=1), time(), zone) if last else None
    return Wanted(actor, given.action, given.about, begin, end)


def _query(filled: Filled[AuditForm], **more: object) -> dict[str, Any]:
    names = ("who", "action", "about", "from_on", "until_on")
    return {**{name: filled.value(name) for name in names}, **more}


def _harmless(cell: str) -> str:
    """No spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
