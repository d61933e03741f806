"""Who is at the kiosk and what is asked of them, as screens and voices need to know it."""

from __future__ import annotations

from typing import Any

from broker.wire.configuration import Configuration
from broker.wire.events import Outcome
from broker.wire.surveys import FollowUp, Option, Survey
from hardware.panel import TACTILE_KEYS, Closure
from kiosk.drafts import AnswerDraft
from kiosk.focus import faces_walk
from kiosk.means import Means
from kiosk.scene import State
from kiosk.visit import CORRECTION_MS, EXTEND, LANGUAGE, SKIP, Given, Step, Visit, asks_all_alike


class Situation:
    """What :class:`kiosk.session.Session` knows at one moment; presses change it there.

    Attributes:
        language: the visitor's; the hall's own while nobody chose another.
        focus: the choice that walkers stand on; empty for none.
        noted: what the visitor said last; ``None`` for nothing, or that it is skipped.
        helped: how many times somebody asked for help, since the kiosk started.
    """

    def __init__(self, configuration: Configuration, survey: Survey, means: Means) -> None:
        self._configuration = configuration
        self._survey = survey
        self._first = Step(survey.questions[0])
        self._languages = tuple(f"{LANGUAGE}{tag}" for tag in configuration.languages)
        self._means = means
        self._now_ms = 0
        self.helped = 0
        self._forget()

    def _forget(self) -> None:
        """Nobody is here."""
        self.language = self._configuration.languages[0]
        self.focus = ""
        self.noted: Given | Option | None = None
        self._visit: Visit | None = None
        self._step: Step | None = None
        self._is_begun = False  # somebody has come to the first question
        self._is_corrected = False
        self._is_inviting = False  # the lamps ask, or warn
        self._is_warning = False
        self._deadline_ms: int | None = None

    @property
    def means(self) -> Means:
        """By what visitors answer; may be set at any time."""
        return self._means

    @means.setter
    def means(self, means: Means) -> None:
        self._means = means
        if self._step is not None and not self._step.is_answerable(means):
            # The screen died, or the headphones are gone: nobody can answer that, so nobody is
            # asked, and it leaves no event.
            self._step, self._is_warning = None, False
            self._deadline_ms = self._now_ms + CORRECTION_MS
        if self.focus not in self.choices:
            self.focus = ""

    @property
    def is_asking(self) -> bool:
        """Whether somebody is asked something: a later question, or the first one they came to."""
        return self._step is not None or self._is_begun

    @property
    def state(self) -> State:
        """What goes on: ``idle``, ``asking``, ``follow-up``, ``correction`` or ``thanks``."""
        if self.is_asking:
            return "follow-up" if isinstance(self.step.asked, FollowUp) else "asking"
        if self._visit is None:
            return "idle"
        return "correction" if self._is_corrected else "thanks"

    @property
    def step(self) -> Step:
        """What is asked now; the first question, too, while it waits for the next visitor."""
        return self._step or self._first

    @property
    def clip(self) -> str:
        """Name of the sign-language clip of what is asked now."""
        return f"{self._survey.code}-{self.step.code}"

    @property
    def choices(self) -> tuple[str, ...]:
        """The buttons that choose something now: answers, ``skip``, in audio mode languages."""
        skips = () if self._step is None else (SKIP,)
        languages = self._languages if self._means.is_heard else ()
        current = f"{LANGUAGE}{self.language}"
        return (*self.step.answers, *skips, *(each for each in languages if each != current))

    @property
    def newcomers(self) -> tuple[str, ...]:
        """The faces with which the next visitor can begin, whatever is asked of this one now."""
        is_answered_by_faces = self.is_asking and bool(self.step.scale)
        faces = () if is_answered_by_faces else self._first.answers
        return tuple(f for f in faces if self._means.is_touched or f in self._means.buttons)

    @property
    def is_fair(self) -> bool:
        """Whether the panel's faces, or other means, can give every answer to the first question.

        Where only some can be given, none may be taken: such figures mislead.
        """
        return not self._means.faces or self._first.is_answerable(self._means)

    @property
    def first_scale(self) -> str:
        """The scale of the first question."""
        return self._first.scale

    @property
    def corrects(self) -> tuple[str, ...]:
        """The faces that correct the latest rating now; all of its scale, whichever was pressed."""
        if self._correctable_until_ms is None or self._latest is None:
            return ()
        faces = self._latest.faces
        return tuple(f for f in faces if self._means.is_touched or f in self._means.buttons)

    @property
    def corrected_scale(self) -> str:
        """The scale of the rating that ``corrects`` is about; empty for none."""
        return self._latest.scale if self._latest is not None and self.corrects else ""

    @property
    def progress(self) -> tuple[int, int]:
        """The number of what is asked, and how many there will be at the most."""
        visit = None if self._step is None else self._visit
        return (visit or Visit(self._survey, "")).progress(self._means)

    @property
    def warns_until_ms(self) -> int:
        """When the question ends unless something is pressed; 0 while there is no warning."""
        return self._deadline_ms or 0 if self._is_warning else 0

    @property
    def _may_invite(self) -> bool:
        """Whether something is asked that everyone is asked, so that lamps may say so."""
        return self._is_begun or (
            self._step is not None and asks_all_alike(self._survey, self._means)
        )

    @property
    def _latest(self) -> Given | None:
        """The rating that a face may correct; none for who has come to another question."""
        last = None if self._visit is None else self._visit.last
        is_other = last is not None and last.question != self._first.code
        return None if self._is_begun and is_other else last

    @property
    def _correctable_until_ms(self) -> int | None:
        """Until when the panel's faces or the screen's correct; ``None``: they don't now."""
        last = self._latest
        if last is None or not last.is_correctable(self._now_ms):
            return None
        is_answered_by_faces = self.is_asking and bool(self.step.scale)
        is_walked = faces_walk(self.step, self._means) and not self._means.is_touched
        return None if is_answered_by_faces or is_walked else last.at_ms + CORRECTION_MS

    def _is_stray(self, closure: Closure) -> bool:
        """Whether a screen says what nobody can touch now; it must not make a press void."""
        is_drawn = closure.button in (*self.choices, *self.newcomers, *self._languages)
        is_key = closure.button in (*TACTILE_KEYS, EXTEND)
        return closure.input in ("touch", "keyboard") and not (is_drawn or is_key)

    def _is_button(self, name: str) -> bool:
        """Whether there is a button ``name`` here; a touch may bring any."""
        return name in self._means.buttons or name in (*TACTILE_KEYS, *self.choices, EXTEND)

    def _said(self, visit: Visit, closure: Closure) -> dict[str, Any]:
        """The fields that every draft carries."""
        return {
            "id": closure.id,
            "visit": visit.id,
            "touchpoint": self._configuration.touchpoint,
            "survey": self._survey.code,
            "survey_version": self._survey.version,
            "language": self.language,
            "input": closure.input,
            "uptime_ms": closure.at_ms,
        }

    def _answer_draft(
        self, said: dict[str, Any], step: Step, outcome: Outcome, option: str | None
    ) -> AnswerDraft:
        options = None if option is None else (option,)
        return AnswerDraft(
            **said, question=step.code, rating=step.rating, outcome=outcome, options=options
        )
