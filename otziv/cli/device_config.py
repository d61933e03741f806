"""``otziv device config``: what a device is told to ask and to show, and whether it does."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, print_json, printable
from otziv.cli.place_options import NEGATIVE_TOO, day_of, json_of, tell_if_unsent

if TYPE_CHECKING:
    from broker.fleet.configurations import Shown
    from broker.fleet.differences import Difference
    from broker.fleet.place_changes import Change
    from broker.fleet.rollback import Turned

app = typer.Typer(help="What a device asks and shows.", no_args_is_help=True)

Device: TypeAlias = Annotated[str, typer.Argument(help="The device's name.")]
Key: TypeAlias = Annotated[str, typer.Argument(help="The setting, as 'otziv place show' has it.")]
From: TypeAlias = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], help="The first day on which it holds; today."),
]


@app.command("show")
def show(
    device: Device,
    *,
    content: Annotated[
        bool, typer.Option("--content", help="Tell all that is in its newest one.")
    ] = False,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Tell what a device uses, what it should have, and what keeps it from that."""
    from broker.fleet.configurations import show
    from broker.fleet.differences import values_of
    from otziv.installation import open_installation

    installation = open_installation(data)
    tell_if_unsent(installation)
    with installation.store() as database:
        shown = show(database, device, datetime.now(UTC))
    if as_json:
        print_json(_as_document(shown))
        return
    for line in _lines(shown):
        typer.echo(printable(line))
    if content and shown.latest is not None:
        for key, value in values_of(shown.latest.read()).items():
            typer.echo(f"  {key}: {printable(value)}")


@app.command("set", context_settings=NEGATIVE_TOO)
def set_(
    device: Device,
    key: Key,
    value: Annotated[str, typer.Argument(help="JSON, or a bare word.")],
    *,
    from_on: From = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Set something where a device stands; whatever device stands there has it.

    What a kiosk there could not show is refused, and nothing is changed.
    """
    from broker.fleet.configurations import show, touchpoint_of
    from broker.fleet.place_changes import set_setting
    from otziv.installation import open_installation

    now = datetime.now(UTC)
    installation = open_installation(data)
    tell_if_unsent(installation)
    with installation.store() as database:
        code = touchpoint_of(database, device, now)
        change = set_setting(
            database, "touchpoint", code, key, json_of(value), day_of(from_on), now
        )
        shown = show(database, device, now)
    _tell(change, shown)


@app.command("unset")
def unset(device: Device, key: Key, *, from_on: From = None, data: Data = DEFAULT_DATA) -> None:
    """Take back what is set where a device stands, so that what is set above holds there."""
    from broker.fleet.configurations import show, touchpoint_of
    from broker.fleet.place_changes import clear_setting
    from otziv.installation import open_installation

    now = datetime.now(UTC)
    installation = open_installation(data)
    tell_if_unsent(installation)
    with installation.store() as database:
        code = touchpoint_of(database, device, now)
        change = clear_setting(database, "touchpoint", code, key, day_of(from_on), now)
        shown = show(database, device, now)
    _tell(change, shown)


@app.command("diff")
def diff(
    device: Device,
    old: Annotated[
        int | None, typer.Argument(min=0, help="A revision; without it the one in use.")
    ] = None,
    new: Annotated[
        int | None, typer.Argument(min=1, help="A revision; without it what it should have.")
    ] = None,
    *,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Tell what differs between two configurations of a device."""
    from broker.fleet.configurations import diff
    from otziv.installation import open_installation

    with open_installation(data).store() as database:
        found = diff(database, device, datetime.now(UTC), old, new)
    if as_json:
        print_json([{"key": each.key, "old": each.old, "new": each.new} for each in found])
        return
    _tell_differences(found)


@app.command("history")
def history(device: Device, *, as_json: AsJson = False, data: Data = DEFAULT_DATA) -> None:
    """List the configurations that were made for a device, the newest first."""
    from broker.fleet.configurations import history
    from otziv.installation import open_installation

    with open_installation(data).store() as database:
        found = history(database, device, datetime.now(UTC))
    if as_json:
        print_json(
            [
                {
                    "revision": each.revision,
                    "note": each.note,
                    "made_at": each.made_at.isoformat(),
                    "published_at": _iso(each.published_at),
                }
                for each in found
            ]
        )
        return
    for each in found:
        typer.echo(
            f"{each.revision:>8}  made {_time(each.made_at)}  "
            f"published {_time(each.published_at)}  {each.note}"
        )


@app.command("rollback")
def rollback(
    device: Device,
    *,
    to: Annotated[
        int | None, typer.Option("--to", min=1, help="The revision; else the one before.")
    ] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Hold a device to an earlier configuration, until 'follow'."""
    from broker.fleet.rollback import roll_back
    from otziv.installation import open_installation

    installation = open_installation(data)
    tell_if_unsent(installation)
    with installation.store() as database:
        turned = roll_back(database, device, datetime.now(UTC), to)
    typer.echo(
        f"device {device} is held to revision {turned.to}, until 'otziv device config follow'"
    )
    _tell_turned(turned)


@app.command("follow")
def follow(device: Device, *, data: Data = DEFAULT_DATA) -> None:
    """Let a device that was held to a configuration follow its place again."""
    from broker.fleet.rollback import follow
    from otziv.installation import open_installation

    installation = open_installation(data)
    tell_if_unsent(installation)
    with installation.store() as database:
        turned = follow(database, device, datetime.now(UTC))
    typer.echo(f"device {device} follows its place")
    _tell_turned(turned)


def _lines(shown: Shown) -> list[str]:
    """What there is to say, what does not apply left out."""
    latest = shown.latest
    used = {None: "not heard yet", 0: "0, built in"}.get(shown.in_use, str(shown.in_use))
    newest = "none" if latest is None else f"{latest.revision}, made {_time(latest.made_at)}"
    said = [
        f"device {shown.device} at {shown.touchpoint or '–'} ({shown.site}): {shown.says}",
        f"  in use    {used}, said {_time(shown.heard_at)}",
        f"  newest    {newest}",
    ]
    if latest is not None:
        said[-1] += f", published {_time(latest.published_at)} ({latest.note})"
    if shown.pinned is not None:
        said.append(f"  held to   {shown.pinned}, until 'otziv device config follow'")
    if shown.refusal:
        said.append(f"  refused   {shown.refusal}")
    said += [f"  unusable  {fault}" for fault in shown.faults]
    return said + [f"  advice    {each}" for each in shown.advice]


def _as_document(shown: Shown) -> dict[str, Any]:
    latest = shown.latest
    newest = latest and {
        "revision": latest.revision,
        "note": latest.note,
        "made_at": latest.made_at.isoformat(),
        "published_at": _iso(latest.published_at),
        "configuration": json.loads(latest.content),
    }
    return {
        "device": shown.device,
        "site": shown.site,
        "touchpoint": shown.touchpoint,
        "says": shown.says,
        "in_use": shown.in_use,
        "heard_at": _iso(shown.heard_at),
        "latest": newest,
        "pinned": shown.pinned,
        "is_due": shown.is_due,
        "refusal": shown.refusal,
        "faults": list(shown.faults),
        "advice": list(shown.advice),
    }


def _tell(change: Change, shown: Shown) -> None:
    typer.echo(
        f"{change.place}: {change.key} from {change.from_on} on: "
        f"{_json(change.was.value)} → {_json(change.became.value)}"
    )
    if change.until_on is not None:
        typer.echo(f"  until {change.until_on}, from when another value is entered")
    if shown.pinned is not None:
        typer.echo("  the device is held: it takes this up after 'otziv device config follow'")
    for line in _lines(shown):
        typer.echo(printable(line))


def _tell_turned(turned: Turned) -> None:
    if turned.made is None:
        typer.echo("nothing changes: it has that already")
    else:
        typer.echo(f"it gets revision {turned.made}:")
        _tell_differences(turned.changed)
    for fault in turned.faults:
        typer.echo(f"what is set for its place can't be used: {printable(fault)}")


def _tell_differences(found: list[Difference] | tuple[Difference, ...]) -> None:
    for each in found:
        typer.echo(f"  {printable(str(each))}")
    if not found:
        typer.echo("no difference")


def _json(value: Any) -> str:  # noqa: ANN401  whatever JSON can say
    return printable(json.dumps(value, ensure_ascii=False))


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


def _time(at: datetime | None) -> str:
    """In the time of this machine, as whoever reads it has it."""
    return "never" if at is None else f"{at.astimezone():%Y-%m-%d %H:%M}"
