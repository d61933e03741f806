"""Languages: Bulgarian first, nothing left untranslated, numbers and times as people write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from analytics.charts.writing import Writing
from analytics.dashboard.language import MESSAGES, NAMES, Language
from analytics.measures.shares import share_of
from analytics.measures.wording import of_satisfied

BG, EN = Language("bg"), Language("en")


def test_bulgarian_is_first() -> None:
    """Who asks for no language gets Bulgarian."""
    assert list(NAMES) == ["bg", "en"]


def test_every_message_is_translated() -> None:
    """The catalogue has exactly the messages that the sources say, with the same gaps to fill."""
    said = _messages(MESSAGES.parent)
    with (MESSAGES / "bg.po").open("rb") as file:
        catalogue = {str(message.id): message for message in read_po(file) if message.id}
    assert set(catalogue) == said
    for text, message in catalogue.items():
        assert message.string, f"{text!r} is not translated"
        assert not message.fuzzy, f"{text!r} is marked as uncertain"
        assert _gaps(text) == _gaps(str(message.string))


def test_numbers_are_written_as_in_the_language() -> None:
    """Thousands, shares and intervals follow the language."""
    assert (BG.number(12345), EN.number(12345)) == ("12\xa0345", "12,345")
    assert BG.percent(0.784) == "78 %"
    assert EN.percents(0.7, 0.849) == "70–85 %"


def test_times_are_written_as_in_the_language() -> None:
    """Days, times and spans follow the language."""
    assert BG.day(date(2023, 7, 10)) == "понеделник, 10 юли 2023\u202fг."
    assert BG.time(datetime(2023, 7, 10, 9, 5, 2, tzinfo=UTC)) == "09:05:02"
    assert BG.ago(timedelta(minutes=5)) == "преди 5 минути"
    assert EN.ago(timedelta(minutes=5)) == "5 minutes ago"


def _messages(folder: Path) -> set[str]:
    """Every text that a module of ``folder`` hands to the translator."""
    found = extract_from_dir(
        folder, method_map=[("**.py", "python")], keywords={"_": None, "text": None}
    )
    return {str(message) for _file, _line, message, _comments, _context in found}


def _gaps(text: str) -> list[str]:
    """The names in braces."""
    return sorted(re.findall(r"{\w+}", text))


def test_pages_charts_and_sentences_round_alike() -> None:
    """To the digit: halves go up, and what is nearly all or nothing isn't all or nothing."""
    for count in range(201):
        share = share_of(count, 200)
        said = of_satisfied(share).numbers["share"]
        assert EN.percent(share.share) == f"{said} %"
        assert Writing("en").percent(share.share) == f"{said}\N{NO-BREAK SPACE}%"


def test_a_narrow_interval_has_two_different_bounds() -> None:
    """Where whole bounds are equal they have one decimal, in sentences, charts and pages alike."""
    assert BG.percents(0.8861, 0.8887) == "88,6–88,9 %"
    assert Writing("bg").percents(0.8861, 0.8887) == "88,6–88,9\N{NO-BREAK SPACE}%"
    assert Writing("en").percents(0.9943, 0.9998) == "99–100\N{NO-BREAK SPACE}%"
    assert EN.percents(1, 1) == "100–100 %"
    for count in (3, 60, 1_000, 89_000, 99_700, 99_998):
        share = share_of(count, 100_000)
        low, high = (of_satisfied(share).numbers[name] for name in ("low", "high"))
        assert low < high
        assert EN.percents(share.low, share.high) == f"{low:,}–{high:,} %"
