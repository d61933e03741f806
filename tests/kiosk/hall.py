"""A hall with a kiosk that is heard: session, scenes and voice; and a visitor who can't see it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from broker.wire.configuration import Configuration
from broker.wire.messages import VERSION
from broker.wire.surveys import Condition, FollowUp, Option, Question, Survey
from hardware.panel import Closure
from hardware.sound import Utterance
from hardware.virtual import VirtualPanel
from hardware.virtual.sound import VirtualSound
from kiosk.drafts import AnyDraft
from kiosk.means import Means
from kiosk.scenes import Scenery
from kiosk.session import Effect, Record, Session
from kiosk.stage import Stage
from kiosk.voice import Voice
from kiosk.words import Words

KEYS: Final = ("previous", "next", "select", "help")
PANELS: Final = {
    "four faces": ("face-1", "face-2", "face-3", "face-4"),
    "five faces": ("face-1", "face-2", "face-3", "face-4", "face-5"),
    "two faces": ("face-0", "face-1"),
    "three faces": ("face-1", "face-2", "face-3"),
    "four keys": KEYS,
    "four faces and four keys": ("face-1", "face-2", "face-3", "face-4", *KEYS),
}
REASONS: Final = {
    "wait": ("Дълго чакане", "Long wait"),
    "attitude": ("Отношение", "Attitude"),
    "access": ("Труден достъп", "Difficult access"),
}
SERVICES: Final = {f"service-{n}": (f"Услуга номер {n}", f"Service number {n}") for n in range(12)}


def _texts(bg: str, en: str) -> dict[str, str]:
    return {"bg": bg, "en": en}


def _options(texts: Mapping[str, tuple[str, str]]) -> tuple[Option, ...]:
    return tuple(Option(code=code, texts=_texts(*each)) for code, each in texts.items())


SURVEY: Final = Survey(
    code="reception",
    version=1,
    questions=(
        Question(
            code="overall",
            texts=_texts("Доволни ли сте от обслужването?", "Are you satisfied?"),
            scale="faces-4",
            follow_ups=(
                FollowUp(
                    question="reason",
                    texts=_texts("Какво не беше наред?", "What went wrong?"),
                    when=(1, 2),
                    options=_options(REASONS),
                ),
            ),
        ),
        Question(
            code="access",
            texts=_texts("Как стигнахте дотук?", "How was the way here?"),
            scale="faces-5",
            only_if=(Condition(question="reason", options=("access",)),),
        ),
        Question(
            code="recommend",
            texts=_texts("Ще ни препоръчате ли?", "Would you recommend us?"),
            scale="nps-11",
        ),
        Question(
            code="solved",
            texts=_texts("Решихме ли въпроса ви?", "Did we settle your matter?"),
            scale="yes-no",
        ),
        Question(
            code="service",
            texts=_texts("За коя услуга дойдохте?", "Which service did you come for?"),
            options=_options(SERVICES),
        ),
    ),
)


def configuration(languages: tuple[str, ...], survey: Survey = SURVEY) -> Configuration:
    """``survey``, in ``languages``."""
    return Configuration(
        v=VERSION, revision=1, touchpoint="hall", survey=survey, languages=languages
    )


@dataclass
class Hall:
    """A kiosk with headphones plugged in, and its clock in our hand.

    Attributes:
        kept: what was committed.
    """

    configuration: Configuration
    buttons: tuple[str, ...]
    is_heard: bool = True
    sound: VirtualSound = field(default_factory=VirtualSound)
    kept: list[AnyDraft] = field(default_factory=list)
    now_ms: int = 60_000

    def __post_init__(self) -> None:
        """Switch it on."""
        self._ids = itertools.count()
        self.session = Session(
            self.configuration,
            means=self._means(),
            new_id=self._new_id,
            new_visit=self._new_id,
        )
        self.voice = Voice(
            self.sound,
            buttons=self.buttons,
            words_of=Words,
            uptime_ms=lambda: self.now_ms,
            loudspeaker_percent=100,
        )
        self._scenery = Scenery(self.configuration, Words)
        self._panel = VirtualPanel(self.buttons)
        self._stage = Stage(self._panel, voice=self.voice)
        self._show()

    def press(self, button: str, for_ms: int = 1_000) -> None:
        """Press ``button``, and let ``for_ms`` pass."""
        closure = Closure(button, self.now_ms, self._new_id())
        self._carry_out(self.session.press(closure))
        self.rest(60)
        self.rest(for_ms - 60)

    def rest(self, ms: int) -> None:
        """Let ``ms`` pass."""
        self.now_ms += ms
        self._carry_out(self.session.tick(self.now_ms))

    def plug(self, *, is_in: bool) -> None:
        """Put the plug of the headphones in, or pull it out."""
        self.is_heard = is_in
        self.session.means = self._means()
        self._show()

    def close(self) -> None:
        """Switch it off."""
        self._panel.close()

    def _carry_out(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            if isinstance(effect, Record):
                self.kept.append(effect.draft)
            else:
                self._stage.signal(effect.signal, effect.press_id)
        self._show()

    def _show(self) -> None:
        self._stage.set(self._scenery.asking(self.session, is_private=self.is_heard))

    def _means(self) -> Means:
        return Means(frozenset(self.buttons), is_touched=False, is_heard=self.is_heard)

    def _new_id(self) -> str:
        return f"00000000-0000-7000-8000-{next(self._ids):012x}"


@dataclass(frozen=True)
class Ear:
    """How a visitor understands one language: patterns of what is said."""

    button: str
    answer: str
    thanks: str
    orders: Mapping[str, int]
    goes_on: str
    chooses: str
    keys: str


EARS: Final = {
    "en": Ear(
        button=r"Button (\d+):",
        answer=r"Answer (\d+) of (\d+):",
        thanks=r"Thank you!",
        orders={"first": 0, "second": 1, "third": 2, "last": -1},
        goes_on=r"(\w+)(?: button| one) goes (?:on|through)",
        chooses=r"(\w+) one chooses",
        keys=r"four small keys, from the left: back and forward go .* choose chooses",
    ),
    "bg": Ear(
        button=r"Бутон (\d+):",
        answer=r"Отговор (\d+) от (\d+):",
        thanks=r"Благодарим Ви!",
        orders={"първия": 0, "втория": 1, "третия": 2, "последния": -1},
        goes_on=r"с (\w+)(?: бутон)? (?:продължавате|преминавате)",
        chooses=r"с (\w+) избирате",
        keys=r"малки клавиша, отляво надясно: с „назад“ и „напред“ .* с „избор“ избирате",
    ),
}


class BlindVisitor:
    """Answers by ear: knows what they want to say, and what their fingers feel.

    Args:
        hall: only its sound is listened to, and its buttons are pressed.
        wants: what to answer to which question, both as they are said.
    """

    def __init__(self, hall: Hall, language: str, wants: Mapping[str, str]) -> None:
        self._hall = hall
        self._ear = EARS[language]
        self._wants = wants
        self._faces = [button for button in hall.buttons if button.startswith("face-")]
        self._small_keys = [key for key in hall.buttons if not key.startswith("face-")]
        self._keys: dict[str, str] = {}
        self._asked = ""
        self._heard_until = 0

    def answer_all(self) -> None:
        """Answer whatever is asked, until thanked and asked no more."""
        said = self._listen()
        for _ in range(20):
            if any(re.fullmatch(self._ear.thanks, each) for each in said):
                return
            said = self._answer(said)
        raise AssertionError(f"lost at {self._asked!r}: {said}")

    def walk_to(self, text: str) -> None:
        """Go on until ``text`` is said, and choose it."""
        for _ in range(20):
            if self._press("next")[-1] == text:
                self._press("select")
                return
        raise AssertionError(f"{text!r} was never said")

    def listen(self) -> list[str]:
        """What was said since we listened last."""
        return self._listen()

    def _answer(self, said: list[str]) -> list[str]:
        self._asked = next((text for text in said if text in self._wants), self._asked)
        wanted = self._wants[self._asked]
        for number, text in itertools.pairwise(said):
            match = re.fullmatch(self._ear.button, number)
            if match and text == wanted:
                return self._press_face(int(match[1]) - 1)
        for _ in range(13):
            *_, number, text = self._press("next")
            if re.fullmatch(self._ear.answer, number) and text == wanted:
                return self._press("select")
        raise AssertionError(f"{wanted!r} was never said as an answer to {self._asked!r}")

    def _press(self, meaning: str) -> list[str]:
        """Press what was said to mean ``next`` or ``select``."""
        self._hall.press(self._keys[meaning])
        return self._listen()

    def _press_face(self, index: int) -> list[str]:
        self._hall.press(self._faces[index])
        return self._listen()

    def _listen(self) -> list[str]:
        heard = self._hall.sound.heard[self._heard_until :]
        self._heard_until += len(heard)
        assert all(each.is_private for each in heard), "heard by the whole hall"
        said = [each.what.text for each in heard if isinstance(each.what, Utterance)]
        for text in said:
            self._learn(text)
        return said

    def _learn(self, text: str) -> None:
        """Remember which button does what, as long as nothing else is said."""
        if re.search(self._ear.keys, text):
            _, forward, choose, _ = self._small_keys
            self._keys = {"next": forward, "select": choose}
            return
        text = text.lower()
        goes_on, chooses = (
            re.search(each, text) for each in (self._ear.goes_on, self._ear.chooses)
        )
        if goes_on and chooses:
            orders = self._ear.orders
            self._keys = {
                "next": self._faces[orders[goes_on[1]]],
                "select": self._faces[orders[chooses[1]]],
            }
