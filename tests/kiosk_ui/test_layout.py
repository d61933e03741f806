"""What is touched is large enough, apart enough and within reach; what is read can be read.

Over all sizes of glass, states, numbers of choices and languages, one of them with long words.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import msgspec
import pytest

from kiosk.scene import Scene
from kiosk.ui.drawings import colour, drawings, tokens
from kiosk.ui.glass import Glass, Reach, Rect
from kiosk.ui.item import Arrangement, Item, page_of
from kiosk.ui.layout import arrange
from tests.kiosk_ui import scenes
from tests.kiosk_ui.scenes import GLASSES, glass, measure

TARGET_MM = 20.0
GAP_MM = 3.0
SLACK_MM = 0.01
CAP = tokens().type["cap_height"]


def _asked() -> dict[str, Scene]:
    """Scenes in which something can be chosen."""
    found = {
        "nps": scenes.asking(scenes.numbers()),
        "yes-no": scenes.asking(scenes.yes_no(), tongues=5),
    }
    for language in scenes.QUESTIONS:
        found[f"idle-4-{language}"] = scenes.idle(language)
        found[f"idle-5-{language}"] = scenes.idle(language, tongues=12, of=5)
        found[f"reasons-{language}"] = scenes.follow_up(language)
        for count in range(2, 13) if language == "de" else (3, 12):
            found[f"{count}-options-{language}"] = scenes.asking(scenes.options(count, language))
    return found


ASKED = _asked()
SHOWN = ASKED | scenes.plain_scenes() | {"staff": scenes.maintenance()}
SHOWN |= {"warned": scenes.warned(scenes.follow_up())}


def _pages(scene: Scene, here: Glass) -> Iterator[Arrangement]:
    first = arrange(scene, here, measure=measure, page=0)
    yield first
    for page in range(1, first.pages):
        yield arrange(scene, here, measure=measure, page=page)


def _targets(arrangement: Arrangement) -> list[Item]:
    return [each for each in arrangement.items if each.target and each.role != "corner"]


def _apart(one: Rect, other: Rect) -> float:
    """The gap between two boxes, along the direction in which they are further apart."""
    across = max(one.x, other.x) - min(one.right, other.right)
    down = max(one.y, other.y) - min(one.bottom, other.bottom)
    return max(across, down)


@pytest.mark.parametrize("reach", ["all", "low"])
@pytest.mark.parametrize("name", GLASSES)
def test_targets_are_large_and_apart(name: str, reach: Reach) -> None:
    """20 mm in both directions, 3 mm between any two, all of it on the glass."""
    here = glass(name, reach)
    faults = []
    for title, scene in SHOWN.items():
        for shown in _pages(scene, here):
            targets = _targets(shown)
            for item in targets:
                side = min(item.rect.width, item.rect.height) / here.px_per_mm
                if side < TARGET_MM - SLACK_MM or not _is_inside(item.rect, here.rect):
                    faults.append(f"{title}: {item.target} {side:.1f} mm")
            gaps = [_apart(a.rect, b.rect) for a, b in combinations(targets, 2)]
            if gaps and min(gaps) < here.px(GAP_MM - SLACK_MM):
                faults.append(f"{title}: {min(gaps) / here.px_per_mm:.1f} mm apart")
    assert not faults


@pytest.mark.parametrize("name", GLASSES)
def test_every_choice_can_be_reached(name: str) -> None:
    """Each choice, correction and language stands on a page that touches lead to."""
    here = glass(name)
    for title, scene in ASKED.items():
        reached, seen = _walk(scene, here)
        wanted = {choice.button for choice in (*scene.choices, *scene.corrects)}
        wanted |= {f"language-{tongue.tag}" for tongue in scene.tongues}
        wanted.discard(f"language-{scene.language}")
        assert wanted <= reached, title
        assert len(seen) == arrange(scene, here, measure=measure).pages, title


def _walk(scene: Scene, here: Glass) -> tuple[set[str], set[int]]:
    """All targets, and all pages, that touching leads to from the first page."""
    reached: set[str] = set()
    seen: set[int] = set()
    waiting = [0]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        targets = {i.target for i in _targets(arrange(scene, here, measure=measure, page=page))}
        reached |= targets
        pages = {number for each in targets if (number := page_of(each)) is not None}
        waiting += pages - seen - set(waiting)
    return reached, seen


@pytest.mark.parametrize("name", GLASSES)
def test_low_reach_keeps_targets_low(name: str) -> None:
    """Mounted high, nothing that visitors touch is in the upper part (EN 301 549, 8.3)."""
    here = glass(name, reach="low")
    top = here.height_px - max(here.height_px * 0.6, here.px(3 * 29 + 8))
    for title, scene in SHOWN.items():
        if scene.state != "maintenance":
            for shown in _pages(scene, here):
                assert all(item.rect.y >= top - 1 for item in _targets(shown)), title


@pytest.mark.parametrize("name", GLASSES)
def test_type_can_be_read_from_60_cm(name: str) -> None:
    """From 7 inches the question has capitals of 7.4 mm; all text is at least 2.8 mm, uncut."""
    here = glass(name)
    is_large = GLASSES[name][2] >= 7
    for title, scene in SHOWN.items():
        for shown in _pages(scene, here):
            heights = {
                each.role: each.font_px * CAP / here.px_per_mm for each in shown.items if each.lines
            }
            assert min(heights.values()) >= 2.8 - SLACK_MM, title
            assert not {"title", "choice", "warning", "language"} & set(shown.cut), title
            # A scale of eleven is not torn apart for the sake of the question's size.
            if is_large and "title" in heights and title not in {"nps", "staff"}:
                assert heights["title"] >= 7.4 - SLACK_MM, title


@pytest.mark.parametrize("name", GLASSES)
def test_texts_stand_inside_and_apart(name: str) -> None:
    """Lines are no wider than their place; texts that are only read don't cover anything."""
    here = glass(name)
    for title, scene in SHOWN.items():
        for shown in _pages(scene, here):
            for item in shown.items:
                widest = max((measure(line, item.font_px) for line in item.lines), default=0)
                assert widest <= item.text_box.width + 1, (title, item.role)
            if "warned" not in title:
                boxes = [
                    i.rect for i in shown.items if i.lines or (i.target and i.role != "corner")
                ]
                assert all(_apart(a, b) >= -1 for a, b in combinations(boxes, 2)), title


@pytest.mark.parametrize("name", [name for name in GLASSES if not name.startswith("5")])
def test_a_scale_stands_on_one_page(name: str) -> None:
    """From 7 inches all ranks are seen at once: who sees the lower half only answers otherwise."""
    for scene in (scenes.asking(scenes.numbers()), scenes.idle(of=5, tongues=12), scenes.idle()):
        shown = arrange(scene, glass(name), measure=measure)
        assert sum(item.role == "choice" for item in shown.items) == len(scene.choices) - any(
            choice.kind == "skip" for choice in scene.choices
        )


@pytest.mark.parametrize("name", GLASSES)
def test_the_four_faces_are_always_there(name: str) -> None:
    """The first question's faces stand on the first page of the idle screen, on every glass."""
    shown = arrange(scenes.idle(), glass(name), measure=measure)
    assert {"face-1", "face-2", "face-3", "face-4"} <= {item.target for item in shown.items}


@pytest.mark.parametrize("name", GLASSES)
def test_a_caption_moves_no_target(name: str) -> None:
    """While a voice speaks, nothing moves under a finger; the caption is shown on every glass."""
    for scene in (scenes.idle(), scenes.follow_up(), scenes.plain_scenes()["thanks"]):
        silent = arrange(scene, glass(name), measure=measure)
        spoken = msgspec.structs.replace(scene, caption="Първи отговор: много недоволен")
        told = arrange(spoken, glass(name), measure=measure)
        assert [i.rect for i in _targets(silent)] == [i.rect for i in _targets(told)]
        assert any(item.role == "caption" for item in told.items)


@pytest.mark.parametrize("name", GLASSES)
def test_larger_type_is_larger_where_there_is_room(name: str) -> None:
    """Text at 200 % is never smaller than at 100 %, and targets stay as large as they must be."""
    scene = scenes.plain_scenes()["out-of-hours"]
    usual = {i.role: i.font_px for i in arrange(scene, glass(name), measure=measure).items}
    large = {
        i.role: i.font_px
        for i in arrange(scene, glass(name, text_scale=2.0), measure=measure).items
    }
    assert all(large[role] >= size - 0.1 for role, size in usual.items())
    for shown in _pages(scenes.follow_up(), glass(name, text_scale=2.0)):
        assert all(
            min(i.rect.width, i.rect.height) >= glass(name).px(TARGET_MM) - 1
            for i in _targets(shown)
        )


def test_languages_from_the_right_are_mirrored() -> None:
    """The first choice stands on the right, texts begin there, and arrows point left."""
    here = glass("7-inch-wide")
    scene = scenes.asking(scenes.options(12))
    left = arrange(scene, here, measure=measure)
    right = arrange(msgspec.structs.replace(scene, direction="rtl"), here, measure=measure)
    for one, other in zip(left.items, right.items, strict=True):
        if one.role != "corner":
            assert other.rect.x == pytest.approx(here.width_px - one.rect.right)
            assert (one.align, other.align) in {
                ("left", "right"),
                ("right", "left"),
                ("center", "center"),
            }
    drawn = {item.drawing for item in right.items}
    assert {"back", "skip-back"} <= drawn
    assert not {"more", "skip"} & drawn


def test_the_page_with_the_focus_is_shown() -> None:
    """Tactile keys move through all pages: the one with the focus is shown."""
    scene = msgspec.structs.replace(scenes.asking(scenes.options(12)), focus="option-12")
    shown = arrange(scene, glass("5-inch-wide"), measure=measure)
    focused = [item for item in shown.items if item.is_focused]
    assert [item.target for item in focused] == ["option-12"]
    assert focused[0].edge_px > min(i.edge_px for i in shown.items if i.role == "choice")


def test_a_warning_leaves_one_thing_to_touch() -> None:
    """Under the veil nothing can be touched; one press gives more time."""
    shown = arrange(scenes.warned(scenes.idle()), glass("7-inch-wide"), measure=measure)
    assert [item.target for item in _targets(shown)] == ["extend"]
    assert {"veil", "warning", "countdown"} <= {item.role for item in shown.items}


def test_a_press_lights_the_same_frame_for_every_value() -> None:
    """The clerk two metres away sees that something was pressed, and not what."""
    pressed = msgspec.structs.replace(scenes.idle(), is_pressed=True)
    shown = arrange(pressed, glass("7-inch-wide"), measure=measure)
    assert [item.role for item in shown.items if item.role == "frame"] == ["frame"]
    assert shown.items[:-1] == arrange(scenes.idle(), glass("7-inch-wide"), measure=measure).items


def test_a_touch_means_what_it_hits() -> None:
    """Inside a tile it is the tile's target, between tiles and on texts nothing."""
    shown = arrange(scenes.idle(), glass("7-inch-wide"), measure=measure)
    for item in _targets(shown):
        middle = (item.rect.x + item.rect.width / 2, item.rect.y + item.rect.height / 2)
        assert shown.target_at(*middle) == item.target
        assert shown.target_at(item.rect.right + 2, middle[1]) == ""


def test_the_corner_touches_no_target() -> None:
    """What staff hold is away from what visitors touch, on every glass."""
    for name in GLASSES:
        shown = arrange(scenes.idle(), glass(name), measure=measure)
        corner = next(item for item in shown.items if item.role == "corner")
        assert corner.rect.height >= glass(name).px(10)
        assert all(_apart(corner.rect, each.rect) > 0 for each in _targets(shown))


@pytest.mark.parametrize("name", GLASSES)
def test_staff_find_pin_and_facts(name: str) -> None:
    """The pad has all digits, on one page; every fact stands on some page, with the way out."""
    here = glass(name)
    pad = arrange(scenes.pin(), here, measure=measure, pin_length=3)
    wanted = {f"pin:{digit}" for digit in "0123456789"} | {"pin:ok", "pin:back", "leave"}
    assert {item.target for item in _targets(pad)} == wanted
    least = TARGET_MM if here.diagonal_in >= 7 else 11.0
    for item in _targets(pad):
        assert min(item.rect.width, item.rect.height) >= here.px(least - SLACK_MM)
    assert any("•••" in item.text for item in pad.items)
    shown = [*_pages(scenes.maintenance(), here)]
    texts = {item.text for each in shown for item in each.items if item.role == "fact"}
    assert {fact.name for fact in scenes.maintenance().facts} <= texts
    assert all({"leave", "self-test"} <= {i.target for i in _targets(each)} for each in shown)


def test_idle_texts_take_turns() -> None:
    """Deeds, the result and the code for a phone are shown one after another, or side by side."""
    for name in ("7-inch-wide", "10-inch-tall", "15-inch-wide"):
        turns = [arrange(scenes.idle(), glass(name), measure=measure, turn=n) for n in range(3)]
        texts = " ".join(i.text for turn in turns for i in turn.items if i.role == "strip")
        assert "Направихме:" in texts
        assert "412" in texts
        assert any(item.role == "qr" and item.value for turn in turns for item in turn.items)


@pytest.mark.parametrize("title", ["?", "Д" * 2_000, "дума " * 400, ""])
@pytest.mark.parametrize("name", GLASSES)
def test_odd_texts_break_nothing(name: str, title: str) -> None:
    """A question of 2,000 letters is cut and reported; targets keep their size."""
    scene = msgspec.structs.replace(scenes.follow_up(), title=title)
    for shown in _pages(scene, glass(name)):
        shown_title = "".join(item.text for item in shown.items if item.role == "title")
        assert "title" in shown.cut or _letters(shown_title) == _letters(title)
        for item in _targets(shown):
            side = min(item.rect.width, item.rect.height)
            assert side >= glass(name).px(TARGET_MM - SLACK_MM)


def test_every_drawing_and_colour_exists() -> None:
    """All names that a layout uses are there, in every scheme."""
    for scene in SHOWN.values():
        for shown in _pages(scene, glass("7-inch-wide")):
            for item in shown.items:
                assert not item.drawing or item.drawing in drawings()
                for name in (item.fill, item.edge, item.ink):
                    assert not name or colour(shown.scheme, name)


def _letters(text: str) -> str:
    return text.replace("-", "").replace(" ", "")


def _is_inside(rect: Rect, all_of_it: Rect) -> bool:
    return (
        rect.x >= 0
        and rect.y >= 0
        and rect.right <= all_of_it.right
        and rect.bottom <= all_of_it.bottom
    )
