"""Files of published reports: made once by the gate's process, handed out by the portal's.

The portal's own process loads no charts and no typesetting for them.
"""

from __future__ import annotations

from analytics.improvement.protocol import Drafts
from analytics.reports.files import MEDIA, render
from analytics.reports.kept import from_content, to_show
from portal.improvement.report_shelf import ReportShelf
from portal.web.portal import Portal


def make_files(portal: Portal, drafts: Drafts) -> int:
    """Make what is missing; how many files.

    What is published does not change, so that each is made once.

    Raises:
        StoreError: the database is away.
        OSError: a file can't be written.
    """
    shelf = ReportShelf.of(portal.settings)
    made = 0
    for draft in drafts.published_drafts():
        missing = [form for form in MEDIA if not shelf.has(draft.id, form)]
        if missing:
            document = to_show(from_content(drafts.published_content(draft.id)).now, is_draft=False)
            for form in missing:
                shelf.put(draft.id, form, render(document, form, portal.settings.look))
                made += 1
    return made
