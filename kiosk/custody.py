"""Keeps the link on the certificate that is right: takes up a new one, and goes back if need be."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final, Literal, TypeAlias

from broker.link.link import Message
from kiosk.changing_link import ChangingLink, TellingLink
from kiosk.clock import Reading
from kiosk.health import Health
from kiosk.identity import Identity
from kiosk.identity_file import IdentityFolder, Stamp
from kiosk.kept_identity import IdentityFileError, KeptIdentity
from kiosk.relay import Duties
from kiosk.renewer import Renewer
from kiosk.standing import FAULTS, CertificateFault, fault_of

_log: Final = logging.getLogger(__name__)

TRIAL_MS: Final = 120_000
"""How long a certificate has to get us a connection before the other one is tried."""

TRY_AGAIN_MS: Final = 3_600_000
"""After that a certificate that was not accepted is tried once more."""

_LASTING: Final = frozenset({"refused", "expired"})

Which: TypeAlias = Literal["current", "next"]
Connect: TypeAlias = Callable[[KeptIdentity], TellingLink]


class Custody:
    """Fulfils :class:`kiosk.relay.Duties`: looks after the certificate, then does the others.

    While there are two certificates, the new one is tried first. If it gets us a connection, it
    takes the place of the other; if not, we go back, and try again later. Whether there is none,
    or it is refused: presses are taken and kept.

    Args:
        folder: of the identity.
        identity: who the other parts believe that we are.
        link: that they use.
        connect: makes a link with a certificate.
        health: hears what is wrong.
        renewer: asks for the next certificate.
        when_renamed: called when the server gave us another name than ``identity``: then
            everything has to begin anew.
        others: the other duties.
    """

    def __init__(  # noqa: PLR0913 it joins what knows nothing of each other
        self,
        *,
        folder: IdentityFolder,
        identity: Identity,
        link: ChangingLink,
        connect: Connect,
        health: Health,
        renewer: Renewer,
        when_renamed: Callable[[], None],
        others: Duties,
    ) -> None:
        self._folder = folder
        self._identity = identity
        self._link = link
        self._connect = connect
        self._health = health
        self._renewer = renewer
        self._when_renamed = when_renamed
        self._others = others
        self._stamp: Stamp | None = None
        self._kept: dict[Which, KeptIdentity] = {}
        self._in_use: Which = "current"
        self._since_ms = 0
        self._well_at_ms = 0
        self._file_fault: CertificateFault | None = None
        self._met_fault: CertificateFault | None = None
        self._told: CertificateFault | None = None

    def begin(self, now: Reading) -> None:
        """Go to the broker with what is kept, before the first step of the relay."""
        self._stamp, self._well_at_ms = self._folder.stamp(), now.uptime_ms
        self._take_up(now)
        self._report(now)

    def take(self, message: Message) -> None:
        """Leave messages to the others."""
        self._others.take(message)

    def attend(self, now: Reading, *, is_new_connection: bool) -> None:
        """See which certificate is right, and ask for the next in time."""
        stamp = self._folder.stamp()
        if stamp != self._stamp:
            self._stamp = stamp
            self._take_up(now)
        elif "next" in self._kept:
            self._weigh(now)
        self._report(now)
        current = self._kept.get("current")
        if current is not None:
            following, cut_off_ms = self._kept.get("next"), self._cut_off_ms(now.uptime_ms)
            self._renewer.attend(current, following, now, cut_off_ms)
        self._others.attend(now, is_new_connection=is_new_connection)

    def close(self) -> None:
        """End what runs beside us."""
        self._renewer.close()

    def _take_up(self, now: Reading) -> None:
        """Use what the folder holds now."""
        before = self._kept.get(self._in_use)
        self._kept = self._read()
        current = self._kept.get("current")
        if current is not None and current.identity != self._identity:
            _log.info("the server calls this kiosk %s/%s: beginning anew", *current.identity)
            self._kept = {}  # not for whom we are until then
            self._when_renamed()
            return
        newest: Which = "next" if "next" in self._kept else "current"
        if self._kept.get(newest) != before:
            self._use(newest, now)
        self._in_use = newest

    def _read(self) -> dict[Which, KeptIdentity]:
        """What can be read; what can't is a fault, and the kiosk goes on."""
        found: dict[Which, KeptIdentity] = {}
        self._file_fault = None
        try:
            current, following = self._folder.current(), self._folder.next()
        except IdentityFileError as error:
            _log.error("%s", error)
            self._file_fault = "unreadable" if error.fault == "unreadable" else "damaged"
            return found
        if current is not None:
            found["current"] = current
            # A rotation of whoever we were before an enrolment is nobody's.
            if following is not None and following.identity == current.identity:
                found["next"] = following
        return found

    def _use(self, which: Which, now: Reading) -> None:
        """Go to the broker with another certificate, or with none."""
        self._in_use, self._since_ms = which, now.uptime_ms
        self._met_fault = None
        kept = self._kept.get(which)
        try:
            self._link.change(None if kept is None else self._connect(kept))
        except IdentityFileError as error:
            _log.error("%s", error)
            self._file_fault = "damaged"
            self._link.change(None)

    def _weigh(self, now: Reading) -> None:
        """There are two certificates: keep the new one if it works, or try the other."""
        lasted_ms = now.uptime_ms - self._since_ms
        if self._link.is_connected:
            if self._in_use == "next":
                self._promote()
            elif lasted_ms > TRY_AGAIN_MS:
                self._use("next", now)
        elif lasted_ms > TRIAL_MS:
            if self._in_use == "next":
                _log.warning("the new certificate gets no connection: going back to the old one")
            self._use("current" if self._in_use == "next" else "next", now)

    def _promote(self) -> None:
        """Keep the new certificate. The stamp stays: whoever writes meanwhile is seen next time."""
        try:
            self._folder.promote()
        except OSError as error:  # in use all the same; the next start tries it again
            _log.error("the new certificate can't be put into its place: %s", error)
        _log.info("the new certificate is in use")
        self._kept = {"current": self._kept["next"]}
        self._in_use = "current"

    def _report(self, now: Reading) -> None:
        """Tell what is wrong."""
        fault = self._file_fault or self._fault_met(now)
        if fault == self._told:
            return
        self._told = fault
        if fault is not None:
            _log.warning("certificate: %s", fault)
        for each in FAULTS:
            self._health.set_fault("certificate", each, is_present=each == fault)

    def _cut_off_ms(self, now_ms: int) -> int:
        """How long there has been no connection; one that the broker refuses is not cut off."""
        if self._link.is_connected or self._told is not None:
            self._well_at_ms = now_ms
        return now_ms - self._well_at_ms

    def _fault_met(self, now: Reading) -> CertificateFault | None:
        """What we heard of the certificate in use.

        A refusal is remembered until there is a connection: not every attempt brings it to us.
        """
        kept = self._kept.get(self._in_use)
        if kept is None:
            self._met_fault = None if self._link.has_way else "missing"
        elif self._link.is_connected:
            self._met_fault = None
        else:
            fault = fault_of(kept, now, self._link.trouble)
            if fault is not None or self._met_fault not in _LASTING:
                self._met_fault = fault
        return self._met_fault
