"""Places and their settings as lines to read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from otziv.cli.options import printable

if TYPE_CHECKING:
    from broker.fleet.place_changes import Change, Settings
    from broker.fleet.places import Grounds
    from broker.store.place_settings import Effective
    from broker.store.places import Place

_MOST_FAULTS: Final = 5
"""That are told after a change: the first ones mended, the rest is often mended too."""


def tree_lines(grounds: Grounds) -> Iterator[str]:
    """The tree, two spaces a level: kind, code, name, devices."""
    waiting = [(place, 0) for place in grounds.tree.entries if place.kind == "site"]
    waiting.reverse()
    while waiting:
        place, depth = waiting.pop()
        yield f"{'  ' * depth}{_line(grounds, place)}"
        waiting.extend((each, depth + 1) for each in reversed(grounds.tree.below.get(place, ())))


def _line(grounds: Grounds, place: Place) -> str:
    entry = grounds.tree.entries[place]
    name = f"  {printable(entry.name)}" if entry.name != place.code else ""
    mode = "  (test mode)" if entry.is_test else ""
    devices = grounds.devices.get(place.code, ()) if place.kind == "touchpoint" else ()
    stands = f"  ← {', '.join(devices)}" if devices else ""
    return f"{place.kind} {place.code}{name}{mode}{stands}"


def tree_document(grounds: Grounds) -> list[dict[str, Any]]:
    """The same, each place with the one it stands in."""
    return [
        {
            "kind": place.kind,
            "code": place.code,
            "name": entry.name,
            "site": entry.site,
            "in": above._asdict() if (above := grounds.tree.above.get(place)) else None,
            "is_test": entry.is_test,
            "retired_on": entry.retired_on.isoformat() if entry.retired_on else None,
            "devices": grounds.devices.get(place.code, []) if place.kind == "touchpoint" else [],
        }
        for place, entry in grounds.tree.entries.items()
    ]


def settings_lines(shown: Settings) -> Iterator[str]:
    """Every setting with its value, where it comes from, and since when."""
    yield f"{shown.entry.place}  {printable(shown.entry.name)}  on {shown.on}"
    yield f"in  {' in '.join(map(str, shown.path))}"
    width = max(map(len, shown.settings))
    for key, each in shown.settings.items():
        yield f"  {key:{width}}  {value_of(each)}  ({source_of(each)})"


def value_of(setting: Effective) -> str:
    """Its value as it is typed."""
    return printable(json.dumps(setting.value, ensure_ascii=False))


def source_of(setting: Effective) -> str:
    """Where it comes from, and since when."""
    if setting.from_on is None:
        return "default"
    return f"{setting.kind} {setting.code}, since {setting.from_on}"


def change_lines(change: Change) -> Iterator[str]:
    """What a change does."""
    until = f" until {change.until_on}, when another is entered" if change.until_on else ""
    yield f"{change.place}: {change.key} from {change.from_on} on{until}"
    yield f"  was  {value_of(change.was)}  ({source_of(change.was)})"
    yield f"  is   {value_of(change.became)}  ({source_of(change.became)})"
    if change.touchpoints and change.place.kind != "touchpoint":
        yield f"  inherited by {len(change.touchpoints)} touchpoints, unless set nearer to them"
    for fault in change.faults[:_MOST_FAULTS]:
        yield f"  a kiosk could not show this at {printable(fault)}"
