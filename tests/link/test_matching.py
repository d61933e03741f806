"""Filters and topics by the rules of MQTT 3.1.1, section 4.7."""

from __future__ import annotations

import pytest

from broker.link.matching import is_filter, is_topic, matches


@pytest.mark.parametrize(
    ("subscription", "topic"),
    [
        ("a/b", "a/b"),
        ("a/+", "a/b"),
        ("+/b", "a/b"),
        ("+/+", "a/b"),
        ("#", "a/b/c"),
        ("a/#", "a/b/c"),
        ("a/#", "a"),
        ("a/+/#", "a/b"),
        ("+/b/#", "a/b/c/d"),
        ("+", "a"),
        ("/+", "/a"),
        ("+/+", "/a"),
        ("a/+", "a/"),
        ("$SYS/#", "$SYS/uptime"),
        ("otziv/v1/+/+/events", "otziv/v1/troyan/kiosk-1/events"),
    ],
)
def test_heard(subscription: str, topic: str) -> None:
    """The filter hears the topic."""
    assert matches(subscription, topic)


@pytest.mark.parametrize(
    ("subscription", "topic"),
    [
        ("a/b", "a"),
        ("a", "a/b"),
        ("a/+", "a"),
        ("a/+", "a/b/c"),
        ("+", "a/b"),
        ("+", "/a"),
        ("a/b", "a/B"),
        ("a/+/c", "a/b/d"),
        ("a/b/#", "a"),
        ("#", "$SYS/uptime"),
        ("+/uptime", "$SYS/uptime"),
        ("otziv/v1/+/+/events", "otziv/v1/troyan/kiosk-1/health"),
    ],
)
def test_not_heard(subscription: str, topic: str) -> None:
    """The filter does not hear the topic."""
    assert not matches(subscription, topic)


@pytest.mark.parametrize("text", ["a", "/", "a/+/b", "+", "#", "a/#", "+/#", "//"])
def test_filters(text: str) -> None:
    """A wildcard is a whole level, and ``#`` the last."""
    assert is_filter(text)


@pytest.mark.parametrize("text", ["", "a+", "+a/b", "a/b+", "#/a", "a/#/b", "a#", "a/b#", "##"])
def test_no_filters(text: str) -> None:
    """Brokers disconnect who asks for these."""
    assert not is_filter(text)


def test_topics_have_no_wildcards() -> None:
    """One can't publish to several topics at once."""
    assert is_topic("a/b")
    assert not any(is_topic(text) for text in ("", "a/+", "#"))
