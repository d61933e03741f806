"""Scenes: what stands on the stage while the kiosk waits, asks, thanks, or can't. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Final, TypeAlias
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from broker.wire.configuration import Configuration
from broker.wire.surveys import Question
from kiosk.dates import month, opening
from kiosk.faces import scale_choices
from kiosk.scene import Choice, IdleText, Scene, State, Tongue
from kiosk.session import Session
from kiosk.visit import LANGUAGE, SKIP, Given, Step
from kiosk.words import Words, mark

WordsOf: TypeAlias = Callable[[str], Words]

NOT_SET_UP: Final = mark("This kiosk is not set up yet")


class Scenery:
    """Makes the scenes of one configuration.

    Args:
        configuration: whose texts are shown.
        words_of: gives the kiosk's own words in a language.
    """

    def __init__(self, configuration: Configuration, words_of: WordsOf) -> None:
        self._configuration = configuration
        self._presentation = configuration.presentation
        self._words_of = words_of

    def asking(self, session: Session, *, is_private: bool) -> Scene:
        """While a visitor is here, or may come; ``is_private`` through headphones."""
        language = session.language
        words = self._words_of(language)
        scene = self._plain(session.state, language, words)
        is_thanking = session.state in ("thanks", "correction")
        shown = () if is_thanking else self._choices(session, language, words)
        return replace(
            scene,
            title=_thanks(session.state, words)
            if is_thanking
            else self._text(session.step.asked.texts, language),
            text=_hint(session, words),
            choices=shown,
            focus=session.focus,
            clip="" if is_thanking else session.clip,
            corrects=_faces(session, words),
            chosen=self._noted(session, words) if is_private else "",
            helped=session.helped,
            is_pressed=session.is_pressed,
            is_private=is_private,
            reads_aloud=self._presentation.reads_aloud and _is_asked_of_everyone(session.step),
            tongues=self._tongues if session.state in ("idle", "asking") else (),
            warns_until_ms=session.warns_until_ms,
            warning=words("Are you still there?") if session.warns_until_ms else "",
            extend_text=words("More time") if session.warns_until_ms else "",
            progress=session.progress if session.is_asking and session.progress[1] > 1 else (0, 0),
            idle_texts=self._idle_texts(language, words) if session.state == "idle" else (),
            **self._writing(session.state, words),
        )

    def closed(self, opens_at: datetime | None, because: Mapping[str, str]) -> Scene:
        """Out of hours: when it opens, and why it is closed, if there is a reason."""
        first, *others = self._configuration.languages
        words = self._words_of(first)
        if opens_at is not None:
            opens_at = opens_at.astimezone(ZoneInfo(self._configuration.timezone))
        lines = [words("Closed now"), *([self._text(because, first)] if because else [])]
        texts = [opening(opens_at, self._words_of(tag)) for tag in (first, *others[:1])]
        return replace(
            self._plain("out-of-hours", first, words),
            title=" · ".join(lines),
            text="\n".join(text for text in texts if text),
            is_dim=True,
        )

    def out_of_order(self) -> Scene:
        """Nothing can be kept, so nobody is asked."""
        return self._notice(
            "out-of-order", mark("Out of order"), mark("Sorry, we can't take ratings now.")
        )

    def lacking(self) -> Scene:
        """The panel can't give every answer to the survey, so nobody is asked."""
        because = mark("Its panel lacks buttons for this survey.")
        return self._notice("not-set-up", NOT_SET_UP, because)

    def _notice(self, state: State, title: str, text: str) -> Scene:
        return notice(state, title, text, self._configuration.languages, self._words_of)

    def _plain(self, state: State, language: str, words: Words) -> Scene:
        shown = self._presentation
        return Scene(
            number=0,
            state=state,
            language=language,
            direction=words.direction,
            name=self._text(shown.name, language),
            is_high_contrast=shown.is_high_contrast,
            is_slow=shown.is_slow,
        )

    @cached_property
    def _tongues(self) -> tuple[Tongue, ...]:
        languages = self._configuration.languages
        if len(languages) == 1:
            return ()
        return tuple(Tongue(tag, self._words_of(tag).own_name) for tag in languages)

    def _text(self, texts: Mapping[str, str], language: str) -> str:
        """A text of the configuration; all languages have it, or it would not be in use."""
        first = self._configuration.languages[0]
        return texts.get(language) or texts.get(first) or ""

    def _choices(self, session: Session, language: str, words: Words) -> tuple[Choice, ...]:
        step = session.step
        rated = scale_choices(step.scale, session.choices, words) if step.scale else ()
        return rated + tuple(
            choice
            for button in session.choices
            if (choice := self._choice(button, step, language, words)) is not None
        )

    def _choice(self, button: str, step: Step, language: str, words: Words) -> Choice | None:
        if button == SKIP:
            return Choice(button=button, kind="skip", text=words("Skip"))
        if button.startswith(LANGUAGE):
            name = self._words_of(button.removeprefix(LANGUAGE)).own_name
            return Choice(button=button, kind="language", text=name)
        if (option := step.option(button)) is None:
            return None
        text = self._text(option.texts, language)
        pictogram = option.pictogram or option.code
        return Choice(button=button, kind="option", text=text, pictogram=pictogram)

    def _noted(self, session: Session, words: Words) -> str:
        """What was said last, in words: for headphones only."""
        noted = session.noted
        if isinstance(noted, Given):
            (choice,) = scale_choices(noted.scale, (f"face-{noted.value}",), words)
            return choice.text
        return "" if noted is None else self._text(noted.texts, session.language)

    def _idle_texts(self, language: str, words: Words) -> tuple[IdleText, ...]:
        deeds = tuple(
            IdleText(
                lead=words("You said:"),
                text=self._text(deed.said, language),
                reply_lead=words("We did:"),
                reply=self._text(deed.did, language),
            )
            for deed in self._presentation.deeds
        )
        return deeds + self._result(language, words)

    def _result(self, language: str, words: Words) -> tuple[IdleText, ...]:
        result = self._presentation.result
        if result is None:
            return ()
        return (
            IdleText(
                lead=f"{self._text(result.unit, language)}, {month(result.month, words)}",
                text=words(
                    "{percent} % of {n} ratings were good",
                    percent=round(result.satisfied_percent),
                    n=result.ratings,
                ),
            ),
        )

    def _writing(self, state: State, words: Words) -> dict[str, str]:
        """The way on, on one's own phone: it never hurries anybody."""
        url = self._presentation.write_url
        if url is None or state not in ("idle", "thanks", "correction"):
            return {}
        return {"write_url": url, "write_text": words("Write to us on your phone")}


def notice(
    state: State, title: str, text: str, languages: tuple[str, ...], words_of: WordsOf
) -> Scene:
    """A scene that only says something, in the first language and, smaller, in the second."""
    first, *others = languages
    words = words_of(first)
    second = [words_of(tag)(title) for tag in others[:1]]
    return Scene(
        number=0,
        state=state,
        language=first,
        direction=words.direction,
        title=words(title),
        text="\n".join([words(text), *second]) if text else "\n".join(second),
    )


def not_set_up(languages: tuple[str, ...], words_of: WordsOf) -> Scene:
    """Before the first valid configuration: nothing but that."""
    return notice("not-set-up", NOT_SET_UP, "", languages, words_of)


def _thanks(state: State, words: Words) -> str:
    return words("Corrected. Thank you!") if state == "correction" else words("Thank you!")


def _is_asked_of_everyone(step: Step) -> bool:
    """Whether hearing it asked tells nothing of what was answered before."""
    return isinstance(step.asked, Question) and not step.asked.only_if


def _faces(session: Session, words: Words) -> tuple[Choice, ...]:
    """The faces beside what is asked: to correct the rating, or for the next visitor to begin."""
    if session.state in ("idle", "asking"):
        return ()
    if session.corrects:
        return scale_choices(session.corrected_scale, session.corrects, words)
    return scale_choices(session.first_scale, session.newcomers, words)


def _hint(session: Session, words: Words) -> str:
    """The small line: what to do, where that is not plain."""
    if session.state in ("thanks", "correction"):
        return words("Pressed by mistake? Choose another answer.") if session.corrects else ""
    if session.step.scale == "nps-11":
        return words("0: certainly not, 10: certainly")
    if session.state == "follow-up":
        return words("Choose one, or skip.")
    return ""
