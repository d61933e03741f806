"""Words that anybody would try first at an account: no password is made of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from portal.accounts.accounts import mail_of, shown_name
from portal.municipality.service import read_sign
from portal.web.portal import Portal


def own_words(portal: Portal, found: Row[Any]) -> tuple[str, ...]:
    """Names of the person, of the account, and of the municipality, as far as they are known."""
    site, mail = portal.settings.site, mail_of(portal.keys, found)
    facts = read_sign(portal.database, site).facts
    with portal.database.reading() as connection:
        name = shown_name(connection, found)
    words = (
        *(name, found.sign_in_name, *found.sign_in_name.split("@"), mail.partition("@")[0]),
        *(facts.name_bg, facts.name_en, facts.short_name_bg, facts.short_name_en, site),
    )
    return tuple(word for word in words if word)
