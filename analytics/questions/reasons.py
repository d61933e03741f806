"""What people answered to a question with options, such as the reasons after an unhappy face."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from analytics.period import Period
from analytics.questions.asked import Choice
from analytics.questions.reading import read, read_all
from analytics.questions.statements import by_option, by_option_of_all
from broker.store.places import Place


@dataclass(frozen=True, slots=True)
class Reasons:
    """A place's answers.

    Attributes:
        answered: how many answered, each with one or more options.
        skipped: how many were asked and said that they would rather not.
        timed_out: how many were asked and went away.
        options: option → how many chose it; the most frequent first, then by code.
    """

    place: Place
    answered: int
    skipped: int
    timed_out: int
    options: Mapping[str, int]


def reasons(connection: Connection, choice: Choice, period: Period) -> list[Reasons]:
    """The answers of each place of ``choice``, in its order; places without any are left out.

    ``analytics.measures.shares.answer_shares`` makes shares of them. The minima are the caller's
    to apply: an option that one to four people chose hides beside another one
    (``analytics.measures.suppression``).

    Args:
        connection: of the feedback database.
        choice: what is asked; its ``question`` is the one that is answered, such as ``reason``.
        period: lies in that of the scope.
    """
    found = []
    for number, place in enumerate(choice.scope.places):
        counts = _counts(connection, choice, number, period)
        said = {outcome: n for (outcome, option), n in counts.items() if not option}
        if any(said.values()):
            options = [(-n, option) for (_, option), n in counts.items() if option and n]
            skipped, timed_out = said.get("skipped", 0), said.get("timeout", 0)
            chosen = {option: -n for n, option in sorted(options)}
            found.append(Reasons(place, said.get("answered", 0), skipped, timed_out, chosen))
    return found


def _counts(
    connection: Connection, choice: Choice, number: int, period: Period
) -> Counter[tuple[str, str]]:
    """Outcome and option → answers: the place's, or all but the others' if these are fewer."""
    others = choice.scope.others(number, period)
    counts: Counter[tuple[str, str]] = Counter()
    if choice.channel is not None or others is None:
        here = choice.scope.of(number, period)
        for outcome, option, n in read(connection, by_option, choice, here):
            counts[outcome, option] += n
        return counts
    for outcome, option, n in read_all(connection, by_option_of_all, choice, period):
        counts[outcome, option] += n
    for outcome, option, n in read(connection, by_option, choice, others):
        counts[outcome, option] -= n
    return counts
