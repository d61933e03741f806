"""Reports on their way: draft → edited → approved → published, with versions and comments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import Final, Literal, TypeAlias, get_args

from analytics.improvement.actions import check_json
from analytics.improvement.who import ImprovementError, Who, sees
from broker.store.places import Place

Kind: TypeAlias = Literal["weekly-letter", "periodic", "annual", "team-sheet"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
PUBLIC: Final[frozenset[Kind]] = frozenset({"periodic", "annual"})
"""Reports that are made for the public: of units and months."""
DraftState: TypeAlias = Literal["draft", "edited", "approved", "published"]
Language: TypeAlias = Literal["bg", "en"]
LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

MOST_CONTENT: Final = 2_000_000
MOST_COMMENT: Final = 2_000


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDraft:
    """What a report is about.

    Attributes:
        unit: code; empty: the whole municipality. ``place``: ``None``: all of the unit's.
        to_on: the last day of the period.
    """

    kind: Kind
    unit: str
    from_on: date
    to_on: date
    language: Language
    place: Place | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft(NewDraft):
    """A report, without its content, which is asked for by itself.

    Attributes:
        version: of the content; the first is 1.
        shown_at: when the team first saw its sheet; ``None``: not yet.
        made_by: name, as ``changed_by``, ``approved_by`` and ``published_by``; empty: nobody yet.
    """

    id: str
    made_by: str
    made_at: datetime
    changed_by: str
    changed_at: datetime
    state: DraftState = "draft"
    version: int = 1
    shown_at: datetime | None = None
    approved_by: str = ""
    approved_at: datetime | None = None
    published_by: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """That the content was written; ``by`` is a name."""

    number: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DraftComment:
    """What somebody said of a draft; ``version`` is the one that he saw, ``by`` his name."""

    by: str
    at: datetime
    version: int
    text: str


def check_draft(new: NewDraft, content: str) -> None:
    """See that it can be kept.

    Raises:
        ImprovementError: no such kind or language, days the wrong way round, content that is no
            JSON, or a team sheet of no unit.
    """
    if new.kind not in KINDS:
        raise ImprovementError(_("Choose one of the answers"), field="kind")
    if new.language not in LANGUAGES:
        raise ImprovementError(_("Choose one of the answers"), field="language")
    if new.to_on < new.from_on:
        raise ImprovementError(_("The last day is before the first"), field="to_on")
    if new.kind == "team-sheet" and not new.unit:
        raise ImprovementError(_("A team sheet is of one unit"), field="unit")
    check_content(content)


def check_content(content: str) -> None:
    """See that it is JSON of a length that can be kept.

    Raises:
        ImprovementError: it is not.
    """
    check_json(content, "content", MOST_CONTENT)


def edited(draft: Draft, version: int, by: str, now: datetime) -> Draft:
    """The draft with another content: an approval was of the one before.

    Raises:
        ImprovementError: it is published; make a new one.
    """
    if draft.state == "published":
        raise ImprovementError(_("What is published does not change; make a new report"))
    return replace(
        draft,
        state="edited",
        version=version,
        changed_by=by,
        changed_at=now,
        approved_by="",
        approved_at=None,
    )


def shown(draft: Draft, now: datetime) -> Draft:
    """The team sheet as shown to its team.

    Raises:
        ImprovementError: it is no team sheet.
    """
    if draft.kind != "team-sheet":
        raise ImprovementError(_("Only team sheets are shown to a team first"))
    return replace(draft, shown_at=draft.shown_at or now)


def approved(draft: Draft, by: str, now: datetime) -> Draft:
    """The draft as approved.

    Raises:
        ImprovementError: it is already, or its team has not seen it yet.
    """
    if draft.state not in {"draft", "edited"}:
        raise ImprovementError(_("It is approved already"))
    if draft.kind == "team-sheet" and draft.shown_at is None:
        raise ImprovementError(_("The team sees its sheet first; show it to the team"))
    return replace(draft, state="approved", approved_by=by, approved_at=now)


def published(draft: Draft, by: str, now: datetime, zone: tzinfo) -> Draft:
    """The draft as published; ``zone`` is that whose days are meant.

    Raises:
        ImprovementError: it is not approved, or published already; a team sheet or weekly letter,
            which stay inside; or not of whole months that were over when it was made.
    """
    if draft.kind == "team-sheet":
        raise ImprovementError(_("A team sheet stays with its team"))
    if draft.kind not in PUBLIC:
        raise ImprovementError(_("A weekly letter is for the staff only"))
    if draft.state != "approved":
        raise ImprovementError(_("Only what is approved can be published"))
    if not is_of_months(draft) or draft.made_at.astimezone(zone).date() <= draft.to_on:
        raise ImprovementError(
            _("Reports are published of whole months that were over when they were made")
        )
    return replace(draft, state="published", published_by=by, published_at=now)


def is_of_months(draft: NewDraft) -> bool:
    """Whether its days are whole months, or years: outside, nothing finer is told."""
    return draft.from_on.day == 1 and (draft.to_on + timedelta(1)).day == 1


def may_read(who: Who, draft: Draft) -> bool:
    """Whether it is there for him: as for all; and a team's, once it is shown, for the team."""
    is_of_team = draft.kind == "team-sheet" and draft.shown_at is not None
    return sees(who, draft.unit) or (is_of_team and draft.unit in who.units)


def may_comment(who: Who, draft: Draft) -> bool:
    """Whether he may say something of it: whoever may read it, while it can still change."""
    return draft.state != "published" and may_read(who, draft)
