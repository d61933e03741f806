"""What a change of places or settings would do to the tree and to kiosks, before it commits."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from sqlalchemy import Connection

from broker.fleet.composing import faults_under
from broker.fleet.errors import FleetError
from broker.store.database import Database
from broker.store.places import Place, Tree, days_of_moves, read_tree

_MOST_TOLD: Final = 5


def refuse_new_faults(
    database: Database, connection: Connection, places: Sequence[Place], on: date
) -> None:
    """Refuse a change by which a kiosk at or below ``places`` would get what it can't show.

    Faults that were there before are no reason: else two of them could never be mended, one after
    the other. Those are looked for only where there are faults at all.

    Args:
        database: where all is still as before.
        connection: of the transaction in which it is changed already.
        places: that the change concerns.
        on: from when on; today at the earliest.

    Raises:
        FleetError: naming the faults; whoever holds the transaction lets it roll back.
    """
    after = _faults(connection, places, on)
    if not after:
        return
    with database.reading() as earlier:
        before = set(_faults(earlier, places, on))
    _refuse([fault for fault in after if fault not in before])


def refuse_faults(connection: Connection, touchpoint: Place, on: date) -> None:
    """Refuse a new device where it would get what it can't show, whoever stands there already.

    One that never had a configuration has none to go on with.

    Args:
        connection: of the transaction in which it stands there already.
        touchpoint: where.
        on: from when on.

    Raises:
        FleetError: naming the faults; whoever holds the transaction lets it roll back.
    """
    _refuse(_faults(connection, [touchpoint], on))


def refuse_broken_tree(connection: Connection, from_on: date) -> None:
    """Refuse a change after which the tree is none, on ``from_on`` or on any later day.

    Raises:
        FleetError: naming the place, the day, and what to do first.
    """
    for day in (from_on, *days_of_moves(connection, from_on)):
        for fault in _faults_of_tree(read_tree(connection, day)):
            raise FleetError(f"{fault} (on {day})")


def _faults_of_tree(tree: Tree) -> Iterator[str]:
    """Places that hang in the air, and those that stand under themselves."""
    for place in tree.entries:
        path = tree.path(place)
        top = path[-1]
        if top.kind != "site" and top in tree.entries:
            way = " in ".join(each.code for each in (*path, tree.above[top]))
            yield f"{place} can't stand under itself: {way}"
        elif top not in tree.entries:
            yield (
                f"{path[-2]} would stand in {top}, which is not there: "
                "it is retired, or of a later day; move what stands in it first"
            )


def _refuse(faults: Sequence[str]) -> None:
    if faults:
        rest = f"; and {len(faults) - _MOST_TOLD} more" if len(faults) > _MOST_TOLD else ""
        raise FleetError(
            "nothing was changed, since kiosks could not show it: "
            f"{'; '.join(faults[:_MOST_TOLD])}{rest}"
        )


def _faults(connection: Connection, places: Sequence[Place], on: date) -> list[str]:
    return [fault for place in places for fault in faults_under(connection, *place, on)]
