"""The main screens, as a visitor would get to them: made by the session and the scenery in use."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final

from msgspec.structs import replace

from broker.wire.configuration import Configuration, Deed, Presentation, Result
from broker.wire.surveys import Question, Survey
from hardware.panel import Closure
from kiosk.built_in import built_in_configuration
from kiosk.means import Means
from kiosk.scene import Fact, Scene
from kiosk.scenes import Scenery, not_set_up
from kiosk.session import Patience, Session
from kiosk.words import Words

TOUCHED: Final = Means(frozenset(), is_touched=True)
OPENS_AT: Final = datetime(2026, 11, 23, 6, 30, tzinfo=UTC)
MONTH: Final = date(2026, 10, 1)

PRESENTATION: Final = Presentation(
    name={"bg": "Община Троян", "en": "Municipality of Troyan"},
    deeds=(
        Deed(
            said={"bg": "Няма къде да се седне.", "en": "There is nowhere to sit."},
            did={"bg": "Сложихме осем пейки.", "en": "We put up eight benches."},
        ),
    ),
    result=Result(
        unit={"bg": "Център за услуги", "en": "Service centre"},
        month=MONTH,
        satisfied_percent=87.4,
        ratings=1_204,
    ),
    write_url="https://troyan.example.org/kiosk/hall-1",
)

RECOMMEND: Final = Survey(
    code="recommend",
    version=1,
    questions=(
        Question(
            code="recommend",
            texts={
                "bg": "Бихте ли препоръчали нашите услуги на свои близки?",
                "en": "Would you recommend our services to friends and family?",
            },
            scale="nps-11",
        ),
    ),
)


def samples(language: str) -> Iterator[tuple[str, Scene]]:
    """All main screens in ``language``, each with its name."""
    languages = (language, *({"bg", "en"} - {language}))
    configuration = replace(
        built_in_configuration("hall-1"), languages=languages, presentation=PRESENTATION
    )
    scenery = Scenery(configuration, Words)
    yield from _visit(configuration)
    yield "out-of-hours", scenery.closed(OPENS_AT, {})
    yield "out-of-order", scenery.out_of_order()
    yield "not-set-up", not_set_up(languages, Words)
    yield from _maintenance(Words(language))
    yield "numbers", _first(replace(configuration, survey=RECOMMEND))
    contrasting = replace(PRESENTATION, is_high_contrast=True)
    yield "high-contrast", _first(replace(configuration, presentation=contrasting))


def _first(configuration: Configuration) -> Scene:
    return Scenery(configuration, Words).asking(_session(configuration), is_private=False)


def _visit(configuration: Configuration) -> Iterator[tuple[str, Scene]]:
    """One visitor: the question, a press, the reasons, the warning; and a happy one's thanks."""
    scenery, patience = Scenery(configuration, Words), Patience()
    session = _session(configuration)
    yield "idle", scenery.asking(session, is_private=False)
    session.press(_touch("face-4", 1_000))
    yield "pressed", scenery.asking(session, is_private=False)
    session.tick(1_100)
    yield "thanks", scenery.asking(session, is_private=False)
    session = _session(configuration)
    session.press(_touch("face-1", 1_000))
    session.tick(1_100)
    yield "follow-up", scenery.asking(session, is_private=False)
    session.tick(1_000 + patience.answer_ms)
    yield "warning", scenery.asking(session, is_private=False)


def _session(configuration: Configuration) -> Session:
    ids = itertools.count(1)
    return Session(
        configuration,
        means=TOUCHED,
        new_id=lambda: _uuid(next(ids)),
        new_visit=lambda: f"{next(ids):032x}",
    )


def _touch(button: str, at_ms: int) -> Closure:
    return Closure(button, at_ms, _uuid(at_ms), "touch")


def _uuid(number: int) -> str:
    return f"00000000-0000-7000-8000-{number:012x}"


def _maintenance(words: Words) -> Iterator[tuple[str, Scene]]:
    """What those who look after the kiosk see; only the figures are made up."""
    scene = Scene(
        number=1, state="maintenance", language=words.language, title=words("Maintenance")
    )
    facts = (
        Fact(name=words("Self-test"), text=words("under way"), mark="running"),
        Fact(name=words("Device"), text="troyan/hall-1"),
        Fact(name=words("Touchpoint"), text="hall-1"),
        Fact(name=words("Configuration"), text="7"),
        Fact(name=words("Address"), text="192.0.2.17 (eth0)"),
        Fact(name=words("Server"), text="mqtt.troyan.example.org:8883", mark="good"),
        Fact(
            name=words("Outbox"),
            text=words("{made} pressed, {waiting} waiting", made=941, waiting=3),
        ),
        Fact(name=words("Last receipt"), text="2026-11-22 11:02:48"),
        Fact(name=words("Clock"), text="2026-11-22 11:03:10", mark="good"),
        Fact(name=words("Fault"), text="lamp-2:dead", mark="bad"),
    )
    yield "pin", replace(scene, text=words("PIN"), asks_pin=True)
    yield "maintenance", replace(scene, facts=facts)
