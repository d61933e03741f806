"""Atoms laid out as arrays, so that a sum over some of them is one step."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np

from analytics.closed.asked import Asked, Chosen
from analytics.closed.blocks import Atom
from analytics.closed.series import MOST_VALUES, OUTCOMES, AnswerSeries, Options, RatingSeries

Numbers: TypeAlias = "np.ndarray[Any, np.dtype[np.int64]]"


class Atoms(NamedTuple):
    """Some atoms: first and last day as ordinals, votes by value."""

    first: Numbers
    last: Numbers
    counts: Numbers


class RatingPage:
    """The atoms of ratings, as the rules leave them or as first pressed."""

    def __init__(
        self,
        atoms: Mapping[RatingSeries, Sequence[Atom]],
        first_questions: AbstractSet[tuple[str, str]],
    ) -> None:
        self._series: Final = list(atoms)
        self._first_questions: Final = first_questions
        rows = [(number, atom) for number, each in enumerate(atoms.values()) for atom in each]
        self._of: Final = np.array([number for number, _ in rows], dtype=np.int64)
        self._first: Final = np.array(
            [atom.first_on.toordinal() for _, atom in rows], dtype=np.int64
        )
        self._last: Final = np.array([atom.last_on.toordinal() for _, atom in rows], dtype=np.int64)
        self._counts: Final = np.array([atom.counts for _, atom in rows], dtype=np.int64).reshape(
            len(rows), MOST_VALUES
        )

    def by_scale(self, asked: Asked) -> Iterator[tuple[str, Atoms]]:
        """The atoms that are asked for, scale by scale."""
        numbers: dict[str, list[int]] = defaultdict(list)
        for number, series in enumerate(self._series):
            if self._is_asked(series, asked):
                numbers[series.scale].append(number)
        within = (self._first >= asked.period.from_on.toordinal()) & (
            self._last <= asked.period.to_on.toordinal()
        )
        for scale, wanted in sorted(numbers.items()):
            mask = np.zeros(len(self._series), dtype=bool)
            mask[wanted] = True
            those = within & mask[self._of]
            if those.any():
                yield scale, Atoms(self._first[those], self._last[those], self._counts[those])

    def _is_asked(self, series: RatingSeries, asked: Asked) -> bool:
        return (
            (asked.places is None or not asked.places.isdisjoint(series.standing.path))
            and asked.survey in (None, series.survey)
            and asked.channel in (None, series.channel)
            and asked.scale in (None, series.scale)
            and (
                asked.question == series.question
                if asked.question is not None
                else self._is_first(series)
            )
        )

    def _is_first(self, series: RatingSeries) -> bool:
        """Whether it is the question that stands for its survey; all do of one that is unknown."""
        key = (series.survey, series.question)
        return key in self._first_questions or all(
            survey != series.survey for survey, _ in self._first_questions
        )


class AnswerPage:
    """The atoms of answers, as the rules leave them or as first pressed."""

    def __init__(self, atoms: Mapping[AnswerSeries, Sequence[Atom]], options: Options) -> None:
        self._atoms: Final = atoms
        self._options: Final = options

    def chosen(self, asked: Asked) -> Chosen | None:
        """What was answered to the question that is asked for; ``None`` if nothing was."""
        outcomes = [0] * len(OUTCOMES)
        options: Counter[str] = Counter()
        for series, atoms in self._atoms.items():
            if not self._is_asked(series, asked):
                continue
            names = self._options[series.survey, series.question]
            for atom in atoms:
                if asked.period.from_on <= atom.first_on and atom.last_on <= asked.period.to_on:
                    for at, n in enumerate(atom.counts[: len(OUTCOMES)]):
                        outcomes[at] += n
                    options.update(dict(zip(names, atom.counts[len(OUTCOMES) :], strict=False)))
        answered, *others = outcomes
        if not answered:
            return None
        return Chosen(answered, sum(others), {code: n for code, n in options.most_common() if n})

    @staticmethod
    def _is_asked(series: AnswerSeries, asked: Asked) -> bool:
        return (
            (asked.places is None or not asked.places.isdisjoint(series.standing.path))
            and asked.survey in (None, series.survey)
            and asked.channel in (None, series.channel)
            and asked.question == series.question
        )
