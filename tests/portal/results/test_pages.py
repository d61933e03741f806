"""Public pages of results: what is published, and nothing else."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from analytics.published.publishing import withdraw
from portal.web.actor import Actor
from portal.web.portal import Portal
from tests.figures.books import HALL, book
from tests.fixtures.portals import sign_in_staff
from tests.portal.improvement.house import a_draft
from tests.portal.results.giving_back import (
    a_mayor,
    add_units,
    desk_of,
    publish_actions,
    publish_months,
)
from tests.published.sample import FEBRUARY, JANUARY, MARCH, a_book, contents


@pytest.fixture
def mayor(portal: Portal) -> Actor:
    """Who publishes."""
    return a_mayor(portal)


def plain(html: str) -> str:
    """What is read of a page, spaces as one."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", html)).replace("\xa0", " ")


def test_nothing_is_there_before_it_is_published(client: TestClient) -> None:
    """The page says so; months are not there."""
    answer = client.get("/results")
    assert answer.status_code == 200
    assert "Още няма публикувани резултати" in answer.text
    for path in (f"/results/{MARCH}", f"/results/{MARCH}/hall", "/results/x"):
        assert client.get(path).status_code == 404
    assert client.get("/results/data.csv").text.count("\r\n") == 1


def test_the_newest_month_is_on_the_first_page(
    portal: Portal, client: TestClient, mayor: Actor
) -> None:
    """Figures with n and interval in words, reasons, units, the months before."""
    add_units(portal)
    publish_months(portal, mayor)
    read = plain(client.get("/results").text)
    for text in (
        "март 2026 г.",
        "81 от 100 доволни; истинският дял е вероятно между",
        "Въз основа на 496 оценки.",
        "Индекс на удовлетвореност:",
        "Сигурно по-добре, отколкото през февруари 2026 г.:",
        "Приемна",
        "Архив",
        "waiting-time",
        "Отговориха 155 души.",
    ):
        assert text in read, text
    assert "Сигурно по-добре, отколкото през февруари 2026 г." not in plain(
        client.get(f"/results/{FEBRUARY}").text
    )


def test_a_unit_has_a_page_of_its_own(portal: Portal, client: TestClient, mayor: Actor) -> None:
    """In English, too; a unit without an English name keeps its own, marked as Bulgarian."""
    add_units(portal)
    publish_months(portal, mayor)
    hall = plain(client.get(f"/en/results/{MARCH}/hall").text)
    assert "Reception hall" in hall
    assert "80 of 100 satisfied; the true share is probably between" in hall
    assert "From 310 ratings." in hall
    assert '<span lang="bg">Архив</span>' in client.get(f"/en/results/{MARCH}/annex").text
    assert client.get(f"/results/{MARCH}/nothing").status_code == 404
    assert client.get("/results/2025-01/hall").status_code == 404


def test_what_is_taken_back_is_gone(portal: Portal, client: TestClient, mayor: Actor) -> None:
    """From the pages, from comparisons and from the data."""
    publish_months(portal, mayor)
    assert f"{FEBRUARY},hall," in client.get("/results/data.csv").text
    withdraw(desk_of(portal), mayor, FEBRUARY)
    assert client.get(f"/results/{FEBRUARY}").status_code == 404
    assert "февруари" not in client.get("/results").text
    for path in ("/results/data.csv", "/results/reasons.csv"):
        assert FEBRUARY not in client.get(path).text
        assert JANUARY in client.get(path).text


def test_actions_are_told_with_their_effect_failures_too(
    portal: Portal, client: TestClient, mayor: Actor
) -> None:
    """Nothing of them that is not public: no title, no ground, no owner."""
    publish_months(portal, mayor)
    publish_actions(portal, mayor)
    answer = client.get("/results").text
    read = plain(answer)
    assert "Отворихме второ гише по обяд." in read
    assert "Няма разлика извън случайното" in read
    assert "Преписваме формуляра на прост език." in read
    for hidden in ("Второ гише по обяд", "недоволните са два пъти повече", "Кметът", "0.31"):
        assert hidden not in answer
    assert "We opened a second desk at noon." in client.get("/en/results").text
    assert "Отворихме" not in client.get(f"/results/{MARCH}/annex").text


def test_a_month_without_ratings_says_so(portal: Portal, client: TestClient, mayor: Actor) -> None:
    """It is published all the same, and breaks no other page."""
    empty = book({HALL: lambda day: (0, 0, 0, 0, 6) if day == 100 else ()})
    desk_of(portal).publish_results(mayor, MARCH, contents(empty, MARCH))
    assert "За този месец няма какво да се покаже" in client.get("/results").text
    desk_of(portal).publish_results(mayor, FEBRUARY, contents(a_book(), FEBRUARY))
    assert client.get("/results").status_code == 200
    assert f"{MARCH}," not in client.get("/results/data.csv").text


def test_twelve_ratings_are_called_too_early(
    portal: Portal, client: TestClient, mayor: Actor
) -> None:
    """With their wide interval."""
    few = book({HALL: lambda day: (0, 0, 0, 0, 12) if day == 190 else ()})
    desk_of(portal).publish_results(mayor, MARCH, contents(few, MARCH))
    read = plain(client.get("/results").text)
    assert "Още е рано: 12 от 12 оценки са на доволни хора" in read
    assert "още е рано да се каже" in read


def test_what_a_newer_version_wrote_is_not_shown_wrong(
    portal: Portal, client: TestClient, mayor: Actor
) -> None:
    """It isn't shown, and the months before go on."""
    publish_months(portal, mayor)
    desk_of(portal).publish_results(mayor, "2026-04", {"": '{"v": 2, "month": "2026-04"}'})
    read = plain(client.get("/results").text)
    assert "март 2026 г." in read
    assert client.get("/results/2026-04").status_code == 404


def test_staff_see_no_more_than_others(portal: Portal, client: TestClient) -> None:
    """What is not published is nowhere on these pages, whoever looks."""
    sign_in_staff(portal, client, "manager")
    assert client.get(f"/results/{MARCH}").status_code == 404
    assert "Още няма публикувани резултати" in client.get("/results").text


def test_published_reports_are_linked(portal: Portal, client: TestClient, mayor: Actor) -> None:
    """In the reader's language; drafts are nowhere."""
    publish_months(portal, mayor)
    desk = desk_of(portal)
    kept = desk.keep_draft(mayor, a_draft(unit=""), "{}")
    assert kept.id not in client.get("/results").text
    desk.approve(mayor, kept.id, version=1)
    desk.publish_draft(mayor, kept.id)
    assert f'href="/reports/{kept.id}"' in client.get("/results").text
    assert kept.id not in client.get("/en/results").text
