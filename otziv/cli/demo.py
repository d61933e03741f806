"""``otziv demo``: the whole system on this machine, with simulated visitors."""

from __future__ import annotations

import logging
import signal
import threading
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, fail, print_json

if TYPE_CHECKING:
    from otziv.demo.run import Demo
    from otziv.installation import Installation


def demo(
    *,
    headless: Annotated[
        bool, typer.Option("--headless", help="No pages and no table; needs --for.")
    ] = False,
    for_s: Annotated[
        float | None, typer.Option("--for", min=1, help="Seconds that visitors come.")
    ] = None,
    rate: Annotated[
        float, typer.Option("--rate", min=0.01, max=500, help="Presses a second, over all kiosks.")
    ] = 2.0,
    chaos: Annotated[
        bool, typer.Option("--chaos", help="Kill broker, collector and kiosks at random.")
    ] = False,
    secure: Annotated[
        bool, typer.Option("--secure", help="Enrol the kiosks, and speak over TLS.")
    ] = False,
    seed: Annotated[
        int | None, typer.Option("--seed", help="Repeat a run's visitors and kills.")
    ] = None,
    with_history: Annotated[
        bool, typer.Option("--with-history", help="Fill two sample towns with a year of votes.")
    ] = False,
    history_days: Annotated[
        int, typer.Option("--history-days", min=28, max=1100, help="Days of it, up to yesterday.")
    ] = 365,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Run broker, collector, portal, dashboard and twelve kiosks with simulated visitors.

    At the end every press is looked up in the database; status 1 if one that was thanked for is
    missing, or a row is there that nobody pressed.
    """
    from secrets import randbelow

    from otziv.demo.run import Demo, Plan
    from otziv.installation import open_installation

    if (headless or chaos) and for_s is None:
        raise fail("--headless and --chaos need to know for how long: --for SECONDS")
    plan = Plan(
        rate=rate,
        seed=randbelow(2**31) if seed is None else seed,
        for_s=for_s,
        has_chaos=chaos,
        has_pages=not headless,
        is_secure=secure,
    )
    is_over = _until_interrupted()
    here = {"listen": "127.0.0.1", "public_host": "127.0.0.1", "portal_listen": "127.0.0.1"}
    ports = dict.fromkeys(("mqtt_port", "dashboard_port", "fleet_port", "portal_port"), 0)
    alone = {"portal_url": "", "dashboard_url": "", "smtp_url": "", "clamav": ""}
    installation = open_installation(data, **(here | ports | alone))
    if installation.settings.broker == "external":
        raise fail("the demo starts a broker of its own: set broker to auto, nats or mosquitto")
    # What our own link says of a killed broker would tear the table apart.
    logging.basicConfig(filename=installation.logs / "demo.log", level=logging.INFO)
    if with_history:
        _fill(installation, history_days, 1 if seed is None else seed)
    with Demo(installation, plan) as running:
        with _screen(running, is_shown=not headless and not as_json):
            running.run(is_over.is_set)
            is_drained = running.drain()
        report = running.report() | {"drained": is_drained}
    _tell(report, as_json=as_json)
    if report["missing"] or report["extra"]:
        raise typer.Exit(1)


def _fill(installation: Installation, days: int, seed: int) -> None:
    """Make the sample years, where they aren't there yet; what it says is no part of a report."""
    from datetime import UTC, datetime

    from otziv.sample_years.filling import fill
    from otziv.sample_years.record import write_planted

    typer.echo("filling the sample years; a year takes about a minute", err=True)
    settings = installation.settings
    with installation.claim(), installation.store() as database:
        filled = fill(
            database, settings.site, settings.timezone, datetime.now(UTC), days=days, seed=seed
        )
    if filled is None:
        typer.echo("they are there already, and stay as they are", err=True)
        return
    write_planted(installation.data / "demo", filled.planted)
    typer.echo(f"{filled.votes} votes of {days} days", err=True)


def _until_interrupted() -> threading.Event:
    """An event that Ctrl-C sets; a second Ctrl-C ends at once."""
    is_over = threading.Event()

    def when_interrupted(_number: int, _frame: object) -> None:
        if is_over.is_set():
            raise KeyboardInterrupt
        is_over.set()

    signal.signal(signal.SIGINT, when_interrupted)
    signal.signal(signal.SIGTERM, when_interrupted)
    return is_over


def _screen(running: Demo, *, is_shown: bool) -> AbstractContextManager[Any]:
    from rich.console import Console

    from otziv.demo.screen import Screen

    return Screen(running, Console()) if is_shown else nullcontext()


def _tell(report: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(report)
        return
    typer.echo(
        f"pressed {report['pressed']}, thanked {report['thanked']}, stored {report['stored']}, "
        f"missing {report['missing']}, extra {report['extra']}"
    )
    typer.echo(f"the ratings are in {report['database']}")
