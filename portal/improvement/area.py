"""The area of improvement, who may do what on its pages, and what the pages share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from analytics.improvement.who import DECIDERS, DOERS, READERS, WRITERS, ImprovementError, sees
from analytics.improvement.words import say, say_error
from portal.improvement.office import office_of, with_units_below
from portal.improvement.service import ImprovementDesk
from portal.people.units import all_units, unit_name
from portal.web.actor import ROLES, Actor
from portal.web.forms import Filled
from portal.web.page import Page
from portal.web.routes import Area
from portal.web.rules import Rule, staff

AREA: Final = Area("improvement", "/staff/improvement")


def _rule(roles: frozenset[str]) -> Rule:
    return staff(*(role for role in ROLES if role in roles))


MAY_READ: Final = _rule(READERS)
MAY_DO: Final = _rule(DOERS)
MAY_WRITE: Final = _rule(WRITERS)
MAY_DECIDE: Final = _rule(DECIDERS)


def desk_of(page: Page) -> ImprovementDesk:
    """The verbs."""
    return ImprovementDesk(office_of(page.portal))


def who_of(page: Page) -> Actor:
    """Who asks, with the units in his."""
    with page.portal.database.reading() as connection:
        return with_units_below(connection, page.actor)


def today(page: Page) -> date:
    """The day at the municipality."""
    return page.portal.clock().astimezone(page.language.zone).date()


def unit_names(page: Page) -> dict[str, str]:
    """Code → name of all units that ever were, and of the whole municipality."""
    with page.portal.database.reading() as connection:
        units = all_units(connection)
    found = {unit.code: page.language.of(unit_name(unit)) for unit in units}
    return {"": page.text("The whole municipality"), **found}


def unit_choices(page: Page, who: Actor) -> list[tuple[str, str]]:
    """The units that he sees, as a select takes them."""
    return [(code, name) for code, name in unit_names(page).items() if sees(who, code)]


def choices(page: Page, words: Mapping[str, str], empty: str = "") -> list[tuple[str, str]]:
    """Codes with their names in the reader's language; ``empty``: what no choice is called."""
    found = [(code, say(word, page.language.code)) for code, word in words.items()]
    return [("", page.text(empty)), *found] if empty else found


def refuse(page: Page, filled: Filled[Any], error: ImprovementError) -> None:
    """Show an error of a verb beside the field that it is about."""
    filled.refuse(error.field, say_error(error, page.language.code))
