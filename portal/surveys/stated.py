"""Numbers and days that were stated in answers, read from the events themselves."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, func, select

from broker.fleet.surveys import Survey
from broker.store.tables import Event, Flag, table_of

_event, _flag = table_of(Event).c, table_of(Flag).c
_COLUMNS: Final = {"number": _event.stated_number, "date": _event.stated_on}


def stated_by_question(
    connection: Connection, survey: Survey, touchpoints: Collection[str]
) -> dict[str, Counter[str]]:
    """Question → what was stated, as text → how often; flagged answers are left out.

    Args:
        connection: of the feedback store.
        survey: whose questions tell what is a number and what a day.
        touchpoints: where it was answered.
    """
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for sort, column in _COLUMNS.items():
        questions = [each.code for each in survey.questions if each.sort == sort]
        if not questions:
            continue
        query = select(_event.question, column, func.count()).where(
            _event.touchpoint.in_(touchpoints),
            _event.survey == survey.code,
            _event.question.in_(questions),
            column.is_not(None),
            _event.id.not_in(select(_flag.event_id)),
        )
        for question, stated, n in connection.execute(query.group_by(_event.question, column)):
            found[question][str(stated)] += int(n)
    return found
