"""The form in which a month's results of a unit are kept and read, version 1: JSON.

It has all that the public sees of figures, words included, so that what was published stays as it
was when a formula or a wording changes. It has no place smaller than a unit and no time shorter
than a month, and there is nowhere to put one. It loads neither numpy nor pandas.
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from analytics.measures.certainty import Certainty
from analytics.measures.minima import MIN_VOTES

VERSION: Final = 1

WHOLE: Final = ""
"""Stands for the unit in results of the whole municipality."""

Count = Annotated[int, Meta(ge=0)]
Votes = Annotated[int, Meta(ge=MIN_VOTES)]
"""Nothing is told of fewer."""
Part = Annotated[float, Meta(ge=0, le=1)]
Points = Annotated[float, Meta(ge=0, le=100)]
Month = Annotated[str, Meta(pattern=r"^[1-9]\d{3}-(0[1-9]|1[0-2])\Z")]
Texts = dict[str, str]
"""Language → text."""


class PublishedError(ValueError):
    """What is kept can't be read as results."""


class Share(Struct, frozen=True, kw_only=True):
    """``count`` of ``n``: the share (0–1) and its 95 % interval, Wilson's."""

    count: Count
    n: Votes
    share: Part
    low: Part
    high: Part


class Index(Struct, frozen=True, kw_only=True):
    """The satisfaction index, 0–100, with its 95 % interval; ``formula`` goes with every index."""

    value: Points
    low: Points
    high: Points
    formula: str


class Figure(Struct, frozen=True, kw_only=True):
    """Ratings on one scale.

    Attributes:
        counts: value → ratings, all values of the scale.
        certainty: the word that stands beside the interval.
        words: the share satisfied in a sentence, by language.
        spread: how much more its days differ than chance would have it; 1 is chance alone.
    """

    scale: str
    counts: dict[str, Count]
    satisfied: Share
    index: Index
    certainty: Certainty
    words: Texts
    spread: Annotated[float, Meta(ge=1)] = 1.0


class ChannelFigure(Struct, frozen=True, kw_only=True):
    """Ratings on one scale that came by one channel."""

    channel: str
    scale: str
    satisfied: Share


class Option(Struct, frozen=True, kw_only=True):
    """An answer, and how many of those who answered chose it."""

    code: str
    texts: Texts
    chosen: Share


class Told(Struct, frozen=True, kw_only=True):
    """A question with options, such as why somebody is unhappy; the most chosen first."""

    survey: str
    question: str
    texts: Texts
    answered: Votes
    options: list[Option]


class Results(Struct, frozen=True, kw_only=True):
    """A month of a unit.

    Attributes:
        unit: code; empty: the whole municipality.
        figures: one a scale, most ratings first; none: nobody rated, or fewer than five did.
        channels: by channel, if there are several.
    """

    month: Month
    unit: str
    v: Literal[1] = VERSION
    figures: list[Figure] = []
    channels: list[ChannelFigure] = []
    told: list[Told] = []

    @property
    def main(self) -> Figure | None:
        """The figure of the scale with most ratings."""
        return self.figures[0] if self.figures else None


_DECODER: Final = msgspec.json.Decoder(Results)


def write_results(results: Results) -> str:
    """As JSON."""
    return msgspec.json.encode(results).decode()


def read_results(text: str) -> Results:
    """From JSON.

    Raises:
        PublishedError: it is no such JSON, or of a version that we don't know.
    """
    try:
        return _DECODER.decode(text)
    except msgspec.DecodeError as error:
        raise PublishedError(f"these are no published results: {error}") from error
