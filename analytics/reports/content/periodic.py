"""The periodic analysis of the survey: who was asked, what they said, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analytics.closed.standing import Named
from analytics.figures.compared import Comparison, comparisons
from analytics.figures.key import key_figures, total
from analytics.measures import wording, wording_places
from analytics.measures.saying import say
from analytics.reports.content.blocks import (
    course_blocks,
    meaning,
    nothing,
    part_of_before,
    places_chart,
    places_table,
    scale_words,
)
from analytics.reports.content.names import survey_title
from analytics.reports.content.questions import question_blocks
from analytics.reports.content.sources import channels_table, how_made
from analytics.reports.content.telling import Telling, words
from analytics.reports.document import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    Run,
    Section,
    Table,
    Text,
)


def periodic(telling: Telling) -> tuple[Section, ...]:
    """Who was asked, the findings, each survey's questions, places, the course, and the limits."""
    return (
        Section(telling.text("Who was asked"), tuple(_asked(telling))),
        Section(telling.text("What was found"), tuple(_found(telling))),
        *_surveys(telling),
        Section(telling.text("Place by place"), tuple(places_blocks(telling))),
        Section(telling.text("How it went"), tuple(course_blocks(telling))),
        Section(telling.text("Methods and limits"), tuple(how_made(telling))),
    )


def known_surveys(telling: Telling) -> dict[str, int]:
    """The surveys with ratings in the period, most first, and how many."""
    found = {
        code: total(telling.book.votes(replace(telling.asked, survey=code)))
        for code in telling.book.known_surveys()
    }
    return {code: n for code, n in sorted(found.items(), key=lambda each: -each[1]) if n}


def _asked(telling: Telling) -> Iterator[Block]:
    surveys = known_surveys(telling)
    if not surveys:
        yield nothing(telling)
        return
    number = telling.count("period.n", sum(surveys.values()))
    if telling.period.length == 1:
        said = telling.tell(
            "Whoever was served could rate, on one day. {number} ratings came.", number=number
        )
    else:
        said = telling.tell(
            "Whoever was served could rate, on {days} days. {number} ratings came.",
            days=telling.count("period.days", telling.period.length),
            number=number,
        )
    yield Paragraph(said)
    rows = tuple(
        (
            words(survey_title(telling.book, telling.writing, code)),
            (telling.count(f"{code}.n", n),),
        )
        for code, n in surveys.items()
    )
    columns = (telling.text("Survey"), telling.text("Ratings"))
    yield Table(telling.text("The surveys, and how many rated"), columns, rows)
    yield channels_table(telling, telling.asked)


def _found(telling: Telling) -> Iterator[Block]:
    """The share satisfied and its change, in words; two scales are two figures."""
    found = key_figures(telling.book, telling.asked)
    for each in found:
        if name := scale_words(telling, found, each.scale):
            yield Heading(name)
        yield Paragraph(meaning(telling, each, f"all.{each.scale}"))
    yield from part_of_before(telling, found)


def _surveys(telling: Telling) -> Iterator[Section]:
    surveys = known_surveys(telling)
    for code in surveys:
        title = survey_title(telling.book, telling.writing, code)
        name = telling.text("Survey: {survey}", survey=title)
        yield Section(name, tuple(question_blocks(telling, code)))


def places_blocks(telling: Telling) -> Iterator[Block]:
    """Units side by side, which of them stand out, and the tree of them with its figures."""
    units = telling.units
    if len(units) < 2:  # nothing to compare
        return
    above = {each.above for each in units}
    smallest = [each for each in units if each.place not in above]
    found = comparisons(telling.book, telling.asked, smallest)
    for each in found:
        if len(each.places) > 1:
            yield places_chart(telling, each)
        yield from _standing_out(telling, each, several=len(found) > 1)
    yield places_table(telling, units)


def _standing_out(telling: Telling, found: Comparison, *, several: bool) -> Iterator[Block]:
    """In words: who stands outside the funnel or likely at an end, and who surely changed."""
    items = [item for each in found.places for item in _said(telling, found, each.named)]
    if several:
        yield Paragraph((Run(scale_words(telling, (1, 2), found.scale), strong=True),))
    if items:
        yield Bullets(tuple(items))
    elif found.funnel is not None:
        text = telling.text("No place differs from the others by more than places differ anyway.")
        yield Paragraph(words(text))


def _said(telling: Telling, found: Comparison, named: Named) -> Iterator[Text]:
    place = next(each for each in found.places if each.named is named)
    said = []
    if place.standing is not None and place.standing != "as-usual":
        said.append(wording_places.of_standing(place.standing))
    # Of four places every one is among the best or the worst two: that says nothing.
    if place.ranked is not None and len(found.places) > 2 * found.worst:
        rank = wording_places.of_rank(place.ranked, found.worst)
        said += [rank] if rank.certainty != "too-early" else []
    if place.change is not None:
        change = wording.of_change(place.change, place.rate)
        is_told = change.certainty != "too-early" and place.rate <= wording.LIKELY_P
        said += [change] if is_told else []
    if said:
        text = ". ".join(say(each, telling.language) for each in said)
        yield (Run(f"{named.name}: ", strong=True), Run(f"{text}."))
