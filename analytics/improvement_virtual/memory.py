"""What all of it is kept in, and whom it knows."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date, datetime
from typing import Any, Final, Protocol, TypeVar
from zoneinfo import ZoneInfo

from analytics.improvement.colleagues import Colleague
from analytics.improvement.who import DOERS, NotThereError, Who, sees

ZONE: Final = ZoneInfo("Europe/Sofia")
"""Whose days are meant."""


class _HasId(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_HasId)


class Memory:
    """Keeps everything until it is gone.

    Attributes:
        mails: to whom, and about which id; none is sent.
    """

    def __init__(self, people: Iterable[Who], clock: Callable[[], datetime]) -> None:
        """Know ``people``, the staff; their e-mail addresses are ``ID@example.bg``."""
        self.people = list(people)
        self.mails: list[tuple[str, str]] = []
        self._clock = clock
        self._numbers = itertools.count(1)

    def new_id(self) -> str:
        """An id that nothing else has; later ones sort behind."""
        return f"{next(self._numbers):06}"

    def now(self) -> datetime:
        """The time."""
        return self._clock()

    def today(self) -> date:
        """The local day."""
        return self.now().astimezone(ZONE).date()

    def doers(self, unit: str) -> list[Colleague]:
        """Those who may be given work of a unit, by name."""
        found = [each for each in self.people if each.roles & DOERS and sees(each, unit)]
        return sorted((Colleague(each.id, each.name) for each in found), key=_by_name)

    def tell(self, who: Who, account: str, about: str) -> None:
        """Note that somebody would get a mail, unless he does it himself."""
        if account != who.id:
            self.mails.append((f"{account}@example.bg", about))


def put(shelf: dict[str, T], thing: T) -> T:
    """Keep it instead of what had its id."""
    shelf[thing.id] = thing
    return thing


def need(shelf: dict[str, T], thing: str) -> T:
    """What has that id.

    Raises:
        NotThereError: nothing has.
    """
    if thing not in shelf:
        raise NotThereError
    return shelf[thing]


def given(new: Any) -> dict[str, Any]:  # noqa: ANN401  # any of the protocol's dataclasses
    """Its fields."""
    return {each.name: getattr(new, each.name) for each in fields(new)}


def _by_name(one: Colleague) -> tuple[str, str]:
    return one.name, one.id
