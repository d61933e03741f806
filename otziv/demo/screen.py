"""What the demo shows while it runs: where everything is, and a live table."""

from __future__ import annotations

from typing import Self

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from otziv.demo.run import Demo


class Screen:
    """A live table of the kiosks on ``console``; a context manager."""

    def __init__(self, demo: Demo, console: Console) -> None:
        """Show ``demo``."""
        self._demo = demo
        self._console = console
        self._live = Live(console=console, refresh_per_second=4, get_renderable=self._draw)

    def __enter__(self) -> Self:
        """Say where everything is, and start drawing."""
        where = self._demo.stack.running
        say = self._console.print
        say(f"[bold]portal[/]     {where.portal_url or 'not started'}")
        say(f"[bold]dashboard[/]  {where.dashboard_url or 'not started'}")
        self._say_sample()
        say(f"broker     {where.mqtt_host}:{where.mqtt_port}  (MQTT)")
        say(f"database   {self._demo.installation.shown_database}")
        say(f"data       {self._demo.installation.data}")
        say("Ctrl-C ends it, and leaves nothing running.\n")
        self._live.__enter__()
        return self

    def _say_sample(self) -> None:
        """How the survey can be answered, and with what staff signs in; all of it invented."""
        sample = self._demo.sample
        if sample is None:
            return
        say = self._console.print
        say(f"  sign in  {', '.join(sample.names)}; password: {sample.password}")
        say(f"  web      {sample.web}", soft_wrap=True)
        say(f"  QR code  {sample.code}", soft_wrap=True)
        say(f"  tablet   {sample.tablet}  (pairs once, within 15 minutes)", soft_wrap=True)
        say(f"  paper    {sample.paper}  (as clerk)", soft_wrap=True)

    def __exit__(self, *_: object) -> None:
        """Stop drawing."""
        self._live.__exit__(None, None, None)

    def _draw(self) -> Group:
        presses = self._demo.ledger.taken()
        table = Table(title="Kiosks (simulated visitors, real firmware)")
        table.add_column("kiosk")
        for column in ("pressed", "thanked", "stored", "waiting"):
            table.add_column(column, justify="right")
        for name, kiosk in sorted(self._demo.kiosks.items()):
            own = [press for press in presses if press.kiosk == name]
            thanked = sum(press.thanked_at_s is not None for press in own)
            stored = sum(press.stored_at_s is not None for press in own)
            state = f"{kiosk.waiting()}" if kiosk.process.is_running else "[red]down[/]"
            table.add_row(name, f"{len(own)}", f"{thanked}", f"{stored}", state)
        kills = ", ".join(f"{who} {n}" for who, n in self._demo.trouble.kills.items() if n)
        return Group(table, Text(f"killed: {kills}" if kills else ""))
