"""A survey question by question: how each was rated or answered, and by which channel."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from analytics.closed.asked import Asked, Chosen
from analytics.closed.book import Book
from analytics.figures.key import KeyFigures, key_figures
from analytics.figures.reasons import Reasons, reasons


@dataclass(frozen=True, slots=True)
class ByChannel:
    """What came by one channel; of ``rated`` and ``chosen`` that which the question has."""

    channel: str
    rated: tuple[KeyFigures, ...]
    chosen: Chosen | None


@dataclass(frozen=True, slots=True)
class Questioned:
    """One question of a survey, in all versions that asked it.

    Attributes:
        rated: its figures, one a scale (a later version may have asked on another one).
        options: what was chosen; ``None`` for a question without options.
        chosen: how many answered without a scale; ``None`` for nobody, or too few.
        channels: the same by channel, those with something to show; none for a single one.
    """

    code: str
    rated: tuple[KeyFigures, ...]
    options: Reasons | None
    chosen: Chosen | None
    channels: tuple[ByChannel, ...]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to show of it."""
        return not self.rated and self.chosen is None


def survey_of(book: Book, asked: Asked) -> str | None:
    """The survey that is asked for, else the one with most votes; ``None`` where there is none."""
    known = book.known_surveys() or sorted(book.surveys)
    if asked.survey is not None or not known:
        return asked.survey
    votes = {code: sum(v.n for v in book.votes(replace(asked, survey=code))) for code in known}
    return max(known, key=lambda code: votes[code])


def questioned(book: Book, asked: Asked, survey: str) -> list[Questioned]:
    """All questions of a survey, follow-ups after their question, those of old versions last.

    ``asked.question`` doesn't matter; what was asked and nobody answered is in it, too.
    """
    here = replace(asked, survey=survey, question=None)
    answers = {each.question: each for each in reasons(book, here)}
    return [_questioned(book, here, code, answers.get(code)) for code in _codes(book, survey)]


def _codes(book: Book, survey: str) -> Iterable[str]:
    """As the versions ask, the newest first; then what is in no version that we know."""
    texts = book.surveys.get(survey)
    asked = list(texts.questions) if texts else []
    rated = sorted({key.question for key in book.ratings if key.survey == survey})
    return dict.fromkeys([*asked, *rated, *book.questions(survey)])


def _questioned(book: Book, asked: Asked, code: str, options: Reasons | None) -> Questioned:
    here = replace(asked, question=code)
    return Questioned(
        code,
        tuple(key_figures(book, here)),
        options,
        book.chosen(replace(here, scale=None)),
        tuple(_channels(book, here)),
    )


def _channels(book: Book, asked: Asked) -> list[ByChannel]:
    """Channel by channel, unless one was chosen or there is but one."""
    if asked.channel is not None:
        return []
    found = [_of_channel(book, replace(asked, channel=each)) for each in _known_channels(book)]
    shown = [each for each in found if each.rated or each.chosen]
    return shown if len(shown) > 1 else []


def _known_channels(book: Book) -> list[str]:
    """Those of ratings and of answers."""
    return sorted({key.channel for key in book.ratings} | {key.channel for key in book.answers})


def _of_channel(book: Book, asked: Asked) -> ByChannel:
    chosen = book.chosen(replace(asked, scale=None))
    return ByChannel(asked.channel or "", tuple(key_figures(book, asked)), chosen)
