"""What the dashboard and the reports ask of whoever keeps all this; one protocol a subject.

Each verb is one transaction and is told who asks. What he may not see is not in a list, and
:class:`~analytics.improvement.who.NotThereError` when named; what he may not do is a
:class:`~analytics.improvement.who.NotAllowedError`. What can't be done is another
:class:`~analytics.improvement.who.ImprovementError`, which says why. A store that is away is the
implementation's own error. The verbs at the end of a protocol that are told nobody are for the
public, and for what the program does by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Protocol

from analytics.improvement.actions import Action, ActionSearch, Change, Effect, Plan, State
from analytics.improvement.colleagues import Colleague
from analytics.improvement.drafts import Draft, DraftComment, Kind, NewDraft, Version
from analytics.improvement.findings import Finding, Handling
from analytics.improvement.journal import Entry, NewEntry
from analytics.improvement.publications import Publication
from analytics.improvement.subscriptions import Recipient, Subscription, Wish
from analytics.improvement.targets import NewTarget, Target
from analytics.improvement.who import Who


class Targets(Protocol):
    """Set by deciders, read by readers."""

    def targets(self, who: Who) -> list[Target]:
        """All that he sees, ended ones included; the latest first."""

    def set_target(self, who: Who, new: NewTarget) -> Target:
        """Promise it."""

    def end_target(self, who: Who, target: str, on: date) -> Target:
        """Let ``on`` be its last day; figures of that time keep it."""


class Actions(Protocol):
    """Made and moved by doers, published by deciders."""

    def colleagues(self, who: Who, unit: str) -> list[Colleague]:
        """Those who may be given work of ``unit``: doers who see it, by name."""

    def actions(self, who: Who, search: ActionSearch | None = None) -> list[Action]:
        """Those that he sees, by due day."""

    def action(self, who: Who, action: str) -> Action:
        """One."""

    def history(self, who: Who, action: str) -> list[Change]:
        """What became of it, the first thing first."""

    def make_action(self, who: Who, plan: Plan) -> Action:
        """Plan it; its owner gets a mail unless it is himself."""

    def plan_anew(self, who: Who, action: str, plan: Plan, *, revision: int) -> Action:
        """Change what is planned; ``revision`` is the one that he saw."""

    def move_action(
        self, who: Who, action: str, state: State, *, on: date, revision: int, note: str = ""
    ) -> Action:
        """Bring it to another state; done, it took effect on ``on``."""

    def publish_action(
        self, who: Who, action: str, words: tuple[str, str], effect: Effect | None, *, revision: int
    ) -> Action:
        """Put it on the public page, in Bulgarian and English, with its effect if there is one."""

    def withdraw_action(self, who: Who, action: str, *, revision: int) -> Action:
        """Take it from the public page; its history says so."""

    def public_actions(self) -> list[Action]:
        """For the public page: its words, state, days and effect are public, nothing else is."""


class Findings(Protocol):
    """Taken up by doers."""

    def handled(self, who: Who, findings: Collection[str]) -> Mapping[str, Handling]:
        """Of these findings (ids) those that somebody took up, and that he sees."""

    def acknowledge(self, who: Who, finding: Finding, note: str = "") -> Handling:
        """Say that he has seen it; the first to do so stays."""

    def assign(self, who: Who, finding: Finding, to: str, note: str = "") -> Handling:
        """Give it to a colleague (account), who gets a mail unless it is himself."""


class Journal(Protocol):
    """Kept by writers."""

    def entries(self, who: Who, from_on: date, to_on: date) -> list[Entry]:
        """Those that he sees of methods used in these days, the earliest first."""

    def enter(self, who: Who, new: NewEntry) -> Entry:
        """Write that a method was used."""

    def correct(self, who: Who, entry: str, new: NewEntry, *, revision: int) -> Entry:
        """Write an entry anew; ``revision`` is the one that he saw."""

    def strike(self, who: Who, entry: str) -> None:
        """Take out an entry that should not be there."""


class Drafts(Protocol):
    """Written by writers, approved and published by deciders."""

    def drafts(self, who: Who, kind: Kind | None = None) -> list[Draft]:
        """Those that he sees, the latest first."""

    def draft(self, who: Who, draft: str) -> Draft:
        """One."""

    def content(self, who: Who, draft: str, version: int | None = None) -> str:
        """Its content, JSON text; ``None``: the last version."""

    def versions(self, who: Who, draft: str) -> list[Version]:
        """Who wrote it when, the first first."""

    def keep_draft(self, who: Who, new: NewDraft, content: str) -> Draft:
        """Keep a report that was just made."""

    def edit_draft(self, who: Who, draft: str, content: str, *, version: int) -> Draft:
        """Keep another content; ``version`` is the one that he changed. An approval falls away."""

    def show_to_team(self, who: Who, draft: str) -> Draft:
        """Let a team see its sheet, before anybody approves it."""

    def comment(self, who: Who, draft: str, text: str) -> DraftComment:
        """Say something of it."""

    def comments(self, who: Who, draft: str) -> list[DraftComment]:
        """What was said, the first first."""

    def approve(self, who: Who, draft: str, *, version: int) -> Draft:
        """Approve the version that he saw."""

    def publish_draft(self, who: Who, draft: str) -> Draft:
        """Publish what is approved."""

    def published_drafts(self, kind: Kind | None = None) -> list[Draft]:
        """For the public page, the latest first."""

    def published_content(self, draft: str) -> str:
        """The content of one of them, as approved."""


class Subscriptions(Protocol):
    """Everybody's own; others' are kept by deciders."""

    def my_subscriptions(self, who: Who) -> list[Subscription]:
        """His own."""

    def others_subscriptions(self, who: Who) -> list[Subscription]:
        """Those of people without an account to what he sees."""

    def subscribe(self, who: Who, wish: Wish) -> Subscription:
        """Have reports sent to himself; the same wish twice is one."""

    def invite_subscriber(self, who: Who, wish: Wish, email: str) -> Subscription:
        """Ask somebody without an account, by a mail with a link; sent again where he is asked
        already.
        """

    def end_subscription(self, who: Who, subscription: str) -> None:
        """End his own, or one of somebody without an account."""

    def confirm(self, token: str) -> Subscription:
        """The link was followed: from now on reports are sent."""

    def unsubscribe(self, token: str) -> None:
        """End it, by the token that each mail has; ended twice is ended."""

    def subscription_of(self, token: str) -> Subscription:
        """Which one a token is of, to show before it is confirmed or ended."""

    def recipients(self, kind: Kind) -> list[Recipient]:
        """To whom it goes: confirmed, and of staff those who still may see what it is about."""


class Publications(Protocol):
    """Made by deciders, read by everybody."""

    def publish_results(self, who: Who, month: str, results: Mapping[str, str]) -> None:
        """Publish a month's results: unit (``""``: the whole) → JSON; again: a new edition."""

    def withdraw_results(self, who: Who, month: str, unit: str) -> None:
        """Take them from the public page; editions are counted on."""

    def published_months(self) -> list[str]:
        """Those with results, the latest first."""

    def published_results(self, month: str) -> dict[str, Publication]:
        """A month's, by unit."""

    def results_once_published(self, month: str) -> dict[str, Publication]:
        """A month's last edition by unit, of what was taken back too: to compare, not to show."""


class Improvement(
    Targets, Actions, Findings, Journal, Drafts, Subscriptions, Publications, Protocol
):
    """All of it."""
