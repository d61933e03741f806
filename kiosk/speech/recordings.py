"""All that a kiosk may have to say for one configuration: what a person can read for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from broker.wire.configuration import Configuration
from broker.wire.scales import SCALES
from broker.wire.surveys import FollowUp, Question, Survey, Texts
from hardware.sound import Utterance
from kiosk.faces import scale_choices
from kiosk.speech import phrases
from kiosk.words import Words, mark

_MOST_BUTTONS: Final = 5
_SHOWN: Final = (
    mark("Skip"),
    mark("Choose one, or skip."),
    mark("0: certainly not, 10: certainly"),
    mark("Thank you!"),
    mark("Corrected. Thank you!"),
    mark("Pressed by mistake? Choose another answer."),
    mark("Are you still there?"),
    mark("Out of order"),
    mark("Sorry, we can't take ratings now."),
    mark("Closed now"),
)
"""Those of the screen's own texts that are said, too."""


def to_record(
    configuration: Configuration, words_of: Callable[[str], Words]
) -> Iterator[Utterance]:
    """Yield all that may be said for ``configuration``, each text once in each language.

    Only what names a date or a time is left out: espeak-ng says that. ``words_of`` gives the
    kiosk's own words in a language.
    """
    for language in configuration.languages:
        texts = _texts(configuration, words_of(language))
        for text in dict.fromkeys(text for text in texts if text.strip()):
            yield phrases.utterance(text, language)
        yield phrases.utterance(words_of(language).own_name, language)


def _texts(configuration: Configuration, words: Words) -> Iterator[str]:
    yield from map(words, (*phrases.PHRASES, *_SHOWN))
    for step in range(1, phrases.VOLUME_STEPS + 1):
        yield phrases.volume_number(step, phrases.VOLUME_STEPS, words)
    for number in range(1, _MOST_BUTTONS + 1):
        yield phrases.button_number(number, words)
    yield configuration.presentation.name.get(words.language, "")
    for survey in (configuration.survey, *(plan.survey for plan in configuration.planned)):
        yield from _survey_texts(survey, words)


def _survey_texts(survey: Survey, words: Words) -> Iterator[str]:
    most = sum(1 + len(question.follow_ups) for question in survey.questions)
    for of in range(2, most + 1):
        for number in range(1, of + 1):
            yield phrases.question_number(number, of, words)
    for question in survey.questions:
        yield from _question_texts(question, words)


def _question_texts(question: Question, words: Words) -> Iterator[str]:
    if question.scale is not None:
        faces = {f"face-{value}" for value in SCALES[question.scale].values}
        choices = scale_choices(question.scale, faces, words)
        yield from (choice.text for choice in choices)
        yield from _numbers(len(choices), words)
    asked_of_it: tuple[Question | FollowUp, ...] = (question, *question.follow_ups)
    for asked in asked_of_it:
        yield _own(asked.texts, words)
        yield from (_own(option.texts, words) for option in asked.options)
        yield from _numbers(len(asked.options), words)


def _numbers(of: int, words: Words) -> Iterator[str]:
    for number in range(1, of + 1):
        yield phrases.answer_number(number, of, words)


def _own(texts: Texts, words: Words) -> str:
    return texts.get(words.language, "")
