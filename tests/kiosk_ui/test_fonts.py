"""No text is shown with holes in it: fonts have the letters, or the language is refused."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from kiosk.built_in import built_in_configuration
from kiosk.ui.fonts import (
    Font,
    FontError,
    find_font,
    missing_glyphs,
    needs_shaping,
    own_font,
    system_fonts,
)

GEORGIAN = "კმაყოფილი ხართ?"
CHINESE = "您对服务满意吗？"
ARABIC = "هل أنت راضٍ؟"
HEBREW = "האם אתם מרוצים?"
MESSAGES = Path(__file__).parents[2] / "kiosk/messages"


@pytest.mark.parametrize("catalogue", sorted(MESSAGES.glob("*.po")), ids=lambda path: path.stem)
def test_shipped_catalogues_have_all_glyphs(catalogue: Path) -> None:
    """Every message that is shipped can be shown with a font that is found."""
    text = "".join(entry.msgid + entry.msgstr for entry in polib.pofile(str(catalogue)))
    assert not missing_glyphs(text, find_font(catalogue.stem, text).regular)


def test_the_built_in_survey_has_all_glyphs() -> None:
    """What a fresh kiosk asks can be shown with Kivy's own font, bold or not."""
    configuration = built_in_configuration("desk")
    texts = "".join(
        text
        for question in configuration.survey.questions
        for texts in (
            question.texts,
            *(f.texts for f in question.follow_ups),
            *(option.texts for f in question.follow_ups for option in f.options),
        )
        for text in texts.values()
    )
    font = own_font()
    assert not missing_glyphs(texts, font.regular)
    assert not missing_glyphs(texts, font.bold)


def test_what_the_screen_adds_has_glyphs() -> None:
    """Signs that the layout itself writes are in Kivy's own font."""
    assert not missing_glyphs("0123456789 / + • … -", own_font().regular)


@pytest.mark.parametrize("text", [GEORGIAN, CHINESE, ARABIC, HEBREW])
def test_roboto_lacks_other_scripts(text: str) -> None:
    """Kivy's own font has neither Georgian nor Chinese, Arabic or Hebrew."""
    assert missing_glyphs(text, own_font().regular)


def test_cyrillic_and_greek_need_no_other_font() -> None:
    """Kivy's own font is taken where it suffices, with its bold."""
    font = find_font("bg", "Благодарим Ви! Ευχαριστούμε!")
    assert font == own_font()


def test_georgian_is_found_in_the_system() -> None:
    """Where fonts-noto-core is installed, Georgian is shown with one of its fonts."""
    font = find_font("ka", GEORGIAN)
    assert font.regular.is_file()
    for is_bold in (False, True):
        runs = font.runs(GEORGIAN, is_bold=is_bold)
        assert "".join(text for _, text in runs) == GEORGIAN
        assert not any(missing_glyphs(text, file) for file, text in runs)


def test_signs_that_a_script_font_lacks_come_from_kivys_own() -> None:
    """A font of one script has often no "?"; then the line is set in two fonts."""
    noto = [path for path in system_fonts("ka") if path.name == "NotoSansGeorgian-Regular.ttf"]
    font = Font(noto[0], noto[0], own_font().regular)
    assert font.runs("კი?!") == [(noto[0], "კი"), (own_font().regular, "?!")]


def test_a_font_of_the_municipality_comes_first(tmp_path: Path) -> None:
    """Fonts beside the settings are tried before all others; what is no font is passed over."""
    georgian = find_font("ka", GEORGIAN).regular
    (tmp_path / "a.ttf").write_bytes(b"no font")
    (tmp_path / "b.ttf").write_bytes(georgian.read_bytes())
    assert find_font("ka", GEORGIAN, tmp_path).regular == tmp_path / "b.ttf"


@pytest.mark.parametrize(("language", "text"), [("ar", ARABIC), ("he", HEBREW), ("hi", "हिन्दी")])
def test_scripts_that_need_shaping_are_refused(language: str, text: str) -> None:
    """Arabic, Hebrew, Hindi: rather another language than broken letters; the error says so."""
    assert needs_shaping(text)
    with pytest.raises(FontError, match=f"{language}: the screen can't join letters") as error:
        find_font(language, text)
    assert error.value.missing


def test_letters_that_no_font_has_are_named() -> None:
    """The error names the letters and what to install."""
    private = "\U000f1234"
    with pytest.raises(FontError, match="fonts-noto") as error:
        find_font("bg", f"Да{private}")
    assert error.value.missing == {private}
