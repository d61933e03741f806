"""Who was asked and how many answered; how the figures are made, and what they can't tell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from analytics.closed.asked import Asked
from analytics.figures.key import KeyFigures, key_figures, total
from analytics.measures.minima import MIN_STAFF, MIN_VOTES
from analytics.reports.content.blocks import satisfied_cell
from analytics.reports.content.names import channel_name, scale_name
from analytics.reports.content.telling import NONE, Telling, words
from analytics.reports.document import Block, Bullets, Paragraph, Run, Table, Text

DEVICES: Final = ("device", "tablet")
"""Channels that are feedback devices; all others are surveys."""


def rated_by(telling: Telling, channels: Sequence[str]) -> int:
    """How many ratings came by these channels."""
    return sum(
        total(telling.book.votes(replace(telling.asked, channel=channel))) for channel in channels
    )


def survey_channels(telling: Telling) -> list[str]:
    """Those that are no devices."""
    return [each for each in telling.book.channels() if each not in DEVICES]


def channels_table(telling: Telling, asked: Asked) -> Table:
    """Every channel that there is, with its figures; one without votes is told, too."""
    rows = []
    for channel in telling.book.channels():
        found = key_figures(telling.book, replace(asked, channel=channel))
        shown: list[KeyFigures | None] = list(found) or [None]
        rows += [_channel(telling, channel, each, several=len(found) > 1) for each in shown]
    return Table(
        telling.text("Ratings by channel"),
        (telling.text("Channel"), telling.text("Ratings"), telling.text("Satisfied")),
        tuple(rows),
        ("start", "end", "start"),
    )


def _channel(
    telling: Telling, channel: str, found: KeyFigures | None, *, several: bool
) -> tuple[Text, ...]:
    name = channel_name(telling.writing, channel)
    if found is None:
        return words(name), words(NONE), words(telling.text("none, or too few to show"))
    if several:
        name += f" ({scale_name(telling.writing, found.scale)})"
    of = f"channel.{channel}.{found.scale}"
    number = telling.count(f"{of}.n", found.votes.n)
    return words(name), (number,), satisfied_cell(telling, found, of)


def how_made(telling: Telling) -> Iterator[Block]:
    """Methods and limits, for whoever wants to judge the figures."""
    day = telling.writing.day(telling.book.period.to_on)
    yield Paragraph(
        words(
            telling.text(
                "Who rates chooses to: the figures are of those who did, and need not hold for "
                "all who were served. How to read them:"
            )
        )
    )
    yield Bullets(tuple((Run(text),) for text in _rules(telling, day)))


def _rules(telling: Telling, day: str) -> Iterator[str]:
    yield telling.text(
        "Satisfied are the two best of four faces, the two best of five, “yes”, and 9 and 10 of "
        "ten. The index is the mean rating, from 0 (all the worst) to 100 (all the best)."
    )
    yield telling.text(
        "Beside each share stands the interval in which the true one lies with 95 % confidence "
        "(Wilson). “Sure”, “likely” and “too early” go by its width."
    )
    yield telling.text(
        "A change is called better or worse only where it is more than chance, with allowance "
        "for how much days differ anyway; among many places, for their number, too."
    )
    yield telling.text(
        "Fewer than {votes} ratings are not shown, nor is a place where fewer than {staff} people "
        "serve: it counts in the one above.",
        votes=str(MIN_VOTES),
        staff=str(MIN_STAFF),
    )
    yield telling.text(
        "Ratings that rules on misuse doubt are left out, and corrections are followed; nothing "
        "is erased, and the dashboard shows both figures."
    )
    yield telling.text(
        "Ratings on different scales are never added up. Figures include days up to {day}.", day=day
    )
