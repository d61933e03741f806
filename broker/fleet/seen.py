"""What a person saw before deciding: who changes something else than that is told so.

Verbs take it where people fill in forms, which take minutes; it is compared inside the verb's
transaction, so that of two people one is refused, and nobody's change is lost in silence.
"""

from __future__ import annotations

from dataclasses import dataclass

from broker.fleet.errors import ChangedError


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody saw: a name, a place, a value; ``None`` is a value, too."""

    value: object

    def check(self, what: str, found: object) -> None:
        """See that it is still so.

        Args:
            what: for the error.
            found: what it is.

        Raises:
            ChangedError: it is something else.
        """
        if found != self.value:
            raise ChangedError(what, found)
