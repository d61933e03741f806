"""What people named when they were asked why, beside the period before."""

from __future__ import annotations

from dataclasses import dataclass, replace

from analytics.closed.asked import Asked
from analytics.closed.book import Book
from analytics.measures.change import Change, change, false_discovery_rates
from analytics.measures.shares import Share, answer_shares


@dataclass(frozen=True, slots=True)
class Reason:
    """One option of a question.

    Attributes:
        share: of those who answered.
        change: against as many days before; ``None`` where nobody answered then.
        rate: p of the change, corrected for being one of many; 1 without a change.
    """

    survey: str
    question: str
    code: str
    share: Share
    change: Change | None
    rate: float


@dataclass(frozen=True, slots=True)
class Reasons:
    """The options of one question of one survey, most chosen first.

    Attributes:
        answered: how many answered, of whom some may have chosen several.
        asked: of all who were asked, the share that answered.
    """

    survey: str
    question: str
    answered: int
    asked: Share
    options: tuple[Reason, ...]


def reasons(book: Book, asked: Asked) -> list[Reasons]:
    """The answers without a scale, question by question, most answered first.

    ``asked.question`` and ``asked.scale`` don't matter: it is about all questions with options.
    """
    surveys = [asked.survey] if asked.survey else book.known_surveys()
    found = [
        _reasons(book, asked, survey, question)
        for survey in surveys
        for question in book.questions(survey)
    ]
    return sorted((each for each in found if each is not None), key=lambda each: -each.answered)


def _reasons(book: Book, asked: Asked, survey: str, question: str) -> Reasons | None:
    here = replace(asked, survey=survey, question=question, scale=None)
    now = book.chosen(here)
    if now is None or not now.options:
        return None
    before = book.chosen(here.in_period(asked.period.before))
    shares = answer_shares(now.options, now.answered, now.skipped)
    changes = {
        code: change((before.options.get(code, 0), before.answered), (share.count, share.n))
        for code, share in shares.options.items()
        if before is not None
    }
    rates = dict(
        zip(changes, false_discovery_rates([each.p for each in changes.values()]), strict=True)
    )
    options = tuple(
        Reason(survey, question, code, share, changes.get(code), rates.get(code, 1.0))
        for code, share in shares.options.items()
    )
    return Reasons(survey, question, now.answered, shares.answered, options)
