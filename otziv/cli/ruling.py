"""``otziv feedback ruling``: what people say about votes that the rules can't judge."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, fail, print_json

if TYPE_CHECKING:
    from broker.misuse.flagging import Summary
    from broker.store.database import Database

app = typer.Typer(help="What people rule about doubted votes.", no_args_is_help=True)


class Verdict(StrEnum):
    """What is said of the votes."""

    genuine = "genuine"
    no_votes = "no-votes"


class Cause(StrEnum):
    """Why; :data:`broker.misuse.rulings.CAUSES`."""

    tried_out = "tried-out"
    children = "children"
    damage = "damage"
    event = "event"
    known_crowd = "known-crowd"
    other = "other"


Touchpoint = Annotated[str, typer.Argument(help="Where the votes were given.")]
About = Annotated[Verdict, typer.Argument(help="What they are.")]
From = Annotated[
    str,
    typer.Option(
        "--from", help="First moment, local to the site: 2026-11-20 or '2026-11-20 09:00'."
    ),
]
Reason = Annotated[
    str, typer.Option("--reason", help="With genuine: only this rule is wrong about them.")
]


@app.command("add")
def add(
    touchpoint: Touchpoint,
    verdict: About,
    *,
    from_: From,
    to: Annotated[
        str, typer.Option("--to", help="Until before this moment; a day alone: until its end.")
    ],
    cause: Annotated[Cause, typer.Option("--cause", help="Why.")],
    reason: Reason = "",
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Rule about the votes of some hours at a touchpoint, over the rules of every version.

    Ratings stay as they are; only the filtered figures change. Late votes are judged by it, too.
    """
    from broker.misuse.flagging import rule
    from broker.misuse.rulings import Ruling
    from otziv.installation import open_installation

    code = _reason_of(verdict, reason)
    with open_installation(data).store() as database:
        zone = _zone(database, touchpoint)
        ruling = Ruling(
            touchpoint,
            code,
            _moment(from_, zone),
            _moment(to, zone, is_end=True),
            cause.value,
        )
        summary = rule(database, ruling, datetime.now(UTC))
    _tell(summary, as_json=as_json)


@app.command("list")
def list_all(
    *,
    days: Annotated[
        int, typer.Option("--days", min=1, max=36_500, help="Those about the last so many days.")
    ] = 365,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """List the rulings that hold, the newest first."""
    from broker.misuse.rulings import list_rulings
    from otziv.installation import open_installation

    with open_installation(data).store() as database:
        with database.reading() as connection:
            found = list_rulings(connection, datetime.now(UTC) - timedelta(days=days))
        zones = _zones(database)
    shown = [_document(each, zones[each.touchpoint]) for each in found]
    if as_json:
        print_json(shown)
        return
    for each in shown:
        only = f" of {each['reason']}" if each["reason"] else ""
        typer.echo(
            f"{each['touchpoint']}  {each['from']} – {each['to']}  {each['verdict']}{only}, "
            f"because of {each['cause']}"
        )
    typer.echo(f"{len(shown)} rulings")


@app.command("take-back")
def take_back(
    touchpoint: Touchpoint,
    verdict: About,
    *,
    from_: From,
    reason: Reason = "",
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Forget a ruling as a whole: the rules alone say again what is doubted."""
    from broker.misuse.flagging import take_ruling_back
    from otziv.installation import open_installation

    code = _reason_of(verdict, reason)
    with open_installation(data).store() as database:
        from_at = _moment(from_, _zone(database, touchpoint))
        summary = take_ruling_back(database, touchpoint, code, from_at, datetime.now(UTC))
    _tell(summary, as_json=as_json)


def _reason_of(verdict: Verdict, reason: str) -> str:
    """As a ruling says it: empty for all rules."""
    from broker.store.flag_reasons import MISUSE, RULED_OUT

    if verdict is Verdict.no_votes:
        if reason:
            raise fail("--reason goes with genuine: what are no votes are none for every rule")
        return RULED_OUT
    if reason and reason not in MISUSE:
        raise fail(f"{reason!r} is no reason of a rule: use one of {', '.join(sorted(MISUSE))}")
    return reason


def _moment(text: str, zone: ZoneInfo, *, is_end: bool = False) -> datetime:
    """A moment as typed, in UTC; a day alone is its begin, or its end."""
    try:
        at = datetime.fromisoformat(text.strip())
        is_day = len(text.strip()) == len("2026-11-20")
        if is_day and is_end:
            at = datetime.combine(at + timedelta(days=1), time())
        return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise fail(f"{text!r} is no moment: write 2026-11-20 or '2026-11-20 09:00'") from error


def _zones(database: Database) -> dict[str, ZoneInfo]:
    """Touchpoint → where its days are counted."""
    from broker.store.registry import list_sites, list_touchpoints

    sites = {site.code: ZoneInfo(site.timezone) for site in list_sites(database)}
    return {each.code: sites[each.site] for each in list_touchpoints(database)}


def _zone(database: Database, touchpoint: str) -> ZoneInfo:
    found = _zones(database).get(touchpoint)
    if found is None:
        raise fail(
            f"there is no touchpoint {touchpoint!r}: 'otziv touchpoint list' shows what there is"
        )
    return found


def _document(row: Any, zone: ZoneInfo) -> dict[str, str]:  # noqa: ANN401  a row of rulings
    from broker.store.flag_reasons import RULED_OUT

    is_doubt = row.reason == RULED_OUT
    return {
        "touchpoint": row.touchpoint,
        "verdict": (Verdict.no_votes if is_doubt else Verdict.genuine).value,
        "reason": "" if is_doubt else row.reason,
        "from": row.from_at.astimezone(zone).isoformat(timespec="minutes"),
        "to": row.until_at.astimezone(zone).isoformat(timespec="minutes"),
        "cause": row.cause,
    }


def _tell(summary: Summary, *, as_json: bool) -> None:
    from dataclasses import asdict

    if as_json:
        print_json(asdict(summary))
        return
    typer.echo(f"{summary.visits} visits on {summary.days} days of touchpoints judged anew")
    typer.echo(f"flags set: {summary.change.set}, taken back: {summary.change.taken_back}")
