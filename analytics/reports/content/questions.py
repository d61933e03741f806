"""A survey question by question, as the page on surveys has it."""

from __future__ import annotations

from collections.abc import Iterator

from analytics.closed.asked import Chosen
from analytics.figures.key import KeyFigures
from analytics.figures.surveyed import ByChannel, Questioned, questioned
from analytics.measures import wording
from analytics.measures.certainty import certainty
from analytics.measures.saying import say
from analytics.reports.content.blocks import (
    faces_block,
    key_block,
    meaning,
    reasons_blocks,
    scale_words,
)
from analytics.reports.content.names import channel_name, option_text, question_text, scale_name
from analytics.reports.content.telling import NONE, Telling, words
from analytics.reports.document import Block, Figure, Heading, Note, Paragraph, Run, Table, Text


def question_blocks(telling: Telling, survey: str) -> Iterator[Block]:
    """All questions of a survey: what was said, and by which channel."""
    for found in questioned(telling.book, telling.asked, survey):
        yield Heading(question_text(telling.book, telling.writing, survey, found.code))
        if found.is_empty:
            text = telling.text("Nobody answered this in this period, or too few to show.")
            yield Note(words(text))
            continue
        for figures in found.rated:
            yield from _rated(telling, survey, found, figures)
        if found.options is not None:
            yield from reasons_blocks(telling, found.options)
        elif found.chosen is not None:
            yield _answered(telling, survey, found.code, found.chosen)
        if found.channels:
            yield _channels(telling, survey, found)


def _rated(
    telling: Telling, survey: str, found: Questioned, figures: KeyFigures
) -> Iterator[Block]:
    """A question on one scale; one that was asked on part of the days says on which."""
    of = f"{survey}.{found.code}.{figures.scale}"
    if scale := scale_words(telling, found.rated, figures.scale):
        yield Paragraph((Run(scale, strong=True),))
    yield key_block(telling, figures, of)
    yield Paragraph(meaning(telling, figures, of))
    days = figures.votes.period
    text = telling.text(
        "Ratings of {first} – {last}.",
        first=telling.writing.short_day(days.from_on),
        last=telling.writing.short_day(days.to_on),
    )
    yield Paragraph(words(text))
    question = question_text(telling.book, telling.writing, survey, found.code)
    yield faces_block(telling, figures, question)


def _answered(telling: Telling, survey: str, question: str, found: Chosen) -> Paragraph:
    """Answers that are numbers or days: how many there are."""
    number = telling.count(f"{survey}.{question}.answered", found.answered)
    return Paragraph(telling.tell("Answers: {number}.", number=number))


def _channels(telling: Telling, survey: str, found: Questioned) -> Table:
    """The same by channel, each in its row."""
    name = question_text(telling.book, telling.writing, survey, found.code)
    rows = [row for each in found.channels for row in _rows(telling, survey, found, each)]
    return Table(
        telling.text("{question} (by channel)", question=name),
        (telling.text("Channel"), telling.text("Answers"), telling.text("What was said")),
        tuple(rows),
        ("start", "end", "start"),
    )


def _rows(
    telling: Telling, survey: str, found: Questioned, channel: ByChannel
) -> Iterator[tuple[Text, ...]]:
    name = channel_name(telling.writing, channel.channel)
    of = f"{survey}.{found.code}.{channel.channel}"
    for figures in channel.rated:
        scale = scale_name(telling.writing, figures.scale) if len(found.rated) > 1 else ""
        heading = f"{name} ({scale})" if scale else name
        number = telling.count(f"{of}.n", figures.votes.n)
        yield words(heading), (number,), satisfied_words(telling, figures, of)
    if channel.chosen is not None and not channel.rated:
        number = telling.count(f"{of}.answered", channel.chosen.answered)
        yield words(name), (number,), _most(telling, survey, found.code, channel.chosen)


def satisfied_words(telling: Telling, found: KeyFigures, of: str) -> Text:
    """``82 % satisfied (78–85 %, sure)``."""
    share, writing = found.satisfied, telling.writing
    sure = say(wording.of_certainty(certainty(share.bounds)), telling.language)
    bounds = Figure(f"{of}.bounds", writing.percents(share.low, share.high))
    return telling.tell(
        "{share} satisfied ({bounds}, {sure})",
        share=telling.share(f"{of}.satisfied", share.share),
        bounds=bounds,
        sure=sure,
    )


def _most(telling: Telling, survey: str, question: str, found: Chosen) -> Text:
    """The option that most chose, and by what share of those who answered."""
    if not found.options:
        return words(NONE)
    code, n = next(iter(found.options.items()))
    option = option_text(telling.book, telling.writing, survey, question, code)
    share = telling.share(f"{survey}.{question}.{code}", n / found.answered)
    return telling.tell("“{option}” most often, {share}", option=option, share=share)
