"""Subscriptions to reports: one's own, and those of people without an account."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, Final

import structlog
from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from analytics.improvement.drafts import Kind
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
from portal.accounts.accounts import accounts, mail_of
from portal.audit.log import note
from portal.improvement.letters import invited
from portal.improvement.office import (
    Office,
    actor_of,
    columns,
    need,
    seen_by,
    staff,
    thing,
)
from portal.improvement.tables import ImprovementSubscription
from portal.keys import UnsealError
from portal.mail.address import MailError, mail_address
from portal.mail.outgoing import queue
from portal.store.tables import new_id, table_of
from portal.web.actor import NOBODY

_table: Final = table_of(ImprovementSubscription)
_USE: Final = "subscription"
_MAIL: Final = "subscription-mail"
_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class SubscriptionDesk:
    """Implements :class:`analytics.improvement.protocol.Subscriptions`."""

    def __init__(self, office: Office) -> None:
        self._office = office

    def my_subscriptions(self, who: Who) -> list[Subscription]:
        """His own."""
        return self._read(select(_table).where(_table.c.account == who.id))

    def others_subscriptions(self, who: Who) -> list[Subscription]:
        """Those of people without an account to what he sees."""
        if not who.roles & DECIDERS:
            return []
        return self._read(select(_table).where(_table.c.account == "", seen_by(who, _table)))

    def subscribe(self, who: Who, wish: Wish) -> Subscription:
        """Have reports sent to himself; the same wish twice is one."""
        need_sight(who, wish.unit)
        check_wish(wish, has_account=True)
        with self._office.database.transaction() as connection:
            made = self._keep_wish(connection, wish, who.id, None, f"account {who.id}")
            facts = {"kind": wish.kind, "unit": wish.unit}
            note(connection, actor_of(who), "improvement.subscribed", made["id"], **facts)
        return self._subscription(made)

    def invite_subscriber(self, who: Who, wish: Wish, email: str) -> Subscription:
        """Ask somebody without an account, by a mail with a link."""
        need_power(who, wish.unit, DECIDERS)
        check_wish(wish, has_account=False)
        address = _address(email)
        sealed = self._office.keys.seal(_MAIL, address.encode())
        with self._office.database.transaction() as connection:
            made = self._keep_wish(connection, wish, "", sealed, f"mail {address.casefold()}")
            if made["confirmed_at"] is None:
                subject, text = invited(self._office, wish, self._url(made["id"], wish.language))
                queue(connection, address, subject, text, now=self._office.clock())
            facts = {"kind": wish.kind, "unit": wish.unit}
            note(connection, actor_of(who), "improvement.subscriber-invited", made["id"], **facts)
        return self._subscription(made)

    def end_subscription(self, who: Who, subscription: str) -> None:
        """End his own, or one of somebody without an account."""
        with self._office.database.transaction() as connection:
            found = need(connection, _table, subscription, locked=True)
            if found["account"] and found["account"] != who.id:
                raise NotThereError
            if not found["account"]:
                need_power(who, found["unit"], DECIDERS)
            connection.execute(delete(_table).where(_table.c.id == subscription))
            note(connection, actor_of(who), "improvement.subscription-ended", subscription)

    def confirm(self, token: str) -> Subscription:
        """The link was followed."""
        found_id = self._id_of(token)
        with self._office.database.transaction() as connection:
            found = dict(need(connection, _table, found_id, locked=True))
            if found["confirmed_at"] is None:
                found["confirmed_at"] = self._office.clock()
                chosen = update(_table).where(_table.c.id == found_id)
                connection.execute(chosen.values(confirmed_at=found["confirmed_at"]))
                note(connection, NOBODY, "improvement.subscription-confirmed", found_id)
        return self._subscription(found)

    def unsubscribe(self, token: str) -> None:
        """End it; ended twice is ended."""
        found_id = self._id_of(token)
        with self._office.database.transaction() as connection:
            gone = connection.execute(delete(_table).where(_table.c.id == found_id))
            if gone.rowcount:
                note(connection, NOBODY, "improvement.subscription-ended", found_id)

    def subscription_of(self, token: str) -> Subscription:
        """Which one a token is of."""
        with self._office.database.reading() as connection:
            return self._subscription(need(connection, _table, self._id_of(token)))

    def recipients(self, kind: Kind) -> list[Recipient]:
        """To whom it goes."""
        wanted = select(_table).where(_table.c.kind == kind, _table.c.confirmed_at.is_not(None))
        with self._office.database.reading() as connection:
            rows = connection.execute(wanted.order_by(_table.c.id)).mappings().all()
            addresses = self._staff_addresses(connection, rows)
        found = [
            (row, _readable(row["id"], partial(self._address_of, row)) or addresses.get(row["id"]))
            for row in rows
        ]
        return [self._recipient(row, address) for row, address in found if address]

    def _staff_addresses(
        self, connection: Connection, rows: Iterable[Mapping[Any, Any]]
    ) -> dict[str, str]:
        """Subscription → address, of staff who still may see what it is about."""
        there = {each.id: each for each in staff(connection)}
        ours = [each for each in rows if each["account"] in there]
        ids = {each["account"] for each in ours if sees(there[each["account"]], each["unit"])}
        chosen = select(accounts).where(accounts.c.id.in_(sorted(ids)))
        mails = {
            row.id: _readable(row.id, partial(mail_of, self._office.keys, row))
            for row in connection.execute(chosen).all()
        }
        return {
            each["id"]: mails[each["account"]]
            for each in ours
            if sees(there[each["account"]], each["unit"])
        }

    def _recipient(self, row: Mapping[Any, Any], address: str) -> Recipient:
        token = self._token(row["id"])
        url = self._url(row["id"], row["language"])
        return Recipient(self._subscription(row), address, token, url)

    def _keep_wish(
        self, connection: Connection, wish: Wish, account: str, email: bytes | None, reader: str
    ) -> Mapping[Any, Any]:
        """The row of a wish, made where it is a new one."""
        place = tuple(wish.place or ())
        said = repr((reader, wish.kind, wish.unit, place, wish.language))
        same = self._office.keys.hash(_USE, said)
        now = self._office.clock()
        when = {"made_at": now, "confirmed_at": now if account else None}
        row = {**columns(wish), "id": new_id(), "wish": same, **when}
        row |= {"account": account, "email": email}
        make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        connection.execute(make(_table).values(row).on_conflict_do_nothing())
        known = select(_table).where(_table.c.wish == same).with_for_update()
        return connection.execute(known).mappings().one()

    def _read(self, wanted: Any) -> list[Subscription]:  # noqa: ANN401  # a select
        with self._office.database.reading() as connection:
            rows = connection.execute(wanted.order_by(_table.c.id)).mappings().all()
        return [self._subscription(row) for row in rows]

    def _subscription(self, row: Mapping[Any, Any]) -> Subscription:
        return thing(Subscription, row, email=self._address_of(row))

    def _address_of(self, row: Mapping[Any, Any]) -> str:
        return self._office.keys.unseal(_MAIL, row["email"]).decode() if row["email"] else ""

    def _token(self, subscription: str) -> str:
        return f"{subscription}.{self._office.keys.sign(_USE, subscription)}"

    def _url(self, subscription: str, language: str) -> str:
        return self._office.link(f"/subscriptions/{self._token(subscription)}", language)

    def _id_of(self, token: str) -> str:
        subscription, _dot, signature = token.partition(".")
        if not self._office.keys.is_signed(_USE, subscription, signature):
            raise NotThereError
        return subscription


def _readable(whose: str, read: Callable[[], str]) -> str:
    """An address; empty where it can't be read, which is no reason to write to nobody."""
    try:
        return read()
    except UnsealError as error:
        _log.error("address-unreadable", whose=whose, error=str(error))
        return ""


def _address(email: str) -> str:
    try:
        return mail_address(email.strip())
    except MailError as error:
        raise ImprovementError(NO_ADDRESS, field="email") from error
