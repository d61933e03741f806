"""From a chattering socket to a plug that is in or out: pure, with time passed in."""

from __future__ import annotations

from typing import Final

SETTLED_MS: Final = 100.0
"""A plug scrapes over the contact for some tens of milliseconds while it slides in."""


class PlugWatch:
    """Watches the contact of one socket. It reads no clock and calls nobody.

    At first no plug counts as in; one that is in at the start is found like any other.
    """

    def __init__(self, *, is_in: bool, at_ms: float) -> None:
        self._was_in = False
        self._is_in = is_in
        self._turned_ms = at_ms

    @property
    def next_deadline_ms(self) -> float | None:
        """When :meth:`tick` will find something unless the contact turns first; ``None``: never."""
        return None if self._is_in == self._was_in else self._turned_ms + SETTLED_MS

    def turn(self, *, is_in: bool, at_ms: float) -> None:
        """Note that the contact says so from ``at_ms``; :meth:`tick` for that time comes before."""
        if is_in != self._is_in:
            self._is_in = is_in
            self._turned_ms = at_ms

    def tick(self, at_ms: float) -> float | None:
        """Return since when the plug is otherwise than it was, once that has become certain."""
        deadline_ms = self.next_deadline_ms
        if deadline_ms is None or at_ms < deadline_ms:
            return None
        self._was_in = self._is_in
        return self._turned_ms

    @property
    def is_in(self) -> bool:
        """Whether the plug was in when :meth:`tick` last found out."""
        return self._was_in
