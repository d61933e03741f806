"""A month's results: what is in them, what never is, and the JSON in which they are kept."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime

import msgspec
import pytest

from analytics.closed.asked import Asked
from analytics.figures.key import main_figures
from analytics.improvement.who import ImprovementError, NotAllowedError, NotThereError
from analytics.improvement_virtual import VirtualImprovement
from analytics.measures.change import change
from analytics.measures.wording import of_change
from analytics.published.again import exposes
from analytics.published.compared import Compared, compared
from analytics.published.months import before, days_of, first_of, newest_whole, year_before
from analytics.published.publishing import months_to_publish, propose, publish, published, withdraw
from analytics.published.reckoning import results_of
from analytics.published.results import (
    PublishedError,
    Results,
    read_results,
    write_results,
)
from analytics.published.words import (
    MESSAGES,
    certainty_text,
    compared_text,
    month_name,
    refusal_text,
)
from tests.figures.books import ANNEX, HALL, book
from tests.fixtures.portal_messages import placeholders, said_by, translations
from tests.published.sample import FEBRUARY, JANUARY, MARCH, a_book, contents


@dataclass(frozen=True)
class Somebody:
    """Of the staff."""

    roles: frozenset[str] = frozenset({"manager"})
    units: frozenset[str] = frozenset()
    id: str = "mayor"
    name: str = "Кметът"


MAYOR = Somebody()


@pytest.fixture
def desk() -> VirtualImprovement:
    """Where it is kept."""
    return VirtualImprovement([], lambda: datetime(2026, 4, 2, 9, tzinfo=UTC))


def test_months_are_calendar_months() -> None:
    """With their days, and those before."""
    assert days_of("2024-02") == (date(2024, 2, 1), date(2024, 2, 29))
    assert (before("2026-01"), year_before("2026-02")) == ("2025-12", "2025-02")
    assert newest_whole(date(2026, 3, 31)) == "2026-03"
    assert newest_whole(date(2026, 3, 30)) == "2026-02"
    for wrong in ("2026-13", "2026", "2026-1", "x", "2026-10\n", "0000-01"):
        with pytest.raises(ValueError, match="no month"):
            first_of(wrong)


def test_the_whole_and_each_unit_have_the_figures_of_the_book() -> None:
    """Each vote counts once; the same measures as on the dashboard."""
    made = a_book()
    found = results_of(made, MARCH)
    assert set(found) == {"", "annex", "hall"}
    whole, hall, annex = (found[unit].main for unit in ("", "hall", "annex"))
    assert whole is not None
    assert hall is not None
    assert annex is not None
    assert whole.satisfied.n == hall.satisfied.n + annex.satisfied.n == 31 * 16
    assert hall.counts == {"1": 31, "2": 31, "3": 93, "4": 155}
    key = main_figures(made, Asked(days_of(MARCH)).at(HALL))
    assert key is not None
    assert hall.satisfied.share == key.satisfied.share
    assert (hall.satisfied.low, hall.index.value) == (key.satisfied.low, key.index.value)
    assert hall.words["bg"].startswith("80 от 100 доволни")
    assert hall.words["en"].startswith("80 of 100 satisfied")


def test_reasons_are_of_who_answered() -> None:
    """The most named first, with n; a unit where nobody was asked has none."""
    found = results_of(a_book(), MARCH)
    (told,) = found["hall"].told
    assert told.answered == 5 * 31
    assert [each.code for each in told.options] == ["waiting-time", "attitude", "clarity"]
    assert told.options[0].chosen.share == pytest.approx(0.6)
    assert found["annex"].told == []


def test_what_is_kept_reads_back() -> None:
    """And knows no place, no day and no hour."""
    for unit, each in results_of(a_book(), MARCH).items():
        text = write_results(each)
        assert read_results(text) == each
        document = json.loads(text)
        assert (document["v"], document["month"], document["unit"]) == (1, MARCH, unit)
        assert set(document) <= {"v", "month", "unit", "figures", "channels", "told"}
        for word in ("desk", "touchpoint", "hour", "device-", "2026-03-"):
            assert word not in text


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"n": 5}',
        '{"v": 2, "month": "2026-03", "unit": ""}',
        '{"v": 1, "month": "2026-03-01", "unit": ""}',
    ],
)
def test_what_is_no_result_is_refused(text: str) -> None:
    """An unknown version too: better nothing than something wrong."""
    with pytest.raises(PublishedError):
        read_results(text)


def test_a_figure_of_four_can_t_be_read() -> None:
    """Whoever wrote it."""
    text = contents(a_book(), MARCH)["hall"]
    document = json.loads(text)
    document["figures"][0]["satisfied"] |= {"n": 4, "count": 4}
    with pytest.raises(PublishedError):
        read_results(json.dumps(document))


def test_twelve_votes_are_too_early_to_tell() -> None:
    """N = 12: shown, with an interval that says so."""
    made = book({HALL: lambda day: (0, 0, 0, 0, 12) if day == 190 else ()})
    (figure,) = results_of(made, MARCH)["hall"].figures
    assert (figure.satisfied.n, figure.satisfied.count) == (12, 12)
    assert figure.satisfied.low == pytest.approx(0.7575, abs=1e-3)
    assert figure.certainty == "too-early"
    assert "Още е рано" in figure.words["bg"]


def test_four_votes_are_nothing_and_so_is_no_vote() -> None:
    """A month without votes is empty, not an error."""
    made = book({HALL: lambda day: (0, 0, 0, 0, 4) if day == 190 else ()})
    found = results_of(made, MARCH)
    assert set(found) == {""}
    assert found[""].main is None
    assert read_results(write_results(found[""])) == Results(month=MARCH, unit="")


def test_months_that_are_not_over_or_not_known_are_refused() -> None:
    """And no month that is none."""
    made = a_book()
    with pytest.raises(ValueError, match="not over"):
        results_of(made, "2026-04")
    with pytest.raises(ValueError, match="nothing is known"):
        results_of(made, "2020-01")
    assert months_to_publish(made)[:2] == [MARCH, FEBRUARY]
    assert months_to_publish(made, 3)[-1] == JANUARY


def test_publishing_and_taking_back(desk: VirtualImprovement) -> None:
    """All units at once."""
    made = a_book()
    publish(made, desk, MAYOR, MARCH)
    assert desk.published_months() == [MARCH]
    assert published(desk, MARCH) == results_of(made, MARCH)
    assert propose(made, desk, MARCH).is_same
    assert withdraw(desk, MAYOR, MARCH) == 3
    assert desk.published_months() == []
    with pytest.raises(NotThereError):
        withdraw(desk, MAYOR, MARCH)


def test_only_who_decides_for_all_publishes(desk: VirtualImprovement) -> None:
    """A unit's manager would publish his own beside a whole of another day."""
    for who, error in (
        (Somebody(units=frozenset({"hall"})), NotThereError),
        (Somebody(roles=frozenset({"editor"})), NotAllowedError),
        (Somebody(roles=frozenset({"clerk"})), NotThereError),
    ):
        with pytest.raises(error):
            publish(a_book(), desk, who, MARCH)
    assert desk.published_months() == []


@pytest.mark.parametrize("late", [1, 4])
def test_a_late_vote_is_not_told_by_publishing_again(desk: VirtualImprovement, late: int) -> None:
    """Who compares both editions would know it; five may be told."""
    publish(a_book(), desk, MAYOR, MARCH)
    later = book(
        {
            HALL: lambda day: (0, 1, 1, 3, 5 + late) if day == 190 else (0, 1, 1, 3, 5),
            ANNEX: lambda _: (0, 0, 1, 2, 3),
        },
        {HALL: lambda _: (5, 1, 0, 3, 1, 1)},
    )
    assert exposes(results_of(a_book(), MARCH), results_of(later, MARCH))
    with pytest.raises(ImprovementError, match="Fewer than five") as refused:
        publish(later, desk, MAYOR, MARCH)
    assert "по-малко от пет" in refusal_text(refused.value, "bg")
    assert desk.published_results(MARCH)[""].edition == 1


@pytest.mark.parametrize(("late", "is_refused"), [(0, False), (1, True), (4, True), (5, False)])
def test_taking_back_does_not_let_a_late_vote_out(
    desk: VirtualImprovement, late: int, is_refused: bool
) -> None:
    """Whoever kept the first edition compares it with the second; just the same may go out."""
    publish(a_book(), desk, MAYOR, MARCH)
    withdraw(desk, MAYOR, MARCH)
    later = book(
        {
            HALL: lambda day: (0, 1, 1, 3, 5 + late) if day == 190 else (0, 1, 1, 3, 5),
            ANNEX: lambda _: (0, 0, 1, 2, 3),
        },
        {HALL: lambda _: (5, 1, 0, 3, 1, 1)},
    )
    assert propose(later, desk, MARCH).exposes == is_refused
    if is_refused:
        with pytest.raises(ImprovementError, match="Fewer than five"):
            publish(later, desk, MAYOR, MARCH)
        assert desk.published_results(MARCH) == {}
    else:
        publish(later, desk, MAYOR, MARCH)
        assert {each.edition for each in desk.published_results(MARCH).values()} == {2}


def test_five_late_votes_make_a_new_edition(desk: VirtualImprovement) -> None:
    """In both the unit and the whole."""
    publish(a_book(), desk, MAYOR, MARCH)
    more = book(
        {
            HALL: lambda day: (0, 1, 1, 3, 10) if day == 190 else (0, 1, 1, 3, 5),
            ANNEX: lambda _: (0, 0, 1, 2, 3),
        },
        {HALL: lambda _: (5, 1, 0, 3, 1, 1)},
    )
    assert not propose(more, desk, MARCH).exposes
    publish(more, desk, MAYOR, MARCH)
    assert desk.published_results(MARCH)["hall"].edition == 2


def test_the_rest_beside_all_units_exposes_nobody_either() -> None:
    """Five more in a unit and seven in all: two more at a place without a unit."""

    def town(hall: int, whole: int) -> dict[str, Results]:
        def one(unit: str, n: int) -> Results:
            made = book({HALL: lambda day: (0, 0, 0, 0, n) if day == 190 else ()})
            return msgspec.structs.replace(results_of(made, MARCH)["hall"], unit=unit)

        return {"": one("", whole), "hall": one("hall", hall)}

    assert exposes(town(20, 40), town(25, 47))
    assert not exposes(town(20, 40), town(25, 45))
    assert not exposes(town(20, 40), town(25, 50))


def test_months_are_compared_with_what_is_published() -> None:
    """With an interval widened by how much days differ anyway, and in words."""
    poor, good = results_of(a_book((0, 5, 5, 3, 2)), FEBRUARY), results_of(a_book(), MARCH)
    found = compared(good, poor)
    assert set(found) == {"", "annex", "hall"}
    assert found["hall"].verdict == "surely-better"
    assert found["annex"].verdict in {"same", "too-early"}
    told = compared_text(found["hall"], FEBRUARY, "bg")
    assert told == (
        "Сигурно по-добре, отколкото през февруари 2026 г.: 80 от 100 са доволни, тогава бяха 33."
    )
    assert compared(good, {}) == {}
    nothing = {"": Results(month=MARCH, unit="")}
    assert compared(nothing, poor) == {}


@pytest.mark.parametrize("counts", [(89_400, 88_600), (88_600, 89_400)])
def test_equal_figures_are_said_to_be_much_as_before(counts: tuple[int, int]) -> None:
    """Surely worse by a fraction of a point reads as a mistake; every page says the same of it."""
    found = change((counts[0], 100_000), (counts[1], 100_000))
    assert found.p < 0.001
    told = Compared("faces-4", found, found.p)
    assert told.verdict == "same"
    assert compared_text(told, FEBRUARY, "bg").startswith("Почти както през февруари 2026 г.: 89")
    assert of_change(found).message.startswith("Much as before")


def test_scales_are_never_compared_with_each_other() -> None:
    """A survey that changed its scale half-way begins anew."""
    faces = results_of(a_book(), MARCH)
    nps = results_of(book({HALL: lambda _: (*[0] * 9, 3, 6)}, scale="nps-11"), FEBRUARY)
    assert compared(faces, nps) == {}


def test_every_message_is_translated() -> None:
    """And nothing is translated that nobody says."""
    folder = MESSAGES.parent
    found = translations(folder)
    assert set(found) == set(said_by(folder))
    for message, translation in found.items():
        assert translation.strip()
        assert placeholders(message) == placeholders(translation), message


def test_words_are_in_both_languages() -> None:
    """Months and certainty."""
    assert month_name(MARCH, "bg") == "март 2026 г."
    assert month_name(MARCH, "en") == "March 2026"
    assert certainty_text("too-early", "bg") == "още е рано да се каже"


def test_of_several_towns_each_publishes_its_own() -> None:
    """A store may have several sites; another town's ratings are none of ours."""
    made = a_book()
    assert results_of(made, MARCH, "town") == results_of(made, MARCH)
    other = results_of(made, MARCH, "village")
    assert set(other) == {""}
    assert other[""].main is None
