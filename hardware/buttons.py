"""All buttons of one panel: what fingers and wires do goes in, notices come out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeAlias

from msgspec import Struct

from hardware.debounce import Change, Debouncer
from hardware.ids import mint_id
from hardware.panel import TACTILE_KEYS, Closure, Fault, Input, Notice, PanelError, Plug
from hardware.plug import PlugWatch


class Press(Struct, frozen=True, kw_only=True, tag="press", omit_defaults=True):
    """A clean press, past the debouncer.

    Attributes:
        button: which one.
        id: UUID in lower case, minted by the presser; becomes the event's id.
        after_ms: how long after now it is pressed; below zero, it was.
        input: by what it came.
    """

    button: str
    id: str
    after_ms: float = 0.0
    input: Input = "button"


class Edge(Struct, frozen=True, kw_only=True, tag="edge", omit_defaults=True):
    """A contact closes or opens, and the debouncer judges it.

    Attributes:
        button: which one.
        is_closed: the level from then on.
        after_ms: how long after now it happens.
        id: of the closure that this edge completes; minted here where it is left out.
    """

    button: str
    is_closed: bool
    after_ms: float = 0.0
    id: str | None = None


Step: TypeAlias = Press | Edge
"""One thing that happens to a button."""


class Plugging(Struct, frozen=True, kw_only=True):
    """The contact of a socket says that a plug is in, or out; what lasts 100 ms counts.

    Attributes:
        part: ``headphones``.
        is_in: from then on.
        after_ms: how long after now it happens.
    """

    part: str
    is_in: bool
    after_ms: float = 0.0


PanelEvent: TypeAlias = Step | Plugging
"""One thing that happens at a panel."""


class Buttons:
    """The debouncers of one panel, and the cable between them and us."""

    def __init__(
        self,
        names: Iterable[str],
        *,
        closed: Iterable[str] = (),
        at_ms: float = 0.0,
        mint: Callable[[], str] = mint_id,
        plugs: Mapping[str, bool] | None = None,
    ) -> None:
        """Watch buttons and sockets.

        Args:
            names: of the buttons.
            closed: those that are closed already, and were not seen to close.
            at_ms: now.
            mint: makes the ids of closures that bring none.
            plugs: the sockets, each with whether its plug is in now; without it there is none.
        """
        held = frozenset(closed)
        self._debouncers = {name: Debouncer(is_closed=name in held, at_ms=at_ms) for name in names}
        self._plugs = {
            part: PlugWatch(is_in=is_in, at_ms=at_ms) for part, is_in in (plugs or {}).items()
        }
        self._mint = mint
        self._given_ids: dict[str, str | None] = {}
        self._notices: list[tuple[float, Notice]] = []
        self._is_cut = False

    @property
    def names(self) -> tuple[str, ...]:
        """The buttons, in the order given."""
        return tuple(self._debouncers)

    @property
    def next_deadline_ms(self) -> float | None:
        """When :meth:`tick` will find something; ``None``: not without another edge."""
        watches: list[Debouncer | PlugWatch] = [*self._debouncers.values(), *self._plugs.values()]
        deadlines = [watch.next_deadline_ms for watch in watches]
        return min((deadline for deadline in deadlines if deadline is not None), default=None)

    @property
    def has_notices(self) -> bool:
        """Whether there is anything to take."""
        return bool(self._notices)

    def check(self, button: str) -> None:
        """Raise :class:`PanelError` unless the panel has ``button``."""
        if button not in self._debouncers:
            has = ", ".join(self._debouncers)
            raise PanelError(f"this panel has no button {button!r}; it has {has}")

    def feel(self, event: PanelEvent, at_ms: float) -> None:
        """Let ``event`` happen at ``at_ms``. With the cable pulled, nothing arrives."""
        if self._is_cut:
            return
        match event:
            case Press():
                self._press(event, at_ms)
            case Edge():
                self._edge(event, at_ms)
            case Plugging(part=part, is_in=is_in):
                self._find_plug(part, at_ms)
                self._plugs[part].turn(is_in=is_in, at_ms=at_ms)

    def tick(self, at_ms: float) -> None:
        """Find what time alone has made certain."""
        for button, debouncer in self._debouncers.items():
            self._note(button, debouncer.tick(at_ms))
        for part in self._plugs:
            self._find_plug(part, at_ms)

    def set_cable(self, *, is_pulled: bool, at_ms: float) -> None:
        """Pull or plug the cable: pulled, every contact reads open."""
        if is_pulled == self._is_cut:
            return
        for button in self._debouncers:
            self.feel(Edge(button=button, is_closed=False), at_ms)
        self._is_cut = is_pulled
        self.report(Fault("cable", "pulled", is_present=is_pulled), at_ms)

    def report(self, notice: Notice, at_ms: float) -> None:
        """Put a notice of ``at_ms`` among those to take."""
        self._notices.append((at_ms, notice))

    def take(self) -> list[Notice]:
        """Take what was found since the last call, in order of time."""
        found, self._notices = self._notices, []
        return [notice for _, notice in sorted(found, key=lambda entry: entry[0])]

    def _press(self, press: Press, at_ms: float) -> None:
        # A key that is down already can't be pressed. What only a screen has, is never down.
        debouncer = self._debouncers.get(press.button)
        if debouncer is None or not debouncer.is_held:
            self.report(Closure(press.button, int(at_ms), press.id, press.input), at_ms)

    def _edge(self, edge: Edge, at_ms: float) -> None:
        if edge.is_closed:
            self._given_ids[edge.button] = edge.id
        debouncer = self._debouncers[edge.button]
        self._note(edge.button, debouncer.edge(is_closed=edge.is_closed, at_ms=at_ms))

    def _find_plug(self, part: str, at_ms: float) -> None:
        watch = self._plugs[part]
        since_ms = watch.tick(at_ms)
        if since_ms is not None:
            self.report(Plug(part, watch.is_in), since_ms)

    def _note(self, button: str, changes: list[Change]) -> None:
        for change in changes:
            if change.kind == "closed":
                press_id = self._given_ids.pop(button, None) or self._mint()
                kind: Input = "key" if button in TACTILE_KEYS else "button"
                self.report(Closure(button, int(change.at_ms), press_id, kind), change.at_ms)
            elif change.kind != "released":
                is_stuck = change.kind == "stuck"
                self.report(Fault(button, "stuck", is_present=is_stuck), change.at_ms)
