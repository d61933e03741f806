"""From one scene to the next: which tone, which words, which caption."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from msgspec.structs import replace

from hardware.sound import Tone, Utterance
from kiosk.scene import Scene
from kiosk.speech import phrases
from kiosk.speech.reading import ASKING, Reading
from kiosk.words import Words

_SILENT: Final = frozenset({"not-set-up", "maintenance"})
_ANSWERING: Final = frozenset({"asking", "follow-up"})
_SERVING: Final = frozenset({*ASKING, "thanks", "correction"})
_CLOSED: Final = frozenset({"out-of-order", "out-of-hours"})


@dataclass(frozen=True, slots=True)
class Cue:
    """What to sound and say.

    Attributes:
        tone: first; it ends what is being said.
        utterances: after it. Without tone and utterances, what is being said goes on.
        caption: the same in words, as far as they aren't on the screen. It never tells what was
            chosen: the screen is seen from farther away than headphones are heard.
    """

    tone: Tone | None = None
    utterances: tuple[Utterance, ...] = ()
    caption: str = ""

    @property
    def is_silent(self) -> bool:
        """Whether nothing new is to be heard."""
        return self.tone is None and not self.utterances


def cue(before: Scene | None, now: Scene, words: Words, buttons: Collection[str]) -> Cue:
    """Return what the change from ``before`` to ``now`` sounds like.

    Args:
        before: the scene until now; ``None`` when the kiosk has just started.
        now: the new one.
        words: the kiosk's own, in the language of ``now``.
        buttons: names of the panel's buttons.
    """
    if now.state in _SILENT:
        return Cue()
    tone = None if before is None else _tone(before, now)
    if now.is_private:
        utterances = tuple(_private(before, now, Reading(words, frozenset(buttons))))
    else:
        utterances = tuple(_aloud(before, now, Reading(words, frozenset(buttons))))
    return Cue(tone, utterances, _caption(tone, utterances, now, words))


def _tone(before: Scene, now: Scene) -> Tone | None:
    if now.thanked > before.thanked:
        return "thanks"
    if now.voided > before.voided or (before.is_pressed and now.state == "out-of-order"):
        return "void"
    if now.is_pressed and not before.is_pressed:
        return "pressed"
    # A hall full of beeps for everyone who walks away would be switched off by the clerks.
    return "warn" if now.is_private and _warns_now(before, now) else None


def _aloud(before: Scene | None, now: Scene, reading: Reading) -> Iterator[Utterance]:
    """Through the loudspeaker: the question, to whoever chose a language or is asked one more."""
    if before is None or now.state != "asking" or not now.reads_aloud or now.focus:
        return
    if before.state != "asking" or _is_other(before, now):
        # How many questions there are depends on what was answered: that number is not for all.
        unnumbered = replace(now, progress=(0, 0))
        yield from reading.question(unnumbered, with_how=False, with_choices=False)


def _private(before: Scene | None, now: Scene, reading: Reading) -> Iterator[Utterance]:
    """Through the headphones: all that matters of what has changed."""
    if before is None or not before.is_private:
        yield from reading.welcome(now)
        yield from reading.whole(now)
    elif now.helped > before.helped:
        yield from reading.whole(now)
    elif now.voided > before.voided:
        yield reading.phrase(phrases.VOID)
    elif now.state != before.state and (now.state in _CLOSED or before.state not in _SERVING):
        yield from reading.whole(now)
    elif now.state == "idle" and before.state in _ANSWERING:
        yield reading.phrase(phrases.TIME_IS_UP)
    else:
        yield from _progress(before, now, reading)


def _progress(before: Scene, now: Scene, reading: Reading) -> Iterator[Utterance]:
    """An answer was kept, something else is asked, the focus moved, or time is running out."""
    if now.thanked > before.thanked:
        yield from reading.noted(now)
    if now.state in _ANSWERING:
        if before.state not in _ANSWERING or _is_other(before, now):
            # Who walks hears the answers one by one.
            yield from reading.question(
                now, with_how=_needs_how(before, now, reading), with_choices=not now.focus
            )
            yield from reading.focus(now)
        elif now.focus != before.focus:
            yield from reading.focus(now)
        elif _warns_now(before, now):
            yield from reading.warning(now)


def _needs_how(before: Scene, now: Scene, reading: Reading) -> bool:
    is_known = before.state in _ANSWERING and reading.manner(before) == reading.manner(now)
    return not is_known or before.language != now.language


def _is_other(before: Scene, now: Scene) -> bool:
    """Whether something else is asked, or the same in another language."""
    one, other = ((each.language, each.title, each.progress) for each in (before, now))
    return one != other


def _warns_now(before: Scene, now: Scene) -> bool:
    return bool(now.warns_until_ms) and not before.warns_until_ms


def _caption(tone: Tone | None, utterances: tuple[Utterance, ...], now: Scene, words: Words) -> str:
    seen = {now.title, now.text, now.name, now.warning, now.chosen}
    seen |= {choice.text for choice in now.choices}
    said = " ".join(each.text for each in utterances if each.text not in seen)
    if utterances:
        return said or words(phrases.VOICE)
    return "" if tone is None else f"{words(phrases.TONE)} {_meaning(tone, now, words)}"


def _meaning(tone: Tone, now: Scene, words: Words) -> str:
    match tone:
        case "pressed":
            return words(phrases.FELT)
        case "thanks":
            return words("Thank you!")
        case "warn":
            return now.warning
        case "void":
            return now.title if now.state == "out-of-order" else words(phrases.VOID)
