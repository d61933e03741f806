"""What is sounded and said when the scene changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, get_args

import polib
import pytest
from msgspec.structs import replace

from broker.wire.surveys import Question, Survey
from hardware.sound import Tone
from kiosk.faces import scale_choices
from kiosk.scene import Choice, Scene, State
from kiosk.speech import Cue, cue, to_record
from kiosk.speech.phrases import PHRASES, WELCOME, utterance
from kiosk.words import MESSAGES, Words
from tests.kiosk.hall import PANELS, BlindVisitor, Hall, configuration
from tests.kiosk.test_by_ear import BAD

FOUR: Final = PANELS["four faces"]
SHIPPED: Final = sorted({"en", *(path.stem for path in MESSAGES.glob("*.po"))})
FACES: Final = scale_choices("faces-4", FOUR, Words("en"))
IDLE: Final = Scene(number=0, state="idle", language="en", title="Satisfied?", choices=FACES)
PRESSED: Final = replace(IDLE, is_pressed=True)
THANKS: Final = replace(IDLE, state="thanks", title="Thank you!", choices=(), thanked=1)
FOLLOW_UP: Final = replace(
    IDLE,
    state="follow-up",
    title="What went wrong?",
    choices=(
        Choice(button="option-1", kind="option", text="Long wait"),
        Choice(button="option-2", kind="option", text="Attitude"),
        Choice(button="skip", kind="skip", text="Skip"),
    ),
    thanked=1,
    reads_aloud=True,  # as it must not be; the loudspeaker stays silent all the same
)
NEXT: Final = replace(IDLE, state="asking", title="Is it clean?", thanked=1, reads_aloud=True)
QUIET: Final[tuple[State, ...]] = ("not-set-up", "maintenance")


def heard(before: Scene | None, now: Scene, *, is_private: bool = False) -> Cue:
    """The cue of a change, on a panel of four faces."""
    before = before and replace(before, is_private=is_private)
    return cue(before, replace(now, is_private=is_private), Words(now.language), FOUR)


def texts(heard: Cue) -> list[str]:
    """What is said."""
    return [each.text for each in heard.utterances]


@pytest.mark.parametrize(
    ("before", "now", "tone"),
    [
        (IDLE, PRESSED, "pressed"),
        (PRESSED, replace(IDLE, voided=2), "void"),
        (PRESSED, THANKS, "thanks"),
        (PRESSED, FOLLOW_UP, "thanks"),
        (PRESSED, NEXT, "thanks"),
        (THANKS, replace(THANKS, is_pressed=True), "pressed"),
        (replace(THANKS, is_pressed=True), replace(THANKS, thanked=2), "thanks"),
        (THANKS, replace(IDLE, thanked=1), None),
        (PRESSED, replace(IDLE, state="out-of-order"), "void"),
        (IDLE, replace(IDLE, state="out-of-hours"), None),
        (FOLLOW_UP, replace(FOLLOW_UP, warns_until_ms=9), None),
        (None, IDLE, None),
    ],
)
def test_by_the_loudspeaker_there_are_tones(
    before: Scene | None, now: Scene, tone: Tone | None
) -> None:
    """One at the press, one at thanks, one for a press that came to nothing; no answer is said."""
    assert heard(before, now).tone == tone
    said = {"Thank you!", "What went wrong?", "Long wait", "Very bad", "Very good"}
    assert said.isdisjoint(texts(heard(before, now)))


def test_the_tone_is_the_same_for_every_value() -> None:
    """What was chosen changes neither tone, nor words, nor caption."""
    cues = {
        heard(PRESSED, replace(THANKS, corrects=tuple(c for c in FACES if c != chosen)))
        for chosen in FACES
    }
    assert len(cues) == 1


@pytest.mark.parametrize("state", QUIET)
@pytest.mark.parametrize("is_private", [False, True])
def test_before_it_is_set_up_there_is_no_sound(state: State, is_private: bool) -> None:
    """Nothing is heard while the kiosk isn't set up, or is being looked after."""
    now = replace(PRESSED, state=state, thanked=3, helped=1, title="This kiosk is not set up yet")
    for before in (None, IDLE, PRESSED):
        assert heard(before, now, is_private=is_private) == Cue()


def test_the_loudspeaker_reads_questions_only() -> None:
    """Where it reads aloud: the question, to whoever chose a language, or is asked one more."""
    begun = replace(IDLE, state="asking", reads_aloud=True)
    assert texts(heard(IDLE, begun)) == ["Satisfied?"]
    assert texts(heard(PRESSED, NEXT)) == ["Is it clean?"]
    assert texts(heard(begun, replace(begun, title="Доволни?", language="bg"))) == ["Доволни?"]


@pytest.mark.parametrize(
    "now",
    [
        FOLLOW_UP,
        THANKS,
        replace(NEXT, reads_aloud=False),
        replace(NEXT, focus="face-2"),
        replace(IDLE, reads_aloud=True, is_pressed=True),
    ],
)
def test_the_loudspeaker_never_reads_what_tells_an_answer(now: Scene) -> None:
    """Not a follow-up, not a question that is not marked so, not the focus, not thanks."""
    assert texts(heard(PRESSED, now)) == []


def test_who_plugs_in_is_greeted() -> None:
    """Greeting, question, how to answer, each answer with its button."""
    now = replace(IDLE, is_private=True, name="Troyan")
    said = texts(cue(IDLE, now, Words("en"), FOUR))
    assert said[0] == "Troyan"
    assert said[1].startswith("Welcome.")
    assert said[2] == "Satisfied?"
    assert said[-8:] == [
        each for n, choice in enumerate(FACES, 1) for each in (f"Button {n}:", choice.text)
    ]


def test_a_later_plug_hears_where_the_visitor_is() -> None:
    """Who plugs in during a follow-up hears that one, and the focus."""
    now = replace(FOLLOW_UP, is_private=True, focus="option-2")
    said = texts(cue(FOLLOW_UP, now, Words("en"), FOUR))
    assert "What went wrong?" in said
    assert said[-2:] == ["Answer 2 of 2:", "Attitude"]


def test_what_was_chosen_is_said_in_private() -> None:
    """What was noted, how to correct it where that can be done, and thanks."""
    text = "Pressed by mistake? Choose another answer."
    now = replace(THANKS, chosen="Very good", corrects=FACES, text=text)
    assert texts(heard(PRESSED, now, is_private=True)) == [
        "Noted:",
        "Very good",
        text,
        "Thank you!",
    ]
    corrected = replace(now, state="correction", title="Corrected. Thank you!", thanked=2)
    assert texts(heard(now, corrected, is_private=True))[0] == "Corrected:"
    gone = replace(now, corrects=(), text="")
    assert heard(now, gone, is_private=True).is_silent


def test_the_focus_is_said_as_it_moves() -> None:
    """Each step of a walker says where it went, and nothing else."""
    one, two, three = (replace(FOLLOW_UP, focus=each.button) for each in FOLLOW_UP.choices)
    assert texts(heard(one, two, is_private=True)) == ["Answer 2 of 2:", "Attitude"]
    assert texts(heard(two, three, is_private=True)) == ["Skip"]
    assert heard(two, replace(two, is_pressed=True), is_private=True).utterances == ()


def test_how_to_answer_is_said_when_it_changes() -> None:
    """It is said with the first question, and again only where other buttons answer."""
    kinds = [FOLLOW_UP, replace(FOLLOW_UP, title="Another", thanked=2), replace(NEXT, thanked=3)]
    hows = [
        [text for text in texts(heard(before, now, is_private=True)) if "ounted from" in text]
        for before, now in zip([PRESSED, *kinds], kinds, strict=False)
    ]
    assert [len(how) for how in hows] == [1, 0, 1]


def test_a_warning_says_what_to_press() -> None:
    """In audio mode a warning sounds, and names a button that gives more time."""
    warned = replace(FOLLOW_UP, warns_until_ms=9, warning="Are you still there?")
    cued = heard(FOLLOW_UP, warned, is_private=True)
    assert cued.tone == "warn"
    assert texts(cued) == ["Are you still there?", "For more time press the third button."]


@pytest.mark.parametrize("state", ["out-of-order", "out-of-hours"])
def test_what_is_closed_says_so(state: State) -> None:
    """Out of order and out of hours are said, in the scene's own language only."""
    now = replace(IDLE, state=state, title="Closed", text="Monday\nПонеделник", choices=())
    assert texts(heard(IDLE, now, is_private=True)) == ["Closed", "Monday"]
    assert texts(heard(now, IDLE, is_private=True))[0] == "Satisfied?"


def test_help_says_it_all_again() -> None:
    """``help`` repeats question, way and answers, and the focus."""
    now = replace(FOLLOW_UP, focus="option-1", helped=1)
    said = texts(heard(replace(FOLLOW_UP, focus="option-1"), now, is_private=True))
    assert said[0] == "What went wrong?"
    assert said[-2:] == ["Answer 1 of 2:", "Long wait"]


def test_time_that_is_up_is_said() -> None:
    """Who was too slow learns that nothing more is asked, and that nothing is lost."""
    (said,) = texts(heard(FOLLOW_UP, IDLE, is_private=True))
    assert said.startswith("The time is up.")


def test_two_at_once_are_explained() -> None:
    """A void press says that nothing was noted."""
    (said,) = texts(heard(PRESSED, replace(IDLE, voided=2), is_private=True))
    assert said.startswith("Two buttons at once")


@pytest.mark.parametrize("is_private", [False, True])
def test_every_sound_has_its_caption(is_private: bool) -> None:
    """Whatever is heard is shown in words, and no caption tells what was chosen."""
    chosen = replace(THANKS, chosen="Very bad")
    for before, now in [
        (IDLE, PRESSED),
        (PRESSED, chosen),
        (PRESSED, FOLLOW_UP),
        (PRESSED, NEXT),
        (PRESSED, replace(IDLE, voided=2)),
        (PRESSED, replace(IDLE, state="out-of-order", title="Out of order")),
    ]:
        cued = heard(before, now, is_private=is_private)
        assert not cued.is_silent
        assert cued.caption
        assert "Very bad" not in cued.caption


@pytest.mark.parametrize("language", SHIPPED)
def test_every_phrase_is_there_in_each_language(language: str) -> None:
    """No phrase is left in English, and none is lost."""
    words = Words(language)
    spoken = [words(phrase) for phrase in PHRASES]
    assert all(spoken)
    if language != "en":
        assert not set(spoken) & set(PHRASES)
        catalogue = polib.pofile(str(MESSAGES / f"{language}.po"), encoding="utf-8")
        assert {entry.msgid for entry in catalogue.translated_entries()} >= set(PHRASES)


@pytest.mark.parametrize("language", SHIPPED)
@pytest.mark.parametrize("state", [each for each in get_args(State) if each not in QUIET])
def test_there_is_speech_for_every_state(state: State, language: str) -> None:
    """Whoever plugs in, whatever goes on, hears words in the language of the scene."""
    words = Words(language)
    now = Scene(number=0, state=state, language=language, title=words("Thank you!"))
    for buttons in PANELS.values():
        cued = cue(now, replace(now, is_private=True), words, buttons)
        assert {each.language for each in cued.utterances} == {language}
        assert texts(cued)[0].startswith(words(WELCOME))


def _heard_by_all() -> Iterator[tuple[str, Hall]]:
    for language in ("bg", "en"):
        for buttons in PANELS.values():
            hall = Hall(configuration((language, "bg" if language == "en" else "en")), buttons)
            BlindVisitor(hall, language, BAD[language]).answer_all()
            hall.rest(5_000)
            hall.close()
            yield language, hall


def test_all_that_is_said_can_be_read_by_a_person() -> None:
    """Whatever visitors heard stands in the list of texts to record, under the same name."""
    listed = set(to_record(configuration(("bg", "en")), Words))
    for _, hall in _heard_by_all():
        said = {each.what for each in hall.sound.heard if not isinstance(each.what, str)}
        assert said <= listed


def test_nothing_is_said_in_the_wrong_language() -> None:
    """Bulgarian is never said with English letters, nor English with Bulgarian ones."""
    for language, hall in _heard_by_all():
        for each in hall.sound.heard:
            if not isinstance(each.what, str) and each.what.language == language:
                strange = r"[A-Za-z]" if language == "bg" else r"[а-яА-Я]"
                assert not re.search(strange, each.what.text), each.what.text


def test_the_list_of_recordings_names_each_text_once() -> None:
    """Names are safe for any file system, and no two texts share one."""
    listed = list(to_record(configuration(("bg", "en")), Words))
    assert len({(each.language, each.recording) for each in listed}) == len(listed)
    assert all(re.fullmatch(r"[0-9a-f]{12}", each.recording) for each in listed)
    assert "" not in {each.text for each in listed}


def test_the_name_of_a_recording_follows_the_text() -> None:
    """White space and the way letters are put together change nothing; a word does."""
    assert utterance("Край  на\nденя", "bg").recording == utterance("Край на деня", "bg").recording
    whole, combined = "\u0419\u043e\u0434", "\u0418\u0306\u043e\u0434"
    assert utterance(whole, "bg").recording == utterance(combined, "bg").recording
    assert utterance("Добре", "bg").recording != utterance("Зле", "bg").recording


def test_a_kiosk_without_walkers_names_no_way_that_is_not_there() -> None:
    """On faces alone neither languages nor skipping are offered where they can't be chosen."""
    one = Survey(
        code="one",
        version=1,
        questions=(Question(code="q", texts={"bg": "Как е?"}, scale="faces-4"),),
    )
    hall = Hall(configuration(("bg", "en"), one), FOUR)
    said = [each.what.text for each in hall.sound.heard if not isinstance(each.what, str)]
    assert "English" not in said
    assert any("в рамките на три секунди" in text for text in said)
    hall.close()
