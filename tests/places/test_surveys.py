"""Publishing surveys: checked, frozen, and refused where a kiosk could not show them."""

from __future__ import annotations

import json

import msgspec
import pytest

from broker.fleet.errors import FleetError
from broker.fleet.place_changes import set_setting
from broker.fleet.surveys import list_surveys, publish, read_survey, show_survey
from broker.store.database import Database
from tests.places.town import NOW, SITE, survey

TOML = """
code = "reception"
version = 1

[[questions]]
code = "overall"
scale = "faces-4"
texts = {bg = "Доволни ли сте?", en = "Are you satisfied?"}
"""


def test_a_survey_is_written_as_json_or_toml() -> None:
    """Both say the same; what is neither is told with what was wrong."""
    assert read_survey(TOML) == survey()
    assert read_survey(json.dumps(msgspec.to_builtins(survey()))) == survey()
    for text, why in (
        ("{", "Input data was truncated"),
        ("code =", "Invalid value"),
        ('{"code": "x", "version": 1}', "missing required field `questions`"),
        (TOML.replace("faces-4", "faces-9"), "Invalid enum value"),
    ):
        with pytest.raises(FleetError, match=why):
            read_survey(text)


def test_a_published_version_is_frozen(town: Database) -> None:
    """The same again changes nothing; something else under its number is refused."""
    assert publish(town, survey(), NOW).is_new
    assert not publish(town, survey(), NOW).is_new
    with pytest.raises(FleetError, match="Publish this one as version 2"):
        publish(town, survey(texts={"bg": "Друго?", "en": "Other?"}), NOW)
    assert show_survey(town, "reception").survey == survey()


def test_versions_rise(town: Database) -> None:
    """The newest is shown unless one is named; an older number comes too late."""
    for version in (1, 3):
        publish(town, survey(version), NOW)
    with pytest.raises(FleetError, match="publish this one as version 4"):
        publish(town, survey(2), NOW)
    assert [each.survey.version for each in list_surveys(town)] == [1, 3]
    assert show_survey(town, "reception").survey.version == 3
    assert show_survey(town, "reception", 1).survey.version == 1
    with pytest.raises(FleetError, match="no version 2 of survey 'reception'"):
        show_survey(town, "reception", 2)
    with pytest.raises(FleetError, match="no survey 'taxes'"):
        show_survey(town, "taxes")


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"bg": "а" * 200, "en": "Are you satisfied?"}, r"questions\[0\].texts.bg"),
        ({"bg": "", "en": "Are you satisfied?"}, r"questions\[0\].texts.bg"),
        ({"Bulgarian": "Доволни ли сте?"}, "languages"),
        ({}, "write it in each language"),
    ],
)
def test_what_no_kiosk_can_show_is_not_published(
    town: Database, asked: dict[str, str], why: str
) -> None:
    """The fault is told with its place in the survey; one without texts has no language."""
    with pytest.raises(FleetError, match=why):
        publish(town, survey(texts=asked), NOW)
    assert list_surveys(town) == []


def test_advice_is_given_and_hinders_nothing(town: Database) -> None:
    """A text that reads the same in both languages may be meant so."""
    published = publish(town, survey(texts={"bg": "OK?", "en": "OK?"}), NOW)
    assert published.is_new
    assert any("is it translated" in each for each in published.advice)


def test_a_new_version_must_fit_the_kiosks_that_would_get_it(town: Database) -> None:
    """Where the newest is asked, it is judged in the languages of the place."""
    publish(town, survey(), NOW)
    set_setting(town, None, SITE, "survey", {"code": "reception"}, None, NOW)
    with pytest.raises(FleetError, match=r"desk-1: survey.questions\[0\].texts.en: is missing"):
        publish(town, survey(2, {"bg": "Доволни ли сте?"}), NOW)
    assert show_survey(town, "reception").survey.version == 1
    set_setting(town, None, SITE, "survey", {"code": "reception", "version": 1}, None, NOW)
    assert publish(town, survey(2, {"bg": "Доволни ли сте?"}), NOW).is_new


COMMENT = {
    "code": "words",
    "version": 1,
    "questions": [{"code": "words", "kind": "comment", "texts": {"bg": "Думи", "en": "Words"}}],
}


def test_a_survey_for_the_web_alone_is_published_and_kept_from_kiosks(town: Database) -> None:
    """Whoever publishes is told why; a place with a device can't choose it."""
    made = read_survey(json.dumps(COMMENT))
    published = publish(town, made, NOW)
    assert published.is_new
    assert "questions[0]: is no rating; at a kiosk the first question is one" in (
        published.not_at_kiosks
    )
    with pytest.raises(FleetError, match=r"kiosks could not show it: desk-1: .* is no rating"):
        set_setting(town, None, SITE, "survey", {"code": "words"}, None, NOW)


def test_a_kiosks_survey_does_not_become_one_for_the_web_alone(town: Database) -> None:
    """Where a kiosk asks the newest version, the next one must fit it."""
    publish(town, survey(), NOW)
    set_setting(town, None, SITE, "survey", {"code": "reception"}, None, NOW)
    later = json.dumps({**COMMENT, "code": "reception", "version": 2})
    with pytest.raises(FleetError, match="kiosks could not show it"):
        publish(town, read_survey(later), NOW)
    assert show_survey(town, "reception").survey.version == 1
