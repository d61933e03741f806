"""One report: what it says, its files, and what is done with it until it is published."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import streamlit as st

from analytics.dashboard.doing import doing
from analytics.dashboard.markup import plain as letters
from analytics.dashboard.markup import table
from analytics.dashboard.report_kinds import NAMES, days_text, may_go_out
from analytics.dashboard.report_shown import draw_document, draw_files
from analytics.dashboard.view import View
from analytics.improvement.drafts import MOST_COMMENT, PUBLIC, Draft, DraftState, may_comment
from analytics.improvement.protocol import Improvement
from analytics.improvement.who import DECIDERS, WRITERS, Who
from analytics.period import Period
from analytics.reports.document import plain
from analytics.reports.edited import changes
from analytics.reports.kept import Kept, from_content, prose, to_content, to_show


def _(message: str) -> str:
    """Mark a message for the catalogue."""
    return message


STATES: Final[dict[DraftState, str]] = {
    "draft": _("draft"),
    "edited": _("edited"),
    "approved": _("approved"),
    "published": _("published"),
}


def draw_report(view: View, improvement: Improvement, who: Who, draft: Draft) -> None:
    """The report, and all that this viewer may do with it."""
    _ = view.language.text
    st.header(_(NAMES[draft.kind]), anchor=False)
    st.caption(letters(state_line(view, draft)))
    version = _version(view, improvement, who, draft)
    kept = from_content(improvement.content(who, draft.id, version))
    document = to_show(kept.now, is_draft=draft.state not in {"approved", "published"})
    draw_files(view, document, f"{draft.kind}-{draft.from_on}-{draft.language}")
    if version == draft.version:
        _draw_steps(view, improvement, who, draft)
        if draft.state != "published" and who.roles & WRITERS:
            _draw_editing(view, improvement, who, draft, kept)
    _draw_changes(view, kept)
    draw_document(view, document)
    _draw_comments(view, improvement, who, draft)


def state_line(view: View, draft: Draft) -> str:
    """Period, state, and who did it."""
    _ = view.language.text
    period = days_text(view, Period(draft.from_on, draft.to_on))
    said = [period, _(STATES[draft.state])]
    for text, name, at in (
        (_("made by {name}, {day}"), draft.made_by, draft.made_at),
        (_("approved by {name}, {day}"), draft.approved_by, draft.approved_at),
        (_("published by {name}, {day}"), draft.published_by, draft.published_at),
    ):
        if at is not None:
            said.append(text.format(name=name, day=_day(view, at)))
    return " · ".join(said)


def _day(view: View, at: datetime) -> str:
    return view.writing.short_day(at.date())


def _version(view: View, improvement: Improvement, who: Who, draft: Draft) -> int:
    """The version to show; the last, unless another is chosen."""
    _ = view.language.text
    known = improvement.versions(who, draft.id)
    if len(known) < 2:  # the only one
        return draft.version
    texts = {
        each.number: _("Version {number}, {name}, {day}").format(
            number=each.number, name=each.by, day=_day(view, each.at)
        )
        for each in reversed(known)
    }
    key = f"version-{draft.id}-{draft.version}"
    chosen = st.selectbox(_("Version"), list(texts), format_func=texts.__getitem__, key=key)
    return int(chosen)


def _draw_steps(view: View, improvement: Improvement, who: Who, draft: Draft) -> None:
    """Show it to the team, approve, publish: what comes next, for those who decide."""
    _ = view.language.text
    if not who.roles & DECIDERS:
        return
    if draft.kind == "team-sheet" and draft.shown_at is None:
        if st.button(_("Show it to the team")):
            with doing(view, _("The team sees it now.")):
                improvement.show_to_team(who, draft.id)
    elif draft.state in {"draft", "edited"}:
        if st.button(_("Approve")):
            with doing(view, _("Approved.")):
                improvement.approve(who, draft.id, version=draft.version)
    elif draft.state == "approved" and draft.kind in PUBLIC:
        _draw_publishing(view, improvement, who, draft)


def _draw_publishing(view: View, improvement: Improvement, who: Who, draft: Draft) -> None:
    """The last step; a weekly letter and a team sheet stay inside."""
    _ = view.language.text
    if may_go_out(draft, view.whole.period.to_on):
        if st.button(_("Publish")):
            with doing(view, _("Published.")):
                improvement.publish_draft(who, draft.id)
    else:
        st.info(
            _(
                "It can't be published: outside the administration reports are of whole months "
                "that are over. Make it anew then."
            )
        )


def _draw_editing(view: View, improvement: Improvement, who: Who, draft: Draft, kept: Kept) -> None:
    """A field for each paragraph; tables, charts and headings stay as they were made."""
    _ = view.language.text
    with (
        st.expander(_("Edit the texts")),
        st.form(f"edit-{draft.id}-{draft.version}", border=False),
    ):
        st.caption(
            _(
                "A number that you change or add is marked in the report as changed by a person. "
                "What you leave empty is left out."
            )
        )
        written = {
            each.place: st.text_area(
                f"{at}. {each.section}", plain(each.text), key=f"text-{draft.version}-{each.place}"
            )
            for at, each in enumerate(prose(kept.now), 1)
        }
        if st.form_submit_button(_("Keep")):
            with doing(view, _("Kept.")):
                content = to_content(kept.edited(written))
                improvement.edit_draft(who, draft.id, content, version=draft.version)


def _draw_changes(view: View, kept: Kept) -> None:
    """The figures that a person changed."""
    _ = view.language.text
    found = changes(kept.generated, kept.now)
    if not found:
        return
    rows = [[each.was or "–", each.now or "–"] for each in found]
    caption = _("Figures that a person changed")
    st.html(table(caption, [_("As measured"), _("As written")], rows))


def _draw_comments(view: View, improvement: Improvement, who: Who, draft: Draft) -> None:
    """What was said of it, and a field to say something."""
    _ = view.language.text
    found = improvement.comments(who, draft.id)
    if not found and not may_comment(who, draft):
        return
    st.subheader(_("Comments"), anchor=False)
    for each in found:
        st.caption(letters(f"{each.by}, {_day(view, each.at)}"))
        st.write(letters(each.text))
    if may_comment(who, draft):
        with st.form(f"comment-{draft.id}", clear_on_submit=True):
            text = st.text_area(_("Your comment"), max_chars=MOST_COMMENT)
            if st.form_submit_button(_("Send")):
                with doing(view, _("Kept.")):
                    improvement.comment(who, draft.id, text)
