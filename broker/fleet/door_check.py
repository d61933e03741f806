"""Whether the broker that runs now keeps strangers out: tried, not read from its configuration."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from broker.fleet.authority import Authority
from broker.fleet.enforcement import NAME
from broker.fleet.eviction import LASTS, temporary_pass
from broker.fleet.guard import RULE
from broker.fleet.health_rules import family
from broker.fleet.knock import Answer, Door, KnockError, knock, knock_plainly
from broker.fleet.notices import list_notices
from broker.fleet.vault import key_pem, new_key
from broker.store.database import Database

_PLAIN_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One trial at the door.

    Attributes:
        who: came, for people.
        wanted: what should happen.
        found: what happened.
    """

    who: str
    wanted: str
    found: str

    @property
    def is_right(self) -> bool:
        """Whether it came as it should."""
        return self.found == self.wanted


def check_door(
    database: Database, authority: Authority, door: Door, now: datetime
) -> list[Finding]:
    """Knock as a good client and as strangers, and look at what the guard has to say.

    Whether *revoked* certificates are refused, the fleet's guard tries at each revocation and
    once a day; it keeps a notice open while the broker disobeys.
    """
    with (
        temporary_pass(database, authority, NAME, now) as good,
        tempfile.TemporaryDirectory() as folder,
    ):
        foreign = _foreign(Path(folder), now)
        findings = [
            _try("a certificate in order", "let in", lambda: knock(door, NAME, good.path)),
            _try("no certificate", "refused", lambda: knock(door, NAME, None)),
            _try("another authority's certificate", "refused", lambda: knock(door, NAME, foreign)),
            _try("no TLS", "refused", lambda: knock_plainly(door, NAME, _PLAIN_S)),
        ]
    notices = (view.notice for view in list_notices(database))
    troubles = [each.detail for each in notices if family(each.rule) == RULE]
    return [
        *findings,
        Finding("the guard's last word", "in order", "; ".join(troubles) or "in order"),
    ]


def _try(who: str, wanted: Answer, trial: Callable[[], Answer]) -> Finding:
    try:
        return Finding(who, wanted, trial())
    except KnockError as error:
        return Finding(who, wanted, str(error))


def _foreign(folder: Path, now: datetime) -> Path:
    """A certificate with a name of ours, by an authority made for this moment."""
    authority = Authority.open(folder / "authority", secrets.token_bytes(16), now)
    key = new_key()
    issued = authority.issue(NAME, key.public_key(), purpose="service", now=now, lasts=LASTS)
    path = folder / "foreign.pem"
    path.write_bytes(key_pem(key) + issued.pem.encode())
    return path
