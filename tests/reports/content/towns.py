"""Reports of plain towns: books of ``tests.figures.books``, and what the portal might know."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from analytics.closed.blocks import Day, closed
from analytics.closed.book import Book
from analytics.closed.series import MOST_VALUES, RatingSeries
from analytics.closed.standing import Days, Named, Standing
from analytics.improvement.actions import Action, Ground
from analytics.improvement.drafts import Kind
from analytics.improvement.journal import Entry
from analytics.improvement.targets import Target
from analytics.period import Period
from analytics.reports.content.facts import Facts
from analytics.reports.content.make import make
from analytics.reports.content.telling import Telling
from analytics.reports.document import Document, plain, texts
from broker.store.places import Place
from tests.figures.books import ANNEX, DESK, HALL, LAST, LENGTH, STANDINGS, TOWN, Daily, book

FIRST = LAST - timedelta(LENGTH - 1)
MONTH = Period(date(2026, 3, 1), date(2026, 3, 31))
YEAR = Period(date(2026, 1, 1), date(2026, 12, 31))
WEEK = Period(LAST - timedelta(6), LAST)
MADE = LAST + timedelta(2)
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)


def same(*votes: int) -> Daily:
    """The same votes every day."""
    return lambda _: votes


def town() -> Book:
    """Two units; most are satisfied, those who are not say why."""
    why = {DESK: same(9, 6, 3, 1, 4)}
    return book({DESK: same(0, 2, 2, 16, 20), ANNEX: same(0, 1, 1, 8, 10)}, why)


def telling(made: Book, wanted: Period = MONTH, language: str = "bg", **more: Any) -> Telling:  # noqa: ANN401
    """What a report of ``made`` is told from."""
    return Telling(made, wanted, language, MADE, **more)


def sample(kind: Kind, unit: str = "") -> Document:
    """A report of the town."""
    wanted = {"annual": YEAR, "weekly-letter": WEEK}.get(kind, MONTH)
    if kind == "team-sheet" or unit not in {"", "hall", "annex"}:
        unit = "hall"
    return make(kind, telling(town(), wanted, unit=unit))


def said(document: Document) -> str:
    """Everything that it says, charts included."""
    lines = [document.title, document.subtitle, document.municipality]
    lines += [section.title for section in document.shown()]
    lines += [plain(text) for text in texts(document)]
    for section in document.shown():
        for block in section.blocks:
            lines += [str(getattr(block, name, "")) for name in ("caption", "alternative")]
            if isinstance(getattr(block, "text", None), str):
                lines.append(str(block.text))  # type: ignore[union-attr]
    return "\n".join(line for line in lines if line)


def few(n: int, scale: str = "faces-4") -> Book:
    """``n`` votes on one day of March, two of three of them satisfied."""
    unhappy = n // 3
    return book({DESK: lambda day: (0, unhappy, 0, 0, n - unhappy) if day == LENGTH - 10 else (0,)},
                scale=scale)  # fmt: skip


def changed_half_way() -> Book:
    """Four faces until the middle of March, five since then."""
    middle = LENGTH - 16
    before = book({DESK: lambda day: (0, 2, 2, 10, 16) if day < middle else (0,)})
    after = book(
        {DESK: lambda day: (0, 1, 1, 2, 6, 10) if day >= middle else (0,)}, scale="faces-5"
    )
    both = {**before.ratings, **after.ratings}
    return Book(before.standings, both, {}, before.options, before.surveys)


def with_empty_channel() -> Book:
    """Paper forms came until the autumn, and none since."""
    made = town()
    days = [Day(FIRST + timedelta(n), _wide(0, 5, 5), _wide(0, 5, 5)) for n in range(20)]
    paper = RatingSeries(STANDINGS[HALL], "reception", "overall", "faces-4", "paper")
    return Book(
        made.standings,
        {**made.ratings, paper: closed(days)},
        made.answers,
        made.options,
        made.surveys,
    )


def _wide(*counts: int) -> tuple[int, ...]:
    return counts + (0,) * (MOST_VALUES - len(counts))


def action(title: str, **more: Any) -> Action:  # noqa: ANN401  # any field
    """An action of the hall."""
    given: dict[str, Any] = {
        "id": title, "title": title, "ground": Ground("suggestion", "", "Предложение на граждани"),
        "unit": "hall", "owner": "m", "owner_name": "Мария Петрова", "due_on": date(2026, 4, 10),
        "made_at": AT, **more,
    }  # fmt: skip
    return Action(**given)


def facts() -> Facts:
    """A measure that helped, one that did not, two to come, a target, two entries."""
    return Facts(
        is_known=True,
        actions=(
            action("Второ гише", state="done", took_effect_on=date(2026, 2, 1), place=HALL,
                   published_at=AT),
            action("Нови табели", state="done", took_effect_on=date(2026, 1, 2), place=HALL,
                   published_at=AT),
            action("Обучение", state="under-way", published_at=AT),
            action("Пейка", due_on=date(2026, 3, 20), published_at=AT),
            action("Килим", state="dropped", published_at=AT),
        ),
        targets=(
            Target(id="1", unit="hall", measure="satisfied", level=0.8, from_on=date(2025, 1, 1),
                   text_bg="Харта на клиента"),
        ),
        entries=(
            Entry(id="1", by="Ана", entered_at=AT, method="staff-consultation", n=14,
                  from_on=date(2026, 2, 3), to_on=date(2026, 2, 3),
                  findings="Липсват бланки.", done="Отпечатани са."),
            Entry(id="2", by="Ана", entered_at=AT, method="media", from_on=date(2026, 1, 1),
                  to_on=date(2026, 3, 31), findings="Две статии за чакането."),
        ),
    )  # fmt: skip


def helped() -> Book:
    """Better at the desk from the first of February."""
    day = (date(2026, 2, 1) - FIRST).days
    return book({DESK: lambda n: (0, 10, 0, 0, 30) if n < day else (0, 3, 0, 0, 37)})


def crowded() -> Book:
    """Four halls that got worse ten days ago, the last with the fewest votes."""
    halls = [Standing((place(f"hall-{n}"), TOWN), f"unit-{n}") for n in range(4)]
    named = [Named(TOWN, "Град", None, 0, None, None, ())]
    ratings = {}
    for number, hall in enumerate(halls):
        named.append(Named(hall.place, f"Зала {number}", TOWN, 1, hall.unit, 5, ()))
        most = 30 * (5 - number)
        days = []
        for day in range(LENGTH):
            bad = most // 2 if day >= LENGTH - 10 else most // 10
            votes = _wide(0, bad, 0, 0, most - bad)
            days.append(Day(FIRST + timedelta(day), votes, votes))
        series = RatingSeries(hall, "reception", "overall", "faces-4", "device")
        ratings[series] = closed(days)
    made = town()
    return Book([Days(FIRST, LAST, {}, tuple(named))], ratings, {}, {}, made.surveys)


def place(code: str) -> Place:
    """A location."""
    return Place("location", code)
