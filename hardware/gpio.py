"""A panel on the pins of a Raspberry Pi, through gpiozero.

gpiozero's own ``bounce_time`` is not used: it loses presses, adds its length to each, and mock
pins ignore it. Raw edges are judged by our debouncer, each by its own time. What plain pins can't
tell: whether a lamp is dead or the cable is pulled.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol, runtime_checkable

from gpiozero import Buzzer, DigitalInputDevice, GPIOZeroError, LEDBoard
from gpiozero.pins import Factory

from hardware.bare import BarePanel
from hardware.board import Board
from hardware.buttons import Buttons, Edge, PanelEvent, Plugging
from hardware.ids import mint_id
from hardware.inbox import uptime_ms
from hardware.panel import LIT, PanelError, Signal, Source

BEEP_S: Final[dict[Signal, float]] = {"pressed": 0.03, "thanks": 0.15, "identify": 0.5}
"""How long the buzzer sounds; other signals are silent."""

BLINK_S: Final[dict[Signal, float]] = {"ask": 0.5, "warn": 0.25, "identify": 0.25}
"""The lamps are lit and dark for so long in turns: 1 and 2 Hz, below the 3 flashes a second of
WCAG 2.3.1."""

HEADPHONES: Final = "headphones"


@runtime_checkable
class Dispatcher(Source, Protocol):
    """A pin factory that has edges to tell of whenever it can be read."""

    def dispatch(self) -> None:
        """Tell the devices of them."""


class GpioPanel(BarePanel):
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
        self._board = board
        self._factory = pin_factory
        self._lamps: LEDBoard | None = None
        self._buzzer: Buzzer | None = None
        self._contacts: dict[str, DigitalInputDevice] = {}
        try:
            self._take_pins()
        except GPIOZeroError as error:
            self._release_pins()
            raise PanelError(f"{board.title}: {error}") from error
        closed = {name for name, contact in self._contacts.items() if contact.is_active}
        plugs = {HEADPHONES: self._is_in(is_closed=HEADPHONES in closed)}
        buttons = Buttons(
            board.buttons,
            closed=closed,
            at_ms=uptime(),
            mint=mint,
            plugs=plugs if HEADPHONES in self._contacts else None,
        )
        super().__init__(buttons, uptime=uptime)
        self._connect()

    def show(self, signal: Signal, press_id: str | None = None) -> None:  # noqa: ARG002 lamps and tone are the same for every press
        """Light the lamps and sound the buzzer as ``signal`` wants."""
        if self._lamps is not None:
            if signal in BLINK_S:
                self._lamps.blink(BLINK_S[signal], BLINK_S[signal])
            elif signal in LIT:
                self._lamps.on()
            else:
                self._lamps.off()
        if self._buzzer is not None and signal in BEEP_S:
            self._buzzer.beep(BEEP_S[signal], 0, n=1)

    def close(self) -> None:
        """Put the lights out and release the pins."""
        self._release_pins()
        super().close()

    def _take_pins(self) -> None:
        board = self._board
        if board.lamps:
            self._lamps = LEDBoard(*board.lamps.values(), pin_factory=self._factory)
        if board.buzzer is not None:
            self._buzzer = Buzzer(board.buzzer, pin_factory=self._factory)
        contacts = dict(board.buttons)
        if board.headphones is not None:
            contacts[HEADPHONES] = board.headphones
        for name, pin in contacts.items():
            # Not gpiozero's Button: that one starts a thread for each, to time how long it is held.
            contact = DigitalInputDevice(pin, pull_up=True, pin_factory=self._factory)
            self._contacts[name] = contact

    def _connect(self) -> None:
        """Let edges reach the inbox, from our thread or from one of the factory's."""
        for name, contact in self._contacts.items():
            contact.when_activated = self._feeler(name, is_closed=True)
            contact.when_deactivated = self._feeler(name, is_closed=False)
        if isinstance(self._factory, Dispatcher):
            self.attend(self._factory, self._factory.dispatch)

    def _feeler(self, name: str, *, is_closed: bool) -> Callable[[], None]:
        contact = self._contacts[name]

        def feel() -> None:
            # The edge's age carries its time over from the factory's clock to ours, which goes on
            # while the device sleeps.
            age_s: float = contact.active_time if is_closed else contact.inactive_time
            self._inbox.add(self._event(name, is_closed=is_closed, after_ms=-1000 * age_s))

        return feel

    def _event(self, name: str, *, is_closed: bool, after_ms: float) -> PanelEvent:
        if name == HEADPHONES:
            return Plugging(part=name, is_in=self._is_in(is_closed=is_closed), after_ms=after_ms)
        return Edge(button=name, is_closed=is_closed, after_ms=after_ms)

    def _is_in(self, *, is_closed: bool) -> bool:
        """Whether a plug is in the socket whose contact is closed, or is not."""
        return is_closed == (self._board.plugged == "closed")

    def _release_pins(self) -> None:
        for device in (self._lamps, self._buzzer):
            if device is not None:
                device.off()
                device.close()
        for contact in self._contacts.values():
            contact.close()
        self._factory.close()


def open_factory(chip: str | None = None) -> Factory:
    """Open the pins of this Raspberry Pi.

    Args:
        chip: label or path of another GPIO chip than that of the 40-pin header.

    Raises:
        PanelError: this machine has none, we may not use it, or gpiod is missing.
    """
    try:
        from hardware.gpiod_factory import (  # noqa: PLC0415 gpiod exists for Linux only
            GpiodFactory,
            open_header,
        )
    except ImportError as error:
        raise PanelError(
            f"no GPIO pins here ({error}): install otziv with the extra kiosk on a Raspberry Pi, "
            "or choose the virtual panel"
        ) from error
    return GpiodFactory(open_header(chip))
