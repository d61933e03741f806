"""A report as the page shows it, and its files."""

from __future__ import annotations

from functools import partial

import streamlit as st

from analytics.dashboard.markup import plain as letters
from analytics.dashboard.markup import table
from analytics.dashboard.view import View
from analytics.reports.document import (
    Block,
    Bullets,
    Chart,
    Document,
    Heading,
    KeyFigures,
    Note,
    Paragraph,
    Table,
    Text,
    plain,
)
from analytics.reports.files import MEDIA, Form, render


def draw_files(view: View, document: Document, name: str) -> None:
    """The buttons; a file is made when somebody asks for it."""
    _ = view.language.text
    with st.container(horizontal=True):
        for form in MEDIA:
            st.download_button(
                _("Download as {form}").format(form=form.upper()),
                partial(_file, document, form, view),
                f"otziv-{name}.{form}",
                MEDIA[form],
                key=f"file-{form}",
                on_click="ignore",
            )


def _file(document: Document, form: Form, view: View) -> bytes:
    return render(document, form, view.source.look)


def draw_document(view: View, document: Document) -> None:
    """What it says; drawings are in its files, here are their words and figures."""
    with st.container(border=True):
        st.subheader(letters(document.title), anchor=False)
        st.caption(letters(" · ".join(p for p in (document.subtitle, document.municipality) if p)))
        for section in document.shown():
            st.subheader(letters(section.title), anchor=False)
            for block in section.blocks:
                _draw_block(view, block)


def _draw_block(view: View, block: Block) -> None:
    match block:
        case Heading(text):
            st.markdown(f"**{letters(text)}**")
        case Paragraph(text):
            st.write(_marked(text))
        case Note(text):
            st.info(_marked(text))
        case Bullets(items):
            st.markdown("\n".join(f"- {_marked(item)}" for item in items))
        case Table():
            _draw_table(block)
        case KeyFigures():
            _draw_key_figures(view, block)
        case Chart():
            _draw_chart(view, block)


def _draw_key_figures(view: View, found: KeyFigures) -> None:
    _ = view.language.text
    rows = [[item.label, f"{plain(item.value)}\n{plain(item.words)}"] for item in found.items]
    st.html(table(_("Key figures"), [_("Figure"), _("Value")], rows))


def _draw_chart(view: View, found: Chart) -> None:
    st.caption(letters(f"{found.caption}. {found.alternative}"))
    if found.table.rows:
        with st.expander(view.language.text("As a table")):
            _draw_table(found.table)


def _draw_table(found: Table) -> None:
    rows = [[plain(cell) for cell in row] for row in found.rows]
    st.html(table(found.caption, found.columns, rows))


def _marked(text: Text) -> str:
    """As Markdown, letter by letter; what carries weight is strong."""
    return "".join(
        f"**{letters(piece.text)}**"
        if piece.strong and piece.text.strip() == piece.text
        else letters(piece.text)
        for piece in text
    )
