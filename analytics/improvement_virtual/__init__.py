"""Improvement in memory: what the dashboard and the reports are tried with, without a portal.

It passes the same contract suite as the portal's implementation, and forgets everything in the
end.
"""

from __future__ import annotations

from analytics.improvement_virtual.acting import ActingInMemory
from analytics.improvement_virtual.telling import TellingInMemory
from analytics.improvement_virtual.writing import WritingInMemory


class VirtualImprovement(ActingInMemory, WritingInMemory, TellingInMemory):
    """Implements :class:`analytics.improvement.protocol.Improvement`."""
