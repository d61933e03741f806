"""A panel on the pins of a Raspberry Pi, through gpiozero.

gpiozero's own ``bounce_time`` is not used: it loses presses, adds its length to each, and mock
pins ignore it. Raw edges come in on gpiozero's thread, are stamped there, and are judged by our
debouncer on the thread that waits. What plain pins can't tell: whether a lamp is dead or the cable
is pulled.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from gpiozero import LED, Buzzer, DigitalInputDevice, GPIOZeroError
from gpiozero.pins import Factory

from hardware.board import Board
from hardware.buttons import Buttons, Edge, mint_id
from hardware.inbox import Inbox, uptime_ms
from hardware.panel import LIT, Closure, Notice, PanelError, Signal, Source

BEEP_S: Final[dict[Signal, float]] = {"pressed": 0.03, "thanks": 0.15}
"""How long the buzzer sounds; other signals are silent."""

BLINK_S: Final = 0.5
"""While asking, the lamps are lit and dark for so long in turns: 1 Hz, far below the 3 flashes a
second of WCAG 2.3.1."""


class GpioPanel:
    """A :class:`~hardware.panel.Panel` wired as a :class:`~hardware.board.Board` says.

    All lamps act together and there is one tone, whatever the value, so that nobody beside the
    visitor learns it.
    """

    def __init__(
        self,
        board: Board,
        *,
        pin_factory: Factory,
        uptime: Callable[[], float] = uptime_ms,
        mint: Callable[[], str] = mint_id,
    ) -> None:
        """Take the pins of ``board``.

        Args:
            board: the pin map.
            pin_factory: gives the pins; the panel takes it over and closes it. gpiozero's global
                one is never used.
            uptime: device uptime in milliseconds.
            mint: makes the ids of closures.

        Raises:
            PanelError: a pin can't be had.
        """
        self._factory = pin_factory
        self._lamps: list[LED] = []
        self._contacts: dict[str, DigitalInputDevice] = {}
        self._buzzer: Buzzer | None = None
        try:
            self._take_pins(board)
        except GPIOZeroError as error:
            self._release_pins()
            raise PanelError(f"{board.title}: {error}") from error
        closed = [button for button, contact in self._contacts.items() if contact.is_active]
        buttons = Buttons(board.buttons, closed=closed, at_ms=uptime(), mint=mint)
        self._inbox = Inbox(buttons, uptime=uptime)
        for button, contact in self._contacts.items():
            self._connect(button, contact)

    @property
    def buttons(self) -> tuple[str, ...]:
        """Names of the buttons, in the board's order."""
        return self._inbox.buttons.names

    def wait(self, timeout_s: float) -> list[Notice]:
        """Wait up to ``timeout_s`` for closures and faults, in order of time."""
        return self._inbox.wait(timeout_s)

    def show(self, signal: Signal, press_id: str | None = None) -> None:  # noqa: ARG002 lamps and tone are the same for every press
        """Light the lamps and sound the buzzer as ``signal`` wants."""
        for lamp in self._lamps:
            if signal == "ask":
                lamp.blink(BLINK_S, BLINK_S)
            elif signal in LIT:
                lamp.on()
            else:
                lamp.off()
        if self._buzzer is not None and signal in BEEP_S:
            self._buzzer.beep(BEEP_S[signal], 0, n=1)

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
        """Put the lights out and release the pins."""
        self._release_pins()
        self._inbox.close()

    def _take_pins(self, board: Board) -> None:
        for pin in board.lamps.values():
            self._lamps.append(LED(pin, pin_factory=self._factory))
        if board.buzzer is not None:
            self._buzzer = Buzzer(board.buzzer, pin_factory=self._factory)
        for button, pin in board.buttons.items():
            # Not gpiozero's Button: that one starts a thread for each, to time how long it is held.
            contact = DigitalInputDevice(pin, pull_up=True, pin_factory=self._factory)
            self._contacts[button] = contact

    def _connect(self, button: str, contact: DigitalInputDevice) -> None:
        closing, opening = (Edge(button=button, is_closed=level) for level in (True, False))
        contact.when_activated = lambda: self._inbox.add(closing)
        contact.when_deactivated = lambda: self._inbox.add(opening)

    def _release_pins(self) -> None:
        for device in (*self._contacts.values(), *self._lamps, self._buzzer):
            if device is not None:
                device.close()
        self._factory.close()


def open_factory() -> Factory:
    """Open the pins of this Raspberry Pi, through ``lgpio``.

    Raises:
        PanelError: this machine has none that we can reach, or ``lgpio`` is missing.
    """
    try:
        from gpiozero.pins.lgpio import LGPIOFactory  # noqa: PLC0415 only a Pi has lgpio

        return LGPIOFactory()
    except Exception as error:  # lgpio has an error class of its own, and an empty namesake
        raise PanelError(
            f"no GPIO pins here ({error}): install lgpio on a Raspberry Pi, and let this user "
            "use /dev/gpiochip*; or choose the virtual panel"
        ) from error
