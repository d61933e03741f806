"""The book: all atoms of the days that are over, and what can be summed up from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Final

from analytics.closed.asked import Asked, Chosen, Votes
from analytics.closed.pages import AnswerPage, RatingPage
from analytics.closed.series import Answers, Options, Ratings
from analytics.closed.standing import Days, Named
from analytics.period import Period, Step
from broker.store.asked_texts import AskedTexts
from broker.store.places import Place
from broker.store.scales import SCALES


class Book:
    """What may be shown of days that are over; made by :func:`analytics.closed.library.read_book`.

    Attributes:
        period: the days that it knows.
        standings: what stood where on them.
        surveys: what was asked, by code of survey.
    """

    def __init__(
        self,
        standings: Sequence[Days],
        ratings: Ratings,
        answers: Answers,
        options: Options,
        surveys: Mapping[str, AskedTexts],
    ) -> None:
        self.period: Final = Period(standings[0].from_on, standings[-1].to_on)
        self.standings: Final = tuple(standings)
        self.ratings: Final = ratings
        self.answers: Final = answers
        self.options: Final = options
        self.surveys: Final = surveys
        self._first_questions: Final = frozenset(
            (code, asked.rated[0]) for code, asked in surveys.items() if asked.rated
        )

    def only(self, units: AbstractSet[str]) -> Book:
        """The same for somebody who sees these units; none: all."""
        if not units:
            return self
        ratings = {key: found for key, found in self.ratings.items() if key.standing.unit in units}
        answers = {key: found for key, found in self.answers.items() if key.standing.unit in units}
        standing = {key.standing for key in ratings} | {key.standing for key in answers}
        seen = {place for each in standing for place in each.path}
        standings = [
            replace(days, named=tuple(_seen(days.named, units, seen))) for days in self.standings
        ]
        return Book(standings, ratings, answers, self.options, self.surveys)

    @property
    def places(self) -> tuple[Named, ...]:
        """The places that have figures of their own now, each before those in it."""
        return self.standings[-1].named

    def place(self, place: Place) -> Named | None:
        """What is known of a place that has, or had, figures of its own."""
        for days in reversed(self.standings):
            for named in days.named:
                if named.place == place:
                    return named
        return None

    def nearest(self, place: Place) -> Named | None:
        """The place itself, or where the votes of a touchpoint without a name of its own count."""
        named = self.place(place)
        if named is not None or place.kind != "touchpoint":
            return named
        for days in reversed(self.standings):
            standing = days.standings.get(place.code)
            if standing is not None:
                return self.place(standing.place)
        return None

    def parts(self, place: Place) -> list[Named]:
        """The places directly in a place, as things stand now."""
        return [named for named in self.places if named.above == place]

    def votes(self, asked: Asked) -> list[Votes]:
        """The votes, one figure a scale, most votes first; none for no votes."""
        found = []
        for scale, atoms in self._page(asked).by_scale(asked):
            counts = atoms.counts.sum(axis=0)
            days = Period(
                date.fromordinal(int(atoms.first.min())), date.fromordinal(int(atoms.last.max()))
            )
            values = {value: int(counts[value]) for value in SCALES[scale].values}
            found.append(Votes(scale, values, days))
        return sorted((each for each in found if each.n), key=lambda each: -each.n)

    def trend(self, asked: Asked, step: Step) -> dict[str, list[Votes]]:
        """The same step by step: scale → votes, in order; steps without votes are left out.

        Votes of several days that are shown together count on the last of them.
        """
        found: dict[str, list[Votes]] = {}
        for scale, atoms in self._page(asked).by_scale(asked):
            rows = []
            for days in asked.period.steps(step):
                counts = atoms.counts[
                    (atoms.last >= days.from_on.toordinal())
                    & (atoms.last <= days.to_on.toordinal())
                ].sum(axis=0)
                values = {value: int(counts[value]) for value in SCALES[scale].values}
                rows.append(Votes(scale, values, days))
            found[scale] = [row for row in rows if row.n]
        return {scale: rows for scale, rows in found.items() if rows}

    def chosen(self, asked: Asked) -> Chosen | None:
        """What was answered to ``asked.question``; ``None`` if nothing was, or too few."""
        return self._answers(asked.is_filtered).chosen(asked)

    def questions(self, survey: str) -> list[str]:
        """Questions that are answered without a scale, as far as anything was answered."""
        return sorted({key.question for key in self.answers if key.survey == survey})

    def channels(self) -> list[str]:
        """By which votes came."""
        return sorted({key.channel for key in self.ratings})

    def known_surveys(self) -> list[str]:
        """Codes of the surveys of which there are votes or answers."""
        return sorted({key.survey for key in self.ratings} | {key.survey for key in self.answers})

    def _page(self, asked: Asked) -> RatingPage:
        return self._filtered if asked.is_filtered else self._raw

    def _answers(self, is_filtered: bool) -> AnswerPage:  # noqa: FBT001  # which of two
        return self._filtered_answers if is_filtered else self._raw_answers

    @cached_property
    def _filtered(self) -> RatingPage:
        return RatingPage(
            {key: found.filtered for key, found in self.ratings.items()}, self._first_questions
        )

    @cached_property
    def _raw(self) -> RatingPage:
        return RatingPage(
            {key: found.raw for key, found in self.ratings.items()}, self._first_questions
        )

    @cached_property
    def _filtered_answers(self) -> AnswerPage:
        return AnswerPage(
            {key: found.filtered for key, found in self.answers.items()}, self.options
        )

    @cached_property
    def _raw_answers(self) -> AnswerPage:
        return AnswerPage({key: found.raw for key, found in self.answers.items()}, self.options)


def _seen(
    named: Iterable[Named], units: AbstractSet[str], seen: AbstractSet[Place]
) -> Iterator[Named]:
    """Places of these units, and those above them that lead there."""
    for each in named:
        if each.unit in units or each.place in seen:
            yield each


def empty_book() -> Book:
    """One that knows nothing, for whoever must go on without."""
    today = datetime.now(UTC).date()
    return Book([Days(today, today, {}, ())], {}, {}, {}, {})
