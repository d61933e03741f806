"""What is printed for a post without a screen: the question, a face and a word for each button.

One sheet of A4 for each scale and language, to be cut up. Words and question are those that the
kiosk says and records: whoever hears them and whoever reads them is asked the same.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from pathlib import Path
from string import Template
from typing import Any, Final

from broker.wire.scales import SCALES, ScaleCode
from hardware.designs.design import LANGUAGES, Language
from kiosk.built_in import built_in_survey
from kiosk.faces import scale_choices
from kiosk.scene import Choice
from kiosk.ui.choices import drawing_of
from kiosk.words import Words
from otziv.look.figure import Figure
from otziv.look.svg import svg

INSTRUCTIONS: Final = Path(__file__).with_name("legend.toml")

POSTS: Final[tuple[ScaleCode, ...]] = ("faces-4", "faces-5", "yes-no")
"""The scales that posts have buttons for."""

CAP_MM: Final = 60.0
"""Diameter of a button's cap, as the button post's design has it."""

FACE_MM: Final = 45.0
"""Side of a face under it. All of them then fit into a circle of 50.2 mm: a cap has a rim."""

_STYLE: Final = """
@page { size: A4 landscape; margin: 0 }
* { box-sizing: border-box; margin: 0 }
body { width: 297mm; height: 209mm; padding: 8mm 10mm; position: relative; color: #000;
  font: 3.8mm/1.35 'DejaVu Sans', Verdana, Arial, sans-serif; print-color-adjust: exact }
h1 { height: 34mm; display: flex; align-items: center; justify-content: center; text-align: center;
  font-size: 12.5mm; line-height: 1.15;
  text-wrap: balance; border: 0.2mm dashed #777 }
.buttons { display: flex; flex-wrap: wrap; gap: 4mm 12mm; margin-top: 5mm }
.button { width: 60.25mm }
.cap { border: 0.2mm dashed #777; border-radius: 50%; margin: 0 auto; display: flex;
  align-items: center; justify-content: center }
.word { height: 12mm; margin-top: 1.5mm; border: 0.2mm dashed #777; font-size: 7mm;
  font-weight: bold; white-space: nowrap; display: flex; align-items: center;
  justify-content: center }
.notes { position: absolute; right: 10mm; bottom: 8mm; width: 204.75mm }
.notes li { margin: 0 0 1mm }
.bar { width: 100mm; height: 3mm; margin: 2mm 0 1mm; border: 0.3mm solid #000; border-top: 0 }
"""

_PAGE: Final = Template("""<!doctype html>
<html lang="$language">
<meta charset="utf-8">
<title>$title</title>
<style>$style</style>
<body>
<h1 contenteditable="true" spellcheck="false">$question</h1>
<div class="buttons">
$buttons
</div>
<div class="notes">
<ol>
$notes
</ol>
<div class="bar"></div>
</div>
</body>
</html>
""")


def legends(figures: dict[str, Figure], colours: dict[str, str]) -> Iterator[tuple[str, str]]:
    """All sheets as name of the file and HTML, drawn with ``figures`` (by name)."""
    for scale in POSTS:
        for language in LANGUAGES:
            yield f"legend-{scale}.{language}.html", _sheet(scale, language, figures, colours)


def _sheet(
    scale: ScaleCode, language: Language, figures: dict[str, Figure], colours: dict[str, str]
) -> str:
    faces = [f"face-{value}" for value in SCALES[scale].values]
    choices = scale_choices(scale, faces, Words(language))
    told: dict[str, Any] = tomllib.loads(INSTRUCTIONS.read_text("utf-8"))[language]
    return _PAGE.substitute(
        language=language,
        title=escape(f"{told['title']}: {' – '.join(choice.text for choice in choices)}"),
        style=_STYLE,
        question=escape(built_in_survey(faces).questions[0].texts[language]),
        buttons="\n".join(_button(each, figures[drawing_of(each)], colours) for each in choices),
        notes="\n".join(f"<li>{escape(note)}</li>" for note in told["notes"]),
    )


def _button(choice: Choice, figure: Figure, colours: dict[str, str]) -> str:
    """A face as large as its cap, and its word."""
    face = svg(replace(figure, title=choice.text), colours).rstrip()
    face = face.replace("<svg ", f'<svg width="{FACE_MM:g}mm" ', 1)
    return (
        '<div class="button">\n'
        f'<div class="cap" style="width:{CAP_MM:g}mm;height:{CAP_MM:g}mm">\n{face}\n</div>\n'
        f'<p class="word">{escape(choice.text)}</p>\n'
        "</div>"
    )
