"""Options that commands about places share, and the days that they mean."""

from __future__ import annotations

import json
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias

import typer

from otziv.cli.options import fail

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


NEGATIVE_TOO: Final = {"ignore_unknown_options": True}
"""Of commands that take a value: ``-5`` is one, which is then refused in words, and no option."""


def json_of(text: str) -> Any:  # noqa: ANN401  whatever JSON can say
    """JSON as typed; a bare word is a text, so that codes need no quotes inside quotes."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if text.lstrip()[:1] in tuple('{["'):
            raise fail(
                f"{text!r} is no JSON: {error.msg} at character {error.pos + 1}. Quotes are "
                'straight and double, as in {"bg": "Троян"}'
            ) from error
        return text


def tell_if_unsent(installation: Installation) -> None:
    """Say so where nothing that is entered reaches a device."""
    running = installation.find_running()
    is_secure = installation.settings.mqtt_tls if running is None else running.is_secure
    if not is_secure:
        typer.echo(
            "without certificates (mqtt_tls = false) nothing is sent to devices, and nobody "
            "watches them",
            err=True,
        )


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
    if option is None:
        return None
    if not 1990 < option.year < 2100:  # a mistyped digit; and calendars know no other years
        raise fail(f"{option:%Y-%m-%d}: use a day between 1991 and 2099")
    return option.date()
