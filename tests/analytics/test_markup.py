"""Tables of the dashboard: what somebody entered as a name stays text."""

from __future__ import annotations

from analytics.dashboard.markup import language_links, table


def test_cells_are_escaped() -> None:
    """A name can't bring in a script, a picture or a link."""
    markup = table("<i>", ["<b>"], [["<script>alert(1)</script>", 'a"&\n<img src=x>']])
    assert "<script" not in markup
    assert "<img" not in markup
    assert "<small>&lt;img src=x&gt;</small>" in markup


def test_rows_and_columns_have_headings() -> None:
    """A screen reader finds the caption, the heading of each column and of each row."""
    markup = table("Caption", ["Place", "Votes"], [["Desk", "7"]])
    assert "<caption>Caption</caption>" in markup
    assert '<th scope="col">Votes</th>' in markup
    assert '<th scope="row">Desk</th><td>7</td>' in markup


def test_a_note_stands_below_its_row() -> None:
    """What must be said of a row spans all columns, is escaped, and is about that row only."""
    markup = table("Caption", ["Place", "Votes"], [["Desk", "7"], ["Hall", "9"]], {0: "<b>"})
    assert '<td>7</td></tr><tr class="otziv-note"><td colspan="2">&lt;b&gt;</td></tr>' in markup
    assert markup.count("otziv-note") == 1


def test_links_lead_to_the_other_languages() -> None:
    """A language names itself in its own words, and the present one is no link."""
    markup = language_links({"bg": "Български", "en": "English"}, "bg", "Език")
    assert '<a href="?lang=en" target="_self" lang="en" hreflang="en">English</a>' in markup
    assert "Български" not in markup
