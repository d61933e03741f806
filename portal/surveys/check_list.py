"""The whole check list of a draft: what we know ourselves, and what the feedback store sees."""

from __future__ import annotations

import re

from broker.fleet.errors import FleetError
from broker.fleet.surveys import Survey, judge
from portal.surveys.checks import Remark, check
from portal.surveys.draft import Draft
from portal.surveys.freezing import freeze


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


def all_remarks(draft: Draft) -> list[Remark]:
    """The check list; what only the feedback store sees stands behind what we know ourselves."""
    remarks = check(draft)
    if not any(remark.weight == "fault" for remark in remarks):
        remarks = [*_of_store(draft), *remarks]
    return remarks


def _of_store(draft: Draft) -> list[Remark]:
    message = _("It can't be published like this: {fault}.")
    try:
        frozen = freeze(draft, 1)
        faults = judge(frozen).faults
    except FleetError as error:
        return [Remark("fault", message, values={"fault": str(error)})]
    return [
        Remark("fault", message, _item_of(draft, frozen, fault), {"fault": fault})
        for fault in faults
    ]


def _item_of(draft: Draft, frozen: Survey, fault: str) -> str:
    """The question that a fault of the feedback store is about: it counts them from 0."""
    found = re.match(r"(?:survey\.)?questions\[(\d+)\]", fault)
    if found is None or int(found[1]) >= len(frozen.questions):
        return ""
    code = frozen.questions[int(found[1])].code
    return next((item.code for item in draft.items if code in item.codes), "")
