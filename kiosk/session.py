"""One visitor after another at the panel: a pure state machine that says what a press does.

Which closures are presses is :mod:`kiosk.press`'s; here is the rest of the table "What counts as a
press" (docs/architecture.md), and how it is read where it leaves room.

* *Correction*: less than 3 s after the closure that gave the rating, or gave its last correction.
  It concerns the latest rating, be it the first question's or a later one's.
* Where face buttons answer what is asked, a face is that answer, never a correction of the
  question before. Where they don't (a follow-up, a choice, nothing), a face is a correction or
  begins a new visit; what was being asked then ends as ``timeout``. A follow-up that a
  correction makes pointless leaves no event: it was not for this visitor.
* *Walking* (:mod:`kiosk.focus`) moves the focus and is no answer; ``select`` is a press of what the
  focus stands on. Faces that walk answer by it, so they correct nothing.
* Whoever chooses a language or walks while nothing is asked has come to the first question: it is
  asked from then on, and a face answers it.
* Any other press while something is asked is a sign of life: the question waits anew. A name that
  is no button's, which only a screen can send, is nothing.

Lamps and buzzer are seen and heard by the clerk. So they invite and warn only where everyone is
asked the same; else they thank and go out after the same 3 s for every value, and what is asked is
left to the screen and the headphones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeAlias

from broker.wire.configuration import Configuration
from broker.wire.events import Outcome
from broker.wire.surveys import Option, Survey
from hardware.panel import Closure, Signal
from kiosk.drafts import AnyDraft, CorrectionDraft, RatingDraft
from kiosk.focus import HELP, SELECT, WALKING, key_of, moved
from kiosk.means import Means
from kiosk.press import Gate, Press
from kiosk.situation import Situation
from kiosk.visit import CORRECTION_MS, LANGUAGE, SKIP, Given, Step, Visit


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a question waits: first silently, then with a warning that any press ends.

    WCAG 2.2.1 asks for a warning of 20 s at least, wherever a time-out takes something away.
    """

    answer_ms: int = 20_000
    warn_ms: int = 20_000


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


class Session(Situation):
    """What presses do, one after another.

    It keeps no clock and calls nobody: each call returns the effects to carry out, in order. Give
    closures in the order in which the panel reports them, and call :meth:`tick` at
    ``next_deadline_ms``, with a time for which all earlier closures have been reported.

    Args:
        configuration: the touchpoint, the languages and the survey.
        survey: what is asked instead of the configuration's own.
        means: by what visitors answer; what can't be answered is not asked.
        new_id: makes ids for what nobody pressed (time-outs).
        new_visit: makes random ids of visits.
        patience: how long questions wait.

    Attributes:
        patience: may be set at any time, and holds from the next press on.
        is_last: whether nobody may begin after the visitor who is here; may be set at any time.
    """

    def __init__(
        self,
        configuration: Configuration,
        *,
        survey: Survey | None = None,
        means: Means,
        new_id: Callable[[], str],
        new_visit: Callable[[], str],
        patience: Patience = Patience(),  # it can't be changed
    ) -> None:
        super().__init__(configuration, survey or configuration.survey, means)
        self.patience, self.is_last = patience, False
        self._new_id = new_id
        self._new_visit = new_visit
        self._gate = Gate()
        self._action: Action = self._stay
        self._lit_until_ms: int | None = None  # the lamps thank, and invite to nothing

    @property
    def is_pressed(self) -> bool:
        """Whether a press was felt that may still become void."""
        return self._gate.is_held

    @property
    def is_idle(self) -> bool:
        """Whether nobody is here, so that the survey may be exchanged."""
        return not self.is_pressed and self._deadline_ms is None

    @property
    def next_deadline_ms(self) -> int | None:
        """When :meth:`tick` has something to do, unless a closure comes first."""
        if self._gate.release_ms is not None:
            return self._gate.release_ms
        # The scene changes, too, when the latest rating can no longer be corrected.
        deadlines = (self._deadline_ms, self._correctable_until_ms, self._lit_until_ms)
        return min((each for each in deadlines if each is not None), default=None)

    def follow(self, before: Session) -> None:
        """Go on from the presses of another session: a hammering child is one press for both."""
        self._gate = before._gate

    def press(self, closure: Closure) -> list[Effect]:
        """A button closed."""
        effects = self.tick(closure.at_ms)
        if self._gate.is_overtaken(closure) or self._is_stray(closure):
            return effects
        if void := self._gate.void(closure):
            return [*effects, *(Show("void", each.id) for each in void)]
        key = key_of(closure, self.step, self._means)
        press = Press(closure, self.focus if key == SELECT and self.focus else key)
        return effects if self._gate.is_repeated(press) else effects + self._hold(press)

    def tick(self, at_ms: int) -> list[Effect]:
        """It is ``at_ms``, and nothing more was pressed before."""
        self._now_ms = max(self._now_ms, at_ms)
        press = self._gate.release(at_ms)
        effects = [] if press is None else self._action(press.closure)
        # A press that is held came before the time-out, so the time-out waits for it.
        return effects if self.is_pressed else [*effects, *self._rest(at_ms), *self._end(at_ms)]

    def grant(self, until_ms: int) -> None:
        """Let what is asked wait at least until then, unless it warns already: it is being read."""
        if self.is_asking and not self._is_warning and self._deadline_ms is not None:
            self._deadline_ms = max(self._deadline_ms, until_ms)

    def fail(self) -> list[Effect]:
        """A record could not be committed: the visit never was, and the panel says so."""
        self._gate.drop()
        self._forget()
        self._lit_until_ms = None
        return [Show("out-of-order")]

    def _hold(self, press: Press) -> list[Effect]:
        """Light the button at once, and wait whether another one makes it void."""
        action = self._meaning(press)
        if action is None and not (self.is_asking and self._is_button(press.closure.button)):
            return []
        self._gate.hold(press, is_sign=action is None)
        self._action = action or self._stay
        return [Show("pressed", press.closure.id)]

    def _meaning(self, press: Press) -> Action | None:
        """What a press does if it counts; ``None`` where its button means nothing now."""
        button = press.button
        if button in WALKING:
            return partial(self._walk, button)
        if button == HELP and (self.is_asking or self._means.is_heard):
            return self._help
        if button in self._languages:
            return partial(self._speak, button.removeprefix(LANGUAGE))
        return self._reply(button) or self._opinion(button, press.closure.at_ms)

    def _reply(self, button: str) -> Action | None:
        """What ``button`` says to the question that is asked after the first rating."""
        visit, step = self._visit, self._step
        if visit is None or step is None:
            return None
        if (value := step.value(button)) is not None:
            return partial(self._rate, visit, step, value)
        if (option := step.option(button)) is not None:
            return partial(self._answer, visit, step, "answered", option)
        return partial(self._answer, visit, step, "skipped", None) if button == SKIP else None

    def _opinion(self, button: str, at_ms: int) -> Action | None:
        """What ``button`` says of the latest rating, or as somebody's first one."""
        visit, last = self._visit, self._latest
        if visit and last and (value := last.corrected_by(button, at_ms)) is not None:
            return partial(self._correct, visit, last, value)
        value = self._first.value(button)
        return None if value is None or self.is_last else partial(self._begin, value)

    def _walk(self, key: str, closure: Closure) -> list[Effect]:
        self.focus = moved(self.choices, self.focus, key)
        return self._come(closure)

    def _help(self, closure: Closure) -> list[Effect]:
        self.helped += 1
        return self._come(closure)

    def _speak(self, language: str, closure: Closure) -> list[Effect]:
        self.language, self.focus = language, ""
        return self._come(closure)

    def _come(self, closure: Closure) -> list[Effect]:
        """Somebody is here, at the first question if nothing else is asked."""
        self._is_begun = self._step is None
        return self._stay(closure)

    def _stay(self, closure: Closure) -> list[Effect]:
        """Wait anew for the answer."""
        self._wait(closure.at_ms, self.patience.answer_ms)
        self._is_inviting, self._lit_until_ms = self._may_invite, None
        return [Show("ask" if self._is_inviting else "idle", closure.id)]

    def _wait(self, from_ms: int, wait_ms: int) -> None:
        self._is_warning, self._deadline_ms = False, from_ms + wait_ms

    def _begin(self, value: int, closure: Closure) -> list[Effect]:
        """A new visitor answers the first question, in the language chosen for it, if one was."""
        language = self.language if self._is_begun else self._configuration.languages[0]
        effects = self._abandon(closure.at_ms)
        self.language = language
        self._visit = Visit(self._survey, self._new_visit())
        return effects + self._rate(self._visit, self._first, value, closure)

    def _rate(self, visit: Visit, step: Step, value: int, closure: Closure) -> list[Effect]:
        given = Given(step.code, step.scale, closure.id, value, closure.at_ms)
        visit.rate(given)
        self.noted = given
        said = self._said(visit, closure)
        draft = RatingDraft(**said, question=given.question, scale=given.scale, value=value)
        return self._go_on(visit, draft, closure)

    def _correct(self, visit: Visit, given: Given, value: int, closure: Closure) -> list[Effect]:
        given.correct(value, closure.at_ms)
        self.noted = given
        draft = CorrectionDraft(**self._said(visit, closure), rating=given.id, value=value)
        return self._go_on(visit, draft, closure)

    def _answer(
        self, visit: Visit, step: Step, outcome: Outcome, option: Option | None, closure: Closure
    ) -> list[Effect]:
        self.noted = option
        code = None if option is None else option.code
        visit.settle(step, code)
        draft = self._answer_draft(self._said(visit, closure), step, outcome, code)
        return self._go_on(visit, draft, closure)

    def _go_on(self, visit: Visit, draft: AnyDraft, closure: Closure) -> list[Effect]:
        """Keep what was said, thank for it, and ask what comes next."""
        visit.input = closure.input
        self._step, self.focus = visit.next_step(self._means), ""
        self._is_begun, self._is_corrected = False, isinstance(draft, CorrectionDraft)
        is_over = self._step is None
        self._wait(closure.at_ms, CORRECTION_MS if is_over else self.patience.answer_ms)
        self._is_inviting = self._may_invite
        self._lit_until_ms = None if self._is_inviting else closure.at_ms + CORRECTION_MS
        effects: list[Effect] = [Record(draft), Show("thanks", draft.id)]
        return [*effects, Show("ask")] if self._is_inviting else effects

    def _rest(self, at_ms: int) -> list[Effect]:
        """The lamps go out when they have thanked."""
        if self._lit_until_ms is None or at_ms < self._lit_until_ms:
            return []
        self._lit_until_ms = None
        return [Show("idle")]

    def _end(self, at_ms: int) -> list[Effect]:
        """What is asked ends when its time is up: first it warns, if something would be lost."""
        if self._deadline_ms is None or at_ms < self._deadline_ms:
            return []
        is_inviting = self._is_inviting
        if self.is_asking and not self._is_warning:
            self._is_warning, self._deadline_ms = True, self._deadline_ms + self.patience.warn_ms
            if at_ms < self._deadline_ms:
                return [Show("warn")] if is_inviting else []
        effects = self._abandon(self._deadline_ms)
        return [*effects, Show("idle")] if is_inviting else effects

    def _abandon(self, at_ms: int) -> list[Effect]:
        """The visitor has left; what was still asked ends as ``timeout``."""
        visit, step, effects = self._visit, self._step, list[Effect]()
        if visit is not None and step is not None:
            said = self._said(visit, Closure("", at_ms, self._new_id(), visit.input))
            effects.append(Record(self._answer_draft(said, step, "timeout", None)))
        self._forget()
        return effects
