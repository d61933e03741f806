"""A hall under watch over a real database: devices that say how they are, minute by minute."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import insert, select

from broker.fleet.health_facts import OFFICE_HOURS
from broker.fleet.notices import list_notices
from broker.fleet.watch import Watch
from broker.store.database import Database
from broker.store.fleet_tables import DeviceConfiguration
from broker.store.status import Heard, StatusWriter, Who
from broker.store.tables import Event, Stream, table_of
from broker.wire.codec import write
from broker.wire.configuration import Configuration
from broker.wire.messages import VERSION, Heartbeat
from tests.fleet.config_town import survey
from tests.intake.making import NOON, SITE, register

MINUTE: Final = timedelta(minutes=1)


def stream_of(device: str) -> str:
    """The stream of a device."""
    return device[-1] * 32


class HealthHall:
    """Some devices, their watch, and a clock that is moved by hand.

    Attributes:
        now: the time; Friday noon at first.
        says: what a device says that is not as usual; ``None``: it says nothing at all.
        is_connected: whether the watch has a broker.
    """

    def __init__(self, database: Database, devices: int = 3) -> None:
        register(database, devices)
        self.database = database
        self.devices = [f"kiosk-{n}" for n in range(1, devices + 1)]
        self.now = NOON
        self.says: dict[str, dict[str, Any] | None] = {}
        self.is_connected = True
        self._writer = StatusWriter(database)
        self.restart()

    def restart(self) -> None:
        """The fleet's process begins anew: what was only in memory is gone."""
        self.watch = Watch(self.database, lambda: self.is_connected)

    def live(self, minutes: int) -> None:
        """Let time pass; everybody says how they are, each minute."""
        for _ in range(minutes):
            self.now += MINUTE
            self.speak()
            self.watch.attend(self.now)

    def speak(self) -> None:
        """Each device sends its heartbeat."""
        heard = Heard()
        for device in self.devices:
            said = self.says.get(device, {})
            if said is not None:
                who = Who(SITE, device)
                heard.availability[who] = ("online", self.now)
                heard.heartbeats[who] = (self._beat(device, said), self.now)
                heard.see(who, self.now)
        self._writer.write(heard)

    def _beat(self, device: str, said: dict[str, Any]) -> Heartbeat:
        usual: dict[str, Any] = {"stream": stream_of(device), "last_seq": 0, "waiting": 0}
        facts = {
            "clock": "synced",
            "boot": "b" * 8,
            "uptime_ms": 1,
            "version": "1",
            **usual,
            **said,
        }
        return Heartbeat(v=VERSION, sent_at=self.now, **facts)

    def publish(self, device: str) -> int:
        """A configuration is published for a device; its revision."""
        made = table_of(DeviceConfiguration)
        said = Configuration(
            v=VERSION, revision=1, touchpoint="hall-desk-1", survey=survey(), opening=OFFICE_HOURS
        )
        row = {
            "device": device,
            "content": write(said).decode(),
            "note": "",
            "made_at": self.now,
            "published_at": self.now,
        }
        with self.database.transaction() as connection:
            found = connection.execute(insert(made).values(row).returning(made.c.revision))
            return int(found.scalar_one())

    def fill(self, touchpoint: str, weeks: int, an_hour: int) -> None:
        """Presses of the weeks before, so many in each office hour."""
        event, stream = table_of(Event), table_of(Stream)
        with self.database.transaction() as connection:
            row = {"stream": "f" * 32, "device": "kiosk-9", "greatest_seq": 0, "stored_seqs": 0}
            number = connection.execute(insert(stream).values(row).returning(stream.c.number))
            rows = self._presses(touchpoint, int(number.scalar_one()), weeks, an_hour)
            connection.execute(insert(event), rows)

    def _presses(
        self, touchpoint: str, stream: int, weeks: int, an_hour: int
    ) -> list[dict[str, Any]]:
        usual = dict.fromkeys(column.name for column in table_of(Event).c)
        usual |= {"kind": "rating", "site": SITE, "device": "kiosk-9", "stream": stream, "seq": 0}
        usual |= {"touchpoint": touchpoint, "survey": "reception", "survey_version": 1}
        usual |= {"question": "overall", "visit": "v", "channel": "device", "input": "button"}
        usual |= {"language": "bg", "clock": "synced", "precision": "instant", "boot": "b"}
        usual |= {"uptime_ms": 0, "received_at": NOON}
        del usual["number"]
        midnight = NOON - timedelta(hours=12)
        hours = [
            midnight - timedelta(days=d) + timedelta(hours=h)
            for d in range(1, 7 * weeks)
            for h in range(9, 16)
        ]
        return [
            usual | {"id": f"{at:%y%m%d%H}-{n}", "answered_at": at + n * MINUTE}
            for at in hours
            if at.weekday() < 5
            for n in range(an_hour)
        ]

    def notices(self, *, only_open: bool = True) -> list[tuple[str, str]]:
        """Device and rule of notices, the oldest first."""
        found = list_notices(self.database, only_open=only_open)
        return [(view.notice.device, view.notice.rule) for view in found][::-1]


def rows(database: Database, model: Any) -> list[Any]:  # noqa: ANN401  # a row of any table
    """All rows of a table."""
    with database.reading() as connection:
        return list(connection.execute(select(table_of(model))).all())
