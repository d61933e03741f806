"""Publishing a month's results, and taking them back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from analytics.closed.book import Book
from analytics.improvement.protocol import Publications
from analytics.improvement.publications import Publication
from analytics.improvement.who import DECIDERS, ImprovementError, Who, need_power
from analytics.published.again import exposes
from analytics.published.months import before, days_of, month_of, newest_whole
from analytics.published.reckoning import results_of
from analytics.published.results import WHOLE, Results, read_results, write_results


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be published of a month.

    Attributes:
        published: what is, by unit; none: nothing is.
        once_published: the last edition of each unit, of what was taken back too.
    """

    month: str
    results: Mapping[str, Results]
    published: Mapping[str, Results]
    once_published: Mapping[str, Results]

    @property
    def is_same(self) -> bool:
        """Whether it is published just so."""
        return dict(self.results) == dict(self.published)

    @property
    def exposes(self) -> bool:
        """Whether publishing it would tell of fewer than five votes.

        To whoever compares it with what is published, or with what was before it was taken back.
        """
        known = (self.published, self.once_published)
        return any(each and exposes(each, self.results) for each in known)


def months_to_publish(book: Book, most: int = 24) -> list[str]:
    """Months that are over and that the book knows something of, the latest first."""
    month = newest_whole(book.period.to_on)
    found: list[str] = []
    while days_of(month).to_on >= book.period.from_on and len(found) < most:
        found.append(month)
        month = before(month)
    return found


def published(publications: Publications, month: str) -> dict[str, Results]:
    """What is published of a month, by unit.

    Raises:
        PublishedError: it is kept in a form that we don't know.
    """
    return _read(publications.published_results(month))


def _read(kept: Mapping[str, Publication]) -> dict[str, Results]:
    return {unit: read_results(each.content) for unit, each in kept.items()}


def propose(book: Book, publications: Publications, month: str, site: str = "") -> Proposal:
    """What would be published of a month, beside what is; ``site`` as for :func:`results_of`.

    Raises:
        ImprovementError: the month can't be published.
    """
    try:
        results = results_of(book, month, site)
    except ValueError as error:
        raise _no_month(book, month) from error
    once = _read(publications.results_once_published(month))
    return Proposal(month, results, published(publications, month), once)


def publish(
    book: Book, publications: Publications, who: Who, month: str, site: str = ""
) -> Proposal:
    """Publish a month: the whole municipality and all its units at once, from one book.

    What is published just so already stays as it is. Units one by one could be of different
    days, and their difference to the whole a single vote.

    Raises:
        NotAllowedError: he does not decide.
        NotThereError: he does for some units only.
        ImprovementError: the month can't be published, or not again.
    """
    need_power(who, WHOLE, DECIDERS)
    found = propose(book, publications, month, site)
    if found.is_same:
        return found
    if found.exposes:
        raise ImprovementError(
            _(
                "Fewer than five ratings would be told by the difference to what is or was "
                "published: it stays as it is"
            ),
            field="month",
        )
    for unit in found.published.keys() - found.results.keys():
        publications.withdraw_results(who, month, unit)
    texts = {unit: write_results(each) for unit, each in found.results.items()}
    publications.publish_results(who, month, texts)
    return found


def withdraw(publications: Publications, who: Who, month: str) -> int:
    """Take all of a month back; how many units it was of.

    Raises:
        NotAllowedError: he does not decide.
        NotThereError: he does for some units only, or nothing of it is published.
    """
    need_power(who, WHOLE, DECIDERS)
    units = sorted(publications.published_results(month))
    # The whole goes last: what is left of a month that was half taken back can still be told.
    for unit in sorted(units, reverse=True) or [WHOLE]:
        publications.withdraw_results(who, month, unit)
    return len(units)


def _no_month(book: Book, month: str) -> ImprovementError:
    try:
        is_early = days_of(month).to_on > book.period.to_on
    except ValueError:
        return ImprovementError(_("Write a month, for example 2026-11"), field="month")
    if is_early:
        return ImprovementError(
            _("{month} is not over yet: only whole months are published"),
            field="month",
            month=month,
        )
    first = month_of(book.period.from_on)
    return ImprovementError(
        _("Nothing is known of {month}; the first month is {first}"),
        field="month",
        month=month,
        first=first,
    )
