"""Every message of the portal has its Bulgarian, and no Bulgarian is left over."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fixtures.portal_messages import PORTAL, constants_of, placeholders, said_by, translations

WEB = PORTAL / "web"
AREAS = sorted(path.parent for path in PORTAL.glob("*/__init__.py"))
EVERYWHERE = {message: text for area in AREAS for message, text in translations(area).items()}
"""As the portal reads them: all catalogues as one."""


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.name)
def test_every_message_is_translated(area: Path) -> None:
    """In the area's own catalogue, or in another one that has it already."""
    assert not {m: where for m, where in said_by(area).items() if m and not EVERYWHERE.get(m)}


@pytest.mark.parametrize("area", AREAS, ids=lambda area: area.name)
def test_translations_fit(area: Path) -> None:
    """The same placeholders, no fuzzy guesses, nothing that no page says any more."""
    sayers = AREAS if area == WEB else [area, WEB]
    said = {m for each in sayers for m in (*said_by(each), *constants_of(each))}
    for message, translation in translations(area).items():
        assert message in said, f"nobody says {message!r}"
        assert translation.strip(), message
        assert placeholders(message) == placeholders(translation), message


def test_a_message_has_one_translation() -> None:
    """Catalogues are read as one: two of them may not differ."""
    found: dict[str, set[str]] = {}
    for area in AREAS:
        for message, translation in translations(area).items():
            found.setdefault(message, set()).add(translation)
    assert not {message: texts for message, texts in found.items() if len(texts) > 1}


def test_messages_are_found(tmp_path: Path) -> None:
    """Marked ones, those of pages and errors, both of a number, those of templates."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "views.py").write_text(
        "A = _('marked')\n"
        "def f(page, count, other):\n"
        "    page.text('said', x=1); page.language.many(count, 'one', '{n} many')\n"
        "    other.text('select 1'); raise FormError('wrong')\n"
    )
    (tmp_path / "templates" / "a.html").write_text(
        "{{ _('shown') }}{{ _(later) }}{{ ui.text(form, 'no') }}{{ many(n, 'a', 'b') }}"
    )
    said = {"marked", "said", "one", "{n} many", "wrong", "shown", "a", "b"}
    assert set(said_by(tmp_path)) == said
