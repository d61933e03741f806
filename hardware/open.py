"""From settings to a panel; only the libraries of the panel chosen are loaded."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

from msgspec import Meta, Struct

from hardware.bare import BarePanel
from hardware.panel import FOUR_FACES, Panel


class VirtualSettings(
    Struct, frozen=True, kw_only=True, tag_field="kind", tag="virtual", forbid_unknown_fields=True
):
    """A panel that is played over a socket.

    Attributes:
        path: of the Unix socket.
        buttons: names of its buttons.
    """

    path: Path
    buttons: Annotated[tuple[str, ...], Meta(min_length=1)] = FOUR_FACES


class GpioSettings(
    Struct, frozen=True, kw_only=True, tag_field="kind", tag="gpio", forbid_unknown_fields=True
):
    """A panel on the pins of this Raspberry Pi.

    Attributes:
        board: name of a shipped pin map, or the path of a ``.toml`` file.
        chip: label or path of the GPIO chip, where it isn't that of the 40-pin header.
    """

    board: str = "otziv-panel-4"
    chip: str | None = None


class NoPanelSettings(
    Struct, frozen=True, kw_only=True, tag_field="kind", tag="none", forbid_unknown_fields=True
):
    """No panel: everything is done on the touchscreen."""


PanelSettings: TypeAlias = VirtualSettings | GpioSettings | NoPanelSettings


def open_panel(settings: PanelSettings) -> Panel:
    """Open the panel that ``settings`` describe.

    Raises:
        PanelError: it can't be opened; the text says why.
    """
    match settings:
        case VirtualSettings():
            return _open_virtual(settings)
        case GpioSettings():
            return _open_gpio(settings)
        case NoPanelSettings():
            return BarePanel()


def _open_virtual(settings: VirtualSettings) -> Panel:
    from hardware.virtual.panel import VirtualPanel  # noqa: PLC0415 a kiosk has one panel

    return VirtualPanel(settings.buttons, path=settings.path)


def _open_gpio(settings: GpioSettings) -> Panel:
    from hardware.board import find_board  # noqa: PLC0415 a kiosk has one panel
    from hardware.gpio import GpioPanel, open_factory  # noqa: PLC0415 gpiozero: 0.2 s on a Pi

    board = find_board(settings.board)
    return GpioPanel(board, pin_factory=open_factory(settings.chip))
