"""Actions, and their history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from analytics.improvement import actions as rules
from analytics.improvement.actions import (
    Action,
    ActionSearch,
    Change,
    Effect,
    Ground,
    Plan,
    State,
    check_note,
    check_plan,
)
from analytics.improvement.colleagues import Colleague, need_colleague
from analytics.improvement.who import (
    DECIDERS,
    DOERS,
    StaleError,
    Who,
    need_power,
    need_sight,
)
from portal.audit.log import note
from portal.improvement.letters import given
from portal.improvement.office import (
    Office,
    actor_of,
    columns,
    doers_of,
    names_of,
    need,
    seen_by,
    thing,
    write_to,
)
from portal.improvement.tables import ImprovementAction, ImprovementChange
from portal.store.tables import new_id, table_of

_action: Final = table_of(ImprovementAction)
_change: Final = table_of(ImprovementChange)


class ActionDesk:
    """Implements :class:`analytics.improvement.protocol.Actions`."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def colleagues(self, who: Who, unit: str) -> list[Colleague]:
        """Those who may be given work of ``unit``."""
        need_sight(who, unit)
        with self._office.database.reading() as connection:
            return doers_of(connection, unit)

    def actions(self, who: Who, search: ActionSearch | None = None) -> list[Action]:
        """Those that he sees, by due day."""
        asked = search or ActionSearch()
        wanted = select(_action).where(seen_by(who, _action))
        with self._office.database.reading() as connection:
            rows = connection.execute(wanted.order_by(_action.c.due_on, _action.c.id)).mappings()
            found = read_actions(connection, rows.all())
        return [each for each in found if asked.finds(each)]

    def action(self, who: Who, action: str) -> Action:
        """One."""
        with self._office.database.reading() as connection:
            found = _need(connection, action)
        need_sight(who, found.unit)
        return found

    def history(self, who: Who, action: str) -> list[Change]:
        """What became of it, the first thing first."""
        self.action(who, action)
        wanted = select(_change).where(_change.c.action == action).order_by(_change.c.id)
        with self._office.database.reading() as connection:
            rows = connection.execute(wanted).mappings().all()
            names = names_of(connection, (row["by"] for row in rows))
        return [
            Change(
                row["at"],
                names.get(row["by"], ""),
                row["what"],
                tuple(filter(None, row["fields"].split(","))),
                row["note"],
            )
            for row in rows
        ]

    def make_action(self, who: Who, plan: Plan) -> Action:
        """Plan it; its owner gets a mail unless it is himself."""
        need_power(who, plan.unit, DOERS)
        check_plan(plan)
        now = self._office.clock()
        with self._office.database.transaction() as connection:
            name = _owner_name(connection, plan)
            made = thing(Action, _as_given(plan), id=new_id(), made_at=now, owner_name=name)
            connection.execute(insert(_action).values(_columns(made)))
            self._tell_owner(connection, who, made)
            self._note_action(connection, who, made, "made")
        return made

    def plan_anew(self, who: Who, action: str, plan: Plan, *, revision: int) -> Action:
        """Change what is planned."""
        need_power(who, plan.unit, DOERS)  # it may be moved to a unit of his, and to no other
        with self._office.database.transaction() as connection:
            before = self._to_change(connection, who, (action, revision), DOERS)
            after, changed = rules.planned_anew(before, plan)
            if not changed:
                return before
            after = replace(after, owner_name=_owner_name(connection, plan))
            after = self._write_action(connection, after)
            if {"owner", "due_on"} & set(changed):
                _forget_reminders(connection, action)
            if "owner" in changed:
                self._tell_owner(connection, who, after)
            self._note_action(connection, who, after, "planned-anew", changed)
        return after

    def move_action(
        self, who: Who, action: str, state: State, *, on: date, revision: int, note: str = ""
    ) -> Action:
        """Bring it to another state."""
        check_note(note)

        def moved(before: Action) -> Action:
            return rules.moved(before, state, on, self._office.today())

        return self._change_action(who, (action, revision), DOERS, moved, state, note)

    def publish_action(
        self, who: Who, action: str, words: tuple[str, str], effect: Effect | None, *, revision: int
    ) -> Action:
        """Put it on the public page."""

        def published(before: Action) -> Action:
            return rules.published(before, words, effect, self._office.clock())

        return self._change_action(who, (action, revision), DECIDERS, published, "published")

    def withdraw_action(self, who: Who, action: str, *, revision: int) -> Action:
        """Take it from the public page."""
        history = [each.what for each in self.history(who, action)]

        def withdrawn(before: Action) -> Action:
            return rules.withdrawn(before, history)

        return self._change_action(who, (action, revision), DECIDERS, withdrawn, "withdrawn")

    def public_actions(self) -> list[Action]:
        """For the public page."""
        wanted = select(_action).where(_action.c.published_at.is_not(None))
        with self._office.database.reading() as connection:
            rows = connection.execute(wanted.order_by(_action.c.due_on, _action.c.id)).mappings()
            return read_actions(connection, rows.all())

    def _change_action(
        self,
        who: Who,
        seen: tuple[str, int],
        roles: frozenset[str],
        change: Callable[[Action], Action],
        what: str,
        words: str = "",
    ) -> Action:
        """Change an action, which was ``seen`` (id, revision)."""
        with self._office.database.transaction() as connection:
            before = self._to_change(connection, who, seen, roles)
            after = self._write_action(connection, change(before))
            self._note_action(connection, who, after, what, words=words)
            if before.effect is not None and after.effect is None:
                said = before.effect.words_bg
                self._note_action(connection, who, after, rules.EFFECT_BEFORE, words=said)
        return after

    def _to_change(
        self, connection: Connection, who: Who, seen: tuple[str, int], roles: frozenset[str]
    ) -> Action:
        found = _need(connection, seen[0], locked=True)
        need_power(who, found.unit, roles)
        if found.revision != seen[1]:
            raise StaleError
        return found

    def _write_action(self, connection: Connection, action: Action) -> Action:
        after = replace(action, revision=action.revision + 1)
        connection.execute(update(_action).where(_action.c.id == action.id).values(_columns(after)))
        return after

    def _tell_owner(self, connection: Connection, who: Who, action: Action) -> None:
        if action.owner != who.id:
            letter = given(self._office, action, who.name)
            write_to(connection, self._office, action.owner, letter)

    def _note_action(
        self,
        connection: Connection,
        who: Who,
        action: Action,
        what: str,
        changed: tuple[str, ...] = (),
        words: str = "",
    ) -> None:
        line = {"id": new_id(), "action": action.id, "at": self._office.clock(), "by": who.id}
        said = {"what": what, "fields": ",".join(changed), "note": words}
        connection.execute(insert(_change).values(**line, **said))
        facts = {"unit": action.unit, "what": what, "fields": list(changed)}
        note(connection, actor_of(who), "improvement.action-changed", action.id, **facts)


def read_actions(connection: Connection, rows: Any) -> list[Action]:  # noqa: ANN401  # mappings
    """Rows of the table as actions, with the names of their owners."""
    names = names_of(connection, (row["owner"] for row in rows))
    return [_action_of(row, names.get(row["owner"], "")) for row in rows]


def _need(connection: Connection, action: str, *, locked: bool = False) -> Action:
    return read_actions(connection, [need(connection, _action, action, locked=locked)])[0]


def _action_of(row: Mapping[Any, Any], owner_name: str) -> Action:
    ground = Ground(row["ground_kind"], row["ground_reference"], row["ground_words"])
    effect = None
    if row["outcome"]:
        effect = Effect(row["outcome"], row["figures"], row["effect_bg"], row["effect_en"])
    return thing(Action, row, ground=ground, effect=effect, owner_name=owner_name)


def _as_given(plan: Plan) -> dict[str, Any]:
    return {**columns(plan), "ground": plan.ground}


def _columns(action: Action) -> dict[str, Any]:
    found = columns(action)
    del found["owner_name"]
    ground, effect = found.pop("ground"), found.pop("effect")
    found |= {"ground_kind": ground.kind, "ground_reference": ground.reference}
    found |= {"ground_words": ground.words}
    return found | _effect_columns(effect)


def _effect_columns(effect: Effect | None) -> dict[str, str]:
    if effect is None:
        return {"outcome": "", "figures": "", "effect_bg": "", "effect_en": ""}
    kept = {"outcome": effect.outcome, "figures": effect.figures}
    return kept | {"effect_bg": effect.words_bg, "effect_en": effect.words_en}


def _owner_name(connection: Connection, plan: Plan) -> str:
    return need_colleague(doers_of(connection, plan.unit), plan.owner, "owner")


def _forget_reminders(connection: Connection, action: str) -> None:
    """Another day or another owner: who was told before does not count."""
    told = {"owner_told_at": None, "manager_told_at": None}
    connection.execute(update(_action).where(_action.c.id == action).values(**told))
