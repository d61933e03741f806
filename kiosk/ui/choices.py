"""What a scene offers to touch, as tiles in groups."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.scene import Choice, Scene
from kiosk.ui.item import Role
from kiosk.ui.tiles import Tile
from kiosk.ui.type import Measure, Text

YES_RANK = 2


@dataclass(frozen=True, slots=True)
class Groups:
    """Tiles by what they are for.

    Attributes:
        main: answers to what is asked.
        skip: the way on without an answer.
        corrects: other values for the rating just given.
        languages: other languages.
        tags: tags of these, for the one tile that stands for them.
    """

    main: tuple[Tile, ...]
    skip: tuple[Tile, ...]
    corrects: tuple[Tile, ...]
    languages: tuple[Tile, ...]
    tags: str


def groups(scene: Scene, measure: Measure) -> Groups:
    """The tiles of ``scene``."""
    tongues = {f"language-{tongue.tag}": tongue.name for tongue in scene.tongues}
    tongues |= {each.button: each.text for each in scene.choices if each.kind == "language"}
    tongues.pop(f"language-{scene.language}", None)
    return Groups(
        main=tuple(
            _tile(each, "choice", scene, measure)
            for each in scene.choices
            if each.kind not in {"skip", "language"}
        ),
        skip=tuple(
            _tile(each, "skip", scene, measure) for each in scene.choices if each.kind == "skip"
        ),
        corrects=tuple(_tile(each, "correct", scene, measure) for each in scene.corrects),
        languages=tuple(
            Tile(
                role="language",
                target=target,
                label=Text(name, measure),
                language=target.removeprefix("language-"),
                is_focused=scene.focus == target,
            )
            for target, name in tongues.items()
        ),
        tags=_tags([target.removeprefix("language-").upper() for target in tongues]),
    )


def drawing_of(choice: Choice) -> str:
    """The name of the drawing for a choice; empty where a word or number says it all."""
    if choice.kind == "face":
        return f"face-{choice.rank}-of-{choice.of}"
    if choice.kind == "yes-no":
        return "yes" if choice.rank == YES_RANK else "no"
    if choice.kind == "skip":
        return "skip"
    return choice.pictogram


def _tags(tags: list[str]) -> str:
    """What stands on the one tile for all languages: some of them, and how many more there are."""
    more = f" +{len(tags) - 2}" if len(tags) > 2 else ""
    return " ".join(tags[:2]) + more


def _tile(choice: Choice, role: Role, scene: Scene, measure: Measure) -> Tile:
    return Tile(
        role=role,
        target=choice.button,
        label=Text(choice.text, measure),
        drawing=drawing_of(choice),
        is_focused=scene.focus == choice.button,
        is_large=choice.kind == "number",
        is_rank=choice.kind in {"face", "yes-no", "number"},
    )
