"""Addresses of people and programs, as Apprise writes them: e-mail, SMS gateways, webhooks, chats.

The one importer of Apprise. What an address is sent goes by :attr:`Address.style`.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from apprise import Apprise, AppriseAsset, NotifyFormat, NotifyType

from broker.fleet.errors import FleetError

Style: TypeAlias = Literal["html", "document", "short", "text"]
"""``html``: e-mail, which shows both text and markup. ``document``: a program at the other end of a
JSON webhook. ``short``: a phone. ``text``: anything else."""

_TIMEOUT_S: Final = 60.0
_DOCUMENTS: Final = frozenset({"json", "jsons"})
_MAILS: Final = frozenset({"mailto", "mailtos"})
_SHORT: Final = 500
"""Characters; services that take no more, and no title, send to phones."""


class Address:
    """Somebody to tell.

    Attributes:
        shown: the address without secrets, for logs.

    Args:
        number: of the address in its setting, from 1.
        text: as Apprise writes it: ``mailtos://…``, ``jsons://…``; it may hold passwords.

    Raises:
        FleetError: Apprise does not understand it.
    """

    def __init__(self, number: int, text: str) -> None:
        asset = AppriseAsset(
            app_id="Otziv", app_desc="Otziv", async_mode=False, storage_mode="memory"
        )
        self._service: Final = Apprise(asset=asset)
        self._scheme: Final = text.partition(":")[0].lower()[:20]
        if not self._service.add(text):
            raise FleetError(
                f"address {number} for notices ({self._scheme}:…) is none that Apprise "
                "understands: write mailtos://…, jsons://… or another of its addresses"
            )
        self.shown: Final = f"{number} ({self._scheme})"

    @property
    def style(self) -> Style:
        """What it is best sent."""
        if self._scheme in _MAILS:
            return "html"
        if self._scheme in _DOCUMENTS:
            return "document"
        takes = [(each.title_maxlen, each.body_maxlen) for each in self._service]
        return "short" if all(not title and body <= _SHORT for title, body in takes) else "text"

    def tell(self, title: str, body: str, *, is_warning: bool, is_html: bool = False) -> bool:
        """Send a message; whether it was taken. Blocks while the server takes it."""
        return bool(
            self._service.notify(
                body,
                title=title,
                notify_type=NotifyType.WARNING if is_warning else NotifyType.INFO,
                body_format=NotifyFormat.HTML if is_html else NotifyFormat.TEXT,
                timeout=_TIMEOUT_S,
            )
        )
