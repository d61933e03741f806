"""Notices in words: every rule in both languages, and what nobody foresaw is shown as it is."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from broker.fleet.health_rules import RULES, family, judge
from broker.fleet.notice_texts import LANGUAGES, Language
from broker.fleet.notice_words import in_words
from broker.fleet.notices import NoticeView
from broker.fleet.watch import judge_installation
from broker.store.fleet_tables import Notice
from tests.fleet.test_health_rules import NOON, TROUBLES


def details() -> dict[str, str]:
    """What each rule says of its trouble."""
    found: dict[str, str] = {}
    for rule, trouble in TROUBLES.items():
        detail = judge(trouble(NOON + timedelta(hours=1)))[rule]
        found[rule] = detail or ""
    ours = judge_installation({}, {}, is_connected=False)["nothing-heard"]
    return {**found, "nothing-heard": ours or ""}


def view(rule: str, detail: str) -> NoticeView:
    """An open notice of ``kiosk-1``."""
    notice = Notice(site="troyan", device="kiosk-1", rule=rule, detail=detail, opened_at=NOON)
    return NoticeView(notice, "Гише 1", "Europe/Sofia")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_has_words(language: Language) -> None:
    """All facts find their place, nothing is left of the template, and there is advice."""
    said = {rule: in_words(view(rule, detail), language) for rule, detail in details().items()}
    assert {family(rule) for rule in said} == set(RULES)
    for rule, words in said.items():
        assert words.matter, rule
        assert words.advice, rule
        assert not set("{}") & set(str(words)), rule


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fault", ["lamp-2:dead", "outbox:not-writable", "new:unheard-of"])
def test_faults_have_words_where_they_are_known(fault: str, language: Language) -> None:
    """Known ones are put into words; a newer device's are shown as they are."""
    words = in_words(view(f"fault:{fault}", json.dumps({"fault": fault})), language)
    assert (fault in words.matter) == (fault == "new:unheard-of")


@pytest.mark.parametrize("detail", ["the broker refused its list", "{}", "[1]", ""])
def test_other_details_are_shown_as_they_are(detail: str) -> None:
    """A rule of others' making, or facts of another version, never fail."""
    assert detail in str(in_words(view("silent", detail), "en"))
    assert (detail or "not-barred") in str(in_words(view("not-barred", detail), "bg"))
