"""Topics and filters, and which hears which (MQTT 3.1.1, section 4.7)."""

from __future__ import annotations


def is_filter(subscription: str) -> bool:
    """Whether a broker would understand the filter: a wildcard is a whole level, ``#`` the last."""
    *front, last = subscription.split("/")
    if not subscription or "#" in "".join(front) or ("#" in last and last != "#"):
        return False
    return all("+" not in level or level == "+" for level in (*front, last))


def is_topic(text: str) -> bool:
    """Whether a message may be published there."""
    return bool(text) and "+" not in text and "#" not in text


def matches(subscription: str, topic: str) -> bool:
    """Whether a subscription's filter, with ``+`` and ``#``, hears ``topic``.

    A topic that begins with ``$`` is the broker's own: wildcards in front don't hear it.
    """
    wanted, levels = subscription.split("/"), topic.split("/")
    if topic.startswith("$") and wanted[0] in ("+", "#"):
        return False
    for at, level in enumerate(wanted):
        if level == "#":  # also hears its parent: a/# hears a
            return True
        if at == len(levels) or level not in ("+", levels[at]):
            return False
    return len(wanted) == len(levels)
