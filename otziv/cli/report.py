"""``otziv report``: the written reports, as files."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from otziv.cli.options import DEFAULT_DATA, Data, fail

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analytics.closed.book import Book
    from analytics.period import Period
    from analytics.reports.content.facts import Facts
    from analytics.reports.content.telling import Telling
    from analytics.reports.document import Document
    from analytics.reports.files import Form
    from broker.store.places import Place
    from otziv.installation import Installation


class Which(StrEnum):
    """A report."""

    weekly = "weekly"
    periodic = "periodic"
    annual = "annual"
    team = "team"


class Spoken(StrEnum):
    """A language."""

    bg = "bg"
    en = "en"


_DAY = ["%Y-%m-%d"]


def report(
    which: Annotated[Which, typer.Argument(help="The report.")],
    *,
    out: Annotated[Path, typer.Option("--out", help="Folder for the files.")],
    year: Annotated[int | None, typer.Option("--year", min=1991, max=2099, help="A year.")] = None,
    month: Annotated[
        int | None, typer.Option("--month", min=1, max=12, help="A month of it.")
    ] = None,
    from_: Annotated[
        datetime | None, typer.Option("--from", formats=_DAY, help="First day.")
    ] = None,
    to: Annotated[
        datetime | None, typer.Option("--to", formats=_DAY, help="Last day, included.")
    ] = None,
    place: Annotated[
        str, typer.Option("--place", help="Only this place: site:CODE, location:CODE.")
    ] = "",
    unit: Annotated[str, typer.Option("--unit", help="Only this unit (code).")] = "",
    language: Annotated[Spoken, typer.Option("--language", help="Of the report.")] = Spoken.bg,
    formats: Annotated[
        str, typer.Option("--format", help="Any of pdf, html, docx, with commas between.")
    ] = "pdf",
    data: Data = DEFAULT_DATA,
) -> None:
    """Make a report from the figures as they are: a draft, for somebody to edit and approve.

    Without a period: of the last whole week, month, or year.
    """
    wanted = _formats(formats)
    from analytics.reports.content.make import SHORT, make
    from analytics.reports.content.telling import Telling

    kind = SHORT[which.value]
    with _sources(data) as (installation, book, today):
        period = _period(which, year, month, from_, to, today)
        where = _place(book, place, unit)
        facts, name = _facts(installation, period, unit, where, language.value)
        telling = Telling(
            book,
            period,
            language.value,
            today,
            unit=unit,
            place=where,
            municipality=name,
            facts=facts,
        )
        if unit and not telling.places:
            raise fail(f"no place of unit {unit!r} has figures of its own")
        try:
            document = make(kind, telling)
        except ValueError as error:
            raise fail(str(error)) from error
    written = _write(document, out, _stem(which, period, telling), wanted, data)
    for path in written:
        typer.echo(path)


def _formats(said: str) -> list[Form]:
    from analytics.reports.files import MEDIA

    wanted = {each.strip() for each in said.split(",") if each.strip()}
    if not wanted or wanted - set(MEDIA):
        raise fail(f"--format {said}: write any of {', '.join(MEDIA)}, with commas between")
    return [form for form in MEDIA if form in wanted]


def _period(
    which: Which,
    year: int | None,
    month: int | None,
    from_: datetime | None,
    to: datetime | None,
    today: date,
) -> Period:
    from analytics.reports.content.make import month_of, week_before, year_of

    if from_ or to:
        if year or month or not (from_ and to):
            raise fail("a period is --year, --year and --month, or --from and --to")
        return _between(from_.date(), to.date())
    if month and not year:
        raise fail("--month is of a --year")
    if year:
        return month_of(year, month) if month else year_of(year)
    if which is Which.weekly:
        return week_before(today)
    if which is Which.annual:
        return year_of(today.year - 1)
    return month_of(today.year - (today.month == 1), (today.month - 2) % 12 + 1)


def _between(first: date, last: date) -> Period:
    from analytics.period import asked_period

    if first > last:
        raise fail(f"--from {first} is after --to {last}")
    try:
        return asked_period(first, last)
    except ValueError as error:
        raise fail(str(error)) from error


def _place(book: Book, said: str, unit: str) -> Place | None:
    """The place that is meant; of several sites, where none is named, the largest."""
    from broker.store.places import Place

    if said:
        kind, _, code = said.partition(":")
        found = [
            each.place
            for each in book.places
            if each.place == Place(kind, code) or (not code and each.place.code == kind)
        ]
        if len(found) != 1:
            raise fail(
                f"--place {said}: no such place has figures of its own; write one of "
                + ", ".join(f"{each.place.kind}:{each.place.code}" for each in book.places[:20])
            )
        return found[0]
    sites = [each for each in book.places if each.depth == 0]
    if unit or len(sites) < 2:
        return None
    largest = max(sites, key=lambda each: len(each.touchpoints))
    typer.echo(f"of {largest.name}; other sites by --place", err=True)
    return largest.place


@contextmanager
def _sources(data: Path) -> Iterator[tuple[Installation, Book, date]]:
    """The installation, its book, and the day that it is there."""
    from datetime import UTC
    from zoneinfo import ZoneInfo

    from analytics.closed.library import read_book
    from otziv.installation import open_installation

    installation = open_installation(data)
    now = datetime.now(UTC)
    with installation.store() as database, database.reading() as connection:
        book = read_book(connection, now)
    yield installation, book, now.astimezone(ZoneInfo(installation.settings.timezone)).date()


def _facts(
    installation: Installation, period: Period, unit: str, place: Place | None, language: str
) -> tuple[Facts, str]:
    """What the portal knows, and how it calls the municipality; nothing where there is none."""
    from otziv.portal_facts import portal_facts

    return portal_facts(installation, period, unit, place, language)


def _stem(which: Which, period: Period, telling: Telling) -> str:
    where = telling.unit or (telling.place.code if telling.place else "")
    first, last = period
    days = f"{first}_{last}"
    if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31) and first.year == last.year:
        days = str(first.year)
    return "-".join(part for part in (which.value, where, days, telling.language) if part)


def _write(document: Document, out: Path, stem: str, formats: list[Form], data: Path) -> list[Path]:
    from analytics.reports.files import render
    from otziv.installation import open_installation
    from otziv.portal_process import found_look

    look = found_look(open_installation(data))
    try:
        out.mkdir(parents=True, exist_ok=True)
        written = []
        for form in formats:
            path = out / f"{stem}.{form}"
            path.write_bytes(render(document, form, look))
            written.append(path)
    except OSError as error:
        raise fail(f"{out} can't be written: {error.strerror}") from error
    return written
