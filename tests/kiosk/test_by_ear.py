"""Every question can be answered by somebody who hears the kiosk and feels its buttons."""

from __future__ import annotations

from typing import Final

import pytest

from kiosk.drafts import AnswerDraft, AnyDraft, RatingDraft
from tests.kiosk.hall import KEYS, PANELS, BlindVisitor, Hall, configuration

LANGUAGES: Final = {"bg": ("bg", "en"), "en": ("en", "bg")}

BAD: Final = {
    "bg": {
        "Доволни ли сте от обслужването?": "Зле",
        "Какво не беше наред?": "Труден достъп",
        "Как стигнахте дотук?": "Много добре",
        "Ще ни препоръчате ли?": "10",
        "Решихме ли въпроса ви?": "Не",
        "За коя услуга дойдохте?": "Услуга номер 11",
    },
    "en": {
        "Are you satisfied?": "Bad",
        "What went wrong?": "Difficult access",
        "How was the way here?": "Very good",
        "Would you recommend us?": "10",
        "Did we settle your matter?": "No",
        "Which service did you come for?": "Service number 11",
    },
}
GOOD: Final = {
    "bg": {
        "Доволни ли сте от обслужването?": "Много добре",
        "Ще ни препоръчате ли?": "0",
        "Решихме ли въпроса ви?": "Да",
        "За коя услуга дойдохте?": "Услуга номер 0",
    },
    "en": {
        "Are you satisfied?": "Very good",
        "Would you recommend us?": "0",
        "Did we settle your matter?": "Yes",
        "Which service did you come for?": "Service number 0",
    },
}


def said(drafts: list[AnyDraft]) -> list[tuple[str, object]]:
    """Question and answer of each."""
    kept: list[tuple[str, object]] = []
    for draft in drafts:
        if isinstance(draft, RatingDraft):
            kept.append((draft.question, draft.value))
        elif isinstance(draft, AnswerDraft):
            kept.append((draft.question, draft.options))
    return kept


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("panel", PANELS)
def test_an_unhappy_visitor_answers_everything(panel: str, language: str) -> None:
    """Faces, a follow-up, a condition, 0 to 10, yes or no and one of twelve: as was meant."""
    hall = Hall(configuration(LANGUAGES[language]), PANELS[panel])
    BlindVisitor(hall, language, BAD[language]).answer_all()
    assert said(hall.kept) == [
        ("overall", 2),
        ("reason", ("access",)),
        ("access", 5),
        ("recommend", 10),
        ("solved", 0),
        ("service", ("service-11",)),
    ]
    hall.close()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("panel", PANELS)
def test_a_happy_visitor_answers_everything(panel: str, language: str) -> None:
    """Where neither follow-up nor condition holds, the rest is asked and answered."""
    hall = Hall(configuration(LANGUAGES[language]), PANELS[panel])
    BlindVisitor(hall, language, GOOD[language]).answer_all()
    assert said(hall.kept) == [
        ("overall", 4),
        ("recommend", 0),
        ("solved", 1),
        ("service", ("service-0",)),
    ]
    hall.close()


def test_a_visitor_finds_another_language() -> None:
    """The other language says its own name among the answers; chosen, all is said in it."""
    hall = Hall(configuration(("bg", "en")), KEYS)
    visitor = BlindVisitor(hall, "bg", BAD["bg"])
    visitor.listen()
    visitor.walk_to("English")
    stranger = BlindVisitor(hall, "en", GOOD["en"])
    stranger.answer_all()
    assert said(hall.kept)[0] == ("overall", 4)
    assert {draft.language for draft in hall.kept} == {"en"}
    hall.close()


def test_nothing_is_heard_in_the_hall() -> None:
    """From plug to thanks, no sound comes from the loudspeaker."""
    hall = Hall(configuration(("bg", "en")), PANELS["four faces"])
    BlindVisitor(hall, "bg", BAD["bg"]).answer_all()
    assert {each.is_private for each in hall.sound.heard} == {True}
    hall.close()
