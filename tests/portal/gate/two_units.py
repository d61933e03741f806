"""A town of two units behind the gate, of which all that is the other one's has a name to look for.

Units *revenue* and *hidden* have a hall, two desks and a place in test mode each. Votes by phone,
on one scale and in one survey were given at *hidden* alone, so that lists of choices might tell of
it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec

from analytics.alerts.alert import Topic, opened
from analytics.dashboard.person import Person
from analytics.improvement.actions import Ground, Plan
from analytics.improvement.drafts import NewDraft
from analytics.improvement.findings import Finding
from analytics.improvement.targets import NewTarget
from analytics.measures.wording import Wording
from broker.fleet.place_changes import set_setting
from broker.fleet.places import add_location
from broker.fleet.surveys import Survey, publish
from broker.store.place_settings import put_setting
from broker.store.places import Place, put_placement
from portal.accounts.accounts import change, make_staff
from portal.accounts.sessions import begin
from portal.alerts.record import PortalRecord
from portal.improvement.office import office_of
from portal.improvement.service import ImprovementDesk
from portal.people.units import UnitDetails, add_unit
from portal.web.actor import Actor, Role
from portal.web.opening import opened as open_both
from tests.analytics.feedback import SITE, Feedback
from tests.analytics.screen import answer, rate
from tests.portal.gate.running import Running

OWN: Final = "revenue"
HIDDEN: Final = "hidden"
MARK: Final = "Укрит"
"""In every name of the other unit's; nowhere else."""
HALLS: Final = {OWN: "Приходна зала", HIDDEN: f"{MARK}а зала"}
DAYS: Final = 40


@dataclass(frozen=True)
class Ids:
    """What addresses may name of the other unit's."""

    alert: str
    action: str
    draft: str


def fill_feedback(feedback: Feedback) -> None:
    """Places, who serves there, and some hundred votes at each."""
    now, first = datetime.now(UTC), _before(2 * DAYS)
    publish(feedback.database, _survey("reception", "Обслужване"), now)
    publish(feedback.database, _survey("by-phone", f"{MARK}а анкета"), now)
    for unit, name in HALLS.items():
        hall = Place("location", f"hall-{unit}")
        add_location(feedback.database, hall.code, site=SITE, now=now, name=name, from_on=first)
        with feedback.database.transaction() as connection:
            put_setting(connection, hall, "unit", f'"{unit}"', from_on=first, now=now)
            put_setting(connection, hall, "staff", "5", from_on=first, now=now)
        for number in (1, 2):
            desk, called = f"desk-{unit}-{number}", f"{name}, гише {number}"
            feedback.place(desk, name=called)
            with feedback.database.transaction() as connection:
                put_placement(connection, Place("touchpoint", desk), first, hall.code)
            _vote(feedback, desk, worse=number == 2)
        trial = f"trial-{unit}"
        feedback.place(trial, name=f"{name}, проба", is_test=True)
        set_setting(feedback.database, "touchpoint", trial, "unit", unit, None, now)
        feedback.press(trial, 4, times=2, at=now)
    for days in range(1, DAYS):
        rows = [("recommend", "nps-11", "phone", 9, 6, 6)]
        rate(feedback, f"desk-{HIDDEN}-1", _before(days), rows, "by-phone")


def _vote(feedback: Feedback, desk: str, *, worse: bool) -> None:
    """Votes of each day; at one desk they lately got worse, which is a finding."""
    for days in range(1, DAYS):
        bad = 7 if worse and days < 10 else 1
        rows = [
            ("overall", "faces-4", "device", 4, 9, 9),
            ("overall", "faces-4", "device", 1, bad, bad),
        ]
        rate(feedback, desk, _before(days), rows)
        told = [
            ("reason", "device", "answered", "", 6),
            ("reason", "device", "answered", "waiting", 6),
        ]
        answer(feedback, desk, _before(days), told)


def _before(days: int) -> date:
    return datetime.now(UTC).date() - timedelta(days)


def fill_portal(town: Running) -> Ids:
    """Units, and an alert, an action, a target, a finding and a draft of the other one's."""
    with open_both(town.settings) as portal:
        now = portal.clock()
        for unit, name in HALLS.items():
            details = UnitDetails("department", name, name)
            add_unit(portal.database, unit, details, _before(2 * DAYS), actor=Actor("staff", "c"))
        account, _ = sign_in(town, "manager", "administrator", name="Цвета Колева")
        who = Person("Цвета Колева", frozenset({"manager", "administrator"}), "", id=account)
        desk = ImprovementDesk(office_of(portal))
        hall = Place("location", f"hall-{HIDDEN}")
        words = f"{MARK}о намерихме"
        finding = Finding(id="f" * 16, unit=HIDDEN, words=words)
        desk.acknowledge(who, finding, words)
        plan = Plan(
            title=f"{MARK}а мярка",
            ground=Ground("finding", finding.id, words),
            unit=HIDDEN,
            owner=account,
            due_on=now.date(),
            place=hall,
        )
        action = desk.make_action(who, plan)
        desk.set_target(
            who,
            NewTarget(
                unit=HIDDEN, measure="satisfied", level=0.8, from_on=_before(DAYS), text_bg=words
            ),
        )
        draft = desk.keep_draft(
            who,
            NewDraft(
                kind="weekly-letter",
                unit=HIDDEN,
                from_on=_before(7),
                to_on=_before(1),
                language="bg",
                place=hall,
            ),
            '{"title": "' + words + '"}',
        )
        figures = Wording("{count} of {n}", "sure", {"count": 3, "n": 4})
        alert = opened(Topic("unhappy", hall), now - timedelta(hours=2), now, figures)
        record = PortalRecord(portal.database)
        assert record.open(alert)
        record.comment(alert.id, account, words, now)
        return Ids(alert.id, action.id, draft.id)


def sign_in(
    town: Running, *roles: Role, units: frozenset[str] = frozenset(), name: str = "Ева Илиева"
) -> tuple[str, str]:
    """A new account that is signed in: its id, and what its browser's cookie holds."""
    now = datetime.now(UTC)
    with town.database.transaction() as connection:
        called = f"{'-'.join(roles)}-{os.urandom(4).hex()}"
        account = make_staff(connection, called, name, now=now, roles=roles, units=units)
        change(connection, account, state="active")
        _, secret = begin(connection, town.keys, account, now=now)
    return account, secret


def _survey(code: str, title: str) -> Survey:
    def said(text: str) -> dict[str, str]:
        return {"bg": text, "en": text}

    return msgspec.convert(
        {
            "code": code,
            "version": 1,
            "title": said(title),
            "questions": [
                {"code": "overall", "texts": said("Как беше днес?"), "scale": "faces-4"},
                {"code": "recommend", "texts": said(f"{title}: препоръка"), "scale": "nps-11"},
                {
                    "code": "reason",
                    "texts": said("Защо?"),
                    "options": [{"code": "waiting", "texts": said("Чакане")}],
                },
            ],
        },
        Survey,
    )
