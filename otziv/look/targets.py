"""The tokens as each part of the product reads them: CSS, Streamlit's theme, Typst, JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Final

from otziv.look.contrast import TEXT, contrast, mixed
from otziv.look.figure import Figure
from otziv.look.svg import svg
from otziv.look.tokens import Tokens

_MADE: Final = "Made by `otziv look` from otziv/look/tokens.toml."

_CAPTION: Final = 0.6
"""Opacity of captions in Streamlit: they are text, too, and have to be read."""


def css(tokens: Tokens) -> str:
    """Variables for web pages: light, dark where the reader asks for it, light on paper."""
    light, dark = (tokens.colours[scheme] for scheme in ("light", "dark"))
    return (
        f"/* {_MADE} */\n"
        f":root {{\n{_variables(light)}}}\n"
        f"@media (prefers-color-scheme: dark) {{\n:root {{\n{_variables(dark)}}}\n}}\n"
        f"@media print {{\n:root {{\n{_variables(light)}}}\n}}\n"
    )


def _variables(colours: Mapping[str, str]) -> str:
    return "".join(f"  --{name}: {colour};\n" for name, colour in colours.items())


def streamlit(tokens: Tokens) -> str:
    """Options of Streamlit's theme, as JSON."""
    options = {
        f"theme.{scheme}.{name}": value
        for scheme in ("light", "dark")
        for name, value in _theme(tokens.colours[scheme]).items()
    }
    return json.dumps(options, indent=1) + "\n"


def _theme(colours: Mapping[str, str]) -> dict[str, str]:
    grounds = (colours["ground"], colours["card"])
    return {
        "primaryColor": colours["accent"],
        "backgroundColor": colours["ground"],
        "secondaryBackgroundColor": colours["card"],
        "textColor": _readable_as_caption(colours["ink"], grounds),
    }


def _readable_as_caption(ink: str, grounds: tuple[str, ...]) -> str:
    """``ink``, darker (or lighter, on dark ground) until captions made of it can be read."""
    end = max(("#000000", "#ffffff"), key=lambda each: contrast(each, grounds[0]))
    for step in range(21):
        text = mixed(end, ink, step / 20)
        if all(contrast(mixed(text, ground, _CAPTION), ground) >= TEXT for ground in grounds):
            return text
    return end


def typst(tokens: Tokens) -> str:
    """Colours of printed documents: the light ones."""
    lines = "".join(
        f'#let {name} = rgb("{colour}")\n' for name, colour in tokens.colours["light"].items()
    )
    return f"// {_MADE}\n{lines}"


def kiosk(tokens: Tokens) -> str:
    """All tokens, as JSON."""
    return json.dumps(asdict(tokens), indent=1) + "\n"


def drawing(figure: Figure, tokens: Tokens) -> str:
    """``figure`` for web pages: light or dark as the reader's screen is."""
    return svg(figure, tokens.colours["light"], tokens.colours["dark"])
