"""One visitor after another at the panel: a pure state machine that says what a press is.

The rule is the table "What counts as a press" (docs/architecture.md). Where the table leaves room,
this is how it is read. All times are the closures' ``at_ms``, never when we were told of them.

* *Void*: two closures of different buttons less than 50 ms apart, whichever came first. A third
  one less than 50 ms from a void one is void, too. A closure counts once 50 ms have passed.
* *Double strike*: less than 300 ms after the previous closure of the same button, with nothing in
  between; that one may be a double strike itself, so a hammering child is one press. It gets no
  light of its own. Void closures, and those of buttons that mean nothing now, are not "previous".
* *Correction*: less than 3 s after the closure that gave the rating, or gave its last correction.
  It concerns the latest rating, be it the first question's or a later one's.
* Where face buttons answer what is asked, a face is that answer, never a correction of the
  question before. Where they don't (a follow-up, a choice, nothing), a face is a correction or
  begins a new visit; what was being asked then ends as ``timeout``. A follow-up that a
  correction makes pointless leaves no event: it was not for this visitor.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeAlias

from broker.wire.configuration import Configuration
from broker.wire.events import Outcome
from hardware.panel import Closure, Signal
from kiosk.drafts import AnswerDraft, AnyDraft, CorrectionDraft, RatingDraft
from kiosk.visit import MAX_CORRECTIONS, SKIP, Given, Step, Visit, face_value

VOID_MS: Final = 50
STRIKE_MS: Final = 300
CORRECTION_MS: Final = 3_000
ANSWER_MS: Final = 20_000
"""How long a question waits for its answer; WCAG 2.2.1 asks for 20 s at least."""


@dataclass(frozen=True, slots=True)
class Show:
    """The panel shall show ``signal``, as an answer to the press ``press_id``."""

    signal: Signal
    press_id: str | None = None


@dataclass(frozen=True, slots=True)
class Record:
    """The outbox shall commit ``draft``; if it can't, call :meth:`Session.fail` and stop there."""

    draft: AnyDraft


Effect: TypeAlias = Show | Record
Action: TypeAlias = Callable[[Closure], list[Effect]]


@dataclass(frozen=True, slots=True)
class _Held:
    """A press that waits for its 50 ms to pass.

    Attributes:
        action: what it does if it counts; settled at once, since nothing changes before.
        previous: the closure before it, in case it is void.
    """

    closure: Closure
    action: Action
    previous: Closure | None


class Session:
    """What presses mean, one after another.

    It keeps no clock and calls nobody: each call returns the effects to carry out, in order. Give
    closures in the order in which the panel reports them, and call :meth:`tick` at
    ``next_deadline_ms``, with a time for which all earlier closures have been reported.

    Args:
        configuration: the survey, the touchpoint and the languages.
        buttons: those that the panel has; what none of them can answer is not asked.
        new_id: makes ids for what nobody pressed (time-outs).
        new_visit: makes random ids of visits.
        answer_ms: how long a question waits for its answer.
    """

    def __init__(
        self,
        configuration: Configuration,
        *,
        buttons: Collection[str],
        new_id: Callable[[], str],
        new_visit: Callable[[], str],
        answer_ms: int = ANSWER_MS,
    ) -> None:
        self._configuration = configuration
        self._survey = configuration.survey
        self._buttons = buttons
        self._first = Step(self._survey.questions[0])
        self._new_id = new_id
        self._new_visit = new_visit
        self._answer_ms = answer_ms
        self._recent: deque[Closure] = deque(maxlen=16)
        self._previous: Closure | None = None
        self._held: _Held | None = None
        self._visit: Visit | None = None
        self._step: Step | None = None
        self._deadline_ms: int | None = None

    @property
    def asking(self) -> Step | None:
        """What the visitor is asked now; ``None`` while we wait for the first question's answer."""
        return self._step

    @property
    def is_idle(self) -> bool:
        """Whether nobody is here, so that the survey may be exchanged."""
        return self._held is None and self._deadline_ms is None

    @property
    def next_deadline_ms(self) -> int | None:
        """When :meth:`tick` has something to do, unless a closure comes first."""
        return self._deadline_ms if self._held is None else self._held.closure.at_ms + VOID_MS

    def press(self, closure: Closure) -> list[Effect]:
        """A button closed."""
        effects = self.tick(closure.at_ms)
        is_void = any(_are_void(closure, other) for other in self._recent)
        self._recent.append(closure)
        return effects + (self._void(closure) if is_void else self._hold(closure))

    def tick(self, at_ms: int) -> list[Effect]:
        """It is ``at_ms``, and nothing more was pressed before."""
        effects: list[Effect] = []
        if self._held is not None and at_ms >= self._held.closure.at_ms + VOID_MS:
            held, self._held = self._held, None
            effects += held.action(held.closure)
        # A press that is held came before the time-out, so the time-out waits for it.
        if self._held is None and self._deadline_ms is not None and at_ms >= self._deadline_ms:
            effects += [*self._abandon(self._deadline_ms), Show("idle")]
        return effects

    def fail(self) -> list[Effect]:
        """A record could not be committed: the visit never was, and the panel says so."""
        self._held = self._visit = self._step = self._deadline_ms = None
        return [Show("out-of-order")]

    def _void(self, closure: Closure) -> list[Effect]:
        """Two at once: neither counts, and a light already lit goes out."""
        effects: list[Effect] = []
        if self._held is not None and _are_void(closure, self._held.closure):
            effects.append(Show("void", self._held.closure.id))
            self._previous, self._held = self._held.previous, None
        return [*effects, Show("void", closure.id)]

    def _hold(self, closure: Closure) -> list[Effect]:
        """Light the button at once, and wait whether another one makes it void."""
        if self._previous is not None and _is_double_strike(closure, self._previous):
            self._previous = closure
            return []
        action = self._action(closure)
        if action is None:
            return []
        self._held = _Held(closure, action, self._previous)
        self._previous = closure
        return [Show("pressed", closure.id)]

    def _action(self, closure: Closure) -> Action | None:
        """What a press does if it counts; ``None`` where its button means nothing now."""
        button, visit, step = closure.button, self._visit, self._step
        if visit is not None and step is not None:
            if (value := step.value(button)) is not None:
                return partial(self._rate, visit, step, value)
            if (option := step.option(button)) is not None:
                return partial(self._answer, visit, step, "answered", option.code)
            if button == SKIP:
                return partial(self._answer, visit, step, "skipped", None)
        last = None if visit is None else visit.last
        if visit and last and (value := _corrected(last, closure)) is not None:
            return partial(self._correct, visit, last, value)
        if (value := self._first.value(button)) is not None:
            return partial(self._begin, value)
        return None

    def _begin(self, value: int, closure: Closure) -> list[Effect]:
        """A new visitor answers the first question."""
        effects = self._abandon(closure.at_ms)
        self._visit = Visit(self._survey, self._new_visit(), self._buttons)
        return effects + self._rate(self._visit, self._first, value, closure)

    def _rate(self, visit: Visit, step: Step, value: int, closure: Closure) -> list[Effect]:
        given = Given(step.code, step.scale, closure.id, value, closure.at_ms)
        visit.rate(given)
        said = self._said(visit, closure.id, closure.at_ms)
        draft = RatingDraft(**said, question=given.question, scale=given.scale, value=value)
        return self._go_on(visit, draft)

    def _correct(self, visit: Visit, given: Given, value: int, closure: Closure) -> list[Effect]:
        given.correct(value, closure.at_ms)
        said = self._said(visit, closure.id, closure.at_ms)
        return self._go_on(visit, CorrectionDraft(**said, rating=given.id, value=value))

    def _answer(
        self, visit: Visit, step: Step, outcome: Outcome, option: str | None, closure: Closure
    ) -> list[Effect]:
        visit.settle(step)
        said = self._said(visit, closure.id, closure.at_ms)
        return self._go_on(visit, _answer_draft(said, step, outcome, option))

    def _go_on(self, visit: Visit, draft: AnyDraft) -> list[Effect]:
        """Keep what was said, thank for it, and ask what comes next."""
        self._step = visit.next_step()
        wait_ms = CORRECTION_MS if self._step is None else self._answer_ms
        self._deadline_ms = draft.uptime_ms + wait_ms
        effects: list[Effect] = [Record(draft), Show("thanks", draft.id)]
        return effects if self._step is None else [*effects, Show("ask")]

    def _abandon(self, at_ms: int) -> list[Effect]:
        """The visitor has left; what was still asked ends as ``timeout``."""
        visit, step = self._visit, self._step
        self._visit = self._step = self._deadline_ms = None
        if visit is None or step is None:
            return []
        said = self._said(visit, self._new_id(), at_ms)
        return [Record(_answer_draft(said, step, "timeout", None))]

    def _said(self, visit: Visit, event_id: str, at_ms: int) -> dict[str, Any]:
        """The fields that every draft carries."""
        return {
            "id": event_id,
            "visit": visit.id,
            "touchpoint": self._configuration.touchpoint,
            "survey": self._survey.code,
            "survey_version": self._survey.version,
            "language": self._configuration.languages[0],
            "uptime_ms": at_ms,
        }


def _answer_draft(
    said: dict[str, Any], step: Step, outcome: Outcome, option: str | None
) -> AnswerDraft:
    options = None if option is None else (option,)
    return AnswerDraft(
        **said, question=step.code, rating=step.rating, outcome=outcome, options=options
    )


def _are_void(one: Closure, other: Closure) -> bool:
    return one.button != other.button and abs(one.at_ms - other.at_ms) < VOID_MS


def _is_double_strike(closure: Closure, previous: Closure) -> bool:
    return closure.button == previous.button and closure.at_ms - previous.at_ms < STRIKE_MS


def _corrected(last: Given, closure: Closure) -> int | None:
    """The other value that ``closure`` gives the latest rating, if it comes soon enough."""
    if last.corrections >= MAX_CORRECTIONS:
        return None
    if closure.at_ms - last.at_ms >= CORRECTION_MS:
        return None
    value = face_value(last.scale, closure.button)
    return None if value == last.value else value
