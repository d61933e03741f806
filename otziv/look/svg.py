"""Figures as SVG, for web pages, posters and reports."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from otziv.look.figure import Figure, Shape
from otziv.look.geometry import Path, Point, is_straight

_SIDE = 100
"""Of the view box; whole numbers read better than fractions."""


def svg(figure: Figure, colours: Mapping[str, str], dark: Mapping[str, str] | None = None) -> str:
    """``figure`` as an SVG document, its colours by name from ``colours``.

    Args:
        figure: what to draw.
        colours: on light ground, or wherever there is no ``dark``.
        dark: those for screens that are dark; the drawing looks after it by itself.
    """
    body = "\n".join(
        f"  {_element(shape, colours, is_named=bool(dark))}" for shape in figure.shapes
    )
    style = _style(figure, dark) if dark else ""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE} {_SIDE}" role="img">\n'
        f"  <title>{escape(figure.title)}</title>\n"
        f"{style}{body}\n"
        "</svg>\n"
    )


def _style(figure: Figure, dark: Mapping[str, str]) -> str:
    """The colours of ``figure`` on dark screens, by classes."""
    fills = sorted({shape.fill for shape in figure.shapes if shape.fill})
    lines = sorted({shape.stroke for shape in figure.shapes if shape.stroke})
    rules = [f".f-{name}{{fill:{dark[name]}}}" for name in fills]
    rules += [f".s-{name}{{stroke:{dark[name]}}}" for name in lines]
    return f"  <style>@media (prefers-color-scheme:dark){{{''.join(rules)}}}</style>\n"


def _element(shape: Shape, colours: Mapping[str, str], *, is_named: bool) -> str:
    fill = colours[shape.fill] if shape.fill else "none"
    look = f'fill="{fill}"'
    if shape.stroke:
        look += (
            f' stroke="{colours[shape.stroke]}" stroke-width="{_number(shape.width)}"'
            ' stroke-linecap="round" stroke-linejoin="round"'
        )
    if is_named:
        names = [f"f-{shape.fill}"] if shape.fill else []
        names += [f"s-{shape.stroke}"] if shape.stroke else []
        look = f'class="{" ".join(names)}" {look}'
    return f'<path d="{_d(shape.path)}" {look}/>'


def _d(path: Path) -> str:
    steps = [f"M{_point(path.start)}"]
    here = path.start
    for curve in path.curves:
        if is_straight(here, curve):
            steps.append(f"L{_point(curve[2])}")
        else:
            steps.append("C" + " ".join(_point(point) for point in curve))
        here = curve[2]
    return "".join(steps) + ("Z" if path.is_closed else "")


def _point(point: Point) -> str:
    return f"{_number(point[0])},{_number(point[1])}"


def _number(share: float) -> str:
    return f"{share * _SIDE:.2f}".rstrip("0").rstrip(".")
