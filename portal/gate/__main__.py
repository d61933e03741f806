"""``python -m portal.gate``: the dashboard behind its gate, until SIGTERM.

A process of its own: what managers reckon slows down no citizen, and the other way round. It is
told what the portal is told (``OTZIV_PORTAL``).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import Final
from urllib.parse import urlsplit

import structlog
from starlette.types import ASGIApp

from analytics.closed.book import Book
from analytics.dashboard import asgi
from analytics.dashboard.read_only import spare_memory
from analytics.dashboard.sources import source_of
from broker.logs import log_as_json
from broker.notify import tell_ready
from broker.store.errors import StoreError
from portal.alerts.record import PortalRecord
from portal.alerts.running import Alerting
from portal.gate.admission import Admission
from portal.gate.gate import RECHECK_S, Addresses, Gate
from portal.improvement.office import office_of
from portal.improvement.running import Reporting
from portal.improvement.service import ImprovementDesk
from portal.keys import KeyFileError
from portal.settings import PortalSettings, settings_from_environment
from portal.web.opening import opened
from portal.web.portal import Portal
from portal.web.serving import listen_on, quieten, serve

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger("portal.gate")
_END_WITHIN_S: Final = 2
"""Pages that stand open would keep us for ever."""


def main() -> int:
    """Run until told to end; 1 when it can't be started."""
    recheck_s = _parse()
    log_as_json()
    quieten()
    try:
        settings = settings_from_environment()
        listening = listen_on(settings.listen, settings.dashboard_port)
        with (
            listening,
            opened(settings) as portal,
            Alerting(portal),
            Reporting(portal, _book_of(settings)),
        ):
            _log.info("started", listen=settings.listen, port=listening.getsockname()[1])
            serve(
                make_gate(portal, recheck_s),
                listening,
                when_ready=tell_ready,
                trusted_proxy=settings.trusted_proxy,
                websockets="websockets-sansio",
                end_within_s=_END_WITHIN_S,
            )
    except (StoreError, KeyFileError, OSError, ValueError) as error:
        _log.error("not-started", error=str(error))
        return 1
    _log.info("ended")
    return 0


def _book_of(settings: PortalSettings) -> Callable[[], Book]:
    """The book that the dashboard shows; not asked for before the dashboard was made."""

    def book() -> Book:
        return source_of(settings.feedback.get_secret_value()).library.book()

    return book


def _parse() -> float:
    parser = argparse.ArgumentParser(prog="python -m portal.gate", description=__doc__)
    parser.add_argument(
        "--recheck-s",
        type=float,
        default=RECHECK_S,
        help="seconds between two looks at whether somebody may stay",
    )
    return float(parser.parse_args().recheck_s)


def make_gate(portal: Portal, recheck_s: float) -> ASGIApp:
    """The dashboard over the portal's feedback store, behind its gate.

    Args:
        portal: by whose sessions it decides.
        recheck_s: how often open websockets are looked at.

    Raises:
        ValueError: it has no address.
    """
    settings: PortalSettings = portal.settings
    host = urlsplit(settings.dashboard_url).hostname
    if host is None:
        raise ValueError("dashboard_url is empty: set how browsers reach the dashboard")
    spare_memory(portal.feedback)  # it is read here, and seldom
    return Gate(
        asgi.make_app(
            settings.feedback.get_secret_value(),
            host,
            settings.look,
            ImprovementDesk(office_of(portal)),
            PortalRecord(portal.database),
            settings.site,
        ),
        Admission(portal),
        Addresses(settings.public_url, settings.dashboard_url),
        scripts=asgi.inline_scripts(),
        is_by_person=asgi.is_by_person,
        recheck_s=recheck_s,
    )


if __name__ == "__main__":
    sys.exit(main())
