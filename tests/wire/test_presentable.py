"""What a kiosk would show broken is found, and what it would show well is left alone."""

from __future__ import annotations

import copy
import json
from typing import Any, Final

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from broker.wire.codec import read
from broker.wire.configuration import Configuration, Deed, Presentation
from broker.wire.errors import WireError
from broker.wire.messages import VERSION
from broker.wire.presentable import MAX_FAULTS, advice_of, faults_of
from broker.wire.surveys import Question, Survey
from tests.wire import configurations
from tests.wire.samples import DATA, encoded

FULL: Final[dict[str, Any]] = json.loads((DATA / "configuration-full.json").read_bytes())
ASKED: Final = "survey.questions[0]"


def bent(place: str, value: object) -> Configuration:
    """The full configuration with ``value`` at ``place`` (dotted); ``None`` takes it out."""
    document = copy.deepcopy(FULL)
    *steps, last = [int(step) if step.isdecimal() else step for step in place.split(".")]
    holder: Any = document
    for step in steps:
        holder = holder[step]
    if value is None:
        del holder[last]
    else:
        holder[last] = value
    return read(encoded(document), Configuration)


def test_a_good_one_has_no_faults() -> None:
    """The one that all others here are bent from."""
    configuration = read(encoded(FULL), Configuration)
    assert faults_of(configuration) == []
    assert advice_of(configuration) == []


REASONS: Final = FULL["survey"]["questions"][0]["follow_ups"][0]["options"]
FAIR: Final = FULL["planned"][0]
WEEKLY: Final = FULL["opening"]["weekly"]
BROKEN: Final[list[tuple[str, object, str]]] = [
    ("survey.questions.0.texts.en", None, f"{ASKED}.texts.en: is missing"),
    ("survey.questions.0.texts.bg", " ", f"{ASKED}.texts.bg: has nothing to read"),
    ("survey.questions.0.texts.bg", "...", f"{ASKED}.texts.bg: has nothing to read"),
    ("survey.questions.0.texts.bg", "ж " * 60 + "ж", f"{ASKED}.texts.bg: has 121 characters"),
    (
        "survey.questions.0.follow_ups.1.texts.en",
        "a\u202eb",
        f"{ASKED}.follow_ups[1].texts.en: has an invisible character, U+202E",
    ),
    (
        "survey.questions.0.follow_ups.0.options.1.texts.bg",
        "в две\nлинии",
        f"{ASKED}.follow_ups[0].options[1].texts.bg: has a line break",
    ),
    (
        "survey.questions.1.options.0.texts.bg",
        "ж " * 20 + "ж",
        "survey.questions[1].options[0].texts.bg: has 41 characters",
    ),
    (
        "survey.questions.0.follow_ups.0.options",
        [REASONS[0], {**REASONS[1], "code": "waiting-time"}],
        f"{ASKED}.follow_ups[0].options: two have the same code",
    ),
    (
        "survey.questions.0.follow_ups.0.options.1.texts.en",
        "THE WAIT ",
        f"{ASKED}.follow_ups[0].options: two read the same in en",
    ),
    (
        "survey.questions.0.follow_ups.0.options.1.texts.en",
        "The\u00a0 wait",
        f"{ASKED}.follow_ups[0].options: two read the same in en",
    ),
    (
        "survey.questions.0.follow_ups.1.when",
        [5, 6],
        f"{ASKED}.follow_ups[1].when: faces-5 has no 6",
    ),
    ("languages", ["bg", "en", "bg"], "languages: one of them is there twice"),
    ("languages", ["bg", "en", "tr"], f"{ASKED}.texts.tr: is missing"),
    ("languages", ["bg", "en", "en-GB"], "languages: en and en-GB have one name"),
    ("languages", ["bg-BG", "en", "bg"], "languages: bg-BG and bg have one name"),
    ("timezone", "Europe/Troyan", "timezone: there is no time zone 'Europe/Troyan'"),
    ("timezone", "../../../etc/passwd", "timezone: there is no"),
    ("timezone", "Europe", "timezone: there is no"),
    ("timezone", "Factory", "timezone: there is no"),
    ("timezone", "posixrules", "timezone: there is no"),
    ("timezone", "posix/Europe/Sofia", "timezone: there is no"),
    ("timezone", "localtime", "timezone: there is no"),
    ("timezone", "", "timezone: there is no"),
    ("timezone", "a\u0000\u202e", "timezone: there is no time zone 'a\\x00\\u202e'"),
    ("planned.0.last_on", "2026-11-30", "planned[0]: first_on is after last_on"),
    ("planned.0.first_on", "1999-12-31", "planned[0].first_on: is not in 2000–2200"),
    ("planned.0.last_on", "2201-01-01", "planned[0].last_on: is not in 2000–2200"),
    ("opening.special_days.1.on", "9999-12-31", "opening.special_days[1].on: is not in 2000–2200"),
    ("opening.special_days.1.on", "0001-01-01", "opening.special_days[1].on: is not in 2000–2200"),
    ("presentation.result.month", "0001-01-01", "presentation.result.month: is not in 2000–2200"),
    ("planned.0.survey.questions.0.texts.en", None, "planned[0].survey.questions[0].texts.en: is"),
    (
        "planned",
        [FAIR, {**FAIR, "survey": {**FULL["survey"], "code": "fair", "version": 1}}],
        "planned[1].survey: another survey has the code fair and version 1",
    ),
    (
        "opening.weekly",
        [*WEEKLY, {"days": [3, 7], "opens_at": "11:59", "closes_at": "12:01"}],
        "opening.weekly: hours of weekday 3 overlap",
    ),
    ("opening", {"weekly": []}, "opening: it never opens"),
    (
        "opening.special_days.1.hours",
        [{"opens_at": "09:00", "closes_at": "12:00"}, {"opens_at": "11:00", "closes_at": "13:00"}],
        "opening.special_days[1].hours: they overlap",
    ),
    ("opening.special_days.1.on", "2026-12-24", "opening.special_days: 2026-12-24 is there twice"),
    ("opening.special_days.0.texts.bg", None, "opening.special_days[0].texts.bg: is missing"),
    ("presentation.name.bg", "ж " * 40 + "ж", "presentation.name.bg: has 81 characters"),
    ("presentation.deeds.0.said.en", None, "presentation.deeds[0].said.en: is missing"),
    (
        "presentation.deeds.0.did.bg",
        "ж " * 70 + "ж",
        "presentation.deeds[0].did.bg: has 141 characters",
    ),
    ("presentation.result.unit.bg", "\ufffd", "presentation.result.unit.bg: has U+FFFD"),
    ("presentation.result.month", "2026-10-02", "presentation.result.month: is no month's first"),
    ("presentation.write_url", "https://ivan:secret@a.bg/", "presentation.write_url: is no https"),
    (
        "presentation.write_url",
        "https://a.bg\\@evil.example",
        "presentation.write_url: is no https",
    ),
    ("presentation.write_url", "https://[::1/", "presentation.write_url: is no https"),
    ("presentation.write_url", "https://a.bg:99999/", "presentation.write_url: is no https"),
    ("presentation.write_url", "https:///path", "presentation.write_url: is no https"),
    ("presentation.write_url", "https://..../", "presentation.write_url: is no https"),
    ("presentation.write_url", "https://%00/", "presentation.write_url: is no https"),
    ("presentation.write_url", "https://-a.bg/", "presentation.write_url: is no https"),
    ("presentation.write_url", "https://otziv/", "presentation.write_url: is no https"),
    ("presentation.write_url", "https://1.2.3/", "presentation.write_url: is no https"),
]


@pytest.mark.parametrize(("place", "value", "fault"), BROKEN, ids=lambda each: str(each)[:40])
def test_what_would_look_broken_is_found(place: str, value: object, fault: str) -> None:
    """By its place, with what to do; and nothing of it in the other texts."""
    (found, *others) = faults_of(bent(place, value))
    assert found.startswith(fault)
    assert not others or place == "languages"
    assert found.isprintable()


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("survey.questions.0.follow_ups.1.when", [1, 5]),  # 1 is in two follow-ups
        ("planned", [FAIR, FAIR]),  # the same survey twice
        ("opening.weekly", [*WEEKLY, {"days": [1], "opens_at": "12:00", "closes_at": "13:00"}]),
        ("opening", {"weekly": WEEKLY}),
        ("opening.special_days.0.texts", {}),
        ("presentation", {}),
        ("survey.questions.0.texts.tr", " "),  # a translation that nobody is shown
        ("languages", ["en"]),
        ("presentation.write_url", "https://8.8.8.8:8443/w"),
        ("presentation.result.unit.bg", "%"),
        ("presentation.write_url", "https://xn--80akhbyknj4f.xn--90ae/w"),
        ("timezone", "UTC"),
        ("timezone", "America/Argentina/Buenos_Aires"),
        ("timezone", "Etc/GMT+2"),
        ("opening.special_days.0.on", "2200-12-31"),
    ],
    ids=str,
)
def test_what_looks_right_is_left_alone(place: str, value: object) -> None:
    """Unusual, but nothing is broken."""
    assert faults_of(bent(place, value)) == []


def test_what_no_reader_takes_is_a_fault() -> None:
    """A program may make a configuration that the wire does not allow."""
    good = read(encoded(FULL), Configuration)
    (fault,) = faults_of(msgspec.structs.replace(good, touchpoint="Зала 1"))
    assert "`$.touchpoint`" in fault
    (fault,) = faults_of(msgspec.structs.replace(good, revision=0))
    assert "`$.revision`" in fault
    (fault,) = faults_of(msgspec.structs.replace(good, revision=2**53))
    assert "`$.revision`" in fault
    texts = dict.fromkeys("abcdefghijklmnopqrstuvwxyzабвгде", "ж" * 2_000)
    huge = (Deed(said=texts, did=texts),) * 8
    found = faults_of(msgspec.structs.replace(good, presentation=Presentation(deeds=huge)))
    assert "a sender makes at most" in found[0]


def test_a_hopeless_one_is_not_told_of_for_ever() -> None:
    """Hundreds of faults are told as the first hundred."""
    found = faults_of(bent("languages", ["bg", "en", *(f"x{letter}" for letter in "abcdefghij")]))
    assert len(found) == MAX_FAULTS


def test_advice_is_no_fault() -> None:
    """Long reasons and what looks untranslated can be shown, and are told."""
    long = bent("survey.questions.0.follow_ups.0.options.0.texts.bg", "Чаках твърде дълго тук")
    assert faults_of(long) == []
    (advice,) = advice_of(long)
    assert advice.startswith(f"{ASKED}.follow_ups[0].options[0].texts.bg: has 4 words")
    (advice,) = advice_of(bent("presentation.name.en", "Община Троян"))
    assert advice.startswith("presentation.name.en: is the same as in bg")


@given(configurations.presentable_configurations)
@settings(max_examples=100)
def test_good_configurations_are_accepted(configuration: Configuration) -> None:
    """Whatever is whole, legible and consistent."""
    assert faults_of(configuration) == []


@given(configurations.configurations)
@settings(max_examples=100)
def test_any_configuration_is_judged(configuration: Configuration) -> None:
    """It never raises, and what it says can be logged and shown."""
    for said in faults_of(configuration) + advice_of(configuration):
        assert said.isprintable()
        assert len(said) <= 400


_hostile = st.text(st.characters(), max_size=200)


@given(
    st.lists(_hostile, max_size=3).map(tuple),
    st.dictionaries(_hostile, _hostile, max_size=3),
    _hostile,
    _hostile | _hostile.map(lambda rest: f"https://{rest}"),
)
def test_what_was_never_checked_is_judged(
    languages: tuple[str, ...], texts: dict[str, str], timezone: str, write_url: str
) -> None:
    """Made by a program, with half characters, in no language, at no address."""
    configuration = Configuration(
        v=VERSION,
        revision=1,
        touchpoint="desk-1",
        survey=Survey(
            code="s",
            version=1,
            questions=(Question(code="q", texts=texts, scale="faces-4"),),
        ),
        languages=languages,
        timezone=timezone,
        presentation=Presentation(name=texts, write_url=write_url),
    )
    for said in faults_of(configuration) + advice_of(configuration):
        assert said.isprintable()


@pytest.mark.parametrize(
    ("place", "number"),
    [("revision", 2**53), ("revision", 10**25), ("presentation.result.ratings", 10**60)],
)
def test_a_number_beyond_all_sense_is_not_read(place: str, number: int) -> None:
    """No sane revision could ever replace it, and no screen has room for it."""
    with pytest.raises(WireError, match=place.rpartition(".")[2]):
        bent(place, number)
    assert isinstance(bent("revision", 2**53 - 1), Configuration)
