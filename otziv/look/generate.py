"""The files that are made of the source: drawings, and the tokens as each part reads them.

The kiosk can't import ``otziv``, and a Raspberry Pi need not reckon what never changes: so the
files are generated, committed, and held fresh by a test.
"""

from __future__ import annotations

import json
from itertools import chain
from pathlib import Path
from typing import Any, Final

from otziv.look.chrome import chrome
from otziv.look.faces import faces
from otziv.look.figure import Figure
from otziv.look.flat import flat
from otziv.look.icon import icon
from otziv.look.reasons import reasons
from otziv.look.stars import stars
from otziv.look.svg import svg
from otziv.look.targets import css, drawing, kiosk, streamlit, typst
from otziv.look.tokens import Tokens, read_tokens

PICTURES: Final = Path("docs/pictures/faces")
KIOSK: Final = Path("kiosk/ui/look")
SHEETS: Final = Path("hardware/designs/sheets")
PORTAL: Final = Path("portal/web/static")
DASHBOARD: Final = Path("analytics/dashboard")
REPORTS: Final = Path("analytics/typesetting")
CHARTS: Final = Path("analytics/charts")
TOKENS_JSON: Final = "tokens.json"
THEME: Final = "theme.json"
COLOURS: Final = "look.typ"
PROJECT: Final = Path(__file__).parents[2]


def figures() -> list[Figure]:
    """All figures that there are."""
    return [*faces(), *stars(), *reasons(), *chrome()]


def generate() -> dict[Path, str]:
    """All files, path within the project → content."""
    tokens = read_tokens()
    # Here, since it loads the kiosk's words and their library: no server has that.
    from otziv.look.legend import legends

    light = tokens.colours["light"]
    drawings = {figure.name: flat(figure) for figure in figures()}
    sheets = legends({figure.name: figure for figure in figures()}, light)
    return {
        **{PICTURES / f"{figure.name}.svg": svg(figure, light) for figure in figures()},
        **{SHEETS / name: page for name, page in sheets},
        KIOSK / "drawings.json": _lines(drawings),
        KIOSK / TOKENS_JSON: kiosk(tokens),
        **{PORTAL / name: content for name, content in for_portal(tokens).items()},
        DASHBOARD / THEME: streamlit(tokens),
        REPORTS / COLOURS: typst(tokens),
        CHARTS / TOKENS_JSON: kiosk(tokens),
    }


def for_portal(tokens: Tokens) -> dict[str, str]:
    """The files below the portal's static folder that are made of ``tokens``."""
    return {
        "tokens.css": css(tokens),
        "icon.svg": drawing(icon(), tokens),
        **{f"faces/{figure.name}.svg": drawing(figure, tokens) for figure in figures()},
    }


def write(project: Path = PROJECT) -> list[Path]:
    """Write what is new or differs, take away what is no longer drawn; return the paths."""
    files = generate()
    changed = stale(project)
    for path in changed:
        if path in files:
            (project / path).parent.mkdir(parents=True, exist_ok=True)
            (project / path).write_text(files[path], "utf-8")
        else:
            (project / path).unlink()
    return changed


def stale(project: Path = PROJECT) -> list[Path]:
    """Paths of files that differ from the source: missing, old, or no longer drawn."""
    files = generate()
    made = [
        (project / PICTURES).glob("*.svg"),
        (project / PORTAL / "faces").glob("*.svg"),
        (project / SHEETS).glob("legend-*.html"),
    ]
    there = {path.relative_to(project) for path in chain.from_iterable(made)}
    return sorted(path for path in there | set(files) if files.get(path) != _text(project / path))


def _text(path: Path) -> str | None:
    return path.read_text("utf-8") if path.is_file() else None


def _lines(drawings: dict[str, list[dict[str, Any]]]) -> str:
    """One drawing a line: a change of one shows as one line."""
    body = ",\n".join(
        f"{json.dumps(name)}: {json.dumps(parts, separators=(',', ':'))}"
        for name, parts in drawings.items()
    )
    return f"{{\n{body}\n}}\n"
