"""What is printed at the desk: the application, and the slip that is folded shut."""

from __future__ import annotations

import secrets
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from analytics.typesetting.typeset import typeset
from portal.accounts.codes import ALPHABET, group
from portal.accounts.desk import Access
from portal.accounts.slips import VALID
from portal.accounts.words import DOCUMENTS
from portal.municipality.signboard import Signboard
from portal.people.party_search import full_name
from portal.web.page import Page

_FOLDER: Final = Path(__file__).parent / "print"
_PATTERN: Final = 28 * 86
"""Signs of the pattern that hides the code against the light: lines that fill a third."""


def application(page: Page, access: Access, identifier: str) -> bytes:
    """The application for access, to be signed: PDF.

    Args:
        page: whose language it has.
        access: what is applied for.
        identifier: masked.
    """
    party = access.party
    kind, last_four = access.document or ("", "")
    document = f"{page.text(DOCUMENTS[kind])} …{last_four}" if kind else "–"
    name = full_name(party) if party is not None else str(access.account.name)
    content = {
        "title": page.text("Application for access to electronic services"),
        "to": page.text("To the mayor of {name}", name=_municipality(page)),
        "rows": [
            [page.text("Name"), name],
            [page.text("Identifier"), identifier or "–"],
            [page.text("Document seen"), document],
            [page.text("Number for signing in"), _grouped(access.account.sign_in_name)],
            [page.text("Date"), page.language.day(_local(page, access.slip.issued_at).date())],
        ],
        "wish": page.text(
            "I wish to have access to the electronic services of the municipality. I know that "
            "the access is mine alone, that I choose a password of my own at first use, and that "
            "I tell the municipality if somebody else may know it."
        ),
        "privacy": page.text(
            "The municipality keeps the kind of the document and the last four signs of its "
            "number, and no copy of it."
        ),
        "signature": page.text("Signature of the applicant"),
        "clerk": page.text("Signature of the clerk"),
        "reference": access.slip.id,
    }
    return _set(page, "application.typ", content)


def slip(page: Page, access: Access, code: str) -> bytes:
    """The slip with the code, to be folded and taped: PDF."""
    now = page.portal.clock()
    until = _local(page, now + VALID)
    name = full_name(access.party) if access.party is not None else str(access.account.name)
    content = {
        "title": page.text("Slip for first use"),
        "for": page.text("For"),
        "name": name,
        "outside": page.text("To be opened by this person only. If it is open, do not take it."),
        "fold": page.text(
            "Fold the lower third up, then the upper third back; tape the open sides."
        ),
        "number_label": page.text("Number for signing in"),
        "number": _grouped(access.account.sign_in_name),
        "code_label": page.text("Code for first use"),
        "code": group(code),
        "steps": [
            page.text("Open {address}", address=page.absolute("/sign-in")),
            page.text("Type the number and, as the password, the code."),
            page.text("Choose a password of your own: at least 12 characters."),
        ],
        "until": page.text(
            "The code works once, until {moment}.", moment=page.language.moment(until)
        ),
        "warning": page.text("Nobody of the municipality will ever ask you for it."),
        "pattern": "".join(secrets.choice(ALPHABET) for _ in range(_PATTERN)),
    }
    return _set(page, "slip.typ", content)


def _set(page: Page, template: str, content: dict[str, Any]) -> bytes:
    given = {**content, "municipality": _municipality(page), "lang": page.language.code}
    now = page.portal.clock()
    return typeset(_FOLDER / template, given, now, look=page.portal.settings.look)


def _municipality(page: Page) -> str:
    return page.language.of(page.portal.part(Signboard).shown(page.portal).name)


def _grouped(number: str) -> str:
    return " ".join(number[at : at + 3] for at in range(0, len(number), 3))


def _local(page: Page, at: datetime) -> datetime:
    return at.astimezone(page.language.zone)
