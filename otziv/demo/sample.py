"""The portal's sample content: an invented municipality, its units, its staff, a survey to answer.

It is kept in a database of the demo's own, so that a real installation in the same folder never has
accounts whose passwords were printed.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from broker.store.migrate import open_database
from broker.store.registry import add_touchpoint, list_touchpoints
from otziv.sample_years.planting import Planted
from otziv.sample_years.taken_up import take_up
from portal.accounts.accounts import change, find_by_name, make_staff
from portal.accounts.passwords import hash_password
from portal.accounts.policy import Policy, write_policy
from portal.audit.heads import FILE as HEADS
from portal.audit.heads import begin_heads
from portal.audit.log import CONSOLE
from portal.improvement.office import office_of
from portal.improvement.service import ImprovementDesk
from portal.municipality.service import change_facts
from portal.people.units import UnitDetails, add_unit, find_unit
from portal.settings import PortalSettings
from portal.surveys.drafts import create_draft
from portal.surveys.publishing import Opening, find_window, publish_draft
from portal.surveys.readymade import ready_draft
from portal.surveys.tablets import list_tablets, new_tablet, pair_again
from portal.web.actor import Actor, Role
from portal.web.opening import KEY_FILE, opened
from portal.web.portal import Portal

HALL: Final = "demo-hall"
"""The touchpoint at which people answer by web, code, tablet and paper; in test mode."""
SURVEY: Final = "demo-reception"

_HALL_NAME: Final = "Приемна: уеб, код, таблет, хартия"
_FACTS: Final = {
    "name_bg": "Община Горна чешма",
    "name_en": "Municipality of Gorna Cheshma",
    "short_name_bg": "Горна чешма",
    "short_name_en": "Gorna Cheshma",
    "address_bg": "пл. „Свобода“ 1, 0000 Горна чешма",
    "address_en": "1 Svoboda Square, 0000 Gorna Cheshma",
    "phone": "+359 2 000 0000",
    "email": "obshtina@example.bg",
    "hours_bg": "делнични дни, 8:30–17:00 ч.",
    "hours_en": "weekdays, 8:30–17:00",
}
_UNITS: Final[Mapping[str, UnitDetails]] = {
    "centre": UnitDetails("centre", "Център за административно обслужване", "Service centre"),
    "revenue": UnitDetails("department", "Местни данъци и такси", "Local taxes and fees"),
    "tourism": UnitDetails("tourist-centre", "Туристически център", "Tourist information centre"),
}
_STAFF: Final[Mapping[str, tuple[str, Role]]] = {
    "admin": ("Ангел Администраторов", "administrator"),
    "editor": ("Елена Редакторова", "editor"),
    "manager": ("Мария Управителова", "manager"),
    "clerk": ("Христо Гишев", "clerk"),
}
"""Sign-in name → name and role; all invented."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What the demo prints of it.

    Attributes:
        password: of all sample accounts; another one each time.
        names: with which they sign in.
        web: where the survey is answered.
        code: where the poster's QR code leads.
        tablet: the link that pairs a tablet, once.
        paper: where clerks key paper forms in.
    """

    password: str
    names: tuple[str, ...]
    web: str
    code: str
    tablet: str
    paper: str


def prepare_sample(settings: PortalSettings, planted: Sequence[Planted] = ()) -> Sample:
    """Make what is missing of the sample, and give its accounts a new password.

    Args:
        settings: of the portal.
        planted: in the sample years, if there are some: what was done about it is entered, too.

    Raises:
        StoreError: a database can't be used.
    """
    is_new = not (settings.data / KEY_FILE).exists()
    with opened(settings) as portal:
        if is_new:
            begin_heads(settings.data / HEADS, portal.keys)
        now = portal.clock()
        _register_hall(settings)
        _found(portal, now)
        password = f"proba-{secrets.token_hex(4)}"
        _make_staff(portal, password, now)
        _publish(portal, now)
        if planted:
            _take_up(portal, planted, now)
        url = settings.public_url
        return Sample(
            password=password,
            names=tuple(_STAFF),
            web=f"{url}/s/{SURVEY}",
            code=f"{url}/q/{HALL}",
            tablet=f"{url}/tablet/{HALL}/pair/{_pairing(portal)}",
            paper=f"{url}/staff/paper",
        )


def _take_up(portal: Portal, planted: Sequence[Planted], now: datetime) -> None:
    """Targets, actions, the journal of methods and published months, by the sample's manager."""
    # It takes a second to load, and most demos have no history.
    from analytics.closed.library import read_book
    from otziv.sample_years.given_back import give_back

    with portal.database.reading() as connection:
        account = find_by_name(connection, "manager")
    if account is not None:
        who = Actor("staff", str(account.id), _STAFF["manager"][0], frozenset({"manager"}))
        today = now.astimezone(ZoneInfo(portal.settings.timezone)).date()
        desk = ImprovementDesk(office_of(portal))
        take_up(desk, who, planted, today)
        with portal.feedback.reading() as connection:
            book = read_book(connection, now)
        give_back(desk, who, book, portal.settings.site)


def _register_hall(settings: PortalSettings) -> None:
    """The touchpoint; an earlier demo may have called it something else."""
    with closing(open_database(settings.feedback.get_secret_value())) as feedback:
        if HALL not in {each.code for each in list_touchpoints(feedback)}:
            add_touchpoint(feedback, HALL, site=settings.site, name=_HALL_NAME, is_test=True)


def _found(portal: Portal, now: datetime) -> None:
    """The municipality, and its units."""
    change_facts(portal.database, CONSOLE, portal.settings.site, _FACTS, now)
    today = now.astimezone(ZoneInfo(portal.settings.timezone)).date()
    for code, details in _UNITS.items():
        with portal.database.reading() as connection:
            is_there = find_unit(connection, code) is not None
        if not is_there:
            add_unit(portal.database, code, details, today, actor=CONSOLE)


def _make_staff(portal: Portal, password: str, now: datetime) -> None:
    """The accounts. Here a second factor is no must: nobody takes out a telephone for a demo."""
    hashed = hash_password(password, "staff")
    with portal.database.transaction() as connection:
        write_policy(connection, Policy(second_factor="none"))
        for sign_in_name, (name, role) in _STAFF.items():
            found = find_by_name(connection, sign_in_name)
            account = (
                make_staff(connection, sign_in_name, name, now=now, roles=[role])
                if found is None
                else str(found.id)
            )
            told = {"state": "active", "password_hash": hashed, "password_set_at": now}
            change(connection, account, **told)


def _publish(portal: Portal, now: datetime) -> None:
    """The survey of the reception, open by all channels."""
    if find_window(portal.database, SURVEY) is not None:
        return
    draft = ready_draft("reception").model_copy(update={"code": SURVEY})
    create_draft(portal.database, CONSOLE, draft, now)
    publish_draft(portal, CONSOLE, SURVEY, now, Opening(touchpoint=HALL))


def _pairing(portal: Portal) -> str:
    """The secret of a link that pairs the tablet."""
    for tablet in list_tablets(portal.database):
        secret = pair_again(portal, CONSOLE, tablet.id) if tablet.touchpoint == HALL else None
        if secret is not None:
            return secret
    return new_tablet(portal, CONSOLE, HALL)[1]
