"""The code for a phone, the frame of a press, facts and clips: each has its place on any glass."""

from __future__ import annotations

from itertools import combinations

import pytest
from msgspec.structs import replace

from kiosk.scene import Fact, Scene
from kiosk.ui.glass import Rect
from kiosk.ui.item import Arrangement, Item
from kiosk.ui.layout import arrange
from tests.kiosk_ui import scenes
from tests.kiosk_ui.scenes import GLASSES, glass, measure

CODE_MM = 25.0
CLIP_MM = 40.0
SLACK_MM = 0.2
ADDRESS = "https://troyan.example.org/kiosk/hall-1"


def _thanked(state: str) -> Scene:
    scene = scenes.plain_scenes()[state]
    return replace(scene, write_url=ADDRESS, write_text="Пишете ни от телефона си")


def _of_role(shown: Arrangement, role: str) -> list[Item]:
    return [item for item in shown.items if item.role == role]


def _overlap(one: Rect, other: Rect) -> bool:
    across = min(one.right, other.right) - max(one.x, other.x)
    down = min(one.bottom, other.bottom) - max(one.y, other.y)
    return across > 1 and down > 1


def _assert_apart(shown: Arrangement) -> None:
    """Nothing covers anything else, and all of it is on the glass."""
    boxes = [item.rect for item in shown.items if item.role not in {"corner", "frame"}]
    assert not any(_overlap(one, other) for one, other in combinations(boxes, 2))


@pytest.mark.parametrize("state", ["thanks", "correction"])
@pytest.mark.parametrize("name", GLASSES)
def test_thanks_have_a_code_for_a_phone(name: str, state: str) -> None:
    """25 mm at least on every glass; the title stays whole, and corrections can be touched."""
    here = glass(name)
    shown = arrange(_thanked(state), here, measure=measure)
    (code,) = _of_role(shown, "qr")
    assert code.rect.width == code.rect.height >= here.px(CODE_MM - SLACK_MM)
    assert not {"title", "text"} & set(shown.cut)
    assert _of_role(shown, "correct")
    _assert_apart(shown)


@pytest.mark.parametrize("name", [name for name in GLASSES if not name.startswith("5")])
def test_whoever_passes_can_scan_the_code(name: str) -> None:
    """From 7 inches it stands beside every idle text, and says what it is for."""
    here = glass(name)
    for turn in range(2):
        shown = arrange(scenes.idle(), here, measure=measure, turn=turn)
        (code,) = _of_role(shown, "qr")
        assert code.rect.width >= here.px(CODE_MM - SLACK_MM)
        said = " ".join(item.text for item in _of_role(shown, "strip"))
        assert "Казахте" in said or "412" in said
        assert "телефона" in said
        _assert_apart(shown)


@pytest.mark.parametrize("name", GLASSES)
def test_the_frame_of_a_press_touches_no_tile(name: str) -> None:
    """It can be told from the borders of tiles, however the picture wanders."""
    here = glass(name)
    shown = arrange(replace(scenes.idle(), is_pressed=True), here, measure=measure)
    (frame,) = _of_role(shown, "frame")
    inside = here.rect.inset(frame.edge_px + here.px(0.5))
    for item in shown.items:
        if item.target and item.role != "corner":
            assert item.rect.x >= inside.x
            assert item.rect.right <= inside.right
            assert item.rect.bottom <= inside.bottom


@pytest.mark.parametrize("name", GLASSES)
def test_facts_are_whole(name: str) -> None:
    """No name is hyphenated, and an address is broken before its port if anywhere."""
    facts = (
        Fact(name="Самопроверка", text="тече", mark="running"),
        Fact(name="Последна разписка", text="2026-11-22 11:02:48"),
        Fact(name="Сървър", text="mqtt.troyan.example.org:8883", mark="good"),
    )
    scene = replace(scenes.maintenance(), facts=facts)
    here = glass(name)
    pages = arrange(scene, here, measure=measure).pages
    shown = [arrange(scene, here, measure=measure, page=page) for page in range(pages)]
    lines = [item.lines for each in shown for item in _of_role(each, "fact") if item.lines]
    assert {"Самопроверка", "Последна разписка"} <= {" ".join(each) for each in lines}
    assert ("mqtt.troyan.example.org:8883",) in lines or (
        "mqtt.troyan.example.org",
        ":8883",
    ) in lines
    assert not any(line.endswith("-") for each in lines for line in each)


@pytest.mark.parametrize("name", GLASSES)
def test_a_clip_takes_nothing_from_what_is_touched(name: str) -> None:
    """Where there is room it is 40 mm large, and covers nothing; no page is added for it."""
    here = glass(name)
    for scene in (scenes.idle(), scenes.follow_up(), scenes.asking(scenes.yes_no())):
        plain = arrange(scene, here, measure=measure)
        shown = arrange(scene, here, measure=measure, has_clip=True)
        assert shown.pages == plain.pages
        clips = _of_role(shown, "clip")
        if not clips:
            assert shown == plain
            continue
        assert clips[0].rect.width >= here.px(CLIP_MM - SLACK_MM)
        targets = [each for each in shown.items if each.target and each.role != "corner"]
        assert all(min(i.rect.width, i.rect.height) >= here.px(20 - SLACK_MM) for i in targets)
        _assert_apart(shown)


@pytest.mark.parametrize("name", ["7-inch-wide", "7-inch-tall", "10-inch-wide", "15-inch-tall"])
def test_there_is_room_for_a_clip_beside_the_first_question(name: str) -> None:
    """From 7 inches."""
    shown = arrange(scenes.idle(), glass(name), measure=measure, has_clip=True)
    assert _of_role(shown, "clip")
