"""Files of published reports: made once by the gate's process, handed out by the portal's.

The portal's own process loads no charts and no typesetting for them.
"""

from __future__ import annotations

from typing import Final

import structlog

from analytics.improvement.protocol import Drafts
from analytics.reports.files import MEDIA, render
from analytics.reports.kept import from_content, to_show
from broker.store.errors import StoreError
from portal.improvement.report_shelf import ReportShelf
from portal.web.portal import Portal

_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)


def make_files(portal: Portal, drafts: Drafts) -> int:
    """Make what is missing; how many files.

    What is published does not change, so that each is made once. A report whose files can't be
    made is logged, and holds up no other.

    Raises:
        StoreError: the database is away.
    """
    made = 0
    for draft in drafts.published_drafts():
        try:
            made += _make_missing(portal, drafts, draft.id)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001  # whatever is wrong with it, others are right
            _log.error("report-files-failed", report=draft.id, error=str(error), exc_info=error)
    return made


def _make_missing(portal: Portal, drafts: Drafts, report: str) -> int:
    shelf = ReportShelf.of(portal.settings)
    missing = [form for form in MEDIA if not shelf.has(report, form)]
    if missing:
        document = to_show(from_content(drafts.published_content(report)).now, is_draft=False)
        for form in missing:
            shelf.put(report, form, render(document, form, portal.settings.look))
    return len(missing)
