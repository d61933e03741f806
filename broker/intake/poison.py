"""When a transaction fails for what is in it: find the culprit, and let all others through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from broker.intake.delivery import Delivery, Outcome
from broker.intake.intake import Intake
from broker.store.errors import StoreError
from broker.wire.codec import Reading, Rejected, write_event


def admit_around(intake: Intake, deliveries: Sequence[Delivery]) -> list[Outcome]:
    """Admit ``deliveries``; an event that no transaction can hold goes to quarantine alone.

    Judging refuses whatever we could think of; this is for the rest. The halves of a transaction
    that failed are tried apart, so one culprit among a thousand events costs twenty transactions.

    Raises:
        StoreError: the database does not answer, or not even the quarantine takes it.
    """
    try:
        return intake.admit(deliveries)
    except StoreError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever a poisonous event may cause
        return _apart(intake, deliveries, error)


def _apart(intake: Intake, deliveries: Sequence[Delivery], error: Exception) -> list[Outcome]:
    if len(deliveries) > 1:
        middle = len(deliveries) // 2
        halves = (deliveries[:middle], deliveries[middle:])
        return list(chain.from_iterable(admit_around(intake, half) for half in halves))
    (delivery,) = deliveries
    reading = delivery.reading
    if len(reading.events) + len(reading.rejected) > 1:
        parts = [outcome for part in _parts(delivery) for outcome in admit_around(intake, [part])]
        return [_joined(parts)]
    if not reading.events:
        raise error
    return intake.admit([_condemned(delivery, error)])


def _parts(delivery: Delivery) -> list[Delivery]:
    """``delivery`` in two; what could not be read goes with the first half."""
    events, rejected = delivery.reading.events, delivery.reading.rejected
    if len(events) > 1:
        middle = len(events) // 2
        pieces = [(events[:middle], rejected), (events[middle:], [])]
    else:
        pieces = [(events, []), ([], rejected)]
    stream = delivery.reading.stream
    return [replace(delivery, reading=Reading(stream, *piece)) for piece in pieces]


def _joined(parts: Sequence[Outcome]) -> Outcome:
    return Outcome(
        [event_id for part in parts for event_id in part.accepted],
        [refused for part in parts for refused in part.refused],
        [alarm for part in parts for alarm in part.alarms],
    )


def _condemned(delivery: Delivery, error: Exception) -> Delivery:
    (event,) = delivery.reading.events
    detail = f"{type(error).__name__}: {error}"
    culprit = Rejected("unstorable", detail, write_event(event), event.id, event.seq)
    return replace(delivery, reading=Reading(delivery.reading.stream, [], [culprit]))
