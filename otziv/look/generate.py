"""The files that are made of the source: SVG for everyone, flat data for the kiosk, legends.

The kiosk can't import ``otziv``, and a Raspberry Pi need not reckon what never changes: so the
files are generated, committed, and held fresh by a test.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any, Final

from otziv.look.chrome import chrome
from otziv.look.faces import faces
from otziv.look.figure import Figure
from otziv.look.flat import flat
from otziv.look.legend import legends
from otziv.look.reasons import reasons
from otziv.look.svg import svg
from otziv.look.tokens import read_tokens

PICTURES: Final = Path("docs/pictures/faces")
KIOSK: Final = Path("kiosk/ui/look")
SHEETS: Final = Path("hardware/designs/sheets")
PROJECT: Final = Path(__file__).parents[2]


def figures() -> list[Figure]:
    """All figures that there are."""
    return [*faces(), *reasons(), *chrome()]


def generate() -> dict[Path, str]:
    """All files, path within the project → content."""
    tokens = read_tokens()
    light = tokens.colours["light"]
    drawings = {figure.name: flat(figure) for figure in figures()}
    sheets = legends({figure.name: figure for figure in figures()}, light)
    return {
        **{PICTURES / f"{figure.name}.svg": svg(figure, light) for figure in figures()},
        **{SHEETS / name: page for name, page in sheets},
        KIOSK / "drawings.json": _lines(drawings),
        KIOSK / "tokens.json": json.dumps(asdict(tokens), indent=1) + "\n",
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
    made = [(project / PICTURES).glob("*.svg"), (project / SHEETS).glob("legend-*.html")]
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
