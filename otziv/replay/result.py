"""What became of every row of a file."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from otziv.replay.rows import Refused


@dataclass(slots=True)
class Result:
    """Figures of one replay: ``rows = stored + duplicates + skipped + len(refused)``.

    Attributes:
        site: where the ratings belong.
        rows: of the file, its header and lines without text left out.
        stored: rows of which something was new to the store.
        duplicates: rows that were there before, whole.
        skipped: as the map says.
        refused: line and reason of each row that could not be used.
        quarantined: how many of the refused ones the collector keeps in quarantine.
        ambiguous_times: local times that came twice; the first was taken.
        missing_times: local times that were left out; shifted forward.
        touchpoints: codes of those that were created.
    """

    site: str
    rows: int = 0
    stored: int = 0
    duplicates: int = 0
    skipped: int = 0
    refused: list[Refused] = field(default_factory=list)
    quarantined: int = 0
    ambiguous_times: int = 0
    missing_times: int = 0
    touchpoints: list[str] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        """Note that a row could not be used."""
        self.refused.append(Refused(line, reason))

    def to_json(self) -> dict[str, Any]:
        """As ``otziv replay --json`` prints it; refused rows in the order of the file."""
        self.refused.sort(key=lambda row: row.line)
        return asdict(self)
