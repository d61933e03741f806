"""Topics: put together and taken apart in one place, and names that would not survive refused."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from broker.wire.errors import WireError
from broker.wire.topics import Channel, Topic, filter_all, is_name, parse_topic, topic

CHANNELS: tuple[Channel, ...] = get_args(Channel)
names = st.from_regex(r"[a-z0-9][a-z0-9-]{1,30}", fullmatch=True)

BAD_NAMES = {
    "empty": "",
    "one character": "a",
    "32 characters": "a" * 32,
    "65,535 bytes": "a" * 65_535,
    "plus": "+",
    "plus inside": "hall+1",
    "hash": "#",
    "slash": "hall/1",
    "dollar": "$share",
    "upper case": "Hall",
    "dash first": "-hall",
    "space": "hall 1",
    "line feed": "hall\n",
    "NUL": "hall\0",
    "Cyrillic": "троян",
    "Cyrillic letter among Latin ones": "trоyan",
    "full width": "ｈａｌｌ",
    "lone surrogate": "ha\ud800",
    "dots": "..",
    "underscore": "hall_1",
}


@given(names, names, st.sampled_from(CHANNELS))
def test_topics_survive_the_trip(site: str, device: str, channel: Channel) -> None:
    """What was put together is taken apart again."""
    text = topic(site, device, channel)
    assert text == f"otziv/v1/{site}/{device}/{channel}"
    assert parse_topic(text) == Topic(site, device, channel)
    assert str(parse_topic(text)) == text


@pytest.mark.parametrize("name", ["ab", "a" * 31, "00", "troyan", "hall-desk-3", "a-"])
def test_good_names(name: str) -> None:
    """Two to 31 lower-case letters, digits and dashes."""
    assert is_name(name)


@pytest.mark.parametrize("case", BAD_NAMES)
def test_bad_names_are_refused(case: str) -> None:
    """As site and as device, on the way out and on the way in; the error stays short."""
    name = BAD_NAMES[case]
    assert not is_name(name)
    for site, device in ((name, "hall-1"), ("troyan", name)):
        with pytest.raises(WireError) as caught:
            topic(site, device, "events")
        assert caught.value.reason == "bad-topic"
        assert len(caught.value.detail) <= 400
        assert caught.value.detail.isprintable()
        with pytest.raises(WireError) as caught:
            parse_topic(f"otziv/v1/{site}/{device}/events")
        assert caught.value.reason == "bad-topic"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/",
        "//",
        "////",
        "#",
        "$SYS/broker/clients/connected",
        "$share/group/otziv/v1/troyan/hall-1/events",
        "$CONTROL/dynamic-security/v1",
        "otziv/v1/troyan/hall-1",
        "otziv/v1/troyan/hall-1/",
        "otziv/v1/troyan/hall-1/events/",
        "/otziv/v1/troyan/hall-1/events",
        "otziv/v1/troyan/hall-1/presses",
        "otziv/v1/troyan/hall-1/Events",
        "otziv/v2/troyan/hall-1/events",
        "Otziv/v1/troyan/hall-1/events",
        "otziv/v1/+/+/events",
        "otziv/v1/#",
        "otziv/v1/troyan/hall-1/events\0",
        "a/" * 32_767,
    ],
)
def test_foreign_topics_are_refused(text: str) -> None:
    """What is not one of ours is said to be none."""
    with pytest.raises(WireError) as caught:
        parse_topic(text)
    assert caught.value.reason == "bad-topic"


@given(st.text(max_size=60))
def test_any_text_is_answered(text: str) -> None:
    """Random text is a topic of ours or refused."""
    for candidate in (text, f"otziv/v1/{text}/events", f"otziv/v1/a1/b1/{text}"):
        try:
            assert str(parse_topic(candidate)) == candidate
        except WireError as error:
            assert error.reason == "bad-topic"  # noqa: PT017  # either way is right


def test_one_subscription_hears_every_device() -> None:
    """Strangers included: the filter names neither site nor device."""
    assert filter_all("events") == "otziv/v1/+/+/events"
