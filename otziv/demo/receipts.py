"""Listening to receipts: when the collector had committed a press, seen from outside."""

from __future__ import annotations

import threading

from broker.link.link import Link
from broker.wire.codec import read
from broker.wire.errors import WireError
from broker.wire.messages import Receipt
from broker.wire.topics import parse_topic
from otziv.demo.ledger import Ledger


class ReceiptWatcher:
    """A thread that notes the time of each receipt in the ledger."""

    def __init__(self, link: Link, ledger: Ledger) -> None:
        """Watch on ``link``, which must be subscribed to the receipts of all devices."""
        self._link = link
        self._ledger = ledger
        self._is_over = False
        self._thread = threading.Thread(target=self._run, name="receipts", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop watching, and close the link."""
        self._is_over = True
        self._link.wake()
        self._thread.join()
        self._link.close()

    def _run(self) -> None:
        while not self._is_over:
            messages = self._link.receive(0.5)
            for message in messages:
                self._note(message.topic, message.payload)
            self._link.acknowledge(messages)

    def _note(self, topic: str, payload: bytes) -> None:
        try:
            if parse_topic(topic).channel != "receipts":
                return
            receipt = read(payload, Receipt)
        except WireError:
            return  # not for us to judge; the kiosk does
        for event_id in receipt.accepted:
            self._ledger.stored(event_id)
