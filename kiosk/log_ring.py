"""The last lines of this process's log, kept in memory for whoever asks how the kiosk is.

What leaves the kiosk is masked first. The log tells no press's value and no secret, and that is
held by tests; but a report goes to people far away, and a library's error may quote anything.
"""

from __future__ import annotations

import logging
import re
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, Self

LINES: Final = 400
MAX_LINE: Final = 500
"""Characters of an entry; 400 such lines are 200 kB at most."""

HIDDEN: Final = "***"

_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_NAME: Final = r"(?:[\w-]*[_-])?(?:code|key|passphrase|password|pin|secret|token|authorization)"
_VALUE: Final = r"""("[^"]*"|'[^']*'|\S+)"""

# Compiled at the first report, by re itself: a start has no use for them.
_MASKS: Final = (
    # Keys and certificates, on as many lines as they have.
    (r"(?s)-----BEGIN [^-]+-----.*?(-----END [^-]+-----|\Z)", HIDDEN),
    # user:password@ of an address.
    (r"(?<=://)[^/\s@]+@", f"{HIDDEN}@"),
    # pin = 1234, "password": "x", --token=y; then --code y.
    (rf"""(?i)\b({_NAME}["']?\s*[=:]\s*){_VALUE}""", rf"\1{HIDDEN}"),
    (rf"(?i)(--{_NAME}\s+){_VALUE}", rf"\1{HIDDEN}"),
    # What somebody chose or entered, as errors of decoders quote it.
    (r"""(?i)\b(value|option|answer)( |=)('[^']*'|"[^"]*"|-?\d+)""", rf"\1\2{HIDDEN}"),
    # What a kiosk keeps of a PIN, and keys in base64.
    (r"scrypt:\S+", HIDDEN),
    (r"(?a)(?=[\w+/-]*[A-Z])(?=[\w+/-]*\d)(?<![\w+/-])[\w+/-]{43,}={0,2}", HIDDEN),
    # People: e-mail addresses, telephones, and numbers of ten digits (personal numbers).
    (r"[\w.+-]+@[\w-]+(\.[\w-]+)+", HIDDEN),
    (r"(?<![\w.-])(\+\d[\d ]{8,}\d|\d{10})(?![\w.-])", HIDDEN),
)


class LogRing(logging.Handler):
    """Keeps the last lines; from any thread."""

    def __init__(self, lines: int = LINES) -> None:
        super().__init__()
        self.setFormatter(logging.Formatter(_FORMAT))
        self._lines: deque[str] = deque(maxlen=lines)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep an entry."""
        try:
            line = self.format(record)
        except (TypeError, ValueError):  # its text and its values do not fit
            line = f"{record.levelname} {record.name}: {record.msg}"
        self._lines.append(line if len(line) <= MAX_LINE else f"{line[: MAX_LINE - 1]}…")

    def lines(self) -> list[str]:
        """What was kept, the oldest first, masked."""
        self.acquire()
        try:
            lines = list(self._lines)
        finally:
            self.release()
        return [masked(line) for line in lines]

    @contextmanager
    def listening(self) -> Iterator[Self]:
        """Keep what this process logs while this lasts."""
        root = logging.getLogger()
        root.addHandler(self)
        try:
            yield self
        finally:
            root.removeHandler(self)


def masked(text: str) -> str:
    """``text`` without what may be a secret, an answer, or a person's."""
    for pattern, instead in _MASKS:
        text = re.sub(pattern, instead, text)
    return text
