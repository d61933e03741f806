"""Who gets which report by e-mail: staff, and people without an account who confirmed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from analytics.improvement.drafts import LANGUAGES, Kind, Language
from analytics.improvement.who import ImprovementError
from broker.store.places import Place

OPEN_KINDS: Final[tuple[Kind, ...]] = ("periodic", "annual")
"""What people without an account may get: what is published, of units and months (design §5). The
letter tells of a week, and a team sheet stays with its team."""

SENT_KINDS: Final[tuple[Kind, ...]] = ("weekly-letter", *OPEN_KINDS)
"""What the staff may have sent: a team's sheet is shown to it on its page, and goes out by no mail.
"""


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


NO_ADDRESS: Final = _("Write an e-mail address in Latin letters, for example name@example.bg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Which reports; ``unit`` empty: the whole municipality's; ``place`` ``None``: all places."""

    kind: Kind
    unit: str
    language: Language
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription(Wish):
    """A subscription, until it is ended.

    Attributes:
        account: of the staff; empty: somebody without an account.
        email: his address, for those who manage subscriptions; empty with an account.
        confirmed_at: ``None``: the link in the mail was not followed yet, so nothing is sent.
    """

    id: str
    made_at: datetime
    account: str = ""
    email: str = ""
    confirmed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Recipient:
    """To whom a report goes.

    Attributes:
        address: e-mail.
        token: ends the subscription, without signing in.
        end_url: the page on which one press ends it; goes into each mail.
    """

    subscription: Subscription
    address: str
    token: str
    end_url: str


def check_wish(wish: Wish, *, has_account: bool) -> None:
    """See that it can be sent.

    Raises:
        ImprovementError: no such kind or language, or a kind that stays inside.
    """
    if wish.kind not in (SENT_KINDS if has_account else OPEN_KINDS):
        raise ImprovementError(_("Choose one of the answers"), field="kind")
    if wish.language not in LANGUAGES:
        raise ImprovementError(_("Choose one of the answers"), field="language")
