"""Hypothesis strategies for valid events and messages."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from broker.wire.events import MAX_INTEGER, Answer, AnyEvent, Correction, Rating
from broker.wire.messages import VERSION, Command, Heartbeat, Quarantined, Receipt, Reply
from broker.wire.scales import SCALES
from tests.wire.configurations import codes, configurations
from tests.wire.configurations import tags as languages

tokens = st.from_regex(r"[0-9a-f-]{8,36}", fullmatch=True)
streams = st.from_regex(r"[0-9a-f]{32}", fullmatch=True)
ids = st.uuids().map(str)
counts = st.integers(0, MAX_INTEGER)
zones = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))
instants = st.datetimes(
    min_value=datetime(1970, 1, 1),  # noqa: DTZ001  # Hypothesis adds the zone
    max_value=datetime(9998, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC) | zones,
)
texts = st.text(st.characters(codec="utf-8"), max_size=80)

_common: dict[str, SearchStrategy[Any]] = {
    "id": ids,
    "seq": st.integers(1, MAX_INTEGER),
    "visit": tokens,
    "touchpoint": codes,
    "survey": codes,
    "survey_version": st.integers(1, 2**31 - 1),
    "channel": st.sampled_from(
        ["device", "tablet", "web", "qr", "paper", "phone", "e-mail", "case"]
    ),
    "input": codes,
    "language": languages,
    "answered_at": instants,
    "clock": st.sampled_from(["synced", "estimated", "unknown"]),
    "boot": tokens,
    "uptime_ms": counts,
    "precision": st.sampled_from(["instant", "day"]),
}
_rated = st.sampled_from(sorted(SCALES)).flatmap(
    lambda scale: st.tuples(st.just(scale), st.sampled_from(SCALES[scale].values))
)
_said: SearchStrategy[dict[str, Any]] = st.one_of(
    st.lists(codes, min_size=1, max_size=5, unique=True).map(lambda o: {"options": tuple(o)}),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda n: {"number": n}),
    st.dates(date(1900, 1, 1)).map(lambda d: {"date": d}),
).map(lambda said: {"outcome": "answered", **said}) | st.sampled_from(
    [{"outcome": "skipped"}, {"outcome": "timeout"}]
)

ratings: SearchStrategy[Rating] = st.tuples(
    st.fixed_dictionaries({**_common, "question": codes}), _rated
).map(lambda drawn: Rating(**drawn[0], scale=drawn[1][0], value=drawn[1][1]))
corrections = st.builds(Correction, **_common, rating=ids, value=st.integers(0, 10))
answers: SearchStrategy[Answer] = st.tuples(
    st.fixed_dictionaries({**_common, "question": codes, "rating": st.none() | ids}), _said
).map(lambda drawn: Answer(**drawn[0], **drawn[1]))
events: SearchStrategy[AnyEvent] = st.one_of(ratings, corrections, answers)

receipts = st.builds(
    Receipt,
    v=st.just(VERSION),
    stream=streams,
    accepted=st.lists(ids, max_size=5),
    quarantined=st.lists(st.builds(Quarantined, id=ids, reason=codes), max_size=3),
)
heartbeats = st.builds(
    Heartbeat,
    v=st.just(VERSION),
    sent_at=instants,
    clock=st.sampled_from(["synced", "estimated", "unknown"]),
    boot=tokens,
    uptime_ms=counts,
    stream=streams,
    last_seq=counts,
    waiting=counts,
    version=st.text(st.characters(codec="utf-8"), max_size=40),
    configuration=counts,
    faults=st.lists(codes, max_size=3).map(tuple),
    disk_free_bytes=st.none() | counts,
)
commands = st.builds(
    Command,
    v=st.just(VERSION),
    id=tokens,
    name=codes,
    args=st.dictionaries(texts, texts, max_size=3),
    expires_in_s=st.integers(1, 3600),
)
replies = st.builds(Reply, v=st.just(VERSION), command=tokens, ok=st.booleans(), detail=texts)
messages = st.one_of(receipts, heartbeats, configurations, commands, replies)
