"""What reports say: the figures of the dashboard, everything the law asks, and nobody exposed."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from analytics import reports
from analytics.closed.asked import Asked
from analytics.closed.book import empty_book
from analytics.dashboard.language import Language
from analytics.dashboard.words import channel_name as dashboard_channel
from analytics.dashboard.words import value_name as dashboard_value
from analytics.figures.findings import MOST
from analytics.figures.key import main_figures
from analytics.improvement.drafts import KINDS, Kind
from analytics.measures import wording
from analytics.measures.saying import say
from analytics.period import Period
from analytics.reports.content.facts import Facts
from analytics.reports.content.make import make, month_of, week_before
from analytics.reports.content.names import channel_name, value_name
from analytics.reports.document import Figure, Table, from_json, plain, texts, to_json
from analytics.reports.html import to_html
from broker.store.places import Place
from tests.figures.books import ANNEX, DESK, HALL, LAST, TOWN, book
from tests.reports.content.towns import (
    MADE,
    MONTH,
    WEEK,
    YEAR,
    changed_half_way,
    crowded,
    facts,
    few,
    helped,
    place,
    said,
    same,
    sample,
    telling,
    town,
    with_empty_channel,
)

FOLDER = Path(reports.__file__).parent


@pytest.mark.parametrize("language", ["bg", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_report_is_made_of_every_town(kind: Kind, language: str) -> None:
    """With no data at all, with few votes, two scales, or a change half-way, it is a document."""
    for made in (town(), few(12), few(3), changed_half_way(), with_empty_channel(), empty_book()):
        unit = "hall" if kind == "team-sheet" else ""
        for wanted in (MONTH, YEAR, WEEK, Period(date(1999, 1, 1), date(1999, 12, 31))):
            told = telling(made, wanted, language, unit=unit, facts=facts())
            document = make(kind, told)
            assert document.shown()
            assert from_json(to_json(document)) == document
            assert "nan" not in said(document).casefold().split()
            assert not re.search(r"[{}]", said(document))


def test_figures_and_words_are_the_dashboards() -> None:
    """To the digit: from the same functions, written by the same rules."""
    told = telling(town(), MONTH)
    found = main_figures(town(), Asked(MONTH))
    assert found is not None
    text = said(make("annual", replace(told, wanted=MONTH)))
    assert told.writing.percents(found.satisfied.low, found.satisfied.high) in text
    assert f"{say(wording.of_satisfied(found.satisfied), 'bg')}." in text
    assert f"{say(wording.of_change(found.change), 'bg')}." in text  # type: ignore[arg-type]
    for scale, values in (("faces-4", range(1, 5)), ("yes-no", range(2)), ("nps-11", range(11))):
        for value in values:
            on_page = dashboard_value(Language("bg").text, scale, value)
            assert value_name(told.writing, scale, value) == on_page
    for channel in ("device", "tablet", "web", "qr", "paper", "phone", "e-mail", "case"):
        assert channel_name(told.writing, channel) == dashboard_channel(
            Language("bg").text, channel
        )


def test_every_figure_can_be_told_from_the_words() -> None:
    """Sentences of the measures have their figures marked, so that a changed one is seen."""
    marked = [
        piece for text in texts(sample("annual")) for piece in text if isinstance(piece, Figure)
    ]
    assert {"year.faces-4.n", "year.faces-4.satisfied.share"} <= {each.id for each in marked}
    assert all(each.text and not each.is_changed for each in marked)


def test_twelve_votes_are_too_early() -> None:
    """It says so in the words of the measures, and shows no share as if it were one."""
    text = said(make("annual", telling(few(12))))
    assert "Още е рано: 8 от 12 оценки са на доволни хора" in text
    assert said(make("annual", telling(few(3)))).count("твърде малко") > 0


def test_the_annual_report_has_what_the_ordinance_asks() -> None:
    """Methods with how many, results, measures with effect, failures too, and what is next."""
    document = make("annual", telling(helped(), YEAR, facts=facts()))
    assert document.title == "Годишен доклад за удовлетвореността за 2026 г."
    text = said(document)
    assert "чл. 24 от Наредбата за административното обслужване" in text
    assert "Консултации със служителите" in text
    assert "Не са използвани или не са вписани: Анкета сред потребителите; Таен клиент" in text
    assert "Липсват бланки. (брой: 14) Предприето: Отпечатани са." in text
    assert "По-добре, и то повече от случайно" in text
    assert "Няма разлика извън случайната" in text
    assert "наравно с останалите" in text
    assert "Килим" in text
    assert "Харта на клиента" in text
    assert "Периодът не е приключил: данните са за 01.01.2026 – 31.03.2026." in text
    planned = text[text.index("Планирани и в изпълнение") :]
    assert planned.index("Пейка") < planned.index("Обучение")
    assert "просрочена" in planned


def test_the_annual_report_only_counts_what_is_not_public() -> None:
    """It goes outside: nobody decided that these may be told."""
    known = facts()
    inside = tuple(replace(each, published_at=None) for each in known.actions)
    text = said(make("annual", telling(helped(), YEAR, facts=replace(known, actions=inside))))
    for each in inside:
        assert each.title not in text
    assert "През периода няма въведени мерки" not in text
    assert text.count("Мерки, които не са публични: 2.") == 2  # done, and planned
    assert text.count("Мерки, които не са публични: 1.") == 2  # going on, dropped
    assert "Мерки, които не са публични" not in said(
        make("annual", telling(helped(), YEAR, facts=known))
    )


def test_an_effect_without_a_place_is_of_the_reports_site() -> None:
    """Another municipality in the same store has no part in it."""
    assert telling(town(), YEAR).site == Place("site", "town")


def test_names_are_for_the_administration_alone() -> None:
    """The weekly letter has them; what goes out, and a letter to somebody outside, has not."""
    letter = telling(town(), WEEK, facts=facts())
    assert "Мария Петрова" in said(make("weekly-letter", letter))
    outside = replace(letter, is_for_outside=True)
    assert "Мария Петрова" not in said(make("weekly-letter", outside))
    assert "Гише" not in said(make("weekly-letter", outside))
    for kind in ("annual", "periodic"):
        made = make(kind, telling(town(), YEAR, facts=facts()))
        assert "Мария Петрова" not in said(made)


def test_without_a_portal_it_says_so() -> None:
    """Which is not the same as that nothing was done."""
    text = said(make("annual", telling(town(), YEAR)))
    assert "нямаше достъп до портал" in text
    assert "няма въведени мерки" not in text
    known = said(make("annual", telling(town(), YEAR, facts=Facts(is_known=True))))
    assert "През периода няма въведени мерки." in known


@pytest.mark.parametrize("kind", ["annual", "periodic"])
def test_what_goes_out_is_of_units_and_months(kind: Kind) -> None:
    """No desk and no day; of a desk alone there is no such report."""
    document = make(kind, telling(town(), YEAR))
    text = said(document)
    assert "Зала" in text
    assert "Гише" not in text
    charts = [
        block
        for section in document.shown()
        for block in section.blocks
        if getattr(block, "caption", "") == "Доволни по месеци"
    ]
    assert [len(each.table.rows) for each in charts] == [3]  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="a unit or more"):
        make(kind, telling(town(), place=DESK))
    with pytest.raises(ValueError, match="no place"):
        make(kind, telling(town(), unit="annex", place=HALL))


def test_a_team_sheet_has_no_names_and_no_score() -> None:
    """Nor a desk: what people said, what went well, what to talk about, questions."""
    document = make("team-sheet", telling(town(), unit="hall", facts=facts()))
    text = said(document)
    assert [section.title for section in document.shown()] == [
        "За какво е този лист",
        "Какво казаха хората",
        "Какво върви добре",
        "За какво да поговорим",
        "Въпроси за разговора",
        "Какво решихме",
    ]
    for word in (
        "доволни са",
        "доволни хора",
        "Индекс",
        "Мария",
        "Гише",
        "от 100 доволни",
        "Пристройка",
    ):
        assert word not in text
    assert "waiting-time" in text
    for wrong in ({"unit": ""}, {"unit": "hall", "place": HALL}):
        with pytest.raises(ValueError, match="one unit"):
            make("team-sheet", telling(town(), **wrong))


def test_a_report_of_one_unit_knows_no_other() -> None:
    """Neither figures nor names of the others are in it."""
    whole, one = town(), said(make("periodic", telling(town(), unit="annex")))
    assert "Зала" not in one
    assert "Пристройка" in one
    (votes,) = whole.only({"annex"}).votes(Asked(MONTH))
    assert f"Получени са {votes.n} оценки" in one.replace("\xa0", " ")


def test_the_analysis_tells_who_was_asked_and_by_which_channel() -> None:
    """A channel that brought nothing has its row."""
    made = with_empty_channel()
    document = make("periodic", telling(made))
    tables = {
        block.caption: block
        for section in document.shown()
        for block in section.blocks
        if isinstance(block, Table)
    }
    rows = [[plain(cell) for cell in row] for row in tables["Оценки по канали"].rows]
    assert rows[1] == ["хартиена бланка", "–", "няма или са твърде малко, за да се покажат"]
    assert rows[0][0] == "устройство"


def test_a_survey_changed_half_way_is_told_scale_by_scale() -> None:
    """Each with its own days; nothing is added up."""
    text = said(make("periodic", telling(changed_half_way())))
    assert "Скала: четири лица" in text
    assert "Скала: пет лица" in text
    assert "Оценки от 01.03.2026 до 15.03.2026." in text
    assert "Оценки от 16.03.2026 до 31.03.2026." in text


def test_a_weekly_letter_has_the_news_the_due_and_the_good() -> None:
    """What got worse, what got better, and which action is due; nothing is a good answer, too."""
    day = (LAST - date(2025, 9, 13)).days
    worse = book(
        {
            DESK: lambda n: (0, 4, 0, 0, 36) if n < day - 10 else (0, 16, 0, 0, 24),
            ANNEX: lambda n: (0, 16, 0, 0, 24) if n < day - 10 else (0, 4, 0, 0, 36),
        }
    )
    text = said(make("weekly-letter", telling(worse, WEEK, facts=facts())))
    look, news = text.index("За внимание"), text.index("Добри новини")
    assert look < news
    assert "Гише: Сигурно по-зле" in text
    assert "Пристройка: Сигурно по-добре" in text
    assert "Пейка (Мария Петрова, срок 20.03.2026, просрочена)" in text
    assert "Килим" not in text
    quiet = said(make("weekly-letter", telling(town(), WEEK)))
    assert "Нищо: на нито едно място не е станало по-зле" in quiet
    assert "Добри новини" not in quiet


def test_a_letter_of_one_place_has_its_news_whatever_is_new_elsewhere() -> None:
    """More votes got worse at three other places: those are another letter's."""
    made = crowded()
    text = said(make("weekly-letter", telling(made, WEEK, place=place("hall-3"))))
    assert "Зала 3: Сигурно по-зле" in text
    assert "Нищо: на нито едно място" not in text
    everywhere = said(make("weekly-letter", telling(made, WEEK)))
    assert everywhere.count("Сигурно по-зле от") == MOST


def test_an_old_week_has_no_news() -> None:
    """What was found is of the day on which the letter is written."""
    old = Period(WEEK.from_on - timedelta(70), WEEK.to_on - timedelta(70))
    assert "Седмицата е отдавна минала" in said(make("weekly-letter", telling(town(), old)))


def test_a_part_of_the_period_before_is_told() -> None:
    """A year that is compared with a few weeks says so."""
    text = said(make("annual", telling(town(), YEAR)))
    assert "има данни едва" not in text
    half = Period(date(2025, 12, 1), LAST)
    text = said(make("annual", telling(town(), half)))
    assert "За предишния период (02.08.2025 – 30.11.2025) има данни едва от 13.09.2025" in text


def test_periods_are_what_people_mean() -> None:
    """The last whole week, across the new year too; a month of any length."""
    assert week_before(date(2026, 1, 4)) == (date(2025, 12, 22), date(2025, 12, 28))
    assert week_before(date(2026, 1, 5)) == (date(2025, 12, 29), date(2026, 1, 4))
    assert month_of(2028, 2) == (date(2028, 2, 1), date(2028, 2, 29))


def test_the_municipality_speaks() -> None:
    """As its sites are called, unless it says otherwise."""
    assert sample("annual").municipality == "Град"
    named = make("annual", telling(town(), municipality="Община Троян"))
    assert named.municipality == "Община Троян"
    assert make("annual", telling(town(), place=TOWN)).subtitle == "01.03.2026 – 31.03.2026"
    assert named.made_on == MADE


def test_it_can_be_read_as_a_page() -> None:
    """Each kind, by the renderer."""
    for kind in KINDS:
        page = to_html(sample(kind))
        assert '<html lang="bg">' in page


def test_every_message_is_translated() -> None:
    """The catalogue has exactly what the sources say, with the same gaps to fill."""
    found = extract_from_dir(
        FOLDER, method_map=[("**.py", "python")], keywords={"_": None, "text": None, "tell": None}
    )
    said_by_sources = {str(message) for _, _, message, _, _ in found}
    with (FOLDER / "messages" / "bg.po").open("rb") as file:
        catalogue = {str(each.id): str(each.string) for each in read_po(file) if each.id}
    assert set(catalogue) == said_by_sources
    for message, text in catalogue.items():
        assert text, message
        assert sorted(re.findall(r"{\w*}", message)) == sorted(re.findall(r"{\w*}", text))


def test_one_day_is_said_in_the_singular() -> None:
    """Not "on 1 days"."""
    for language, singular in (("bg", "в продължение на един ден."), ("en", "on one day.")):
        text = said(make("periodic", telling(town(), Period(LAST, LAST), language)))
        assert singular in text
        assert "1 дни" not in text


def test_same_votes_every_day_are_much_as_before() -> None:
    """Of very many votes half a point would be "sure"; it helps nobody to be told so."""
    many = book({DESK: lambda day: (0, 1000 - day % 2, 0, 0, 9000 + day // 100)})
    text = said(make("annual", telling(many)))
    assert "Почти както преди" in text
    assert same(1)(0) == (1,)
