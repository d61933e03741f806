"""One run of the demo: start everything, let visitors press, make trouble, drain, reckon."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from sqlalchemy import select

from broker.link.mqtt import MqttLink, MqttSettings
from broker.store.database import Database
from broker.store.tables import Event, Quarantined, Stream, table_of
from broker.wire.topics import filter_all
from hardware.virtual.client import VirtualPanelClient
from otziv.demo.chaos import Kill, plan_kills
from otziv.demo.enrolment import enrol_kiosks
from otziv.demo.kiosks import PLACES, kiosk_name, register
from otziv.demo.ledger import Ledger
from otziv.demo.people import intents
from otziv.demo.receipts import ReceiptWatcher
from otziv.demo.reckoning import Reckoning, Row, reckon
from otziv.demo.trouble import Trouble
from otziv.demo.visitors import Visitors
from otziv.installation import Installation, InstallationError, Running
from otziv.kiosk_process import KioskProcess, make_kiosk
from otziv.protection import context_for
from otziv.spread import spread
from otziv.stack import Stack

if TYPE_CHECKING:
    from otziv.demo.sample import Sample

READY_S: Final = 20.0
"""How long a kiosk may take to show its panel."""
DRAIN_S: Final = 90.0
"""How long after the last press everything may take to arrive."""
TURN_S: Final = 0.05
SETTLE_S: Final = 1.0
"""The last press is in nobody's outbox until its void window is over."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What kind of run it is.

    Attributes:
        rate: presses a second over all kiosks.
        seed: decides visitors and kills.
        for_s: how long visitors come; ``None`` until stopped.
        has_chaos: whether broker, collector and kiosks are killed now and then.
        has_pages: whether portal and dashboard are started.
        is_secure: whether kiosks are enrolled, and speak over TLS.
    """

    rate: float
    seed: int
    for_s: float | None = None
    has_chaos: bool = False
    has_pages: bool = True
    is_secure: bool = False


class Demo:
    """The whole system with its visitors; a context manager that leaves nothing running."""

    def __init__(self, installation: Installation, plan: Plan) -> None:
        """Describe the run; :meth:`__enter__` starts it."""
        self.installation = installation
        self.plan = plan
        self.stack = Stack(
            installation,
            is_secure=plan.is_secure,
            has_dashboard=plan.has_pages,
            has_portal=plan.has_pages,
            is_sample=True,
        )
        self.sample: Sample | None = None
        self.kiosks: dict[str, KioskProcess] = {}
        self._resources = ExitStack()
        self._streams: set[str] = set()

    def __enter__(self) -> Self:
        """Start broker, collector, pages, kiosks, and the watchers; nobody presses yet."""
        try:
            self._start()
        except BaseException:
            self._resources.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        """End everything, kiosks first."""
        self._resources.close()

    def _start(self) -> None:
        where = self._resources.enter_context(self.stack).running
        self._prepare_pages()
        self._make_kiosks(where)
        self.ledger = Ledger(self._folder / "ledger.jsonl")
        self._resources.callback(self.ledger.close)
        self._resources.enter_context(self._running_kiosks())
        self.trouble = Trouble(self.stack, self.kiosks, self._kills(), self.plan.seed)
        self._watch_receipts(where)
        panels = {name: VirtualPanelClient(kiosk.panel) for name, kiosk in self.kiosks.items()}
        self.visitors = Visitors(panels, self.ledger)
        self._resources.callback(self.visitors.close)
        self._wait_for_panels(panels)

    def _prepare_pages(self) -> None:
        if self.stack.fronts.settings is not None:
            from otziv.demo.sample import prepare_sample
            from otziv.sample_years.record import read_planted

            planted = read_planted(self.installation.data / "demo")
            self.sample = prepare_sample(self.stack.fronts.settings, planted)

    @property
    def _folder(self) -> Path:
        return self.installation.data / "demo"

    def _make_kiosks(self, where: Running) -> None:
        names = [kiosk_name(number) for number in range(1, len(PLACES) + 1)]
        site = self.installation.settings.site
        with self.installation.store() as database:
            names = register(database, site, names)
        if not names:
            raise InstallationError(
                "all kiosks of this demo are retired: name another folder, with --data"
            )
        known: dict[str, str | int] = {"host": where.mqtt_host, "port": where.mqtt_port}
        for name in names:
            self.kiosks[name] = make_kiosk(
                name,
                self._folder / name,
                self.installation.logs / f"{name}.log",
                site=site,
                broker=known if where.fleet_url is None else {"identity": "identity"},
            )
        if where.fleet_url is not None:
            enrol_kiosks(self.installation, self.kiosks.values(), where.fleet_url)

    def _kills(self) -> list[Kill]:
        plan = self.plan
        return plan_kills(plan.seed, plan.for_s) if plan.has_chaos and plan.for_s else []

    def _watch_receipts(self, where: Running) -> None:
        settings = MqttSettings(
            host=where.mqtt_host,
            port=where.mqtt_port,
            client_id="watcher",
            subscriptions=((filter_all("receipts"), 0),),
            tls=context_for(self.installation, where, "watcher"),
            most_wait_s=1.0,
        )
        watcher = ReceiptWatcher(MqttLink(settings), self.ledger)
        self._resources.callback(watcher.close)

    @contextmanager
    def _running_kiosks(self) -> Iterator[None]:
        try:
            for kiosk in self.kiosks.values():
                kiosk.process.start()
            yield
        finally:
            for kiosk in self.kiosks.values():
                kiosk.process.ask_to_end()
            for kiosk in self.kiosks.values():
                kiosk.process.stop()

    def _wait_for_panels(self, panels: dict[str, VirtualPanelClient]) -> None:
        deadline = time.monotonic() + READY_S
        while not all(panel.connect() for panel in panels.values()):
            for kiosk in self.kiosks.values():
                kiosk.process.check()
            if time.monotonic() > deadline:
                raise TimeoutError(f"kiosks are not up after {READY_S:.0f} s")
            time.sleep(TURN_S)

    def run(self, is_over: Callable[[], bool]) -> None:
        """Let visitors press until the time is up or ``is_over``."""
        for_s = self.plan.for_s
        self.visitors.play(intents(self.plan.rate, self.plan.seed, sorted(self.kiosks)))
        started_s = time.monotonic()
        while not is_over() and (for_s is None or time.monotonic() - started_s < for_s):
            self.trouble.make(time.monotonic() - started_s)
            time.sleep(TURN_S)
        self.visitors.leave()
        self.trouble.end()

    def drain(self) -> bool:
        """Wait until every outbox is empty; ``False`` when that took too long."""
        time.sleep(SETTLE_S)
        deadline = time.monotonic() + DRAIN_S
        self._note_streams()
        while any(kiosk.waiting() for kiosk in self.kiosks.values()):
            if time.monotonic() > deadline:
                return False
            self.trouble.end()  # who ends by itself now is brought back, too
            time.sleep(TURN_S * 4)
        return True

    def _note_streams(self) -> None:
        """Remember whose rows are ours; a kiosk whose outbox broke has had two streams."""
        self._streams |= {kiosk.stream() for kiosk in self.kiosks.values()}

    def reckon(self) -> Reckoning:
        """Lay ledger and database side by side."""
        self._note_streams()
        presses = self.ledger.taken()  # first: what is thanked for now has its row already
        with self.installation.store() as database:
            rows = list(_rows(database, set(self.kiosks), self._streams))
        return reckon(presses, rows, self.ledger.earlier)

    def report(self) -> dict[str, Any]:
        """The run in figures."""
        balance = asdict(self.reckon())
        taken = self.ledger.taken()
        thanks = [p.thanked_at_s - p.pressed_at_s for p in taken if p.thanked_at_s is not None]
        stored = [p.stored_at_s - p.pressed_at_s for p in taken if p.stored_at_s is not None]
        return {
            "kiosks": len(self.kiosks),
            "rate": self.plan.rate,
            "for_s": self.plan.for_s,
            **balance,
            "kills": dict(self.trouble.kills),
            "seed": self.plan.seed,
            "press_to_thanks_ms": spread(thanks),
            "press_to_stored_ms": spread(stored),
            "database": self.installation.shown_database,
        }


def _rows(database: Database, names: set[str], streams: set[str]) -> Iterator[Row]:
    """All events of the demo's touchpoints, stored and quarantined, that came from ``streams``.

    The database may hold those of a demo in another folder, whose ledger is there.
    """
    event, stream, quarantine = table_of(Event), table_of(Stream), table_of(Quarantined)
    with database.reading() as connection:
        stored = (
            select(event.c.id, event.c.visit, event.c.outcome)
            .join(stream, stream.c.number == event.c.stream)
            .where(event.c.touchpoint.in_(names), stream.c.stream.in_(streams))
        )
        for found in connection.execute(stored):
            yield Row(*found)
        kept = select(quarantine.c.event_id).where(
            quarantine.c.stream.in_(streams), quarantine.c.readmitted_at.is_(None)
        )
        for (event_id,) in connection.execute(kept):
            yield Row(event_id or "", "", None, is_quarantined=True)
