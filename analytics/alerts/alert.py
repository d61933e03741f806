"""What an alert is, and what may become of it. Pure: the clock is passed in."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple, TypeAlias

from analytics.measures.wording import Wording
from broker.store.places import Place

RuleCode: TypeAlias = Literal["unhappy", "burst", "reason", "silence", "good-news"]
"""``unhappy``: the share of unhappy votes rose. ``burst``: many of the worst value within an hour.
``reason``: one reason is named more often. ``silence``: no votes where some are usual.
``good-news``: fewer are unhappy than was usual."""

State: TypeAlias = Literal["open", "acknowledged", "snoozed", "closed"]
Moment: TypeAlias = Literal["opened", "over"]

OVER_FOR: Final = timedelta(days=1)
"""What ended longer ago is not told any more."""

ITSELF: Final = ""
"""In the place of a person: the alert closed since its evidence was gone."""


class AlertError(ValueError):
    """What was asked of an alert that it can't become; the text says why, for people."""


class Topic(NamedTuple):
    """What an alert is about; of each topic at most one alert is not closed.

    ``about`` is the code of the reason (rule ``reason``), else empty.
    """

    rule: RuleCode
    place: Place
    about: str = ""

    def __str__(self) -> str:
        return "|".join((self.rule, *self.place, self.about))


@dataclass(frozen=True, slots=True)
class Comment:
    """What a person wrote beside an alert; ``who`` is the person's id in the portal."""

    at: datetime
    who: str
    text: str


@dataclass(frozen=True, slots=True)
class Alert:
    """Something changed at a place.

    Attributes:
        id: never changes, so links to it keep; made by :func:`id_of`.
        since: about when the change began.
        opened_at: the moment at which the evidence was enough.
        figures: the newest: what is seen, and what is usual.
        acknowledged_by: a person's id in the portal; ``None``: nobody yet.
        snoozed_until: not told before; kept when it is over.
        closed_by: a person's id; empty where it closed by itself.
        told_at: when it was last told as open.
        told_over_at: when it was told that it is over.
    """

    id: str
    topic: Topic
    since: datetime
    opened_at: datetime
    figures: Wording
    acknowledged_at: datetime | None = None
    acknowledged_by: str | None = None
    snoozed_until: datetime | None = None
    closed_at: datetime | None = None
    closed_by: str | None = None
    told_at: datetime | None = None
    told_over_at: datetime | None = None
    comments: tuple[Comment, ...] = ()

    def state(self, now: datetime) -> State:
        """What it is now; a snooze that is over makes it what it was before."""
        if self.closed_at is not None:
            return "closed"
        if self.snoozed_until is not None and now < self.snoozed_until:
            return "snoozed"
        return "open" if self.acknowledged_at is None else "acknowledged"

    @property
    def is_closed(self) -> bool:
        """Whether it is over."""
        return self.closed_at is not None


def id_of(topic: Topic, opened_at: datetime) -> str:
    """The id of an alert: 16 hexadecimal digits, the same for the same topic and moment."""
    text = f"{topic}|{opened_at.isoformat()}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def opened(topic: Topic, since: datetime, now: datetime, figures: Wording) -> Alert:
    """A new alert."""
    return Alert(id_of(topic, now), topic, min(since, now), now, figures)


def acknowledged(alert: Alert, who: str, now: datetime) -> Alert:
    """Somebody looks after it: it isn't told as open any more. The first one stands.

    Raises:
        AlertError: it is closed.
    """
    _must_be_open(alert)
    if alert.acknowledged_at is not None:
        return alert
    return replace(alert, acknowledged_at=now, acknowledged_by=who)


def snoozed(alert: Alert, until: datetime, now: datetime) -> Alert:
    """Nothing is told before ``until``; if it is open then, and nobody's, it is told again.

    Raises:
        AlertError: it is closed, or ``until`` is not to come.
    """
    _must_be_open(alert)
    if until <= now:
        raise AlertError("an alert is snoozed until a time that is still to come")
    return replace(alert, snoozed_until=until)


def closed(alert: Alert, who: str, now: datetime) -> Alert:
    """Over; one that is closed stays as it is.

    Args:
        alert: whichever.
        who: a person's id, or :data:`ITSELF`.
        now: when.
    """
    return alert if alert.is_closed else replace(alert, closed_at=now, closed_by=who)


def commented(alert: Alert, who: str, text: str, now: datetime) -> Alert:
    """With one more comment, on closed ones too.

    Raises:
        AlertError: it says nothing.
    """
    if not text.strip():
        raise AlertError("a comment says something")
    return replace(alert, comments=(*alert.comments, Comment(now, who, text.strip())))


def told(alert: Alert, moment: Moment, now: datetime) -> Alert:
    """Told, see :func:`due`."""
    return replace(alert, told_at=now) if moment == "opened" else replace(alert, told_over_at=now)


def due(alert: Alert, now: datetime) -> Moment | None:
    """What is to be told of it: each moment once, and once more after a snooze.

    That it is over is told only of what was told as open and closed by itself: who closes it
    knows. Good news has no end worth telling.
    """
    if alert.is_closed:
        return "over" if _is_over_to_tell(alert, now) else None
    if alert.state(now) != "open":
        return None
    woke_at = alert.snoozed_until
    is_told = alert.told_at is not None and (woke_at is None or alert.told_at >= woke_at)
    return None if is_told else "opened"


def _is_over_to_tell(alert: Alert, now: datetime) -> bool:
    return (
        alert.topic.rule != "good-news"
        and alert.told_at is not None
        and alert.told_over_at is None
        and alert.closed_by == ITSELF
        and alert.closed_at is not None
        and now - alert.closed_at <= OVER_FOR
    )


def _must_be_open(alert: Alert) -> None:
    if alert.is_closed:
        raise AlertError("this alert is closed already")
