"""Targets, actions and findings, in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from analytics.improvement import actions as action_rules
from analytics.improvement.actions import (
    Action,
    ActionSearch,
    Change,
    Effect,
    Plan,
    State,
    check_note,
    check_plan,
)
from analytics.improvement.colleagues import Colleague, need_colleague
from analytics.improvement.findings import Finding, Handling, check_finding, need_free
from analytics.improvement.targets import NewTarget, Target, check_target, ended
from analytics.improvement.who import (
    DECIDERS,
    DOERS,
    StaleError,
    Who,
    need_power,
    need_sight,
    sees,
)
from analytics.improvement_virtual.memory import Memory, given, need, put


class ActingInMemory(Memory):
    """The verbs of those who act."""

    def __init__(self, people: Iterable[Who], clock: Callable[[], datetime]) -> None:
        """Begin with nothing."""
        super().__init__(people, clock)
        self._targets: dict[str, Target] = {}
        self._actions: dict[str, Action] = {}
        self._changes: dict[str, list[Change]] = {}
        self._findings: dict[str, Handling] = {}

    def targets(self, who: Who) -> list[Target]:
        """All that he sees, the latest first."""
        found = [each for each in self._targets.values() if sees(who, each.unit)]
        return sorted(found, key=lambda each: (each.from_on, each.id), reverse=True)

    def set_target(self, who: Who, new: NewTarget) -> Target:
        """Promise it."""
        need_power(who, new.unit, DECIDERS)
        check_target(new)
        return put(self._targets, Target(id=self.new_id(), **given(new)))

    def end_target(self, who: Who, target: str, on: date) -> Target:
        """Let ``on`` be its last day."""
        before = need(self._targets, target)
        need_power(who, before.unit, DECIDERS)
        return put(self._targets, ended(before, on))

    def colleagues(self, who: Who, unit: str) -> list[Colleague]:
        """Those who may be given work of ``unit``."""
        need_sight(who, unit)
        return self.doers(unit)

    def actions(self, who: Who, search: ActionSearch | None = None) -> list[Action]:
        """Those that he sees, by due day."""
        asked = search or ActionSearch()
        found = [each for each in self._by_due_day() if sees(who, each.unit)]
        return [each for each in found if asked.finds(each)]

    def action(self, who: Who, action: str) -> Action:
        """One."""
        found = need(self._actions, action)
        need_sight(who, found.unit)
        return found

    def history(self, who: Who, action: str) -> list[Change]:
        """What became of it."""
        self.action(who, action)
        return list(self._changes[action])

    def make_action(self, who: Who, plan: Plan) -> Action:
        """Plan it."""
        need_power(who, plan.unit, DOERS)
        check_plan(plan)
        name = need_colleague(self.doers(plan.unit), plan.owner, "owner")
        now = self.now()
        made = Action(id=self.new_id(), made_at=now, owner_name=name, **given(plan))
        self.tell(who, plan.owner, made.id)
        self._changes[made.id] = [Change(now, who.name, "made")]
        return put(self._actions, made)

    def plan_anew(self, who: Who, action: str, plan: Plan, *, revision: int) -> Action:
        """Change what is planned."""
        need_power(who, plan.unit, DOERS)
        before = self._to_change(who, action, revision, DOERS)
        after, changed = action_rules.planned_anew(before, plan)
        if not changed:
            return before
        name = need_colleague(self.doers(plan.unit), plan.owner, "owner")
        if "owner" in changed:
            self.tell(who, plan.owner, action)
        return self._change(who, replace(after, owner_name=name), "planned-anew", changed)

    def move_action(
        self, who: Who, action: str, state: State, *, on: date, revision: int, note: str = ""
    ) -> Action:
        """Bring it to another state."""
        check_note(note)
        before = self._to_change(who, action, revision, DOERS)
        after = action_rules.moved(before, state, on, self.today())
        moved = self._change(who, after, state, (), note)
        if before.effect is not None:
            line = (action_rules.EFFECT_BEFORE, (), before.effect.words_bg)
            self._changes[action].append(Change(self.now(), who.name, *line))
        return moved

    def publish_action(
        self, who: Who, action: str, words: tuple[str, str], effect: Effect | None, *, revision: int
    ) -> Action:
        """Put it on the public page."""
        before = self._to_change(who, action, revision, DECIDERS)
        after = action_rules.published(before, words, effect, self.now())
        return self._change(who, after, "published")

    def withdraw_action(self, who: Who, action: str, *, revision: int) -> Action:
        """Take it from the public page."""
        before = self._to_change(who, action, revision, DECIDERS)
        history = [each.what for each in self._changes[action]]
        return self._change(who, action_rules.withdrawn(before, history), "withdrawn")

    def public_actions(self) -> list[Action]:
        """For the public page."""
        return [each for each in self._by_due_day() if each.is_public]

    def _by_due_day(self) -> list[Action]:
        return sorted(self._actions.values(), key=lambda each: (each.due_on, each.id))

    def _to_change(self, who: Who, action: str, revision: int, roles: frozenset[str]) -> Action:
        found = need(self._actions, action)
        need_power(who, found.unit, roles)
        if found.revision != revision:
            raise StaleError
        return found

    def _change(
        self, who: Who, action: Action, what: str, changed: tuple[str, ...] = (), note: str = ""
    ) -> Action:
        self._changes[action.id].append(Change(self.now(), who.name, what, changed, note))
        return put(self._actions, replace(action, revision=action.revision + 1))

    def handled(self, who: Who, findings: Collection[str]) -> Mapping[str, Handling]:
        """Of these findings those that somebody took up."""
        wanted = set(findings)
        found = {key: each for key, each in self._findings.items() if key in wanted}
        return {key: each for key, each in found.items() if sees(who, each.finding.unit)}

    def acknowledge(self, who: Who, finding: Finding, note: str = "") -> Handling:
        """Say that he has seen it."""
        return self._take_up(who, finding, note)

    def assign(self, who: Who, finding: Finding, to: str, note: str = "") -> Handling:
        """Give it to a colleague."""
        need_power(who, finding.unit, DOERS)
        name = need_colleague(self.doers(finding.unit), to, "to")
        now = self.now()
        after = self._take_up(who, finding, note, assigned_to=to, assignee=name, assigned_at=now)
        self.tell(who, to, finding.id)
        return after

    def _take_up(
        self,
        who: Who,
        finding: Finding,
        note: str,
        **given: Any,  # noqa: ANN401  # fields
    ) -> Handling:
        need_power(who, finding.unit, DOERS)
        check_finding(finding, note)
        before = self._findings.get(finding.id, Handling(finding=finding))
        need_power(who, before.finding.unit, DOERS)
        need_free(finding, before.finding.unit)
        if before.acknowledged_at is None:
            given |= {"acknowledged_by": who.id, "acknowledged_at": self.now()}
        after = replace(before, finding=finding, note=note or before.note, **given)
        self._findings[finding.id] = after
        return after
