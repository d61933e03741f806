"""The kiosk's side of the virtual panel."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from msgspec import MsgspecError

from hardware.address import listen
from hardware.bare import BarePanel
from hardware.buttons import Buttons, Edge, Press, Step
from hardware.ids import mint_id
from hardware.inbox import uptime_ms
from hardware.lines import LineServer
from hardware.panel import FOUR_FACES, LIT, Fault, PanelError, Plug, Signal
from hardware.virtual.script import (
    Cable,
    FromVisitor,
    Hello,
    Lamp,
    Play,
    Plugged,
    Refusal,
    Shown,
    read_visitor,
    write_line,
)


class VirtualPanel(BarePanel):
    """A :class:`~hardware.panel.Panel` that is played instead of touched.

    From another process: give ``path`` and attach a
    :class:`~hardware.virtual.client.VirtualPanelClient` to it. In one process: call :meth:`play`
    and the fault knobs, and :meth:`watch` what is shown; with ``uptime`` and ``sleep`` of a
    simulated clock a day passes in a moment.

    Like a post with lit buttons it has one lamp a button, and all of them answer together.
    """

    def __init__(
        self,
        buttons: Sequence[str] = FOUR_FACES,
        *,
        path: Path | None = None,
        uptime: Callable[[], float] = uptime_ms,
        sleep: Callable[[float], None] | None = None,
        mint: Callable[[], str] = mint_id,
    ) -> None:
        """Make a panel of ``buttons``.

        Args:
            buttons: their names, as in :class:`~hardware.panel.Closure`.
            path: of the Unix socket to listen at, replacing that of a panel that was killed.
            uptime: device uptime in milliseconds.
            sleep: moves a simulated ``uptime`` on; only without ``path``.
            mint: makes the ids of closures that bring none.

        Raises:
            PanelError: ``path`` is in use, or was given together with ``sleep``.
        """
        if path is not None and sleep is not None:
            raise PanelError("a panel on a socket lives in real time: leave out path or sleep")
        # First, since it may fail: nothing has to be released then.
        listener = None if path is None else listen(path)
        self._path = path
        self._buttons = Buttons(buttons, at_ms=uptime(), mint=mint)
        super().__init__(self._buttons, uptime=uptime, sleep=sleep)
        self._lamps = tuple(f"lamp-{number}" for number in range(1, len(buttons) + 1))
        self._dead: set[str] = set()
        self._signal: Signal = "idle"
        self._is_cut = False
        self._watchers: list[Callable[[Shown], None]] = []
        self._server: LineServer | None = None
        if listener is not None:
            server = LineServer(listener, self, greet=self._greet, take=self._take)
            self._watchers.append(lambda shown: server.tell_all(write_line(shown)))
            self._server = server

    def show(self, signal: Signal, press_id: str | None = None) -> None:
        """Show ``signal`` and tell everyone attached."""
        self._signal = signal
        lit = tuple(lamp for lamp in self._lamps if lamp not in self._dead)
        lamps = lit if signal in LIT and not self._is_cut else ()
        shown = Shown(signal, press_id, lamps, self._inbox.uptime())
        for watcher in self._watchers:
            watcher(shown)

    def close(self) -> None:
        """Put the lights out, send everyone away and release the path."""
        self.show("idle")
        if self._server is not None:
            self._server.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)
        super().close()

    def watch(self, watcher: Callable[[Shown], None]) -> None:
        """Call ``watcher`` with whatever is shown from now on."""
        self._watchers.append(watcher)

    def play(self, *steps: Step) -> None:
        """Let ``steps`` happen, each ``after_ms`` from now; from any thread.

        Raises:
            PanelError: a step names a button that there is not; then none of them happens.
        """
        for step in steps:
            self._buttons.check(step.button)
        self._inbox.add(*steps)

    def press(self, button: str, press_id: str) -> None:
        """Press ``button``, past the debouncer."""
        self.play(Press(button=button, id=press_id))

    def edge(self, button: str, *, is_closed: bool) -> None:
        """Close or open the contact of ``button``."""
        self.play(Edge(button=button, is_closed=is_closed))

    def set_lamp(self, lamp: str, *, is_dead: bool) -> None:
        """Break or mend ``lamp``: it is no longer lit, and reported as ``dead``."""
        if lamp not in self._lamps:
            raise PanelError(f"this panel has no lamp {lamp!r}; it has {', '.join(self._lamps)}")
        if is_dead == (lamp in self._dead):
            return
        self._dead ^= {lamp}
        self._buttons.report(Fault(lamp, "dead", is_present=is_dead), self._inbox.uptime())

    def set_cable(self, *, is_pulled: bool) -> None:
        """Pull or plug the cable: pulled, no press arrives and nothing is lit."""
        self._is_cut = is_pulled
        self._buttons.set_cable(is_pulled=is_pulled, at_ms=self._inbox.uptime())

    def set_plug(self, part: str, *, is_in: bool) -> None:
        """Put the plug of ``part`` in, or pull it out (``headphones``)."""
        self._buttons.report(Plug(part, is_in), self._inbox.uptime())
        self._inbox.wake()

    def _greet(self) -> bytes:
        return write_line(Hello(self._buttons.names, self._lamps, self._signal))

    def _take(self, line: bytes) -> bytes | None:
        try:
            self._obey(read_visitor(line))
        except (MsgspecError, UnicodeDecodeError, RecursionError, PanelError) as error:
            return write_line(Refusal(str(error)))
        return None

    def _obey(self, message: FromVisitor) -> None:
        match message:
            case Play(steps):
                self.play(*steps)
            case Lamp(lamp, is_dead):
                self.set_lamp(lamp, is_dead=is_dead)
            case Cable(is_pulled):
                self.set_cable(is_pulled=is_pulled)
            case Plugged(part, is_in):
                self.set_plug(part, is_in=is_in)
