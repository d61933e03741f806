"""A municipality's own colours: ``look.toml``, checked, and made into what each part reads."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from otziv.look.contrast import too_faint
from otziv.look.generate import COLOURS, THEME, TOKENS_JSON, for_portal
from otziv.look.targets import kiosk, streamlit, typst
from otziv.look.tokens import Tokens, read_tokens

FILE: Final = "look.toml"
"""In the data folder."""

_FOLDER: Final = "look"
_COLOUR: Final = re.compile("#[0-9a-fA-F]{6}")


class LookError(Exception):
    """A ``look.toml`` that can't be used; the text names all that is wrong in it."""


def own_look(data: Path) -> Path | None:
    """The folder with the look of the installation in ``data``, made anew; ``None``: it has none.

    Raises:
        LookError: its ``look.toml`` can't be used.
    """
    source = data / FILE
    if not source.exists():
        return None
    write_own(source, data / _FOLDER)
    return data / _FOLDER


def write_own(source: Path, folder: Path) -> list[Path]:
    """Write the files made of ``source`` that are new or differ; their paths.

    Raises:
        LookError: ``source`` can't be used, or ``folder`` can't be written.
    """
    tokens = read_own(source)
    files = {
        **for_portal(tokens),
        THEME: streamlit(tokens),
        COLOURS: typst(tokens),
        TOKENS_JSON: kiosk(tokens),
    }
    written = []
    try:
        for name, content in files.items():
            path = folder / name
            if not path.is_file() or path.read_text("utf-8") != content:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content, "utf-8")
                written.append(path)
    except OSError as error:
        raise LookError(f"{folder}: {error}") from error
    return written


def read_own(source: Path) -> Tokens:
    """Our tokens with the colours of ``source`` over them.

    Raises:
        LookError: it can't be read, names what there is not, or can't be read by people.
    """
    try:
        found = tomllib.loads(source.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LookError(f"{source}: {error}") from error
    ours = read_tokens()
    wrong = list(_faults(found, ours))
    if wrong:
        raise LookError(_told(source, wrong))
    colours = {
        scheme: {**names, **{n: c.lower() for n, c in found["colours"].get(scheme, {}).items()}}
        for scheme, names in ours.colours.items()
    }
    wrong = [
        f"[colours.{scheme}] {front} {names[front]} on {behind} {names[behind]} has a contrast of "
        f"{is_now:.1f}:1; at least {least:g}:1 is needed, so make one of them darker or lighter"
        for scheme, names in colours.items()
        for front, behind, is_now, least in too_faint(names)
    ]
    if wrong:
        raise LookError(_told(source, wrong))
    return replace(ours, colours=colours)


def _faults(found: dict[str, Any], ours: Tokens) -> Iterator[str]:
    for name in found.keys() - {"colours"}:
        yield f"{name} is nothing that can be set; there is [colours.light] and the like"
    schemes = found.get("colours")
    if not isinstance(schemes, dict):
        yield "there is no [colours.light] in it"
        return
    for scheme, names in schemes.items():
        known = ours.colours.get(scheme)
        if known is None or not isinstance(names, dict):
            yield f"[colours.{scheme}] is no scheme; there are {', '.join(ours.colours)}"
            continue
        for name, colour in names.items():
            if name not in known:
                close = get_close_matches(name, known, 1) or sorted(known)
                yield f"[colours.{scheme}] has no colour {name}; did you mean {', '.join(close)}?"
            elif not isinstance(colour, str) or not _COLOUR.fullmatch(colour):
                yield f"[colours.{scheme}] {name}: {colour!r} is no colour; write it as '#0b5d6b'"


def _told(source: Path, wrong: list[str]) -> str:
    return "\n".join([f"{source} can't be used:", *(f"  - {each}" for each in wrong)])
