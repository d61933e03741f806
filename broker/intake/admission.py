"""Judging deliveries in order: what can be accepted is harvested, the rest gets its reason."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from sqlalchemy import Connection

from broker.intake.delivery import Delivery, Outcome, Refused
from broker.intake.harvest import Harvest, Share
from broker.intake.judge import Known, Refusal, refuse_channel, refuse_reference, refuse_time
from broker.intake.statements import Statements
from broker.store.columns import to_ms
from broker.store.events import Content, Origin, Times, content_of, row_of, say
from broker.store.flag_reasons import (
    CLOCK_UNKNOWN,
    FOREIGN_RATING,
    FOREIGN_STREAM,
    FOREIGN_TOUCHPOINT,
)
from broker.store.history import Change, History, slot_of
from broker.store.local_time import Slot
from broker.store.rollups import AnswerKey
from broker.store.statements import Row
from broker.store.streams import StreamState
from broker.wire.codec import Reading, write_event
from broker.wire.errors import REASONS as UNDECODABLE
from broker.wire.events import AnyEvent, Correction, Rating

_LATER: Final = 2**62
"""Corrections not yet written have no number; they come after all that are."""


class Admission:
    """The judging of one transaction. What is taken is in ``harvest``, to be written at once."""

    def __init__(self, known: Known) -> None:
        """Start with nothing taken."""
        self.harvest: Final = Harvest()
        self._known: Final = known
        self._taken: Final[dict[str, tuple[AnyEvent, str]]] = {}
        """Each with the device that made it."""
        self._stored: dict[str, Content] = {}
        self._streams: dict[str, StreamState] = {}
        self._histories: dict[str, History] = {}

    def look_up(
        self,
        connection: Connection,
        statements: Statements,
        deliveries: Sequence[Delivery],
        *,
        is_doubtful: bool,
    ) -> None:
        """Read what judging needs.

        The events' own ids are looked up only where it ``is_doubtful`` that they are new: they
        nearly always are, and writing them tells when not.
        """
        welcome = [d for d in deliveries if self._known.refuse_sender(d.site, d.device) is None]
        events = [event for delivery in welcome for event in delivery.reading.events]
        owners: dict[str, str] = {}
        for delivery in welcome:
            if delivery.reading.stream is not None:
                owners.setdefault(delivery.reading.stream, delivery.device)
        self._streams = statements.streams.open(connection, owners)
        others = [event for event in events if not isinstance(event, Rating)]
        rated = {event.rating for event in others if event.rating is not None}
        calendars = self._known.calendars
        self._histories = statements.histories.read(connection, sorted(rated), calendars)
        if is_doubtful:
            self._stored = statements.events.contents(connection, [event.id for event in events])

    def judge(self, delivery: Delivery) -> Outcome:
        """Take what can be accepted; refuse the rest."""
        reading, outcome = delivery.reading, Outcome()
        for bad in reading.rejected:
            outcome.refused.append(Refused(bad.id, bad.seq, bad.raw, None, bad.reason, bad.detail))
        refusal = self._known.refuse_sender(delivery.site, delivery.device)
        if refusal is None and reading.stream is None:
            refusal = Refusal("invalid", "the batch names no stream")
        if refusal is not None:
            outcome.refused += [_refused(event, refusal) for event in reading.events]
        elif reading.stream is not None:
            self._judge_events(delivery, reading.stream, outcome)
        return outcome

    def _judge_events(self, delivery: Delivery, stream: str, outcome: Outcome) -> None:
        state = self._streams[stream]
        share = self.harvest.shares.get(stream)
        if share is None:
            share = self.harvest.shares[stream] = Share(state)
        received_ms = to_ms(delivery.received_at)
        calendar = self._known.calendars[delivery.site]
        origin = Origin(delivery.site, delivery.device, state.number, received_ms, calendar)
        places = self._known.places_of(delivery.device)
        is_foreign = delivery.device != state.device
        first = len(share.rows)
        for event in delivery.reading.events:
            refusal = _refuse_number(event, share) if is_foreign else None
            if refusal is None and places is not None:
                refusal = refuse_channel(event)
            if refusal is None:
                refusal = self._take(event, origin, share, places)
            if refusal is None:
                outcome.accepted.append(event.id)
            else:
                outcome.refused.append(_refused(event, refusal))
        if is_foreign:
            flags = [(row[0], FOREIGN_STREAM, 1, received_ms) for row in share.rows[first:]]
            self.harvest.flags += flags
        else:
            share.heard_seq = max(share.heard_seq, _heard_seq(delivery.reading))

    def _take(
        self, event: AnyEvent, origin: Origin, share: Share, places: AbstractSet[str] | None
    ) -> Refusal | None:
        """Take one event, or say why not; one that is known already is taken once."""
        if event.id in self._taken:
            return _refuse_repetition(event, content_of(self._taken[event.id][0]))
        if event.id in self._stored:
            return _refuse_repetition(event, self._stored[event.id])
        claimed_ms = to_ms(event.answered_at)
        refusal = self._refuse(event, origin, claimed_ms)
        if refusal is not None:
            return refusal
        self._taken[event.id] = (event, origin.device)
        if places is not None and event.touchpoint not in places:
            self._doubt(event, FOREIGN_TOUCHPOINT, origin)
        if not isinstance(event, Rating) and event.rating is not None:
            self._doubt_reference(event, event.rating, origin)
        if event.clock == "unknown":
            times = Times(origin.received_ms, claimed_ms)
            self.harvest.flags.append((event.id, CLOCK_UNKNOWN, 1, origin.received_ms))
        else:
            times = Times(claimed_ms, None)
        slot = slot_of(origin.calendar, times.answered_ms, event.clock, event.precision)
        share.rows.append(row_of(event, origin, times, self._count(event, slot)))
        return None

    def _doubt(self, event: AnyEvent, reason: str, origin: Origin) -> None:
        self.harvest.flags.append((event.id, reason, 1, origin.received_ms))
        self.harvest.doubted.add(event.id)

    def _doubt_reference(self, event: AnyEvent, rating: str, origin: Origin) -> None:
        """Nobody corrects at one panel what was said at another."""
        history = self._history(rating)
        if history is not None and history.device != origin.device:
            self._doubt(event, FOREIGN_RATING, origin)

    def _refuse(self, event: AnyEvent, origin: Origin, claimed_ms: int) -> Refusal | None:
        """Why a new event can't be taken, if so."""
        refusal = self._known.refuse_touchpoint(event.touchpoint, origin.site)
        if refusal is None and event.clock != "unknown":
            refusal = refuse_time(event, claimed_ms, origin.received_ms)
        if refusal is None and not isinstance(event, Rating) and event.rating is not None:
            refusal = refuse_reference(event, event.rating, self._history(event.rating))
        return refusal

    def _count(self, event: AnyEvent, slot: Slot) -> Row:
        """Note where a taken event is counted; returns what it said, for its row."""
        where = (event.touchpoint, event.survey)
        if isinstance(event, Rating):
            self.harvest.ratings[event.id] = (
                *where,
                event.question,
                event.scale,
                event.channel,
                slot,
                event.value,
            )
            return say(event)
        if isinstance(event, Correction):
            return self._correct(event)
        key = AnswerKey(*where, event.question, event.channel, slot, event.outcome, option="")
        keys = key.choices(event.options or ())
        self.harvest.answers += keys
        if event.id in self.harvest.doubted:
            self.harvest.doubted_answers += keys
        return say(event)

    def _correct(self, event: Correction) -> Row:
        history = self._histories[event.rating]
        self.harvest.corrected.setdefault(event.rating, (history, history.filtered_key))
        history.changes.append(Change(event.seq, _LATER + len(self._taken), event.id, event.value))
        history.doubted |= self.harvest.doubted & {event.id}
        _touchpoint, _survey, question, scale, *_ = history.key
        return say(event, question, scale)

    def _history(self, rating: str) -> History | None:
        """The history of a rating that is stored, or taken just now."""
        if rating not in self._histories and rating in self.harvest.ratings:
            _event, device = self._taken[rating]
            doubted = self.harvest.doubted & {rating}
            key = self.harvest.ratings[rating]
            self._histories[rating] = History(rating, device, key, doubted=doubted)
        return self._histories.get(rating)


def _refuse_repetition(event: AnyEvent, earlier: Content) -> Refusal | None:
    """The same again is a duplicate and welcome; something else with its id is not."""
    if content_of(event) == earlier:
        return None
    return Refusal("id-conflict", f"another event with id {event.id} came before, and stays")


def _refuse_number(event: AnyEvent, share: Share) -> Refusal | None:
    """Why a number in another device's stream is not believed, if so."""
    if share.believe(event.seq):
        return None
    owner = share.state.device
    return Refusal("foreign-seq", f"number {event.seq} is far ahead of the stream of {owner!r}")


def _refused(event: AnyEvent, refusal: Refusal) -> Refused:
    raw = write_event(event)
    return Refused(event.id, event.seq, raw, event, refusal.reason, refusal.detail)


def _heard_seq(reading: Reading) -> int:
    """The greatest number that the device has given out, as far as this delivery tells.

    What breaks the contract is not believed in its number either: it may be a program's fault.
    """
    sound = [bad.seq or 0 for bad in reading.rejected if bad.reason not in UNDECODABLE]
    return max([*sound, *(event.seq for event in reading.events)], default=0)
