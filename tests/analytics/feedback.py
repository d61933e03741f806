"""A feedback store that is filled as in life: registered places, presses through the intake."""

from __future__ import annotations

import uuid
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from broker.intake.delivery import Delivery
from broker.intake.intake import Intake
from broker.intake.submission import Given, Submission
from broker.intake.submissions import Submissions, register_sender
from broker.store.migrate import open_database
from broker.store.registry import add_device, add_site, add_touchpoint
from broker.wire.codec import Reading, Rejected
from broker.wire.events import AnyEvent, Channel, Correction, Rating

NOW: Final = datetime(2023, 7, 10, 9, 30, tzinfo=UTC)
SITE: Final = "troyan"


class Feedback:
    """A store, and one device at each of its touchpoints."""

    def __init__(self, url: str) -> None:
        """Make the store at ``url``, with one municipality."""
        self.url = url
        self.database = open_database(url)
        add_site(self.database, SITE, name="Община Троян")
        self._seqs: Counter[str] = Counter()

    def place(self, code: str, *, name: str | None = None, is_test: bool = False) -> None:
        """Register a touchpoint, and the device ``kiosk-CODE`` that stands there."""
        name = name or f"Place {code}"
        add_touchpoint(self.database, code, site=SITE, name=name, is_test=is_test)
        add_device(self.database, f"kiosk-{code}", touchpoint=code)

    def press(
        self,
        code: str,
        value: int,
        *,
        times: int = 1,
        at: datetime = NOW - timedelta(minutes=1),
        corrected_to: int | None = None,
    ) -> None:
        """Let ``times`` visitors press ``value``, and perhaps correct themselves."""
        events: list[AnyEvent] = []
        for _ in range(times):
            rating = Rating(
                question="overall", scale="faces-4", value=value, **self._event(code, at)
            )
            events.append(rating)
            if corrected_to is not None:
                events.append(
                    Correction(rating=rating.id, value=corrected_to, **self._event(code, at))
                )
        self._deliver(code, events, at)

    def fill_in(
        self, code: str, value: int, channel: Channel, *, at: datetime = NOW - timedelta(minutes=1)
    ) -> None:
        """Let somebody answer by a form of the portal."""
        form = Submission(
            nonce=uuid.uuid4().hex,
            sender=register_sender(self.database, SITE),
            touchpoint=code,
            survey="reception",
            version=1,
            channel=channel,
            input="form",
            language="bg",
            answered_at=at,
            received_at=at,
            answers=(Given("overall", scale="faces-4", value=value),),
        )
        assert Submissions(self.database, SITE, lambda: at).take([form]) == ["stored"]

    def skip(self, code: str, events: int = 1) -> None:
        """Let numbers go by without events: as if they were under way, or lost."""
        self._seqs[code] += events

    def rewind(self, code: str, events: int) -> None:
        """Let the last numbers be used once more: as if the device's card had been copied."""
        self._seqs[code] -= events

    def refuse(self, device: str, events: int = 1) -> None:
        """Let a stranger send what nobody can read: it goes to quarantine."""
        topic = f"otziv/v1/{SITE}/{device}/events"
        rejected = [
            Rejected("not-json", "no JSON", f"{{{number}".encode(), None, None)
            for number in range(events)
        ]
        intake = Intake(self.database, lambda: NOW)
        intake.admit([Delivery(SITE, device, topic, Reading(None, [], rejected), NOW)])

    def close(self) -> None:
        """Release the database."""
        self.database.close()

    def _deliver(self, code: str, events: list[AnyEvent], at: datetime) -> None:
        """Hand ``events`` to the intake; all must be accepted."""
        device, stream = f"kiosk-{code}", uuid.uuid5(uuid.NAMESPACE_OID, code).hex
        reading = Reading(stream, events, [])
        topic = f"otziv/v1/{SITE}/{device}/events"
        intake = Intake(self.database, lambda: at)
        (outcome,) = intake.admit([Delivery(SITE, device, topic, reading, at)])
        assert not outcome.refused, outcome.refused

    def _event(self, code: str, at: datetime) -> dict[str, Any]:
        """What every event carries."""
        self._seqs[code] += 1
        visit = uuid.uuid4()
        return {
            "id": str(uuid.uuid4()),
            "seq": self._seqs[code],
            "visit": visit.hex[:16],
            "touchpoint": code,
            "survey": "reception",
            "survey_version": 1,
            "channel": "device",
            "input": "button",
            "language": "bg",
            "answered_at": at,
            "clock": "synced",
            "boot": "b7e2a9c0",
            "uptime_ms": self._seqs[code] * 1000,
        }
