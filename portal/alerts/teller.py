"""Telling people of alerts: staff by the portal's mail, others by whatever Apprise can speak to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import structlog

from analytics.alerts.quiet import QuietHours
from analytics.alerts.record import AlertRecord, UnknownAlertError
from analytics.alerts.teller import News
from broker.fleet.addresses import Address
from broker.fleet.errors import FleetError
from portal.alerts.letters import write_to_staff
from portal.alerts.lines import Line
from portal.improvement.office import office_of
from portal.settings import PortalSettings
from portal.web.portal import Portal

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


class PortalTeller:
    """A ``Teller``: each is told each thing once, whoever else can't be reached.

    Mails to the staff are queued in the database and go out as all of the portal's do. An address
    that fails while somebody else was told is tried again by :meth:`attend` for a day; where nobody
    could be told, whoever calls comes again with the same.

    Args:
        portal: whose staff, with the settings ``alerts_…``.
        record: tells what is still news when an address is tried again.
        quiet: when no address is tried again.
    """

    def __init__(self, portal: Portal, record: AlertRecord, quiet: QuietHours) -> None:
        settings = portal.settings
        self._office: Final = office_of(portal)
        self._base: Final = settings.dashboard_url
        self._whom: Final = settings.alerts_staff
        self._record: Final = record
        self._quiet: Final = quiet
        self._lines: Final = [
            Line(address, settings.alerts_language, self._base)
            for address in _addresses(settings.alerts_to.get_secret_value().split())
        ]

    def tell(self, news: Sequence[News]) -> bool:
        """Tell whom it concerns; ``False`` where nobody could be told.

        Raises:
            StoreError: the database does not answer, and nobody was told.
        """
        now = self._office.clock()
        mails = write_to_staff(self._office, news, self._base, self._whom)
        missed = [line for line in self._lines if not line.tell(news, now)]
        if not mails and len(missed) == len(self._lines):
            if not self._lines:
                _log.warning("alert-for-nobody", n=len(news))
            return False
        for line in missed:
            line.owe(news, now)
        return True

    def attend(self, now: datetime) -> None:
        """Try again what addresses are owed; blocks while their servers take it.

        Raises:
            StoreError: the database does not answer.
        """
        if not self._quiet.is_quiet(now):
            for line in self._lines:
                line.attend(now, self._is_news)

    def _is_news(self, news: News) -> bool:
        """Whether it is still to be told: what is closed by now, or somebody's, is not."""
        try:
            alert = self._record.find(news.alert.id)
        except UnknownAlertError:
            return False
        now = self._office.clock()
        return news.moment == "over" or alert.state(now) == "open"


def _addresses(texts: Iterable[str]) -> Iterator[Address]:
    """Those that can be used; the dashboard doesn't stand still for the others."""
    for number, text in enumerate(texts, 1):
        try:
            yield Address(number, text)
        except FleetError as error:
            _log.error("alert-address-unusable", error=str(error))


def quiet_hours(settings: PortalSettings) -> QuietHours:
    """When nobody is told."""
    zone = ZoneInfo(settings.timezone)
    return QuietHours(zone, settings.alerts_quiet_from, settings.alerts_quiet_until)
