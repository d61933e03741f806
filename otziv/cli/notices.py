"""``otziv notice``: what is wrong with devices, and what to do about it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, print_json, printable

if TYPE_CHECKING:
    from broker.fleet.notices import NoticeView

app = typer.Typer(help="What is wrong with devices, and what to do.", no_args_is_help=True)


class Language(StrEnum):
    """In which notices are shown."""

    bg = "bg"
    en = "en"


In = Annotated[Language, typer.Option("--language", help="Of the texts.")]


@app.command("list")
def list_all(
    *,
    device: Annotated[str | None, typer.Option("--device", help="Only of this device.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Those that are over, too.")] = False,
    language: In = Language.en,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """List what is wrong now, the newest first."""
    from broker.fleet.notice_words import in_words
    from broker.fleet.notices import list_notices
    from otziv.cli.place_options import tell_if_unsent
    from otziv.installation import open_installation

    installation = open_installation(data)
    tell_if_unsent(installation)
    with installation.store() as database:
        found = list_notices(database, device=device, only_open=not everything)
    if as_json:
        print_json([_document(view, language) for view in found])
        return
    for view in found:
        words = in_words(view, language.value)
        line = f"{view.notice.number}  {words.where}  {words.matter} ({words.when})"
        typer.echo(printable(line))
    if not found:
        typer.echo("nothing is wrong" if not everything else "nothing ever was wrong")


@app.command("show")
def show(
    number: Annotated[int, typer.Argument(help="The notice's number.", min=1, max=2**53)],
    *,
    language: In = Language.en,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Show one notice, with what to do and when people were told."""
    from broker.fleet.notice_words import in_words
    from broker.fleet.notices import show_notice
    from otziv.installation import open_installation

    with open_installation(data).store() as database:
        view = show_notice(database, number)
    if as_json:
        print_json(_document(view, language))
        return
    notice, words = view.notice, in_words(view, language.value)
    told = {"opened": notice.told_opened_at, "closed": notice.told_closed_at}
    for name, text in (
        ("device", words.where),
        ("matter", words.matter),
        ("when", words.when),
        ("to do", words.advice or "–"),
        ("rule", f"{notice.rule}  {notice.detail}"),
        *((f"told {what}", f"{at:%Y-%m-%d %H:%M} UTC" if at else "–") for what, at in told.items()),
    ):
        typer.echo(printable(f"{name:<12}{text}"))


def _document(view: NoticeView, language: Language) -> dict[str, Any]:
    from broker.fleet.notice_words import in_words

    words = in_words(view, language.value)
    stored = view.notice.model_dump(mode="json")
    return {**stored, "place": view.place, "matter": words.matter, "advice": words.advice}
