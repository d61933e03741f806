"""Objects for the access matrix: what each path parameter of each area stands for.

A new route with a new parameter needs a line in :data:`EXAMPLES`; without it the matrix fails.
``present`` is the value of something that is there; ``None``: such a thing takes another process
(a device that answered, say), and its area tests it. What belongs to one person stands in
:data:`OWNED`, with one's own and somebody else's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Final

from sqlalchemy import insert, select

from broker.fleet.places import add_location
from broker.store.registry import add_device
from portal.accounts.accounts import change, make_citizen, make_staff
from portal.accounts.desk import Seen, give_access
from portal.accounts.directories import Directory, set_up_directory
from portal.accounts.users import NewUser, invite
from portal.audit.log import CONSOLE
from portal.comments.service import keep
from portal.comments.tables import Comment, Theme
from portal.improvement.office import office_of
from portal.improvement.service import ImprovementDesk
from portal.people.employees import EmployeeDetails, add_employee, enter_absence
from portal.people.identifiers import read_identifier
from portal.people.parties import Details, enter_party
from portal.people.posts import add_post, appoint
from portal.people.settlement_import import take
from portal.people.settlement_lists import read_list
from portal.people.units import UnitDetails, add_unit
from portal.store.tables import table_of
from portal.surveys.drafts import create_draft
from portal.surveys.paper import start_batch
from portal.surveys.tablets import new_tablet
from portal.web.actor import Actor, Role
from portal.web.language import Language
from portal.web.portal import Portal
from tests.fixtures.portals import SITE
from tests.portal.answers.making import open_survey
from tests.portal.improvement.house import a_plan, a_target, a_wish, an_entry
from tests.portal.people.town import LONG_AGO, SETTLEMENTS, TODAY
from tests.portal.surveys.making import WHOLE
from tests.published.sample import MARCH, a_book, contents

EDITOR: Final = Actor("staff", "editor-1", "Ева", frozenset({"editor"}))
MISSING: Final = "0193aaaaaaaa7aaa8aaaaaaaaaaaaaaa"
"""An id that nothing has."""


@dataclass
class World:
    """A portal in which there is one of everything."""

    portal: Portal

    @cached_property
    def party(self) -> str:
        """Somebody."""
        identifier = read_identifier("egn", "8501010011", today=TODAY)
        return enter_party(
            self.portal.database,
            self.portal.keys,
            Details("person", "Мария", "Иванова", "Петрова"),
            identifier,
            actor=CONSOLE,
            now=self.portal.clock(),
        )

    @cached_property
    def desk(self) -> ImprovementDesk:
        """Where the administration improves."""
        return ImprovementDesk(office_of(self.portal))

    @cached_property
    def target(self) -> str:
        """A promise of the unit."""
        return self.desk.set_target(self.mayor, a_target(unit=self.unit)).id

    @cached_property
    def action(self) -> str:
        """An action of the unit."""
        return self.desk.make_action(self.mayor, a_plan(self.mayor, unit=self.unit)).id

    @cached_property
    def method(self) -> str:
        """A method that was used in the unit."""
        return self.desk.enter(self.mayor, an_entry(unit=self.unit)).id

    @cached_property
    def subscription(self) -> str:
        """Somebody without an account who was asked."""
        wish = a_wish(unit=self.unit)
        return self.desk.invite_subscriber(self.mayor, wish, "ivan@example.bg").id

    @cached_property
    def token(self) -> str:
        """The link that another one got; he confirmed."""
        wish = a_wish(unit=self.unit, language="en")
        made = self.desk.invite_subscriber(self.mayor, wish, "maria@example.bg")
        signature = self.portal.keys.sign("subscription", made.id)
        return f"{made.id}.{signature}"

    @cached_property
    def results(self) -> str:
        """A published month."""
        made = contents(a_book(), MARCH)
        shown = {unit: made[unit] for unit in ("", "annex")}
        self.desk.publish_results(self.mayor, MARCH, shown)
        return MARCH

    @cached_property
    def mayor(self) -> Actor:
        """A manager of the whole municipality."""
        with self.portal.database.transaction() as connection:
            now = self.portal.clock()
            roles: tuple[Role, ...] = ("manager",)
            account = make_staff(connection, "mayor", "Кметът", now=now, roles=roles)
            change(connection, account, state="active")
        return Actor("staff", account, "Кметът", frozenset(roles))

    @cached_property
    def access(self) -> str:
        """An access that is being given at the desk."""
        from zoneinfo import ZoneInfo

        language = Language("bg", ZoneInfo("Europe/Sofia"))
        seen = Seen("identity-card", "4711")
        return give_access(self.portal, CONSOLE, self.party, seen, language)

    @cached_property
    def user(self) -> str:
        """A user."""
        user = NewUser("somebody", "Някой", frozenset({"clerk"}))
        return invite(self.portal, CONSOLE, user).account

    @cached_property
    def citizen(self) -> str:
        """A citizen's account."""
        with self.portal.database.transaction() as connection:
            return make_citizen(connection, None, self.portal.clock(), "Мария")

    @cached_property
    def directory(self) -> str:
        """A directory of the town."""
        made = Directory("town", "Директория", "staff", "https://login.example", "otziv", "secret")
        set_up_directory(self.portal, CONSOLE, made)
        return "town"

    @cached_property
    def settlement(self) -> str:
        """A settlement, with the list it is on."""
        found = read_list(SETTLEMENTS.encode())
        take(self.portal.database, found, LONG_AGO, is_complete=False, actor=CONSOLE)
        return "00014"

    @cached_property
    def unit(self) -> str:
        """A unit."""
        details = UnitDetails(kind="centre", name_bg="Център", settlement=self.settlement)
        add_unit(self.portal.database, "centre", details, LONG_AGO, actor=CONSOLE)
        return "centre"

    @cached_property
    def post(self) -> str:
        """A post in it."""
        return add_post(
            self.portal.database, self.unit, "Деловодител", from_on=LONG_AGO, actor=CONSOLE
        )

    @cached_property
    def employee(self) -> str:
        """Somebody of the staff."""
        details = EmployeeDetails("Ана", "Тодорова")
        return add_employee(self.portal.database, details, LONG_AGO, actor=CONSOLE)

    @cached_property
    def appointment(self) -> str:
        """The post is held."""
        database = self.portal.database
        return appoint(database, self.post, self.employee, LONG_AGO, actor=CONSOLE)

    @cached_property
    def absence(self) -> str:
        """Who holds it is away."""
        until = TODAY + timedelta(days=3)
        return enter_absence(self.portal.database, self.employee, TODAY, until, actor=CONSOLE)

    @cached_property
    def comment(self) -> str:
        """A comment."""
        keep(
            self.portal.database,
            survey="reception",
            version=1,
            question="words",
            touchpoint="hall-web",
            channel="web",
            language="bg",
            text="Добре беше.",
            now=self.portal.clock(),
        )
        with self.portal.database.reading() as connection:
            return str(connection.scalar(select(table_of(Comment).c.id)))

    @cached_property
    def theme(self) -> str:
        """A theme of comments."""
        row = {"code": "matrix", "name_bg": "Тема", "name_en": "Theme"}
        with self.portal.database.transaction() as connection:
            connection.execute(insert(table_of(Theme)).values(row))
        return "matrix"

    @cached_property
    def location(self) -> str:
        """A place."""
        now = self.portal.clock()
        add_location(self.portal.feedback, "hall", site=SITE, now=now, from_on=LONG_AGO)
        return "hall"

    @cached_property
    def device(self) -> str:
        """A device."""
        add_device(self.portal.feedback, "kiosk-1", touchpoint="hall-web")
        return "kiosk-1"

    @cached_property
    def draft(self) -> str:
        """A survey's draft."""
        create_draft(self.portal.database, EDITOR, WHOLE, self.portal.clock())
        return WHOLE.code

    @cached_property
    def survey(self) -> str:
        """A survey that takes answers."""
        open_survey(self.portal)
        from tests.portal.answers.asked import SURVEY

        return SURVEY.code

    @cached_property
    def batch(self) -> str:
        """A pile of paper forms."""
        return start_batch(
            self.portal.database,
            EDITOR,
            survey=self.survey,
            version=1,
            touchpoint="hall-web",
            channel="paper",
            language="bg",
            answered_on=TODAY,
            now=self.portal.clock(),
        )

    @cached_property
    def tablet(self) -> str:
        """A tablet on a stand."""
        return new_tablet(self.portal, EDITOR, "hall-web")[0]


@dataclass(frozen=True)
class Example:
    """What a parameter may stand for.

    Attributes:
        present: makes something that is there; ``None``: its area tests that.
        missing: what is not there.
        is_always_there: any value has a page, such as a code that is judged when it is sent.
    """

    present: Callable[[World], str] | None
    missing: str = MISSING
    is_always_there: bool = False


EXAMPLES: Final[dict[tuple[str, str], Example]] = {
    ("accounts", "session"): Example(None),
    ("accounts", "account"): Example(lambda world: world.user),
    ("accounts", "/staff/citizens/account account"): Example(lambda world: world.citizen),
    ("accounts", "access"): Example(lambda world: world.access),
    ("accounts", "party"): Example(lambda world: world.party),
    ("accounts", "code"): Example(lambda world: world.directory, "nothing"),
    ("accounts", "/welcome code"): Example(None, "ABCD", is_always_there=True),
    ("accounts", "/sign-in code"): Example(None, "nothing"),
    ("comments", "comment"): Example(lambda world: world.comment),
    ("comments", "code"): Example(lambda world: world.theme, "nothing"),
    ("fleet", "kind"): Example(lambda _: "location", "moon"),
    ("fleet", "code"): Example(lambda world: world.location, "nothing"),
    ("fleet", "/staff/touchpoints code"): Example(lambda _: "hall-web", "nothing"),
    ("fleet", "on"): Example(lambda _: "2026-12-24", "never"),
    ("fleet", "key"): Example(lambda _: "volume", "nothing"),
    ("fleet", "name"): Example(lambda world: world.device, "nothing"),
    ("fleet", "number"): Example(None, "999999"),
    ("fleet", "reason"): Example(None, "nothing"),
    ("improvement", "target"): Example(lambda world: world.target),
    ("improvement", "entry"): Example(lambda world: world.method),
    ("improvement", "action"): Example(lambda world: world.action),
    ("improvement", "subscription"): Example(lambda world: world.subscription),
    ("reports", "report"): Example(None),
    ("subscriptions", "token"): Example(lambda world: world.token, "nothing"),
    ("results", "name"): Example(lambda _: "data.csv", "nothing"),
    ("results", "month"): Example(lambda world: world.results, "2026-04"),
    ("results", "unit"): Example(lambda world: world.results and "annex", "nothing"),
    ("municipality", "section"): Example(lambda _: "contact", "nothing"),
    ("people", "party"): Example(lambda world: world.party),
    ("people", "kind"): Example(lambda _: "permanent", "nothing"),
    ("employees", "employee"): Example(lambda world: world.employee),
    ("employees", "appointment"): Example(lambda world: world.appointment),
    ("employees", "absence"): Example(lambda world: world.absence),
    ("settlements", "code"): Example(lambda world: world.settlement, "99999"),
    ("units", "code"): Example(lambda world: world.unit, "nothing"),
    ("units", "post"): Example(lambda world: world.post),
    ("answers", "code"): Example(lambda world: world.survey, "nothing"),
    ("answers", "touchpoint"): Example(lambda _: "hall-web", "nowhere"),
    ("one-time-answers", "secret"): Example(None, "nothing"),
    ("surveys-build", "name"): Example(lambda _: "reception", "nothing"),
    ("surveys-build", "code"): Example(lambda world: world.draft, "nothing"),
    ("surveys-build", "item"): Example(lambda _: "overall", "nothing"),
    ("surveys-build", "number"): Example(lambda _: "1", "99"),
    ("surveys-build", "why"): Example(lambda _: "why", "nothing"),
    ("invitations", "code"): Example(lambda world: world.survey, "nothing"),
    ("paper", "batch"): Example(lambda world: world.batch),
    ("posters", "code"): Example(lambda world: world.survey, "nothing"),
    ("tablet", "touchpoint"): Example(lambda _: "hall-web", "nowhere", is_always_there=True),
    ("tablet", "pairing"): Example(None, "nothing", is_always_there=True),
    ("tablets", "tablet"): Example(lambda world: world.tablet),
}
"""Area and parameter, or area and the path's beginning with the parameter where that differs."""


def example_for(area: str, path: str, parameter: str) -> Example | None:
    """The example for a parameter of a route; the one with the longest beginning of its path."""
    special = [
        (len(key[1]), example)
        for key, example in EXAMPLES.items()
        if key[0] == area
        and key[1].endswith(f" {parameter}")
        and path.startswith(key[1].rpartition(" ")[0])
    ]
    if special:
        return max(special, key=lambda each: each[0])[1]
    return EXAMPLES.get((area, parameter))
