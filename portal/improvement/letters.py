"""Mails to the staff about what is theirs to do: subject and text."""

from __future__ import annotations

from analytics.improvement.actions import Action
from analytics.improvement.findings import Finding
from analytics.improvement.subscriptions import Wish
from analytics.improvement.words import KINDS, say
from portal.improvement.office import Office


def given(office: Office, action: Action, by: str) -> tuple[str, str]:
    """An action was given to somebody."""
    language = office.language()
    return language.text("An action was given to you"), _joined(
        language.text("{name} gave you this action:", name=by), *_about(office, action)
    )


def overdue(office: Office, action: Action) -> tuple[str, str]:
    """To the owner: its day is over."""
    language = office.language()
    return language.text("The day of an action is over"), _joined(
        language.text("This action was to be done, and is still open:"), *_about(office, action)
    )


def escalated(office: Office, action: Action) -> tuple[str, str]:
    """To a manager: its day is over for long."""
    language = office.language()
    return language.text("An action of your unit is overdue"), _joined(
        language.text("This action was to be done, and {name} was told:", name=action.owner_name),
        *_about(office, action),
    )


def assigned(office: Office, finding: Finding, by: str, words: str) -> tuple[str, str]:
    """A finding was given to somebody."""
    language = office.language()
    return language.text("A finding was given to you"), _joined(
        language.text("{name} asks you to look at this:", name=by), finding.words, words
    )


def invited(office: Office, wish: Wish, url: str) -> tuple[str, str]:
    """To somebody without an account: whether he wants these reports."""
    language = office.language(wish.language)
    return language.text("Do you want these reports by e-mail?"), _joined(
        language.text(
            "The municipality was asked to send to this address: {report}.",
            report=say(KINDS[wish.kind], wish.language),
        ),
        language.text("If you want it, confirm it here:"),
        url,
        language.text(
            "If you don't, do nothing: nothing will be sent. The same page ends it at any time."
        ),
    )


def _about(office: Office, action: Action) -> tuple[str, ...]:
    language = office.language()
    due = language.text("Due on {day}", day=f"{action.due_on:%d.%m.%Y}")
    return action.title, due, office.link(f"/staff/improvement/actions/{action.id}")


def _joined(*parts: str) -> str:
    return "\n\n".join(part for part in parts if part)
