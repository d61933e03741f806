"""Actions: what the administration does about what it learnt, and what came of it.

The effect is reckoned elsewhere, from the votes of 28 days before and after the day on which an
action took effect. What is *published* of it is kept here as it was published, failures too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Final, Literal, TypeAlias, get_args

from analytics.improvement.targets import OFFERED, Measure
from analytics.improvement.who import ImprovementError, need_text
from broker.store.places import Place

GroundKind: TypeAlias = Literal["finding", "alert", "theme", "suggestion", "report"]
GROUNDS: Final[tuple[GroundKind, ...]] = get_args(GroundKind)
State: TypeAlias = Literal["planned", "under-way", "done", "dropped"]
STATES: Final[tuple[State, ...]] = get_args(State)
Outcome: TypeAlias = Literal["better", "worse", "no-difference", "too-early"]
"""More than chance, for better or worse; no more than chance; or too few votes to tell."""
OUTCOMES: Final[tuple[Outcome, ...]] = get_args(Outcome)

NEXT: Final[Mapping[State, tuple[State, ...]]] = {
    "planned": ("under-way", "done", "dropped"),
    "under-way": ("planned", "done", "dropped"),
    "done": ("under-way",),
    "dropped": ("planned",),
}
"""From which state to which."""

EFFECT_BEFORE: Final = "effect-before"
"""In the history: an effect that was published, of a time when the action was done before."""

OPEN: Final = frozenset({"planned", "under-way"})
FIRST_ON: Final = date(2000, 1, 1)
"""Before, a day of effect is a slip of the pen."""
MOST_TITLE: Final = 200
MOST_TEXT: Final = 5_000
MOST_FIGURES: Final = 20_000


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


@dataclass(frozen=True, slots=True)
class Ground:
    """Why: its kind, its id or address where it has one, and in words."""

    kind: GroundKind
    reference: str
    words: str


@dataclass(frozen=True, slots=True)
class Effect:
    """What came of an action, as published.

    Attributes:
        figures: JSON text, as the measures gave it.
        words_bg: the sentence beside it; ``words_en`` likewise.
    """

    outcome: Outcome
    figures: str
    words_bg: str
    words_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be done.

    Attributes:
        unit: code of whose action it is; empty: the whole municipality's.
        owner: account of who answers for it.
        place: where; ``None``: everywhere the unit serves.
        survey: code; empty: all. ``measure`` is what should change.
        target: id of the one it is meant to reach; empty: none.
    """

    title: str
    ground: Ground
    unit: str
    owner: str
    due_on: date
    description: str = ""
    place: Place | None = None
    survey: str = ""
    measure: Measure = "satisfied"
    target: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Plan):
    """An action.

    Attributes:
        owner_name: as others see the owner.
        took_effect_on: from this day on votes may tell the difference; ``None``: not yet.
        public_bg: what the public page says of it; ``published_at`` is ``None`` where it does not.
        effect: as published; ``None``: none yet.
        revision: grows with each change.
    """

    id: str
    made_at: datetime
    owner_name: str = ""
    state: State = "planned"
    took_effect_on: date | None = None
    public_bg: str = ""
    public_en: str = ""
    published_at: datetime | None = None
    effect: Effect | None = None
    revision: int = 1

    @property
    def is_public(self) -> bool:
        """Whether the public page shows it."""
        return self.published_at is not None

    def is_overdue(self, today: date) -> bool:
        """Whether its day is over, and it is not."""
        return self.state in OPEN and self.due_on < today


@dataclass(frozen=True, slots=True)
class Change:
    """One line of an action's history.

    Attributes:
        by: name.
        what: ``made``, ``planned-anew``, ``published``, ``withdrawn``, ``effect-before``, or the
            state it came to.
        fields: that were changed.
        note: why, in the words of who did it; of an effect of before, what was published of it.
    """

    at: datetime
    by: str
    what: str
    fields: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class ActionSearch:
    """Which actions; what is empty does not matter.

    Attributes:
        states: any of these.
        place: there, exactly.
        overdue_on: those whose day is over on that day.
        owner: account.
    """

    states: frozenset[State] = frozenset()
    unit: str = ""
    place: Place | None = None
    owner: str = ""
    overdue_on: date | None = None

    def finds(self, action: Action) -> bool:
        """Whether ``action`` is one of them."""
        return (
            (not self.states or action.state in self.states)
            and (not self.unit or action.unit == self.unit)
            and (self.place is None or action.place == self.place)
            and (not self.owner or action.owner == self.owner)
            and (self.overdue_on is None or action.is_overdue(self.overdue_on))
        )


def check_plan(plan: Plan, kept: Measure = "satisfied") -> None:
    """See that it can be entered; ``kept`` is the measure that it had, which may stay.

    Raises:
        ImprovementError: no title or ground, or too long a text, or no such measure.
    """
    need_text(plan.title, "title", MOST_TITLE)
    need_text(plan.ground.words, "ground", MOST_TEXT)
    if plan.ground.kind not in GROUNDS:
        raise ImprovementError(_("Choose one of the answers"), field="ground_kind")
    if plan.measure not in {*OFFERED, kept}:
        raise ImprovementError(_("Choose one of the answers"), field="measure")
    if len(plan.description) > MOST_TEXT:
        raise ImprovementError(
            _("Write at most {bound} characters"), field="description", bound=MOST_TEXT
        )


def check_note(note: str) -> None:
    """See that it is not too long.

    Raises:
        ImprovementError: it is.
    """
    if len(note) > MOST_TEXT:
        raise ImprovementError(_("Write at most {bound} characters"), field="note", bound=MOST_TEXT)


def planned_anew(action: Action, plan: Plan) -> tuple[Action, tuple[str, ...]]:
    """The action with another plan, and which fields of it changed."""
    check_plan(plan, action.measure)
    given = {each.name: getattr(plan, each.name) for each in fields(Plan)}
    changed = tuple(sorted(name for name in given if getattr(action, name) != given[name]))
    return replace(action, **given), changed


def moved(action: Action, state: State, on: date, today: date) -> Action:
    """The action in another state; once done, it took effect on ``on``.

    An effect is of one such day: the action in another state has none.

    Raises:
        ImprovementError: from its state nothing leads there, or it is done on a day that is still
            to come or that nobody can mean.
    """
    if state not in NEXT[action.state]:
        raise ImprovementError(_("An action can't go from this state to that one"), field="state")
    if state != "done":
        return replace(action, state=state, took_effect_on=None, effect=None)
    if on > today:
        raise ImprovementError(_("This day is still to come"), field="on")
    if on < FIRST_ON:
        raise ImprovementError(_("Write a day from 2000 on"), field="on")
    return replace(action, state=state, took_effect_on=on, effect=None)


def published(
    action: Action, words: tuple[str, str], effect: Effect | None, now: datetime
) -> Action:
    """The action as the public page will show it; ``words`` are Bulgarian and English.

    An effect that was published stays unless there is another one: a failure is not taken back.

    Raises:
        ImprovementError: no Bulgarian words, or figures that are no JSON.
    """
    need_text(words[0], "public_bg", MOST_TEXT)
    if effect is not None:
        _check_effect(action, effect)
    return replace(
        action,
        public_bg=words[0],
        public_en=words[1],
        effect=effect or action.effect,
        published_at=now,
    )


def withdrawn(action: Action, history: Iterable[str]) -> Action:
    """The action as no public page shows it; ``history`` is what its changes were.

    Raises:
        ImprovementError: an effect of it was published, now or of a time before.
    """
    if action.effect is not None or EFFECT_BEFORE in history:
        raise ImprovementError(_("Its effect was published: a failure is not taken back"))
    return replace(action, published_at=None)


def _check_effect(action: Action, effect: Effect) -> None:
    if action.took_effect_on is None:
        raise ImprovementError(_("It has no effect before it is done"), field="effect")
    if effect.outcome not in OUTCOMES:
        raise ImprovementError(_("Choose one of the answers"), field="effect")
    check_json(effect.figures, "effect", MOST_FIGURES)
    need_text(effect.words_bg, "effect", MOST_TEXT)


def check_json(text: str, field: str, most: int) -> None:
    """See that ``text`` is JSON, with numbers that are numbers.

    Raises:
        ImprovementError: it is not, or it is too long.
    """
    need_text(text, field, most)
    try:
        json.loads(text, parse_constant=_refuse_constant)
    except ValueError as error:
        raise ImprovementError(_("This is not JSON that can be kept"), field=field) from error


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is no number")
