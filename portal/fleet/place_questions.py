"""What the pages about places ask."""

from __future__ import annotations

from broker.store.places import Entry, Place
from portal.fleet.asking import Question
from portal.fleet.editors.parts import Choice, Group, Input
from portal.fleet.rules import Sight
from portal.fleet.words import crumbs_to, name_of
from portal.web.page import Page


def location_choices(sight: Sight, but: Place | None = None) -> list[Choice]:
    """Where something can stand: the municipality itself, or a location that is not below it."""
    tree = sight.tree
    below = set(tree.under(but)) if but is not None else set()
    choices: list[Choice] = []
    for root in (place for place in tree.entries if place.kind == "site"):
        for place in tree.under(root):
            if place.kind == "touchpoint" or place in below or place not in sight.own:
                continue
            depth = len(tree.path(place)) - 1
            value = "" if place.kind == "site" else place.code
            choices.append((value, f"{'– ' * depth}{name_of(tree, place)}"))
    return choices


def touchpoint_choices(sight: Sight) -> list[Choice]:
    """Where a device can stand, each with what it stands in."""
    tree = sight.tree
    found = [place for place in tree.entries if place.kind == "touchpoint" and place in sight.own]
    return [
        (place.code, f"{name_of(tree, place)} ({name_of(tree, tree.above[place])})")
        for place in sorted(found, key=lambda place: name_of(tree, place).casefold())
    ]


def adding(page: Page, sight: Sight) -> Question:
    """A new place."""
    places, day_hint = location_choices(sight), page.text("For example 22.11.2026")
    code_hint = page.text(
        "Small Latin letters, digits and hyphens. It never changes, since figures refer to it."
    )
    inputs = [
        Input(
            "text", "name", page.text("Name"), page.text("As people call it, for example Hall 2")
        ),
        Input("text", "code", page.text("Code"), code_hint, width="20"),
        Input("select", "into", page.text("It stands in"), choices=places),
        Input("text", "from_on", page.text("It is there from"), day_hint, width="10"),
    ]
    title = page.text("Add a place")
    crumbs = [(page.text("Places"), page.url("/staff/places")), (title, "")]
    return Question(title, crumbs, page.text("Add"), [Group(inputs)])


def renaming(page: Page, sight: Sight, entry: Entry) -> Question:
    """Another name."""
    title = page.text("Rename")
    crumbs = crumbs_to(page, sight.tree, entry.place, title)
    inputs = [Input("text", "name", page.text("Name"), lang="bg")]
    return Question(
        f"{title}: {entry.name}",
        crumbs,
        page.text("Save"),
        [Group(inputs)],
        [page.text("The code stays: {code}.", code=entry.place.code)],
        hidden={"seen": entry.name},
    )


def moving(page: Page, sight: Sight, entry: Entry, stands_in: str) -> Question:
    """Where a place, which stands in ``stands_in``, shall stand."""
    title = page.text("Move")
    choices = location_choices(sight, entry.place)
    inputs = [
        Input("select", "into", page.text("It stands in"), choices=choices),
        Input(
            "text", "from_on", page.text("From"), page.text("For example 22.11.2026"), width="10"
        ),
    ]
    lines = [page.text("Figures of the days before keep the place of those days.")]
    return Question(
        f"{title}: {entry.name}",
        crumbs_to(page, sight.tree, entry.place, title),
        page.text("Move"),
        [Group(inputs)],
        lines,
        hidden={"seen": stands_in},
    )


def retiring(page: Page, sight: Sight, entry: Entry) -> Question:
    """The end of a place."""
    title = page.text("Take out of use")
    inside = [name_of(sight.tree, each) for each in sight.tree.below.get(entry.place, ())]
    lines = [page.text("Its figures stay. Its code is never used again. It can't be taken back.")]
    warning = ""
    if inside:
        warning = page.text(
            "Something stands in it: {places}. Move it first.", places=", ".join(inside)
        )
    first = Input(
        "text",
        "on",
        page.text("First day without it"),
        page.text("For example 22.11.2026"),
        width="10",
    )
    return Question(
        f"{title}: {entry.name}",
        crumbs_to(page, sight.tree, entry.place, title),
        title,
        [Group([first])],
        lines,
        warning,
        is_danger=True,
    )
