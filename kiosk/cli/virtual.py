"""A kiosk without a kiosk: firmware, screen and drawn buttons on a desktop, for people to try."""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hardware.panel import FOUR_FACES, TACTILE_KEYS
from kiosk.cli.address import read_address
from kiosk.cli.pictures import refuse_without_kivy
from kiosk.cli.places import IDENTITY
from kiosk.cli.supervisor import Child, supervise
from kiosk.cli.terminal import CommandError, say
from kiosk.identity import Identity
from kiosk.identity_file import IdentityFolder
from kiosk.kept_identity import KeptIdentity

SITE: Final = "town"
NAME: Final = "virtual-kiosk"
BROKER: Final = "127.0.0.1:1883"
WINDOW: Final = "800x480"
DIALLING_S: Final = 1.0
"""How long we look whether there is a broker; the firmware goes on looking."""

CLOSED: Final = 0
"""What a screen ends with when somebody closes its window."""

FAILED_TO_START: Final = 2


def run_virtual(options: argparse.Namespace) -> int:
    """Run a virtual kiosk until Ctrl-C, or until its window is closed; returns the exit status.

    Raises:
        CommandError: an option can't be used, or the screen can't be drawn here.
        IdentityFileError: it was enrolled, but its identity can't be read.
    """
    if not options.headless:
        refuse_without_kivy()
    host, port = read_address(options.broker or BROKER)
    with _data_folder(options.data) as data:
        kept = IdentityFolder(data / IDENTITY.name).current()
        settings = write_settings(data, host, port, has_screen=not options.headless)
        if kept is not None:
            _refuse_broker(options.broker, kept)
            host, port = kept.mqtt_host, kept.mqtt_port
        identity = Identity(SITE, NAME) if kept is None else kept.identity
        _introduce(data, identity, host, port, is_kept=options.data is not None)
        return supervise(list(_children(settings, options)))


def write_settings(data: Path, host: str, port: int, *, has_screen: bool) -> Path:
    """Write a virtual kiosk's settings into ``data``; returns their path.

    Site, device, touchpoint and broker count until it is enrolled; it may be while it runs.
    """
    quoted = json.dumps  # a JSON string is a TOML string, too
    lines = [
        f"site = {quoted(SITE)}",
        f"device = {quoted(NAME)}",
        f"touchpoint = {quoted(NAME)}",
        'data = "."',
        'clock = "trusted"',  # a desktop's clock is right, even where the kernel can't vouch for it
        f"broker.host = {quoted(host)}",
        f"broker.port = {port}",
        f"broker.identity = {quoted(IDENTITY.name)}",
        "broker.waits_for_identity = false",
        "[panel]",
        'kind = "virtual"',
        'path = "panel.sock"',
        f"buttons = {quoted([*FOUR_FACES, *TACTILE_KEYS])}",
    ]
    if has_screen:
        lines += ["[screen]"]
    if has_screen:
        is_heard = shutil.which("aplay") is not None
        lines += ["[sound]", f"kind = {quoted('alsa' if is_heard else 'virtual')}"]
    path = data / "kiosk.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@contextlib.contextmanager
def _data_folder(wanted: Path | None) -> Iterator[Path]:
    """The folder asked for, or one that is gone afterwards."""
    if wanted is None:
        with tempfile.TemporaryDirectory(prefix="otziv-kiosk-") as scratch:
            yield Path(scratch)
        return
    try:
        wanted.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise CommandError(f"--data {wanted} can't be made: {error.strerror}") from error
    yield wanted


def _children(settings: Path, options: argparse.Namespace) -> Iterator[Child]:
    python = [sys.executable, "-m"]
    firmware = [*python, "kiosk", "run", "--settings", str(settings)]
    firmware += ["--log-level", options.log_level, *(["--log-json"] if options.log_json else [])]
    yield Child("firmware", firmware, {FAILED_TO_START: FAILED_TO_START})
    if not options.headless:
        screen = [*python, "kiosk.ui", "--settings", str(settings)]
        screen += ["--window", options.window or WINDOW]
        screen += ["--panel", str(settings.with_name("panel.sock"))]
        yield Child("screen", screen, {CLOSED: 0, FAILED_TO_START: FAILED_TO_START})


def _refuse_broker(told: str | None, kept: KeptIdentity) -> None:
    if told is not None:
        raise CommandError(
            f"this kiosk is enrolled as {kept.site}/{kept.device}, and goes to "
            f"{kept.mqtt_host}:{kept.mqtt_port}: leave out --broker, or take another --data"
        )


def _introduce(data: Path, identity: Identity, host: str, port: int, *, is_kept: bool) -> None:
    """Tell what this is, and where its answers go."""
    state = "answers" if _is_there(host, port) else "does not answer yet; what is pressed waits"
    fate = "kept" if is_kept else "gone at the end"
    say(
        f"A virtual kiosk: site {identity.site}, device {identity.device}. Ctrl-C ends it.",
        f"  broker  {host}:{port} {state}",
        f"  data    {data} ({fate})",
        f"  panel   {data / 'panel.sock'}",
    )


def _is_there(host: str, port: int) -> bool:
    try:
        socket.create_connection((host, port), DIALLING_S).close()
    except OSError:
        return False
    return True
