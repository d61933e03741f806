"""Subscriptions and published results, in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from analytics.improvement.drafts import Kind
from analytics.improvement.publications import Publication, check_publication
from analytics.improvement.subscriptions import (
    NO_ADDRESS,
    Recipient,
    Subscription,
    Wish,
    check_wish,
)
from analytics.improvement.who import (
    DECIDERS,
    ImprovementError,
    NotThereError,
    Who,
    need_power,
    need_sight,
    sees,
)
from analytics.improvement_virtual.memory import Memory, given, need, put


class TellingInMemory(Memory):
    """The verbs by which people are told."""

    def __init__(self, people: Iterable[Who], clock: Callable[[], datetime]) -> None:
        """Begin with nothing."""
        super().__init__(people, clock)
        self._subscriptions: dict[str, Subscription] = {}
        self._results: dict[tuple[str, str], Publication] = {}

    def my_subscriptions(self, who: Who) -> list[Subscription]:
        """His own."""
        return [each for each in self._subscriptions.values() if each.account == who.id]

    def others_subscriptions(self, who: Who) -> list[Subscription]:
        """Those of people without an account."""
        others = [each for each in self._subscriptions.values() if not each.account]
        return [each for each in others if who.roles & DECIDERS and sees(who, each.unit)]

    def subscribe(self, who: Who, wish: Wish) -> Subscription:
        """Have reports sent to himself."""
        need_sight(who, wish.unit)
        check_wish(wish, has_account=True)
        return self._wished(wish, account=who.id, confirmed_at=self.now())

    def invite_subscriber(self, who: Who, wish: Wish, email: str) -> Subscription:
        """Ask somebody without an account."""
        need_power(who, wish.unit, DECIDERS)
        check_wish(wish, has_account=False)
        found = self._wished(wish, email=_address(email))
        if found.confirmed_at is None:
            self.mails.append((found.email, found.id))
        return found

    def end_subscription(self, who: Who, subscription: str) -> None:
        """End his own, or one of somebody without an account."""
        found = need(self._subscriptions, subscription)
        if found.account and found.account != who.id:
            raise NotThereError
        if not found.account:
            need_power(who, found.unit, DECIDERS)
        del self._subscriptions[subscription]

    def confirm(self, token: str) -> Subscription:
        """The link was followed."""
        found = self.subscription_of(token)
        at = found.confirmed_at or self.now()
        return put(self._subscriptions, replace(found, confirmed_at=at))

    def unsubscribe(self, token: str) -> None:
        """End it."""
        self._subscriptions.pop(_id_of(token), None)

    def subscription_of(self, token: str) -> Subscription:
        """Which one a token is of."""
        return need(self._subscriptions, _id_of(token))

    def recipients(self, kind: Kind) -> list[Recipient]:
        """To whom it goes."""
        people = {each.id: each for each in self.people}
        found = []
        for each in self._subscriptions.values():
            reader = people.get(each.account)
            may = not each.account or (reader is not None and sees(reader, each.unit))
            if each.kind == kind and each.confirmed_at is not None and may:
                address = each.email or f"{each.account}@example.bg"
                url = f"https://portal.example.bg/subscriptions/{token_of(each.id)}"
                found.append(Recipient(each, address, token_of(each.id), url))
        return found

    def _wished(self, wish: Wish, **whose: Any) -> Subscription:  # noqa: ANN401  # fields
        fresh = Subscription(id=self.new_id(), made_at=self.now(), **given(wish), **whose)
        for each in self._subscriptions.values():
            if _wish_of(each) == _wish_of(fresh):
                return each
        return put(self._subscriptions, fresh)

    def publish_results(self, who: Who, month: str, results: Mapping[str, str]) -> None:
        """Publish a month's results."""
        for unit, content in results.items():
            need_power(who, unit, DECIDERS)
            check_publication(month, content)
        for unit, content in results.items():
            before = self._results.get((month, unit))
            self._results[month, unit] = Publication(
                month=month,
                unit=unit,
                content=content,
                published_at=self.now(),
                published_by=who.name,
                edition=1 if before is None else before.edition + 1,
            )

    def withdraw_results(self, who: Who, month: str, unit: str) -> None:
        """Take them from the public page."""
        need_power(who, unit, DECIDERS)
        found = self.published_results(month).get(unit)
        if found is None:
            raise NotThereError
        self._results[month, unit] = replace(found, withdrawn_at=self.now())

    def published_months(self) -> list[str]:
        """Those with results, the latest first."""
        public = {each.month for each in self._results.values() if each.withdrawn_at is None}
        return sorted(public, reverse=True)

    def published_results(self, month: str) -> dict[str, Publication]:
        """A month's, by unit."""
        once = self.results_once_published(month)
        return {unit: each for unit, each in once.items() if each.withdrawn_at is None}

    def results_once_published(self, month: str) -> dict[str, Publication]:
        """The last edition by unit, of what was taken back too."""
        return {unit: each for (at, unit), each in sorted(self._results.items()) if at == month}


def token_of(subscription: str) -> str:
    """What confirms and ends it."""
    return f"token-{subscription}"


def _id_of(token: str) -> str:
    if not token.startswith("token-"):
        raise NotThereError
    return token.removeprefix("token-")


def _address(email: str) -> str:
    local, at, domain = email.strip().rpartition("@")
    if not local or not at or "." not in domain or " " in email.strip():
        raise ImprovementError(NO_ADDRESS, field="email")
    return f"{local}@{domain.lower()}"


def _wish_of(one: Subscription) -> tuple[object, ...]:
    return one.kind, one.unit, one.place, one.language, one.account, one.email.casefold()
