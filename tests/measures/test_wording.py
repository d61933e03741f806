"""Words: every figure can be said in both languages, and says how sure it is."""

from __future__ import annotations

import re

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from analytics.measures import wording, wording_places
from analytics.measures.change import change
from analytics.measures.cusum import START, Score
from analytics.measures.index import satisfaction_index
from analytics.measures.net_promoter import net_promoter
from analytics.measures.ranking import ranking
from analytics.measures.saying import MESSAGES, say
from analytics.measures.shares import response_share, share_of
from analytics.measures.standardised import standardised
from analytics.measures.wording import Wording
from broker.store.scales import SCALES


def _both(found: Wording) -> tuple[str, str]:
    return say(found, "bg"), say(found, "en")


def test_every_message_is_translated() -> None:
    """The catalogue has exactly the messages of the sources, with the same gaps, sorted."""
    said = {
        str(message)
        for _file, _line, message, _comments, _context in extract_from_dir(
            MESSAGES.parent, method_map=[("**.py", "python")], keywords={"_": None}
        )
    }
    with (MESSAGES / "bg.po").open("rb") as file:
        texts = {str(each.id): str(each.string) for each in read_po(file) if each.id}
    assert set(texts) == said
    assert list(texts) == sorted(texts)
    for english, bulgarian in texts.items():
        assert bulgarian
        assert re.findall(r"[а-я]", bulgarian)
        assert sorted(re.findall(r"{\w+}", english)) == sorted(re.findall(r"{\w+}", bulgarian))


def test_a_share_says_where_the_truth_is() -> None:
    """Sure, likely or too early, by the interval; always with its bounds."""
    assert _both(wording.of_satisfied(share_of(246, 300))) == (
        "82 от 100 доволни; истинският дял е вероятно между 77 и 86",
        "82 of 100 satisfied; the true share is probably between 77 and 86",
    )
    assert _both(wording.of_satisfied(share_of(82, 100))) == (
        "Около 82 от 100 доволни; истинският дял е вероятно между 73 и 88",
        "About 82 of 100 satisfied; the true share is probably between 73 and 88",
    )
    assert _both(wording.of_satisfied(share_of(9, 12))) == (
        (
            "Още е рано: 9 от 12 оценки са на доволни хора, "
            "а истинският дял може да е навсякъде между 47 и 91 от 100"
        ),
        (
            "Too early to tell: 9 of 12 ratings are satisfied, "
            "and the true share may be anywhere between 47 and 91 of 100"
        ),
    )
    assert "недоволни" in say(wording.of_dissatisfied(share_of(46, 300)), "bg")
    assert "Избрали са го" in say(wording.of_answer(share_of(46, 300)), "bg")


def test_nearly_all_is_not_all() -> None:
    """Of a thousand votes one may be other: 99, not 100."""
    assert wording.of_satisfied(share_of(999, 1000)).numbers["share"] == 99
    assert wording.of_satisfied(share_of(1000, 1000)).numbers["share"] == 100


def test_a_narrow_interval_is_said_with_a_decimal() -> None:
    """Never "between 89 and 89": the share and its bounds are then said to a tenth."""
    assert _both(wording.of_satisfied(share_of(89_010, 100_000))) == (
        "89,0 от 100 доволни; истинският дял е вероятно между 88,8 и 89,3",
        "89.0 of 100 satisfied; the true share is probably between 88.8 and 89.3",
    )


def test_the_index_and_the_nps_say_how_far_they_reach() -> None:
    """Below nought with a real minus."""
    index = satisfaction_index({1: 30, 2: 40, 3: 200, 4: 400}, SCALES["faces-4"])
    assert say(wording.of_index(index), "en").startswith("Index 82 of 100; the true one is probab")
    few = satisfaction_index({1: 1, 4: 2}, SCALES["faces-4"])
    assert say(wording.of_index(few), "bg").startswith("Още е рано: индексът може")
    score = wording.of_net_promoter(net_promoter({0: 400, 7: 300, 10: 300}))
    assert say(score, "bg") == "NPS −10; истинският е вероятно от −15 до −5"
    early = wording.of_net_promoter(net_promoter({0: 4, 7: 3, 10: 3}))
    assert early.certainty == "too-early"


def test_the_response_rate_says_when_the_count_is_wrong() -> None:
    """More votes than people can't be."""
    assert _both(wording.of_response(response_share(300, 1200))) == (
        "Оценка са дали 25 от 100 обслужени (300 от 1\u00a0200)",
        "25 of 100 people served have rated (300 of 1,200)",
    )
    assert "не е верен" in say(wording.of_response(response_share(13, 10)), "bg")


@pytest.mark.parametrize(
    ("before", "after", "begins"),
    [
        ((700, 1000), (800, 1000), "Сигурно по-добре: 80 от 100 доволни, а в предишния период 70"),
        ((80, 100), (68, 100), "Още е рано да се каже"),
        ((160, 200), (142, 200), "Вероятно по-зле"),
        ((8000, 10000), (8050, 10000), "Почти както преди"),
    ],
)
def test_a_change_is_sure_likely_or_too_early(
    before: tuple[int, int], after: tuple[int, int], begins: str
) -> None:
    """By p; and where nothing great can have happened that is said too."""
    assert say(wording.of_change(change(before, after)), "bg").startswith(begins)


def test_one_of_many_is_less_sure() -> None:
    """The corrected p decides, not the change's own."""
    found = change((700, 1000), (800, 1000))
    assert wording.of_change(found, p=0.2).certainty == "too-early"


def test_places_are_said_against_each_other() -> None:
    """The comparison, the ranking and the funnel."""
    usual = standardised({0: (60, 150)}, {0: (600, 1000)})
    assert say(wording.of_standardised(usual), "bg") == (
        "Сигурно по-зле от обичайното: 40 от 100 доволни, а обичайно за тези часове са 60"
    )
    alike = standardised({0: (9, 15)}, {0: (600, 1000)})
    assert say(wording.of_standardised(alike), "en").startswith("No clear difference")
    ranked = ranking([(50, 100), *[(80, 100)] * 6, (95, 100)], 1).places
    assert _both(wording_places.of_rank(ranked[0], 1)) == (
        "Сигурно с най-ниския дял доволни",
        "Surely the lowest share satisfied",
    )
    assert say(wording_places.of_rank(ranked[0], 2), "bg") == "Сигурно сред последните 2"
    assert wording_places.of_rank(ranked[3], 1).certainty == "too-early"
    assert say(wording_places.of_rank(ranked[-1], 1), "bg") == "Сигурно с най-високия дял доволни"
    assert wording_places.of_rank(ranked[-1], 2).message == "Surely among the best {places}"
    assert say(wording_places.of_standing("far-lower"), "bg").startswith("Сигурно по-ниско")


def test_alarms_and_what_is_hidden_are_said() -> None:
    """Nothing stands on a page without a word for it."""
    alarm = wording.of_alarm(Score(4.2, 60, 25, is_alarm=True))
    assert say(alarm, "bg") == "Нещо се е променило: недоволни са 25 от последните 60"
    assert wording.of_alarm(START).certainty == "too-early"
    assert "5" in say(wording.of_too_few(), "bg")
    assert "3" in say(wording.of_too_few_staff(), "en")
    assert [say(wording.of_certainty(word), "bg") for word in ("sure", "likely", "too-early")] == [
        "сигурно",
        "вероятно",
        "още е рано",
    ]
