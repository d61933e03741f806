"""The register of retention: tables of the portal's database."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import ColumnElement, Table

from portal.upkeep.due_rows import HANDLINGS, old_handlings, old_invitations, without_alert
from portal.upkeep.keeping import Due, Keeping, Times, months_before

_TASK: Final = "Art. 6(1)(e) GDPR: a task in the public interest"
_DUTY: Final = (
    "Art. 6(1)(c) GDPR: the duty to be able to show who processed what (its Art. 5(2), 24(1), 32)"
)
_SECURITY: Final = "Art. 6(1)(e) and Art. 32 GDPR: security of processing"
_CONSENT: Final = "Art. 6(1)(a) GDPR: consent, by the link in a mail; staff: their own wish"
_STAFF: Final = "Art. 6(1)(e) GDPR: the work of the administration"

MAIL_AGE: Final = timedelta(days=90)
SESSION_AGE: Final = timedelta(days=90)
_SLIPS: Final = timedelta(days=365)
LINK_AGE: Final = timedelta(days=90)
_TABLETS: Final = timedelta(days=365)
UNREADABLE_AGE: Final = timedelta(days=90)
_BATCHES: Final = timedelta(days=730)
_TRIES: Final = timedelta(days=1)


def _older(column: str, age: timedelta) -> Due:
    def due(table: Table, times: Times) -> ColumnElement[bool]:
        return table.c[column] < times.now - age

    return due


def _past(table: Table, times: Times) -> ColumnElement[bool]:
    return table.c.valid_until < times.now


def _old_comments(table: Table, times: Times) -> ColumnElement[bool]:
    return table.c.received_on < months_before(times.today, times.comment_months)


def _old_sessions(table: Table, times: Times) -> ColumnElement[bool]:
    before = times.now - SESSION_AGE
    return (table.c.seen_at < before) | (table.c.ended_at < before)


def _old_links(table: Table, times: Times) -> ColumnElement[bool]:
    return table.c.expires_on < times.today - LINK_AGE


PORTAL: Final[dict[str, Keeping]] = {
    # What visitors write
    "comment": Keeping(
        "what visitors wrote, masked on entry",
        "the setting comment_months (12)",
        "visitors, where masking did not find something",
        _TASK,
        "portal",
        "received_on",
        _old_comments,
    ),
    "comment_theme": Keeping("what comments are about", "with its comment", by="portal"),
    "comment_forward": Keeping("to which unit a comment was sent", "with its comment", by="portal"),
    "theme": Keeping("what comments can be about", "for good"),
    "theme_tally": Keeping("how often a theme was given", "for good"),
    # Surveys
    "survey_draft": Keeping("surveys being written", "until published or discarded", by="person"),
    "survey_window": Keeping("where and when surveys take answers", "for good"),
    "survey_told": Keeping("counts of answers, as they were last told", "for good"),
    "one_time_link": Keeping(
        "links for one answer; to whom they were given stands nowhere",
        "90 days after they end",
        by="portal",
        age="made_on",
        due=_old_links,
    ),
    "tablet": Keeping(
        "tablets on stands",
        "a year after they are ended",
        by="portal",
        age="made_at",
        due=_older("ended_at", _TABLETS),
    ),
    "unreadable_answer": Keeping(
        "what tablets delivered and nobody could read, encrypted; comments in it are not masked",
        "90 days",
        "visitors, by what they wrote",
        _TASK,
        "portal",
        "received_at",
        _older("received_at", UNREADABLE_AGE),
    ),
    "paper_batch": Keeping(
        "who keyed in how many forms on paper",
        "two years after it is closed",
        "staff",
        _STAFF,
        "portal",
        "made_at",
        _older("closed_at", _BATCHES),
    ),
    "paper_form": Keeping("forms that are being keyed in", "until the batch is closed", by="area"),
    # Accounts
    "account": Keeping(
        "who may sign in, and how",
        "until erased: citizens with the person, staff when they have left",
        "citizens with an account, staff",
        _TASK,
        "person",
        "made_at",
    ),
    "account_role": Keeping("what staff may do", "with the account", "staff", _STAFF, "person"),
    "account_unit": Keeping("for which units", "with the account", "staff", _STAFF, "person"),
    "account_identity": Keeping(
        "an account as a directory knows it", "with the account", "account holders", _TASK, "person"
    ),
    "account_session": Keeping(
        "browsers that somebody signed in with",
        "90 days after they were last used",
        "account holders",
        _SECURITY,
        "portal",
        "began_at",
        _old_sessions,
    ),
    "account_slip": Keeping(
        "who was given access, on which document (kind, last four signs)",
        "a year",
        "citizens with an account, staff",
        _SECURITY,
        "portal",
        "issued_at",
        _older("issued_at", _SLIPS),
    ),
    "account_recovery": Keeping(
        "codes for a lost second factor", "until used or replaced", by="area"
    ),
    "account_mail_code": Keeping("codes sent by e-mail", "minutes", by="portal", due=_past),
    "account_ticket": Keeping(
        "tickets from the portal to the dashboard", "seconds", by="portal", due=_past
    ),
    "account_policy": Keeping("what was decided about accounts", "for good"),
    "sign_in_try": Keeping(
        "failed tries to sign in, by a keyed hash",
        "a day without another",
        "visitors",
        _SECURITY,
        "portal",
        "first_at",
        _older("last_at", _TRIES),
    ),
    "sign_in_attempt": Keeping(
        "who was sent to a directory and is not back", "minutes", by="portal", due=_past
    ),
    "sign_in_directory": Keeping("directories with which staff may sign in", "for good"),
    # People and places
    "party": Keeping(
        "persons and companies that deal with the municipality",
        "until erased: on request, or when no duty to keep it is left",
        "citizens",
        _TASK,
        "person",
        "entered_at",
    ),
    "party_identifier": Keeping(
        "their identifiers, encrypted", "with the party", "citizens", _TASK, "person", "since"
    ),
    "address": Keeping(
        "their addresses, with dates", "with the party", "citizens", _TASK, "person", "valid_from"
    ),
    "settlement": Keeping("the national list of settlements", "for good"),
    "settlement_state": Keeping("what settlements were called when", "for good"),
    "territory": Keeping("provinces, municipalities, mayoralties", "for good"),
    "unit": Keeping("parts of the administration", "for good"),
    "unit_settlement": Keeping("which settlements a unit serves", "for good"),
    "employee": Keeping(
        "who works for the municipality",
        "until erased, when they have left; comments are masked by their names for a year more",
        "staff",
        _STAFF,
        "person",
        "valid_from",
    ),
    "post": Keeping("places on the staff list", "for good"),
    "appointment": Keeping("who holds a post", "with the employee", "staff", _STAFF, "person"),
    "absence": Keeping(
        "when somebody is away, not why", "with the employee", "staff", _STAFF, "person"
    ),
    "deputy": Keeping("who stands in", "with the employee", "staff", _STAFF, "person"),
    # Improvement
    "improvement_target": Keeping("levels that units promised", "for good"),
    "improvement_action": Keeping(
        "what is done about the figures, who answers for it, and its effect",
        "for good; the owner is an id, which is nobody's once the account is erased",
        "staff",
        _STAFF,
        age="made_at",
    ),
    "improvement_change": Keeping(
        "what became of an action, and who did it, by ids",
        "with the action",
        "staff",
        _STAFF,
        age="at",
    ),
    "improvement_finding": Keeping(
        "who took up a finding",
        "two years",
        "staff",
        _STAFF,
        "portal",
        "acknowledged_at",
        _older("acknowledged_at", HANDLINGS),
    ),
    "improvement_method": Keeping(
        "how the administration listened, and who entered it, by ids",
        "for good",
        "staff",
        _STAFF,
        age="entered_at",
    ),
    "improvement_draft": Keeping(
        "reports, and who wrote and approved them, by ids",
        "for good",
        "staff",
        _STAFF,
        age="made_at",
    ),
    "improvement_version": Keeping(
        "what reports say", "with the report", "staff", _STAFF, age="at"
    ),
    "improvement_comment": Keeping(
        "what colleagues said of a report", "with the report", "staff", _STAFF, age="at"
    ),
    "improvement_subscription": Keeping(
        "who gets which report; addresses of people without an account are encrypted",
        "until ended, which each mail offers; unconfirmed: 30 days",
        "subscribers",
        _CONSENT,
        "portal",
        "made_at",
        old_invitations,
    ),
    "improvement_result": Keeping("published results", "for good"),
    # Alerts
    "alert": Keeping(
        "what was found at a place, and who took it up, by ids",
        "two years after it closed",
        "staff",
        _STAFF,
        "portal",
        "opened_at",
        _older("closed_at", HANDLINGS),
    ),
    "alert_comment": Keeping(
        "what colleagues wrote beside an alert",
        "with the alert",
        "staff",
        _STAFF,
        "portal",
        "at",
        without_alert,
    ),
    "alert_evidence": Keeping("how far the votes of a place were weighed", "for good"),
    # The rest
    "audit_entry": Keeping(
        "who did what, when; ids only, no names and no texts",
        "for good: it is only ever added to",
        "staff and citizens, by ids",
        _DUTY,
        age="at",
    ),
    "municipality_sign": Keeping("name, arms and contact of the municipality", "for good"),
    "notice_handling": Keeping(
        "who took up a notice",
        "two years",
        "staff",
        _STAFF,
        "portal",
        "taken_up_at",
        old_handlings,
    ),
    "outgoing_mail": Keeping(
        "mails to be sent; text and recipient go when a mail server has taken them",
        "90 days",
        "recipients",
        _TASK,
        "portal",
        "queued_at",
        _older("queued_at", MAIL_AGE),
    ),
}
