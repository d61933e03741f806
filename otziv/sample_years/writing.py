"""Votes into the store, many at a time: events, rollups and streams in the caller's transaction.

The intake judges each event by what is stored, and keeps up with some thousand a second: a year
of twelve desks would take minutes. Here nothing is judged, since all of it was made a moment ago;
but each event is one that the wire allows, has its row from the same code, and is counted by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from random import Random
from typing import Any, Final
from uuid import UUID, uuid5

from sqlalchemy import Connection

from broker.intake.submission import stream_of
from broker.store.errors import StoreError
from broker.store.events import EventRows, Origin, Times, row_of, say
from broker.store.history import slot_of
from broker.store.local_time import Calendar
from broker.store.place_tables import Served
from broker.store.rollups import AnswerKey, Counts, RollupWriter
from broker.store.statements import Row, put, write_rows
from broker.store.streams import StreamRows, StreamState
from broker.store.tables import table_of
from broker.wire.events import Answer, AnyEvent, Correction, Rating
from otziv.sample_years.registering import SURVEY
from otziv.sample_years.votes import HOUR_MS, Vote

NAMESPACE: Final = UUID("7d0e4a6b-52f1-5c3a-8f0d-2b9c6e1a4d75")
_SCALE: Final = "faces-4"
_OVERALL: Final = "overall"
_REASON: Final = "reason"
_INPUTS: Final[Mapping[str, str]] = {"device": "button", "tablet": "touch", "paper": "keyboard"}
"""Channel → input; of all others it is a form."""
_ENOUGH: Final = 20_000
"""Events written at once."""
_DAY_MS: Final = 24 * HOUR_MS
_SERVED: Final = ("kind", "code", "hour_at", "source", "people", "entered_at")


class Writer:
    """Writes one town's votes in the order in which they came in."""

    def __init__(
        self, connection: Connection, site: str, sender: str, calendar: Calendar, seed: int
    ) -> None:
        """Prepare; ``sender`` is the device under whose name the portal's forms come in."""
        dialect = connection.dialect.name
        self._connection: Final = connection
        self._site: Final = site
        self._sender: Final = sender
        self._calendar: Final = calendar
        self._seed: Final = seed
        self._random: Final = Random(f"{seed} {site} ids")
        self._events: Final = EventRows(dialect)
        self._streams: Final = StreamRows(dialect)
        self._rollups: Final = RollupWriter(dialect)
        self._put_served: Final = put(table_of(Served), _SERVED, dialect)
        self._states: Final[dict[str, StreamState]] = {}
        self._rows: list[Row] = []
        self._counts = Counts()
        self.votes = 0
        self.events = 0

    def write(self, votes: Iterable[Vote]) -> None:
        """Write ``votes``; the last of them only when :meth:`finish` is called."""
        for vote in votes:
            self.votes += 1
            state = self._state(vote)
            for event in self._said(vote, state):
                at_ms = vote.at_ms if vote.is_day else _ms(event.answered_at)
                received_ms = max(vote.received_ms, at_ms)
                origin = Origin(self._site, state.device, state.number, received_ms, self._calendar)
                said = say(event, _OVERALL, _SCALE)
                self._rows.append(row_of(event, origin, Times(at_ms, None), said))
        if len(self._rows) >= _ENOUGH:
            self._flush()

    def serve(self, touchpoint: str, hours: Mapping[int, int]) -> None:
        """Write how many people were served, by the hour's begin."""
        rows = [
            ("touchpoint", touchpoint, hour, "queue", people, hour + HOUR_MS)
            for hour, people in hours.items()
        ]
        write_rows(self._connection, self._put_served, rows)

    def finish(self) -> None:
        """Write what is left, and the streams' accounts."""
        self._flush()
        self._streams.save(self._connection, list(self._states.values()))

    def _flush(self) -> None:
        if self._events.insert(self._connection, self._rows) != len(self._rows):
            raise StoreError("some of these sample votes are in the store already")
        self.events += len(self._rows)
        self._rollups.add(self._connection, self._counts)
        self._rows, self._counts = [], Counts()

    def _state(self, vote: Vote) -> StreamState:
        """The stream by which a vote came: its device's, or the portal's."""
        device = vote.touchpoint if vote.channel == "device" else self._sender
        if device not in self._states:
            stream = (
                stream_of(self._site, device)
                if device == self._sender
                else uuid5(NAMESPACE, f"{self._seed} {self._site} {device}").hex
            )
            self._states.update(
                (state.device, state)
                for state in self._streams.open(self._connection, {stream: device}).values()
            )
        return self._states[device]

    def _said(self, vote: Vote, state: StreamState) -> Iterator[AnyEvent]:
        """The events of a vote, counted where they belong."""
        shared = self._shared(vote)
        rating = self._id(vote.at_ms)
        last = vote.value if vote.corrected is None else vote.corrected
        self._count(vote, last)
        yield Rating(
            id=rating,
            seq=_next(state),
            answered_at=_at(vote.at_ms),
            question=_OVERALL,
            scale=_SCALE,
            value=vote.value,
            **shared,
        )
        if vote.corrected is not None:
            at_ms = vote.at_ms + 1_400
            yield Correction(
                id=self._id(at_ms),
                seq=_next(state),
                answered_at=_at(at_ms),
                rating=rating,
                value=vote.corrected,
                **shared,
            )
        if vote.outcome is not None:
            at_ms = vote.at_ms + (0 if vote.is_day else 3_900)
            yield Answer(
                id=self._id(at_ms),
                seq=_next(state),
                answered_at=_at(at_ms),
                rating=rating,
                question=_REASON,
                outcome=vote.outcome,  # type: ignore[arg-type]  # the event checks it
                options=None if vote.reason is None else (vote.reason,),
                **shared,
            )

    def _shared(self, vote: Vote) -> dict[str, Any]:
        is_panel = vote.channel == "device"
        day, moment_ms = divmod(vote.at_ms, _DAY_MS)
        return {
            "visit": f"{self._random.getrandbits(96):024x}",
            "touchpoint": vote.touchpoint,
            "survey": SURVEY.code,
            "survey_version": SURVEY.version,
            "channel": vote.channel,
            "input": _INPUTS.get(vote.channel, "form"),
            "language": vote.language,
            "clock": "synced",
            "precision": "day" if vote.is_day else "instant",
            "boot": f"{day:08x}" if is_panel else "00000000",
            "uptime_ms": moment_ms if is_panel else 0,
        }

    def _count(self, vote: Vote, last: int) -> None:
        slot = slot_of(self._calendar, vote.at_ms, "synced", "day" if vote.is_day else "instant")
        where = (vote.touchpoint, SURVEY.code, _OVERALL, _SCALE, vote.channel, slot)
        self._counts.ratings.raw[*where, vote.value] += 1
        self._counts.ratings.filtered[*where, last] += 1
        if vote.outcome is not None:
            key = AnswerKey(
                vote.touchpoint, SURVEY.code, _REASON, vote.channel, slot, vote.outcome, ""
            )
            self._counts.answers.count(key.choices([vote.reason] if vote.reason else ()))

    def _id(self, at_ms: int) -> str:
        """A UUID of version 7, from the seed: in order of time, as indexes like it."""
        moment, chance = f"{at_ms:012x}", f"{self._random.getrandbits(72):018x}"
        return f"{moment[:8]}-{moment[8:]}-7{chance[:3]}-8{chance[3:6]}-{chance[6:]}"


def _next(state: StreamState) -> int:
    """The stream's next number, which is stored."""
    state.greatest_seq += 1
    state.stored_seqs += 1
    return state.greatest_seq


def _at(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms // 1000, UTC).replace(microsecond=at_ms % 1000 * 1000)


def _ms(at: datetime) -> int:
    return int(at.timestamp()) * 1000 + at.microsecond // 1000
