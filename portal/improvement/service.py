"""All verbs of this area, as analytics asks for them."""

from __future__ import annotations

from portal.improvement.actions import ActionDesk
from portal.improvement.drafts import DraftDesk
from portal.improvement.findings import FindingDesk
from portal.improvement.journal import JournalDesk
from portal.improvement.publications import PublicationDesk
from portal.improvement.subscriptions import SubscriptionDesk
from portal.improvement.targets import TargetDesk


class ImprovementDesk(
    TargetDesk,
    ActionDesk,
    FindingDesk,
    JournalDesk,
    DraftDesk,
    SubscriptionDesk,
    PublicationDesk,
):
    """Implements :class:`analytics.improvement.protocol.Improvement` on the portal's database.

    One object serves all threads: it holds nothing but the office.
    """
