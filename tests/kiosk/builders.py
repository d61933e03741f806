"""Things that tests of the kiosk are made of: surveys, closures, clocks, drafts."""

from __future__ import annotations

import itertools
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from broker.wire.configuration import Configuration
from broker.wire.messages import VERSION
from broker.wire.scales import ScaleCode
from broker.wire.surveys import Condition, FollowUp, Option, Question, Survey
from hardware.panel import TACTILE_KEYS, Closure, Input
from kiosk.clock import Reading
from kiosk.drafts import AnswerDraft, CorrectionDraft, RatingDraft
from kiosk.means import Means
from kiosk.session import Effect, Patience, Record, Session, Show

BOOT: Final = "b0070000-0000-4000-8000-000000000001"
NOW_MS: Final = 1_795_000_000_000
"""A day in November 2026."""


def uuid(number: int) -> str:
    """The UUID of a number."""
    return f"00000000-0000-7000-8000-{number:012x}"


def options(*codes: str) -> tuple[Option, ...]:
    """Options with a text each."""
    return tuple(Option(code=code, texts={"bg": code}) for code in codes)


OVERALL: Final = Question(
    code="overall",
    texts={"bg": "Доволни ли сте?"},
    scale="faces-4",
    follow_ups=(
        FollowUp(
            question="reason",
            texts={"bg": "Защо?"},
            when=(1, 2),
            options=options("waiting-time", "attitude", "clarity"),
        ),
    ),
)
PLAIN: Final = Question(code="overall", texts={"bg": "Доволни ли сте?"}, scale="faces-4")
CAME_FOR: Final = Question(
    code="came-for", texts={"bg": "За какво дойдохте?"}, options=options("taxes", "papers")
)
PLACE: Final = Question(code="place", texts={"bg": "А мястото?"}, scale="faces-4")

ONE: Final = Survey(code="reception", version=1, questions=(PLAIN,))
WITH_REASON: Final = Survey(code="reception", version=2, questions=(OVERALL,))
WITH_CHOICE: Final = Survey(code="reception", version=3, questions=(OVERALL, CAME_FOR))
TWO_RATINGS: Final = Survey(code="reception", version=4, questions=(PLAIN, PLACE))
THREE: Final = Survey(code="reception", version=5, questions=(OVERALL, CAME_FOR, PLACE))
YES_NO_LAST: Final = Survey(
    code="reception",
    version=6,
    questions=(PLAIN, Question(code="again", texts={"bg": "Пак ли?"}, scale="yes-no")),
)

WITH_CONDITIONS: Final = Survey(
    code="reception",
    version=8,
    questions=(
        OVERALL,
        CAME_FOR,
        Question(
            code="wait",
            texts={"bg": "Дълго ли чакахте?"},
            scale="yes-no",
            only_if=(
                Condition(question="overall", values=(1, 2)),
                Condition(question="came-for", options=("papers",)),
            ),
        ),
        Question(
            code="clerk",
            texts={"bg": "А служителят?"},
            options=options("kind", "rude"),
            only_if=(Condition(question="reason", options=("attitude",)),),
        ),
    ),
)
"""The third is for unhappy people who came for papers, the fourth for those who say "attitude"."""


def rated(scale: ScaleCode) -> Survey:
    """A survey of one question on ``scale``."""
    return Survey(
        code="reception",
        version=7,
        questions=(Question(code="overall", texts={"bg": "Доволни ли сте?"}, scale=scale),),
    )


def configured(survey: Survey, revision: int = 1) -> Configuration:
    """A configuration with ``survey``, whose texts are Bulgarian."""
    return Configuration(
        v=VERSION, revision=revision, touchpoint="desk-1", survey=survey, languages=("bg",)
    )


ALL_BUTTONS: Final = (
    *(f"face-{number}" for number in range(11)),
    *(f"option-{number}" for number in range(1, 13)),
    "skip",
)
"""A panel on which everything can be answered."""


UNWARNED: Final = Patience(answer_ms=20_000, warn_ms=0)
"""Questions end after 20 s, without a warning."""


def session(
    survey: Survey,
    buttons: Collection[str] = ALL_BUTTONS,
    *,
    means: Means | None = None,
    languages: tuple[str, ...] = ("bg",),
    patience: Patience = UNWARNED,
) -> Session:
    """A session whose ids count up."""
    visits, ids = itertools.count(1), itertools.count(0xF000)
    return Session(
        replace(configured(survey), languages=languages),
        means=means or Means(frozenset(buttons)),
        new_id=lambda: uuid(next(ids)),
        new_visit=lambda: f"{next(visits):032x}",
        patience=patience,
    )


def closure(button: str, at_ms: int, number: int | None = None) -> Closure:
    """A closure whose id tells its time, or ``number``; of a tactile key if it is one's name."""
    kind: Input = "key" if button in TACTILE_KEYS else "button"
    return Closure(button, at_ms, uuid(at_ms if number is None else number), kind)


def told(effects: list[Effect]) -> list[str]:
    """Effects in short: ``pressed``, ``rating 3``, ``reason answered attitude``, ``thanks``."""
    return [_told(effect) for effect in effects]


def _told(effect: Effect) -> str:
    if isinstance(effect, Show):
        return effect.signal
    match effect.draft:
        case RatingDraft(value=value):
            return f"rating {value}"
        case CorrectionDraft(value=value):
            return f"correction {value}"
        case AnswerDraft(question=question, outcome=outcome, options=chosen):
            return " ".join([question, outcome, *(chosen or ())])


def recorded(effects: list[Effect]) -> list[Record]:
    """The records among effects."""
    return [effect for effect in effects if isinstance(effect, Record)]


def play(subject: Session, *pressed: tuple[str, int], until_ms: int = 100_000) -> list[str]:
    """Press buttons at their times, let the time run on to ``until_ms``; what was recorded."""
    effects: list[Effect] = []
    for button, at_ms in pressed:
        effects += subject.press(closure(button, at_ms))
    effects += run_on(subject, until_ms)
    return told([effect for effect in effects if isinstance(effect, Record)])


def run_on(subject: Session, until_ms: int) -> list[Effect]:
    """Tick at each deadline up to ``until_ms``."""
    effects: list[Effect] = []
    while (at_ms := subject.next_deadline_ms) is not None and at_ms <= until_ms:
        effects += subject.tick(at_ms)
    return effects


@dataclass
class HandClock:
    """A clock set by hand; fulfils :class:`kiosk.clock.Clock`."""

    uptime: float = 1_000_000
    wall: float = NOW_MS
    is_synced: bool = True
    boot: str = BOOT

    def uptime_ms(self) -> int:
        """Milliseconds since the boot."""
        return int(self.uptime)

    def read(self) -> Reading:
        """What it was set to."""
        return Reading(self.boot, int(self.uptime), int(self.wall), self.is_synced)

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.uptime += seconds * 1000
        self.wall += seconds * 1000


def draft(number: int, uptime_ms: int = 1_000_000) -> RatingDraft:
    """The draft of a rating whose id is that of ``number``."""
    return RatingDraft(
        id=uuid(number),
        visit=f"{number:032x}",
        touchpoint="desk-1",
        survey="reception",
        survey_version=1,
        language="bg",
        uptime_ms=uptime_ms,
        question="overall",
        scale="faces-4",
        value=4,
    )
