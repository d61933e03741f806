"""Editing a setting of a place: first what it would do, then doing it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from typing import Any

from starlette.responses import Response

from broker.fleet.errors import ChangedError, FleetError
from broker.fleet.place_changes import Change, Entered, clear_setting, kept_value, set_setting
from broker.fleet.previews import preview_setting
from broker.fleet.seen import Seen
from broker.store.errors import StoreError
from broker.store.place_settings import Effective, effective_at
from broker.store.places import Entry
from broker.store.setting_keys import read_value
from portal.fleet.area import AREA, CHANGE
from portal.fleet.difference_words import told_difference
from portal.fleet.editors.all import EDITED, Known
from portal.fleet.editors.parts import About, read_day, rows_posted
from portal.fleet.ledger import carry_out
from portal.fleet.refusals import Told, told, told_fault
from portal.fleet.rules import Sight
from portal.fleet.settings_of_place import about_place, read_effective, write_effective
from portal.fleet.sight import look_at
from portal.fleet.words import crumbs_to, path_of, short_day, source_words
from portal.web.forms import Filled, Form, FormError, blank
from portal.web.page import Page
from portal.web.routes import Here

ROWS_AT_ONCE = 3
"""That are added to a list."""


class StepForm(Form):
    """What is to be done with what stands in the editor.

    ``step`` is ``check`` (the effects), ``more`` (rows), ``back`` (to the editor), or ``save``;
    ``clear`` instead of ``set`` takes the setting back. ``seen`` is what held when it was opened.
    """

    step: str = "check"
    deed: str = "set"
    from_on: str = ""
    seen: str = ""


@dataclass(frozen=True, slots=True)
class _Desk:
    """A setting of a place on somebody's desk."""

    page: Page
    sight: Sight
    entry: Entry
    key: str
    known: Known
    about: About
    holds: Effective

    @property
    def path(self) -> str:
        return f"{path_of(self.entry.place)}/settings/{self.key}"

    def where(self, setting: Effective) -> str:
        place, tree = self.entry.place, self.sight.tree
        return source_words(setting, place, tree, self.page.language)

    def words(self, setting: Effective) -> list[str]:
        return self.known.editor.words(setting.value, self.about)

    @property
    def is_own(self) -> bool:
        """Whether it is set at this very place."""
        return (self.holds.kind, self.holds.code) == tuple(self.entry.place)

    def crumbs(self, *more: str) -> list[tuple[str, str]]:
        """The way here, and on to a page behind the editor."""
        name = str(self.page.text(self.known.name))
        way = crumbs_to(self.page, self.sight.tree, self.entry.place, name)
        if more:
            way = [*way[:-1], (name, self.page.url(self.path)), *((text, "") for text in more)]
        return way


@AREA.get("/places/{kind}/{code}/settings/{key}", CHANGE)
def ask_setting(page: Here, kind: str, code: str, key: str) -> Response:
    """The editor, with what holds now."""
    desk = _desk(page, kind, code, key)
    raw = desk.known.editor.raw(desk.holds.value, desk.about)
    return _editor(desk, blank(**raw, from_on=short_day(desk.sight.tree.on)))


@AREA.post("/places/{kind}/{code}/settings/{key}", CHANGE)
def take_setting(page: Here, kind: str, code: str, key: str) -> Response:
    """Show what it would do, or do it."""
    filled = page.fill(StepForm)
    form = page.need(filled.model)
    more = ROWS_AT_ONCE if form.step == "more" else 0
    desk = _desk(page, kind, code, key, rows_posted(filled, "row") + more)
    if form.step in {"more", "back"}:
        return _editor(desk, filled, seen=form.seen)
    value = desk.known.editor.read(filled, desk.about) if form.deed == "set" else None
    from_on = _day(page, filled, form.from_on)
    if filled.errors:
        return _editor(desk, filled, seen=form.seen)
    try:
        kept = kept_value(key, value) if form.deed == "set" else None
        entered = Entered(kind, code, key, kept, from_on, _seen(form.seen))
        if form.step == "save":
            _save(page, entered)
            return page.redirect(path_of(desk.entry.place), say="saved")
        return _check(desk, filled, entered)
    except (FleetError, StoreError) as error:
        return _refused(desk, filled, error)


def _desk(page: Page, kind: str, code: str, key: str, rows: int = 0) -> _Desk:
    known: Known = page.need(EDITED.get(key))
    sight, entry = look_at(page, kind, code)
    with page.portal.feedback.reading() as connection:
        settings = effective_at(connection, entry.place, sight.tree.on)
        about = about_place(page, connection, settings, rows)
    knowing = replace(about, holds=settings[key].value)
    return _Desk(page, sight, entry, key, known, knowing, settings[key])


def _editor(
    desk: _Desk,
    filled: Filled[Any],
    *,
    seen: str = "",
    refusal: Told | None = None,
    status: int | None = None,
) -> Response:
    """The editor's page, with what was typed."""
    page, holds = desk.page, desk.holds
    return page.render(
        "fleet/setting.html",
        status or (422 if filled.errors or refusal else 200),
        form=filled,
        desk=desk,
        groups=desk.known.editor.groups(holds.value, desk.about),
        seen=seen or write_effective(holds),
        refusal=refusal,
        crumbs=desk.crumbs(),
    )


def _check(desk: _Desk, filled: Filled[Any], entered: Entered) -> Response:
    """What the change would do: before it is made."""
    page = desk.page
    today = desk.sight.tree.on
    if entered.seen is not None:
        entered.seen.check(desk.key, desk.holds)
    asked = Entered(entered.kind, entered.code, entered.key, entered.kept, entered.from_on)
    preview = preview_setting(page.portal.feedback, asked, page.portal.clock())
    change = preview.change
    carried = [
        (name, value)
        for name, values in filled.raw.items()
        for value in values
        if name not in {"form_token", "step", "seen"}
    ]
    return page.render(
        "fleet/setting_check.html",
        desk=desk,
        preview=preview,
        was=_told(desk, change.was),
        becomes=_told(desk, change.became),
        faults=[told_fault(fault, page.language) for fault in change.faults],
        difference=told_difference,
        is_later=change.from_on > today,
        is_past=change.from_on < today,
        carried=carried,
        seen=write_effective(change.was),
        crumbs=desk.crumbs(page.text("Check")),
    )


def _told(desk: _Desk, setting: Effective) -> str:
    return "\n".join([*desk.words(setting), f"({desk.where(setting)})"])


def _save(page: Page, entered: Entered) -> Change:
    """Enter it, as it was checked."""
    store, now = page.portal.feedback, page.portal.clock()
    where = (entered.kind, entered.code, entered.key)

    def work() -> Change:
        if entered.kept is None:
            return clear_setting(store, *where, entered.from_on, now, seen=entered.seen)
        value = read_value(entered.kept)
        return set_setting(store, *where, value, entered.from_on, now, seen=entered.seen)

    return carry_out(
        page,
        "fleet.setting-set" if entered.kept is not None else "fleet.setting-clear",
        entered.code,
        work,
        kind=entered.kind,
        key=entered.key,
        on=entered.from_on.isoformat() if entered.from_on else "",
        digest=sha256((entered.kept or "").encode()).hexdigest()[:16],
    )


def _refused(desk: _Desk, filled: Filled[Any], error: Exception) -> Response:
    """The editor with why not; what somebody else changed meanwhile stands above it."""
    if not isinstance(error, ChangedError):
        return _editor(desk, filled, refusal=told(error, desk.page.language), seen="")
    text = desk.page.text("Somebody changed this while you were at it. Nothing of yours was saved.")
    found = error.found if isinstance(error.found, Effective) else desk.holds
    lines = [desk.page.text("It is now:"), *desk.words(found), f"({desk.where(found)})"]
    lines.append(
        desk.page.text("What you entered is still below. If you save it, it replaces theirs.")
    )
    return _editor(desk, filled, refusal=Told(text, tuple(lines)), status=409)


def _day(page: Page, filled: Filled[Any], text: str) -> date | None:
    if not text:
        return None
    try:
        return read_day(text)
    except FormError as error:
        filled.refuse("from_on", page.text(error.message))
        return None


def _seen(text: str) -> Seen | None:
    found = read_effective(text)
    return None if found is None else Seen(found)
