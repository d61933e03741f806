"""Options that commands about places share, and the days that they mean."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

if TYPE_CHECKING:
    from otziv.installation import Installation


class Kind(StrEnum):
    """What a place is, where its code is not the only one."""

    site = "site"
    location = "location"
    touchpoint = "touchpoint"


OnDay: TypeAlias = Annotated[
    datetime | None,
    typer.Option("--on", formats=["%Y-%m-%d"], help="The day, local to the site; else today."),
]
FromDay: TypeAlias = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], help="The first day of it; else today."),
]
OfKind: TypeAlias = Annotated[
    Kind | None, typer.Option("--kind", help="Which, where several have the code.")
]
PlaceCode: TypeAlias = Annotated[str, typer.Argument(help="A site's, location's or touchpoint's.")]
Into: TypeAlias = Annotated[
    str | None, typer.Option("--in", help="The location that it stands in; else the site.")
]


def now() -> datetime:
    """This moment."""
    from datetime import UTC

    return datetime.now(UTC)


def today(installation: Installation) -> date:
    """The day that it is at the settings' site."""
    from zoneinfo import ZoneInfo

    return now().astimezone(ZoneInfo(installation.settings.timezone)).date()


def day_of(option: datetime | None) -> date | None:
    """The day of an option; ``None`` where it was left out."""
    return None if option is None else option.date()
