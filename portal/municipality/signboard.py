"""The municipality for every page: read at most every few seconds, and there in trouble, too."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import structlog

from broker.store.errors import StoreError
from portal.municipality.facts import Facts, Municipality, present
from portal.municipality.service import Sign, read_sign
from portal.web.page import Page
from portal.web.portal import Portal

MAX_AGE_S: Final = 5.0
"""So long another process's change may go unseen."""

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class Signboard:
    """What was read last, and when."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._read_s = float("-inf")
        self._shown = present(Facts(), None)

    def shown(self, portal: Portal) -> Municipality:
        """The municipality; as it was last known while the database can't be read."""
        now_s = self._clock_s()
        if now_s - self._read_s >= MAX_AGE_S:
            self._read_s = now_s  # before reading: in trouble the others need not wait, too
            try:
                self.show(read_sign(portal.database, portal.settings.site))
            except StoreError as error:
                _log.warning("municipality-unread", error=str(error))
        return self._shown

    def show(self, sign: Sign) -> None:
        """Show ``sign`` from now on."""
        self._shown = present(sign.facts, sign.arms_hash)

    def forget(self) -> None:
        """Read anew next time: something was changed here."""
        self._read_s = float("-inf")


def give_municipality(page: Page) -> dict[str, object]:
    """What every template knows: ``municipality``, and its name in the reader's language."""
    found = page.portal.part(Signboard).shown(page.portal)
    today = page.portal.clock().astimezone(page.language.zone).date()
    return {
        "municipality": found,
        "municipality_name": page.language.of(found.name),
        "has_security_txt": bool(found.facts.security_contact_on(today)),
    }
