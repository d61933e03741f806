"""Which places somebody sees: all, or those of the units for which his roles hold. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from broker.store.places import Place, Tree


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody sees of the places.

    Attributes:
        tree: all places of the site that are there today.
        own: the places that he may look into.
        shown: those, and what they stand in, so that the tree is one.
    """

    tree: Tree
    own: frozenset[Place]
    shown: frozenset[Place]

    @property
    def is_whole(self) -> bool:
        """Whether he sees all there is."""
        return len(self.own) == len(self.tree.entries)

    def sees(self, kind: str, code: str) -> bool:
        """Whether he may look into a place."""
        return Place(kind, code) in self.own

    def touchpoints(self) -> set[str]:
        """Codes of the touchpoints that he sees."""
        return {place.code for place in self.own if place.kind == "touchpoint"}


def sight_of(
    tree: Tree, site: str, units: Collection[str], unit_of: Callable[[Place], str | None]
) -> Sight:
    """What somebody sees whose roles hold for ``units``; none: for all.

    Args:
        tree: the places of a day, of all sites.
        site: the portal's; other sites are nobody's business here.
        units: codes.
        unit_of: the unit that serves at a place, inherited.
    """
    ours = {place for place, entry in tree.entries.items() if entry.site == site}
    own = {place for place in ours if not units or unit_of(place) in units}
    shown = {above for place in own for above in tree.path(place)}
    entries = {place: entry for place, entry in tree.entries.items() if place in ours}
    above = {place: over for place, over in tree.above.items() if place in ours}
    below = {place: _of(each, ours) for place, each in tree.below.items() if place in ours}
    return Sight(Tree(tree.on, entries, above, below), frozenset(own), frozenset(shown))


def _of(places: Collection[Place], ours: AbstractSet[Place]) -> list[Place]:
    return [place for place in places if place in ours]
