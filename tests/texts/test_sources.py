"""What the sources of texts say: laws by the list only, nobody invented, true to the product."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest

from portal.app import guarded_routes
from portal.texts.laws import laws
from portal.texts.writing import SOURCES, TEXTS
from portal.upkeep.portal_tables import PORTAL

NAMES = sorted(path.name for path in SOURCES.glob("*.md"))
MARK = re.compile(r"\{[^{}]*\}")
LAW = re.compile(
    r"Регламент|Закон(?!одат)|Наредба|Кодекс|ЗЗЛД|АПК|GDPR|Regulation|\bAct\b|Ordinance|Directive"
)
ARTICLE = re.compile(r"\b[Чч]л\. (\d+)|\bArt(?:icle|\.) ?(\d+)|§ \d+ от|параграф")
CAPITALISED = re.compile(
    r"(?<![.:|] )(?<!^)\b[А-Я][а-я]+ [А-Я][а-я]+(?:ов|ев|ин|ски|ова|ева|ина|ска)\b"
)


def _source(name: str) -> str:
    return (SOURCES / name).read_text("utf-8")


def _articles_of_rules() -> list[int]:
    return [int(n) for n in re.findall(r"^Чл\. (\d+)\.", _source("rules.bg.md"), re.MULTILINE)]


def test_each_text_has_its_sources_and_no_others() -> None:
    """A file for each language that the list names."""
    there = {f"{name}.{each}.md" for name, kind in TEXTS.items() for each in kind.names}
    assert there == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_laws_are_cited_by_the_list_and_by_nothing_else(name: str) -> None:
    """Outside marks no law is named, and no article but those of the rules themselves."""
    words = MARK.sub("", _source(name))
    assert not LAW.findall(words)
    own = set(_articles_of_rules())
    for found in ARTICLE.finditer(words):
        is_own = name == "rules.bg.md" or "вътрешни правила" in words[: found.end()].lower()
        assert is_own, found[0]
        assert int(found[1]) in own, found[0]


def test_all_that_the_list_has_is_cited_and_the_other_way_round() -> None:
    """No law waits in the list for a text that needs it."""
    cited = {key for name in NAMES for key in re.findall(r"\{@([^}]*)\}", _source(name))}
    assert cited == set(laws().cited)
    assert {each.law for each in laws().cited.values()} == set(laws().laws)


def test_places_in_laws_are_written_alike() -> None:
    """Article, paragraph and point as Bulgarian lawyers write them; both languages or none."""
    for key, each in laws().cited.items():
        assert bool(each.bg) == bool(each.en), key
        if each.bg and each.bg != "глава осма":
            assert re.match(r"чл\. \d+", each.bg), key
            assert re.findall(r"\d+", each.bg) == re.findall(r"\d+", each.en), key


def test_articles_of_the_rules_follow_each_other() -> None:
    """None is missing and none is there twice; so it is with sections and paragraphs."""
    numbers = _articles_of_rules()
    assert numbers == list(range(1, len(numbers) + 1))
    ends = re.findall(r"^§ (\d+)\.", _source("rules.bg.md"), re.MULTILINE)
    assert ends == [str(n) for n in range(1, len(ends) + 1)]
    sections = re.findall(r"^## Раздел (\w+)\.", _source("rules.bg.md"), re.MULTILINE)
    assert len(sections) == len(set(sections)) == 13


@pytest.mark.parametrize("name", NAMES)
def test_nobody_is_invented(name: str) -> None:
    """No person's name, no telephone, no address of mail: all of these come from people."""
    words = MARK.sub("", _source(name))
    assert "@" not in words
    assert not re.search(r"\+?\d[\d /-]{6,}", words.replace("10 000", ""))
    assert not CAPITALISED.findall(_source(name))


@pytest.mark.parametrize("name", NAMES)
def test_headings_stand_in_order(name: str) -> None:
    """One title, and no level is left out."""
    levels = [len(found) for found in re.findall(r"^(#+) ", _source(name), re.MULTILINE)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below - above <= 1 for above, below in itertools.pairwise(levels))


@pytest.mark.parametrize("name", [name for name, kind in TEXTS.items() if len(kind.names) > 1])
def test_both_languages_say_the_same(name: str) -> None:
    """The same marks, headings, paragraphs, items and rows, in the same order."""
    bulgarian, english = (_source(f"{name}.{each}.md") for each in ("bg", "en"))
    for shape in (r"^(#+|\||- |\^)", r"\{(@?[a-z_0-9-]+|[:!])"):
        found = [re.findall(shape, text, re.MULTILINE) for text in (bulgarian, english)]
        assert found[0] == found[1]


def test_what_texts_point_to_is_there(project: Path) -> None:
    """Files, folders and pages of the staff that the assessment names."""
    named = re.findall(r"`([^`]+)`", _source("dpia.bg.md"))
    pages = {route.path for route in guarded_routes()}
    for each in named:
        if each.startswith("/"):
            assert each in pages, each
        elif "/" in each:
            assert (project / each).exists(), each
    assert any(each.startswith("/staff/") for each in named)


@pytest.mark.parametrize(
    ("table", "how_long"),
    [
        ("comment", "the setting comment_months (12)"),
        ("unreadable_answer", "90 days"),
        ("one_time_link", "90 days after they end"),
        ("paper_batch", "two years after it is closed"),
        ("notice_handling", "two years"),
        ("account_session", "90 days after they were last used"),
        ("account_slip", "a year"),
        ("sign_in_try", "a day without another"),
        ("outgoing_mail", "90 days"),
        ("improvement_finding", "two years"),
        (
            "improvement_subscription",
            "until ended, which each mail offers; unconfirmed: 30 days",
        ),
    ],
)
def test_times_are_those_of_the_register(table: str, how_long: str) -> None:
    """Where this fails, the texts say what is no longer so: mend both."""
    assert PORTAL[table].how_long == how_long
