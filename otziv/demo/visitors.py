"""Simulated visitors at the panels of real kiosk processes."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from typing import Final, NamedTuple

import uuid6

from hardware.virtual.client import VirtualPanelClient, wait_for_any
from otziv.demo.ledger import Ledger

LOOK_S: Final = 0.2
"""How long one look at the panels lasts; what they show is noted as it comes."""


class PlannedPress(NamedTuple):
    """Somebody is to press ``button`` at ``kiosk``, ``at_s`` seconds into the run."""

    at_s: float
    kiosk: str
    button: str


class Visitors:
    """Two threads: one presses on time, one watches what the panels answer."""

    def __init__(self, panels: dict[str, VirtualPanelClient], ledger: Ledger) -> None:
        """Have visitors for ``panels`` (kiosk's name → its panel)."""
        self._panels = panels
        self._ledger = ledger
        self._is_over = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="watcher", daemon=True)
        self._presser: threading.Thread | None = None
        self._watcher.start()

    def play(self, intents: Iterable[PlannedPress]) -> None:
        """Let visitors press, in order of time, from now on."""
        self._presser = threading.Thread(
            target=self._press_all, args=(intents,), name="presser", daemon=True
        )
        self._presser.start()

    def leave(self) -> None:
        """Nobody presses any more; the panels are watched on."""
        self._is_over.set()
        if self._presser is not None:
            self._presser.join()

    def close(self) -> None:
        """Stop watching too."""
        self.leave()
        panels, self._panels = self._panels, {}
        self._watcher.join()
        for panel in panels.values():
            panel.close()

    def _press_all(self, intents: Iterable[PlannedPress]) -> None:
        start_s = time.monotonic()
        for intent in intents:
            wait_s = start_s + intent.at_s - time.monotonic()
            if self._is_over.wait(max(wait_s, 0)):
                return
            self._press(intent)

    def _press(self, intent: PlannedPress) -> None:
        """Press once; the ledger knows of it before the kiosk does."""
        token = str(uuid6.uuid7())
        self._ledger.press(token, intent.kiosk, intent.button)
        if not self._panels[intent.kiosk].press(intent.button, token):
            self._ledger.withdraw(token)

    def _watch(self) -> None:
        while self._panels:
            for _, shown in wait_for_any(list(self._panels.values()), LOOK_S):
                if shown.press_id is None:
                    continue
                if shown.signal == "thanks":
                    self._ledger.thanks(shown.press_id)
                elif shown.signal == "void":
                    self._ledger.void(shown.press_id)
