"""Telling people of notices by e-mail, SMS gateway or webhook: whatever Apprise can speak to.

A thread of its own, since a mail server may take its time. What has to be told stands in the
store, and is marked there only after somebody has taken it: a crash, a dead server or a pulled
cable delays it and loses nothing. Each address is told each thing once; one that fails is tried
again for itself, with growing pauses, for a day.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Literal, NamedTuple, TypeAlias

import structlog
from sqlalchemy import or_, update

from broker.fleet.addresses import Address
from broker.fleet.keeper import utc_now
from broker.fleet.notice_texts import Language
from broker.fleet.notice_words import in_words
from broker.fleet.notices import NoticeView, read_views
from broker.store.database import Database
from broker.store.errors import StoreError
from broker.store.fleet_tables import Notice
from broker.store.tables import table_of

GATHERS: Final = timedelta(seconds=30)
"""How long the oldest of several things waits for others, to make one message of all."""
MOST_OFTEN: Final = timedelta(minutes=2)
"""Between two messages to one address."""
FIRST_PAUSE: Final = timedelta(minutes=1)
MOST_PAUSE: Final = timedelta(hours=1)
GIVES_UP_AFTER: Final = timedelta(days=1)
"""Of an address that fails while another one was told."""
OVER_FOR: Final = timedelta(days=1)
"""What is over for longer is not told any more: an address may be set up months later."""
MOST_IN_ONE: Final = 20
"""Notices in one message; of more, only how many."""

_LOOKS_EVERY_S: Final = 5.0

_notice: Final = table_of(Notice)
_log: Final[structlog.stdlib.BoundLogger] = structlog.get_logger(__name__)

Moment: TypeAlias = Literal["opened", "closed"]


class Word(NamedTuple):
    """A thing to tell: that a notice opened, or that it closed."""

    number: int
    moment: Moment


@dataclass(slots=True)
class _Address:
    """Somebody to tell.

    Attributes:
        heard: words it was told that others were not.
        late: words that others were told and it was not, with the time until which it is tried.
    """

    to: Address
    heard: set[Word] = field(default_factory=set)
    late: dict[Word, datetime] = field(default_factory=dict)
    pause: timedelta = timedelta(0)
    not_before: datetime | None = None


_TITLES: Final[dict[Language, tuple[str, str]]] = {
    "bg": ("Отзив: {open} за внимание, {over} приключени", "… и още {more}"),
    "en": ("Otziv: {open} to look at, {over} over", "… and {more} more"),
}


class Teller:
    """Tells ``addresses`` what opens and closes.

    A notice that is over before it could be told is told once, as over.

    Args:
        database: where notices are.
        addresses: as Apprise writes them: ``mailtos://…``, ``jsons://…``; they hold passwords.
        language: of the texts.
        clock: tells the time of day.

    Raises:
        FleetError: an address that Apprise does not understand.
    """

    def __init__(
        self,
        database: Database,
        addresses: Sequence[str],
        *,
        language: Language = "bg",
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._addresses = [_Address(Address(n, text)) for n, text in enumerate(addresses, 1)]
        self._language: Language = language
        self._clock = clock
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="telling", daemon=True)

    def start(self) -> None:
        """Begin, in a thread of its own."""
        self._thread.start()

    def stop(self, timeout_s: float = 10.0) -> None:
        """End; what was not told is told after the next start."""
        self._is_over.set()
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while not self._is_over.is_set():
            try:
                self.attend(self._clock())
            except StoreError as error:
                _log.warning("telling-waits", error=str(error))
            except Exception as error:  # noqa: BLE001  # whatever it is, the next notice counts too
                _log.error("telling-failed", error=str(error), exc_info=error)
            self._is_over.wait(_LOOKS_EVERY_S)

    def attend(self, now: datetime) -> None:
        """Tell what is due; blocks while the servers of ``addresses`` take it.

        Raises:
            StoreError: the database does not answer; it is told again where nobody was yet.
        """
        if not self._addresses:
            return
        pending = self._read_pending(now)
        for address in self._addresses:
            self._mark(pending & address.heard, now)  # told before the database could note it
        for address in self._addresses:
            address.late = {w: until for w, until in address.late.items() if now < until}
            address.heard &= pending
            owed = (pending | set(address.late)) - address.heard
            if owed and _is_due(address, now):
                self._tell(address, owed, pending, now)

    def _tell(self, address: _Address, owed: set[Word], pending: set[Word], now: datetime) -> None:
        """Tell one address all that it is owed; of what it is the first to hear, note that."""
        views = self._read(owed)
        if not views or now - min(_oldest(view, owed) for view in views) < GATHERS:
            return
        title, body = compose(views, self._language)
        is_warning = not all(view.notice.closed_at for view in views)
        if not address.to.tell(title, body, is_warning=is_warning):
            address.pause = min(max(2 * address.pause, FIRST_PAUSE), MOST_PAUSE)
            address.not_before = now + address.pause
            _log.error(
                "not-told", to=address.to.shown, things=len(owed), again_in=str(address.pause)
            )
            return
        address.pause, address.not_before = timedelta(0), now + MOST_OFTEN
        address.heard |= owed
        address.late.clear()
        first_told = owed & pending
        for other in self._addresses:
            if other is not address:
                other.late |= dict.fromkeys(first_told - other.heard, now + GIVES_UP_AFTER)
        self._mark(first_told, now)

    def _read_pending(self, now: datetime) -> set[Word]:
        """What nobody was told yet, and is not over for so long that nobody need be."""
        is_untold = or_(
            _notice.c.told_opened_at.is_(None),
            _notice.c.closed_at.is_not(None) & _notice.c.told_closed_at.is_(None),
        )
        is_of_late = or_(_notice.c.closed_at.is_(None), _notice.c.closed_at > now - OVER_FOR)
        with self._database.reading() as connection:
            views = read_views(connection, is_untold, is_of_late, limit=1_000)
        return {word for view in views for word in _untold(view.notice)}

    def _read(self, words: set[Word]) -> list[NoticeView]:
        """The notices of ``words``, the oldest first."""
        with self._database.reading() as connection:
            views = read_views(
                connection, _notice.c.number.in_({word.number for word in words}), limit=1_000
            )
        return views[::-1]

    def _mark(self, told: set[Word], now: datetime) -> None:
        if not told:
            return
        with self._database.transaction() as connection:
            for word in sorted(told):
                column = _notice.c[f"told_{word.moment}_at"]
                connection.execute(
                    update(_notice)
                    .where(_notice.c.number == word.number, column.is_(None))
                    .values({column: now})
                )


def compose(views: Sequence[NoticeView], language: Language) -> tuple[str, str]:
    """Title and text of one message about several notices."""
    title, rest = _TITLES[language]
    over = sum(view.notice.closed_at is not None for view in views)
    lines = [str(in_words(view, language)) for view in views[:MOST_IN_ONE]]
    if len(views) > MOST_IN_ONE:
        lines.append(rest.format(more=len(views) - MOST_IN_ONE))
    return title.format(open=len(views) - over, over=over), "\n\n".join(lines)


def _is_due(address: _Address, now: datetime) -> bool:
    """Whether its pause is over; one in the far future is left from before the clock was set."""
    at = address.not_before
    return at is None or not now < at <= now + MOST_PAUSE


def _untold(notice: Notice) -> list[Word]:
    number = notice.number or 0
    words = [Word(number, "opened")] if notice.told_opened_at is None else []
    if notice.closed_at is not None and notice.told_closed_at is None:
        words.append(Word(number, "closed"))
    return words


def _oldest(view: NoticeView, owed: set[Word]) -> datetime:
    """When the first of what is to be told of a notice happened."""
    notice = view.notice
    if Word(notice.number or 0, "opened") in owed or notice.closed_at is None:
        return notice.opened_at
    return notice.closed_at
