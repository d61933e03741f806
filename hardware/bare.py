"""A panel without pins: what a pure touchscreen has, and what every other panel builds on."""

from __future__ import annotations

from collections.abc import Callable

from hardware.buttons import Buttons
from hardware.inbox import Inbox, uptime_ms
from hardware.panel import Closure, Notice, Signal, Source


class BarePanel:
    """A :class:`~hardware.panel.Panel` of its inbox alone: it reports what is injected."""

    def __init__(
        self,
        buttons: Buttons | None = None,
        *,
        uptime: Callable[[], float] = uptime_ms,
        sleep: Callable[[float], None] | None = None,
    ) -> None:
        """Wait for ``buttons``, none if left out.

        Args:
            buttons: the debouncers.
            uptime: device uptime in milliseconds.
            sleep: moves a simulated ``uptime`` on.
        """
        self._inbox = Inbox(buttons or Buttons(()), uptime=uptime, sleep=sleep)

    @property
    def buttons(self) -> tuple[str, ...]:
        """Names of the buttons, in the order given."""
        return self._inbox.buttons.names

    def wait(self, timeout_s: float) -> list[Notice]:
        """Wait up to ``timeout_s`` for closures, faults and plugs, in order of time."""
        return self._inbox.wait(timeout_s)

    def show(self, signal: Signal, press_id: str | None = None) -> None:
        """Show nothing, having no lights: the screen shows what is to be seen."""

    def inject(self, *closures: Closure) -> None:
        """Let presses that another part saw join ours in order of time; from any thread."""
        self._inbox.inject(*closures)

    def attend(self, source: Source, callback: Callable[[], None]) -> None:
        """While waiting, call ``callback`` whenever ``source`` can be read."""
        self._inbox.attend(source, callback)

    def leave(self, source: Source) -> None:
        """Attend to ``source`` no more."""
        self._inbox.leave(source)

    def wake(self) -> None:
        """Make a running or the next :meth:`wait` return at once; from any thread."""
        self._inbox.wake()

    def close(self) -> None:
        """Wait no more."""
        self._inbox.close()
