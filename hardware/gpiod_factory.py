"""gpiozero's pins over the kernel's GPIO lines: a pin factory on gpiod 2, its only importer.

Edges wait in the kernel, each with the time at which it happened, until somebody calls
:meth:`GpiodFactory.dispatch`; whoever waits for them selects on the factory. So there is no
thread, and a press is never later than it was, however busy we are. docs/decisions/0040 has more.
"""

from __future__ import annotations

import errno
import select
import time
from dataclasses import replace
from pathlib import Path
from typing import Final

from gpiod import Chip, EdgeEvent, LineRequest, LineSettings
from gpiod.line import Bias, Direction, Edge, Value
from gpiozero import GPIOPinInUse, PinInvalidFunction, PinInvalidPin, PinInvalidPull, PinSetInput
from gpiozero.pins.pi import PiFactory, PiPin

from hardware.panel import PanelError

HEADER_LABELS: Final = ("pinctrl-bcm2835", "pinctrl-bcm2711", "pinctrl-rp1")
"""Labels of the chips that carry the 40-pin header: Pi Zero to 3, Pi 4, Pi 5. On each of them a
line's offset is its GPIO number."""

HEADER_REVISION: Final = 0xA02082
"""gpiozero names pins by the model; all with 40 pins have the header of this one, a Pi 3."""

CONSUMER: Final = "otziv"

EDGES: Final = 1024
"""How many edges of a line the kernel keeps for us, its most: seconds of the worst chatter."""

_DIRECTIONS: Final = {"input": Direction.INPUT, "output": Direction.OUTPUT}
_BIASES: Final = {"up": Bias.PULL_UP, "down": Bias.PULL_DOWN, "floating": Bias.DISABLED}


def open_header(wanted: str | None = None, *, devices: Path = Path("/dev")) -> Chip:
    """Open the chip that carries the header.

    Args:
        wanted: label or path of another chip.
        devices: where the chips' devices are.

    Raises:
        PanelError: there is none, or we may not use it.
    """
    labels = HEADER_LABELS if wanted is None else (wanted,)
    found, advice = [], "run this on a Raspberry Pi, or choose the virtual panel"
    for path in sorted(devices.glob("gpiochip*")):
        try:
            chip = Chip(str(path))
        except OSError as error:
            found.append(f"{path}: {error.strerror}")
            if isinstance(error, PermissionError):
                advice = "add this user to the group gpio, and start it anew"
            continue
        label = chip.get_info().label
        if label in labels or str(path) == wanted:
            return chip
        chip.close()
        found.append(f"{path} is {label}")
    told = ", ".join(found) or f"there is no {devices}/gpiochip*"
    raise PanelError(f"no GPIO pins here: no chip is {' or '.join(labels)} ({told}); {advice}")


class GpiodFactory(PiFactory):  # type: ignore[misc]  # gpiozero comes without types
    """Gives the pins of one chip to gpiozero's devices.

    Their callbacks run in :meth:`dispatch`, in the thread that calls it. A ``bounce_time`` is
    refused; see :mod:`hardware.debounce`.
    """

    def __init__(self, chip: Chip) -> None:
        """Take ``chip`` over; it is closed with the factory."""
        super().__init__()
        self.pin_class = GpiodPin
        self._chip = chip
        self._epoll = select.epoll()
        self._watched: dict[int, GpiodPin] = {}

    def close(self) -> None:
        """Release all pins and the chip."""
        super().close()
        self._epoll.close()
        self._chip.close()

    def fileno(self) -> int:
        """Return a descriptor that can be read while there are edges to dispatch."""
        return self._epoll.fileno()

    def dispatch(self) -> None:
        """Tell the devices what happened at their pins, in order for each pin; never waits."""
        for descriptor, _ in self._epoll.poll(0):
            self._watched[descriptor].read_edges()

    @staticmethod
    def ticks() -> float:
        """Seconds by the clock of the kernel's edges, CLOCK_MONOTONIC."""
        return time.monotonic()

    @staticmethod
    def ticks_diff(later: float, earlier: float) -> float:
        """Return the seconds between two ticks."""
        return later - earlier

    def request(self, line: int, settings: LineSettings) -> LineRequest:
        """Take ``line`` for ourselves.

        Raises:
            GPIOPinInUse: somebody else holds it.
            PinInvalidPin: it can't be had for another reason.
        """
        try:
            return self._chip.request_lines({line: settings}, CONSUMER, EDGES)
        except ValueError as error:
            lines = self._chip.get_info().num_lines
            raise PinInvalidPin(f"there is no GPIO {line}: this chip has {lines} lines") from error
        except OSError as error:
            if error.errno != errno.EBUSY:
                raise PinInvalidPin(f"GPIO {line} can't be used: {error.strerror}") from error
            holder = self._chip.get_line_info(line).consumer or "the kernel"
            raise GPIOPinInUse(
                f"GPIO {line} is in use by {holder}: end that, or wire another pin"
            ) from error

    def watch(self, request: LineRequest, pin: GpiodPin) -> None:
        """Dispatch the edges of ``request`` to ``pin``."""
        self._watched[request.fd] = pin
        self._epoll.register(request, select.EPOLLIN)

    def forget(self, request: LineRequest) -> None:
        """Dispatch the edges of ``request`` no more."""
        self._epoll.unregister(request)
        del self._watched[request.fd]

    def _get_revision(self) -> int:
        return HEADER_REVISION


class GpiodPin(PiPin):  # type: ignore[misc]  # gpiozero comes without types
    """One pin: nobody's until a device wants it for something, and ours until it is closed.

    The methods are those that gpiozero's ``Pin`` asks for; its documentation tells what each does.
    """

    def __init__(self, factory: GpiodFactory, info: object) -> None:
        super().__init__(factory, info)
        self._settings = LineSettings()
        self._request: LineRequest | None = None

    def close(self) -> None:
        """Give the pin back; what it drives has to be off by then."""
        self.when_changed = None
        if self._request is not None:
            self._request.release()
        self._request = None
        self._settings = LineSettings()

    def output_with_state(self, state: float) -> None:
        """Begin to drive the pin, with ``state`` from the first moment on."""
        self._set(direction=Direction.OUTPUT, bias=Bias.AS_IS, output_value=Value(int(state)))

    def read_edges(self) -> None:
        """Tell of the edges that wait, each with its own time."""
        if self._request is not None:
            for event in self._request.read_edge_events():
                is_high = event.event_type is EdgeEvent.Type.RISING_EDGE
                self._call_when_changed(event.timestamp_ns / 1e9, int(is_high))

    def _set(self, **changes: object) -> LineRequest:
        """Bring the line into another state, taking it first where it isn't ours."""
        settings = replace(self._settings, **changes)  # type: ignore[arg-type]  # as they are named
        number: int = self._number
        if self._request is None:
            self._request = self._factory.request(number, settings)
        else:
            self._request.reconfigure_lines({number: settings})
        self._settings = settings
        return self._request

    def _get_function(self) -> str:
        return "output" if self._settings.direction is Direction.OUTPUT else "input"

    def _set_function(self, value: str) -> None:
        if value not in _DIRECTIONS:
            raise PinInvalidFunction(f"{self!r} can be input or output, not {value}")
        self._set(direction=_DIRECTIONS[value], bias=Bias.AS_IS)

    def _get_state(self) -> int:
        request = self._request or self._set(direction=Direction.INPUT)
        return int(request.get_value(self._number).value)

    def _set_state(self, value: float) -> None:
        if self._request is None or self._settings.direction is not Direction.OUTPUT:
            raise PinSetInput(f"{self!r} is an input: it can't be set")
        self._request.set_value(self._number, Value(int(value)))

    def _get_pull(self) -> str:
        pulls = {bias: pull for pull, bias in _BIASES.items()}
        return pulls.get(self._settings.bias, "floating")

    def _set_pull(self, value: str) -> None:
        if value not in _BIASES:
            raise PinInvalidPull(f"{self!r} can be pulled up, down or floating, not {value}")
        self._set(bias=_BIASES[value])

    def _get_edges(self) -> str:
        return "both"

    def _set_edges(self, value: str) -> None:
        if value != "both":
            raise PinInvalidFunction(f"{self!r} tells of both edges, not of {value} ones alone")

    def _enable_event_detect(self) -> None:
        request = self._set(edge_detection=Edge.BOTH)
        self._factory.watch(request, self)

    def _disable_event_detect(self) -> None:
        if self._request is not None:
            self._factory.forget(self._request)
            self._set(edge_detection=Edge.NONE)
