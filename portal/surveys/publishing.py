"""Publishing a draft, and when and where the survey takes answers. One transaction each.

The version goes into the feedback store first, noted before and after: should the portal's own
transaction fail then, the same version published again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from broker.fleet.surveys import STANDARD_SURVEY, Published, find_newest, publish, show_survey
from broker.store.database import Database
from broker.store.registry import add_touchpoint, list_touchpoints
from portal.audit.ledger import carry_out
from portal.audit.log import note
from portal.store.tables import table_of
from portal.surveys.checks import check
from portal.surveys.draft import Draft
from portal.surveys.drafts import DraftError, check_revision, drop_draft, find_draft
from portal.surveys.editions import CHANNELS, Channel, forget
from portal.surveys.freezing import freeze
from portal.surveys.tables import SurveyWindow
from portal.web.actor import Actor
from portal.web.portal import Portal

OWN_PLACE: Final = ""
"""Instead of a touchpoint's code: one of its own, made when it is needed."""

FIRST_CHANNELS: Final[tuple[Channel, ...]] = ("web", "qr", "tablet", "paper", "link")
_windows: Final = table_of(SurveyWindow)


@dataclass(frozen=True, slots=True)
class Opening:
    """Where and when a survey shall take answers.

    Attributes:
        touchpoint: to which plain answers from the web belong; :data:`OWN_PLACE` for a new one.
    """

    channels: frozenset[Channel] = frozenset(FIRST_CHANNELS)
    touchpoint: str = OWN_PLACE
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    is_listed: bool = True


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


def publish_draft(  # what, by whom, when, where, and as it was looked at
    portal: Portal,
    actor: Actor,
    code: str,
    now: datetime,
    opening: Opening | None = None,
    *,
    revision: int | None = None,
) -> Published:
    """Freeze the draft as the next version, and open the survey as ``opening`` says.

    Without it all stays as it was; where it never was open, it opens at once. What somebody changes
    in this moment stays in the draft, for the version after this one.

    Args:
        portal: with both databases.
        actor: who publishes.
        code: of the draft.
        now: aware.
        opening: where and when it takes answers.
        revision: what was looked at; ``None``: whatever there is.

    Raises:
        ChangedMeanwhileError: the draft is another revision by now.
        DraftError: there is no draft, it has faults: the check list says which, or it can't be
            opened so; nothing was published.
        FleetError: a kiosk that would get it could not show it.
    """
    kept = find_draft(portal.database, code)
    if kept is None:
        raise DraftError(_("There is no draft of this survey."))
    if revision is not None:
        check_revision(kept, revision)
    if any(remark.weight == "fault" for remark in check(kept.draft)):
        raise DraftError(_("The draft has faults: the check list says which."))
    if opening is not None:
        _check_opening(portal, opening)
    survey = freeze(kept.draft, version_of(portal.feedback, kept.draft))
    published = carry_out(
        portal.database,
        actor,
        "surveys.publish",
        code,
        lambda: publish(portal.feedback, survey, now),
        version=survey.version,
        revision=kept.revision,
    )
    if opening is not None or find_window(portal.database, code) is None:
        open_survey(portal, actor, code, opening or Opening(), now)
    with portal.database.transaction() as connection:
        drop_draft(connection, code, kept.revision)
    forget(portal.database)
    return published


def version_of(feedback: Database, draft: Draft) -> int:
    """The version that ``draft`` becomes: the next, or the newest where it says just that.

    Kiosks have a version of the standard survey built in, so its number is taken.
    """
    newest = find_newest(feedback, draft.code)
    if not newest and draft.code == STANDARD_SURVEY.code:
        newest = STANDARD_SURVEY.version
    elif newest:
        there = show_survey(feedback, draft.code, newest).survey
        if freeze(draft, newest) == there:
            return newest
    return newest + 1


def find_window(database: Database, code: str) -> SurveyWindow | None:
    """Where and when the survey takes answers; ``None``: it was never opened here."""
    with database.reading() as connection:
        return _read(connection, code)


def list_windows(database: Database) -> dict[str, SurveyWindow]:
    """Code → where and when it takes answers."""
    with database.reading() as connection:
        rows = connection.execute(select(_windows)).mappings().all()
    return {row["code"]: SurveyWindow(**row) for row in rows}


def open_survey(portal: Portal, actor: Actor, code: str, opening: Opening, now: datetime) -> None:
    """Let a published survey take answers as ``opening`` says; closed by hand, it opens again.

    Raises:
        DraftError: its end is not after its beginning, or there is no such touchpoint.
    """
    _check_opening(portal, opening)
    values = {
        "channels": _in_order(opening.channels),
        "touchpoint": _place(portal, code, opening.touchpoint),
        "is_listed": opening.is_listed,
        "opens_at": opening.opens_at,
        "closes_at": opening.closes_at,
        "closed_at": None,
        "changed_at": now,
    }
    with portal.database.transaction() as connection:
        make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        row = make(_windows).values(code=code, **values)
        connection.execute(row.on_conflict_do_update(index_elements=["code"], set_=values))
        facts = {"channels": values["channels"], "touchpoint": values["touchpoint"]}
        note(connection, actor, "surveys.opened", code, **facts)
    forget(portal.database)


def close_survey(database: Database, actor: Actor, code: str, now: datetime) -> bool:
    """Take no more answers from this moment on. ``False``: it is not open here, or closed."""
    return _set_closed(database, actor, code, now, now)


def reopen_survey(database: Database, actor: Actor, code: str, now: datetime) -> bool:
    """Take answers again, without an end where the end is past. ``False``: it was not closed."""
    return _set_closed(database, actor, code, None, now)


def _set_closed(
    database: Database, actor: Actor, code: str, closed_at: datetime | None, now: datetime
) -> bool:
    with database.transaction() as connection:
        window = _read(connection, code, is_locked=True)
        if window is None:
            return False
        is_over = window.closes_at is not None and window.closes_at <= now
        is_shut = window.closed_at is not None or (closed_at is None and is_over)
        if is_shut == (closed_at is not None):
            return False
        ends = {"closes_at": None} if closed_at is None and is_over else {}
        connection.execute(
            update(_windows)
            .where(_windows.c.code == code)
            .values(closed_at=closed_at, changed_at=now, **ends)
        )
        action = "surveys.reopened" if closed_at is None else "surveys.closed"
        note(connection, actor, action, code)
    forget(database)
    return True


def _check_opening(portal: Portal, opening: Opening) -> None:
    if opening.opens_at and opening.closes_at and opening.closes_at <= opening.opens_at:
        raise DraftError(_("It would close before it opens."))
    there = {each.code for each in list_touchpoints(portal.feedback, portal.settings.site)}
    if opening.touchpoint not in {OWN_PLACE, *there}:
        raise DraftError(_("There is no such place any more. Choose another one."))


def _place(portal: Portal, code: str, touchpoint: str) -> str:
    """The touchpoint's code; a new one under the site where it shall be one of its own."""
    if touchpoint != OWN_PLACE:
        return touchpoint
    own, site = f"web-{code}"[:63], portal.settings.site
    if own not in {each.code for each in list_touchpoints(portal.feedback)}:
        titles = show_survey(portal.feedback, code).survey.title or {}
        name = next((title for title in titles.values() if title), own)
        add_touchpoint(portal.feedback, own, site=site, name=name)
    return own


def _in_order(channels: Iterable[Channel]) -> str:
    return " ".join(channel for channel in CHANNELS if channel in channels)


def _read(connection: Connection, code: str, *, is_locked: bool = False) -> SurveyWindow | None:
    query = select(_windows).where(_windows.c.code == code)
    row = connection.execute(query.with_for_update() if is_locked else query).mappings().first()
    return None if row is None else SurveyWindow(**row)
