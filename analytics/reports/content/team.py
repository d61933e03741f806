"""The team sheet: for a talk about improvement. Of a whole unit, without names and without a score.

The team sees it first and may comment. It says what people said, never how somebody did: no share,
no index, no desk, no ranking (ratings serve a talk, never an appraisal).
"""

from __future__ import annotations

from collections.abc import Iterator

from analytics.figures.findings import Finding, findings
from analytics.figures.key import key_figures, total
from analytics.figures.reasons import Reasons, reasons
from analytics.measures.certainty import certainty
from analytics.reports.content.blocks import nothing, reasons_blocks
from analytics.reports.content.measures import unknown
from analytics.reports.content.names import option_text, question_text
from analytics.reports.content.telling import Telling, words
from analytics.reports.document import Block, Bullets, Heading, Note, Paragraph, Section, Text

SURE_RATE = 0.05
"""A reason that is named more often or less often than before, up to such odds of mere chance."""


def team(telling: Telling) -> tuple[Section, ...]:
    """What people said, what went well, what to talk about, questions."""
    said = reasons(telling.book, telling.asked)
    return (
        Section(telling.text("What this sheet is for"), tuple(_purpose(telling))),
        Section(telling.text("What people said"), tuple(_said(telling, said))),
        Section(telling.text("What went well"), tuple(_well(telling, said))),
        Section(telling.text("What to talk about"), tuple(_topics(telling, said))),
        Section(telling.text("Questions for the talk"), (Bullets(tuple(_questions(telling))),)),
        Section(telling.text("What was agreed"), tuple(_agreed(telling))),
    )


def _purpose(telling: Telling) -> Iterator[Block]:
    yield Paragraph(
        words(
            telling.text(
                "For a talk of the team about its work. It is about the unit as a whole; it names "
                "nobody, has no score, and serves no appraisal. The team sees it first and may "
                "comment."
            )
        )
    )


def _said(telling: Telling, said: list[Reasons]) -> Iterator[Block]:
    votes = [each.votes for each in key_figures(telling.book, telling.asked)]
    if not votes:
        yield nothing(telling)
        return
    number = telling.count("team.n", total(votes))
    yield Paragraph(telling.tell("People gave {number} ratings in this period.", number=number))
    if not said:
        text = telling.text("Nobody said why, or too few to show.")
        yield Paragraph(words(text))
    for each in said:
        yield Heading(_question(telling, each))
        yield from reasons_blocks(telling, each)


def _question(telling: Telling, found: Reasons) -> str:
    return question_text(telling.book, telling.writing, found.survey, found.question)


def _well(telling: Telling, said: list[Reasons]) -> Iterator[Block]:
    """Better than is usual, in words alone; and what is named less than before."""
    items = [*_news(telling, "better"), *_fewer(telling, said)]
    if items:
        yield Bullets(tuple(items))
    else:
        text = telling.text(
            "Nothing stands out beyond chance. What do you think went well? Begin the talk with it."
        )
        yield Paragraph(words(text))


def _topics(telling: Telling, said: list[Reasons]) -> Iterator[Block]:
    items = [*_news(telling, "worse"), *_more(telling, said)]
    items += [_commonest(telling, each) for each in said]
    if items:
        yield Bullets(tuple(items))
    else:
        text = telling.text("The figures propose nothing; the team may.")
        yield Paragraph(words(text))


def _news(telling: Telling, kind: str) -> Iterator[Text]:
    for found in findings(telling.book):
        if found.kind == kind and found.since_on <= telling.period.to_on:
            yield words(_level(telling, found))


def _level(telling: Telling, found: Finding) -> str:
    """A finding without its figures: they would be a score."""
    day = telling.writing.day(found.since_on)
    if found.kind == "better":
        if found.certainty == "sure":
            return telling.text("Since {day} people are surely more satisfied.", day=day)
        return telling.text("Since {day} people are probably more satisfied.", day=day)
    if found.certainty == "sure":
        return telling.text("Since {day} people are surely less satisfied.", day=day)
    return telling.text("Since {day} people are probably less satisfied.", day=day)


def _fewer(telling: Telling, said: list[Reasons]) -> Iterator[Text]:
    for found in said:
        for each in found.options:
            if each.change is not None and each.rate <= SURE_RATE and each.change.difference < 0:
                option = _option(telling, found, each.code)
                text = telling.text("“{option}” is named less often than before.", option=option)
                yield words(text)


def _more(telling: Telling, said: list[Reasons]) -> Iterator[Text]:
    for found in said:
        for each in found.options:
            if each.change is not None and each.rate <= SURE_RATE and each.change.difference > 0:
                option = _option(telling, found, each.code)
                text = telling.text("“{option}” is named more often than before.", option=option)
                yield words(text)


def _commonest(telling: Telling, found: Reasons) -> Text:
    """What is named most, and how sure it is that it is; in words."""
    first = found.options[0]
    option = _option(telling, found, first.code)
    if certainty(first.share.bounds) == "too-early":
        return words(
            telling.text(
                "“{option}” is named most so far; it is too early to say more.", option=option
            )
        )
    return words(telling.text("“{option}” is named most.", option=option))


def _option(telling: Telling, found: Reasons, code: str) -> str:
    return option_text(telling.book, telling.writing, found.survey, found.question, code)


def _questions(telling: Telling) -> Iterator[Text]:
    for text in (
        telling.text("When does what people name happen most, and what is different then?"),
        telling.text("What of it depends on us, and what on others?"),
        telling.text("What helps us when things go well?"),
        telling.text("What one thing do we try in the next four weeks, and how shall we tell?"),
        telling.text("What do we need for it, and from whom?"),
    ):
        yield words(text)


def _agreed(telling: Telling) -> Iterator[Block]:
    """Room for the team's own words, and what it has agreed before."""
    if not telling.facts.is_known:
        yield unknown(telling)
    else:
        titles = [each.title for each in telling.facts.actions if each.state == "under-way"]
        if titles:
            yield Paragraph(words(telling.text("Still under way from before:")))
            yield Bullets(tuple(words(title) for title in titles))
    yield Note(words(telling.text("Write here what the team agreed on.")))
