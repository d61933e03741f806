"""The settings file that setup writes, and how it knows whether somebody has changed it since."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Final

from kiosk.cli.places import DATA, IDENTITY, SOCKET

NO_BOARD: Final = "none"
"""For a screen without any button."""

_HEAD: Final = re.compile(r"# Written by otziv kiosk setup \(([0-9a-f]{16})\)[^\n]*\n")


@dataclass(frozen=True, slots=True)
class Answers:
    """What a kiosk is, as far as setup asks.

    Attributes:
        site: the municipality's name on the wire.
        device: this kiosk's.
        touchpoint: where it stands; empty until the server says so.
        host, port: of a broker that asks for no certificate; without a host the kiosk has an
            identity, and the server says where its broker is.
        board: name or path of the pin map, or :data:`NO_BOARD`.
        diagonal_in: of the screen; ``None`` without one.
        speaker: ALSA's name of the loudspeaker; empty without one.
        pin: what is kept of the maintenance PIN; empty without one.
    """

    site: str
    device: str
    touchpoint: str
    host: str
    port: int
    board: str
    diagonal_in: float | None
    speaker: str
    pin: str


def write_toml(answers: Answers) -> str:
    """Return the text of the settings file."""
    quoted = json.dumps  # a JSON string is a TOML string, too
    lines = [
        f"site = {quoted(answers.site)}",
        f"device = {quoted(answers.device)}",
        *([f"touchpoint = {quoted(answers.touchpoint)}"] if answers.touchpoint else []),
        f"data = {quoted(str(DATA))}",
        "",
        "[panel]",
        *_panel(answers.board),
        "",
        "[broker]",
        *_broker(answers),
    ]
    if answers.diagonal_in is not None:
        lines += ["", "[screen]", f"socket = {quoted(str(SOCKET))}"]
        lines += [f"diagonal_in = {answers.diagonal_in}"]
    if answers.speaker:
        lines += ["", "[sound]", 'kind = "alsa"', f"device = {quoted(answers.speaker)}"]
    if answers.pin:
        lines += ["", "[maintenance]", f"pin = {quoted(answers.pin)}"]
    return _signed("\n".join(lines) + "\n")


def is_as_written(text: str) -> bool:
    """Whether nobody has changed ``text`` since setup wrote it."""
    head = _HEAD.match(text)
    return head is not None and head[1] == _digest(text[head.end() :])


def _broker(answers: Answers) -> list[str]:
    if not answers.host:
        return [f"identity = {json.dumps(str(IDENTITY))}"]
    return [f"host = {json.dumps(answers.host)}", f"port = {answers.port}"]


def _panel(board: str) -> list[str]:
    if board == NO_BOARD:
        return ['kind = "none"']
    return ['kind = "gpio"', f"board = {json.dumps(board)}"]


def _signed(body: str) -> str:
    told = "docs: settings.md. Yours to change; setup then leaves it alone."
    return f"# Written by otziv kiosk setup ({_digest(body)}). {told}\n{body}"


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()[:16]
