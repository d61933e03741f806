"""A month's results, made of the book."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from analytics.closed.asked import Asked
from analytics.closed.book import Book
from analytics.figures.key import KeyFigures, key_figures
from analytics.figures.reasons import Reason, Reasons, reasons
from analytics.figures.spread import spread_of
from analytics.measures import shares
from analytics.measures.certainty import certainty
from analytics.measures.minima import MIN_VOTES
from analytics.measures.saying import say
from analytics.measures.wording import of_satisfied
from analytics.published.months import days_of
from analytics.published.results import (
    WHOLE,
    ChannelFigure,
    Figure,
    Index,
    Option,
    Results,
    Share,
    Told,
)
from broker.store.places import Place

LANGUAGES: Final = ("bg", "en")


def results_of(book: Book, month: str, site: str = "") -> dict[str, Results]:
    """The results of the whole municipality (``""``) and of each unit that has any.

    The book has sums of votes of which each is of five or more, so no unit's figure, and no rest
    beside those of other units, is of fewer. Every vote counts for at most one unit, the one that
    serves where it was given, and for the whole.

    Args:
        book: of everything; days that are not over are not in it.
        month: ``2026-11``.
        site: of the municipality; empty: the only one that there is.

    Raises:
        ValueError: it is no month, it isn't over, or the book knows nothing of its days.
    """
    days = days_of(month)
    if days.to_on > book.period.to_on:
        raise ValueError(f"{month} is not over yet")
    if days.to_on < book.period.from_on:
        raise ValueError(f"nothing is known of {month}; the first day is {book.period.from_on}")
    asked = Asked(days, frozenset({Place("site", site)}) if site else None)
    found = {WHOLE: _results(book, asked, month, WHOLE)}
    for unit in sorted(units_of(book)):
        results = _results(book.only({unit}), asked, month, unit)
        if results.figures or results.told:
            found[unit] = results
    return found


def units_of(book: Book) -> set[str]:
    """The units that ever served where votes were given."""
    standings = {each.standing for each in book.ratings}
    standings |= {each.standing for each in book.answers}
    return {each.unit for each in standings if each.unit}


def _results(book: Book, asked: Asked, month: str, unit: str) -> Results:
    figures = [figure for figure in key_figures(book, asked) if figure.votes.n >= MIN_VOTES]
    told = [each for each in reasons(book, asked) if each.answered >= MIN_VOTES]
    return Results(
        month=month,
        unit=unit,
        figures=[_figure(book, asked, each) for each in figures],
        channels=_channels(book, asked),
        told=[_told(book, each) for each in told],
    )


def _figure(book: Book, asked: Asked, found: KeyFigures) -> Figure:
    wording = of_satisfied(found.satisfied)
    index = found.index
    return Figure(
        scale=found.scale,
        counts={str(value): n for value, n in found.votes.counts.items()},
        satisfied=_share(found.satisfied),
        index=Index(value=index.value, low=index.low, high=index.high, formula=index.formula),
        certainty=certainty(found.satisfied.bounds),
        words={language: say(wording, language) for language in LANGUAGES},
        spread=spread_of(book, asked, found.scale),
    )


def _channels(book: Book, asked: Asked) -> list[ChannelFigure]:
    """Channel by channel, if there is more than one."""
    found = [
        ChannelFigure(
            channel=channel,
            scale=votes.scale,
            satisfied=_share(shares.share_of(votes.satisfied, votes.n)),
        )
        for channel in book.channels()
        for votes in book.votes(replace(asked, channel=channel))
        if votes.n >= MIN_VOTES
    ]
    return found if len({each.channel for each in found}) > 1 else []


def _told(book: Book, found: Reasons) -> Told:
    texts = book.surveys.get(found.survey)
    return Told(
        survey=found.survey,
        question=found.question,
        texts=_texts(texts.questions.get(found.question) if texts else None, found.question),
        answered=found.answered,
        options=[_option(book, each) for each in found.options],
    )


def _option(book: Book, found: Reason) -> Option:
    asked = book.surveys.get(found.survey)
    texts = asked.options.get((found.question, found.code)) if asked else None
    return Option(code=found.code, texts=_texts(texts, found.code), chosen=_share(found.share))


def _texts(texts: Mapping[str, str] | None, code: str) -> dict[str, str]:
    """Texts of a survey; the code where there are none."""
    known = {language: text for language, text in (texts or {}).items() if text}
    return known or dict.fromkeys(LANGUAGES, code)


def _share(found: shares.Share) -> Share:
    return Share(count=found.count, n=found.n, share=found.share, low=found.low, high=found.high)
