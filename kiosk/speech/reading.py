"""A scene read aloud to somebody who does not see it, in the order in which it is needed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hardware.sound import Utterance
from kiosk.means import Means
from kiosk.scene import Choice, Scene
from kiosk.speech import phrases
from kiosk.speech.phrases import Manner, utterance
from kiosk.visit import LANGUAGE
from kiosk.words import Words

ASKING: Final = frozenset({"idle", "asking", "follow-up"})
"""States in which something can be answered."""

_RATED: Final = frozenset({"face", "yes-no", "number"})
_NOT_ANSWERS: Final = frozenset({"skip", "language"})


class Reading:
    """Reads scenes in one language, for one panel.

    Args:
        words: the kiosk's own, in the scene's language.
        buttons: names of the panel's buttons.
    """

    def __init__(self, words: Words, buttons: frozenset[str]) -> None:
        self._words = words
        self._means = Means(buttons, is_heard=True)

    def phrase(self, text: str) -> Utterance:
        """One of the kiosk's own phrases."""
        return self._say(self._words(text))

    def welcome(self, scene: Scene) -> Iterator[Utterance]:
        """Greet who has just put the headphones on."""
        yield from self._own(scene.name)
        yield self.phrase(phrases.WELCOME)
        if self._has_help(scene):
            yield self.phrase(phrases.LOUDER)

    def whole(self, scene: Scene) -> Iterator[Utterance]:
        """Read all of it."""
        if scene.state in ASKING:
            yield from self.question(scene, with_how=True, with_choices=True)
            yield from self.focus(scene)
        else:
            yield from self._own(scene.title)
            # Later lines say the same in another language.
            yield from self._own(scene.text.partition("\n")[0])

    def question(self, scene: Scene, *, with_how: bool, with_choices: bool) -> Iterator[Utterance]:
        """What is asked, how to answer it, and the answers."""
        number, of = scene.progress
        if of:
            yield self._say(phrases.question_number(number, of, self._words))
        yield from self._own(scene.title)
        yield from self._own(scene.text)
        manner = self.manner(scene)
        if with_how:
            yield self.phrase(phrases.HOW[manner])
            if manner == "direct" and not of:
                # Where another question follows, the other face may answer that one.
                yield self.phrase(phrases.CORRECTION)
        # Without a way to walk, only what has a button of its own can be chosen.
        reachable = _answers(scene) if manner == "direct" else scene.choices
        if with_choices:
            for choice in reachable:
                yield from self._choice(scene, choice, manner)

    def focus(self, scene: Scene) -> Iterator[Utterance]:
        """The choice that the walker stands on."""
        for choice in scene.choices:
            if choice.button == scene.focus:
                yield from self._choice(scene, choice, "keys")

    def noted(self, scene: Scene) -> Iterator[Utterance]:
        """What was kept a moment ago, how to correct it, and thanks."""
        if scene.chosen:
            is_corrected = scene.state == "correction"
            yield self.phrase(phrases.CORRECTED if is_corrected else phrases.NOTED)
            yield from self._own(scene.chosen)
        if scene.state not in ASKING:
            if scene.corrects:
                yield from self._own(scene.text)
            yield from self._own(scene.title)

    def warning(self, scene: Scene) -> Iterator[Utterance]:
        """It won't wait much longer, and what to do about it."""
        yield from self._own(scene.warning)
        yield self.phrase(phrases.MORE_TIME[self.manner(scene)])

    def manner(self, scene: Scene) -> Manner:
        """How what ``scene`` asks is answered on this panel."""
        answers = _answers(scene)
        is_direct = all(
            each.kind in _RATED and each.button in self._means.buttons for each in answers
        )
        if self._means.has_keys:
            return "both" if is_direct else "keys"
        if is_direct:
            return "direct"
        by_faces: dict[int, Manner] = {2: "two-faces", 3: "three-faces"}
        return by_faces.get(len(self._means.faces), "faces")

    def _has_help(self, scene: Scene) -> bool:
        return "help" in self._means.buttons or self.manner(scene) == "faces"

    def _choice(self, scene: Scene, choice: Choice, manner: Manner) -> Iterator[Utterance]:
        answers = _answers(scene)
        if choice.kind == "language":
            yield utterance(choice.text, choice.button.removeprefix(LANGUAGE))
            return
        if choice in answers:
            if manner in ("direct", "both"):
                number = self._means.faces.index(choice.button) + 1
                yield self._say(phrases.button_number(number, self._words))
            else:
                number, of = answers.index(choice) + 1, len(answers)
                yield self._say(phrases.answer_number(number, of, self._words))
        yield self._say(choice.text)

    def _own(self, text: str) -> Iterator[Utterance]:
        """A text of the scene, where there is one."""
        if text.strip():
            yield self._say(text)

    def _say(self, text: str) -> Utterance:
        return utterance(text, self._words.language)


def _answers(scene: Scene) -> tuple[Choice, ...]:
    return tuple(choice for choice in scene.choices if choice.kind not in _NOT_ANSWERS)
