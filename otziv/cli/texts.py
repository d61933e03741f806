"""``otziv texts``: texts for the administration, filled with what the installation knows."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, print_json, printable, tell_whose

if TYPE_CHECKING:
    from otziv.installation import Installation
    from portal.municipality.facts import Facts
    from portal.texts.filling import Open

app = typer.Typer(
    help="Texts for the administration: notices, rules, assessments.", no_args_is_help=True
)


class Language(StrEnum):
    """In which texts are written."""

    bg = "bg"
    en = "en"


class Format(StrEnum):
    """As what a text is written: to edit, to print, to put on a page."""

    docx = "docx"
    pdf = "pdf"
    html = "html"


@app.command("list")
def list_all(*, as_json: AsJson = False) -> None:
    """List the texts that there are, and their languages."""
    from portal.texts.writing import TEXTS

    if as_json:
        print_json([{"name": name, "names": kind.names} for name, kind in TEXTS.items()])
        return
    for name, kind in TEXTS.items():
        typer.echo(f"{name:<9}{', '.join(kind.names):<8}{next(iter(kind.names.values()))}")


@app.command("render")
def render(
    name: Annotated[str, typer.Argument(help="Its name; 'otziv texts list' shows them.")],
    *,
    out: Annotated[Path, typer.Option("--out", help="Folder to write it into.")],
    language: Annotated[Language, typer.Option("--language", help="Of the text.")] = Language.bg,
    form: Annotated[
        Format, typer.Option("--format", help="To edit, to print, or for a page.")
    ] = Format.docx,
    data: Data = DEFAULT_DATA,
) -> None:
    """Write a text; what is still to be filled in or confirmed is listed on standard error."""
    from otziv.installation import open_installation
    from otziv.texts.rendering import render as rendered
    from portal.texts.known import Times, known
    from portal.texts.writing import write_text

    installation = open_installation(data)
    settings = installation.settings
    today = datetime.now(ZoneInfo(settings.timezone)).date()
    times = Times(
        settings.comment_months,
        settings.undecodable_days,
        settings.backup_days,
        settings.escalation_days,
    )
    facts = _facts_of(installation)
    values = known(facts, times, settings.portal_url, today, language.value)
    written = write_text(name, language.value, values, today)
    content = rendered(name, written.document, form.value)
    file = out / f"{name}.{language}.{form}"
    _write(file, content)
    for each in written.open:
        typer.echo(printable(_left(each)), err=True)
    typer.echo(str(file))


def _facts_of(installation: Installation) -> Facts:
    from otziv.backup.afterwards import open_portal_of
    from portal.municipality.service import read_sign

    tell_whose(installation)
    with open_portal_of(installation) as portal:
        return read_sign(portal.database, portal.settings.site).facts


def _write(file: Path, content: bytes) -> None:
    from portal.texts.errors import TextError

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as error:
        raise TextError(f"{file} can't be written: {error.strerror}") from error


def _left(each: Open) -> str:
    deed = {"fill": "fill in", "confirm": "confirm", "law": "compare with the law"}[each.kind]
    return f"{deed}: {each.what} ({'; '.join(each.places)})"
