"""``otziv survey``: publishing surveys, and showing what was published."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, fail, print_json, printable

app = typer.Typer(help="What is asked: surveys and their versions.", no_args_is_help=True)


@app.command("publish")
def publish(
    file: Annotated[Path, typer.Argument(help="The survey, as JSON or TOML.")],
    *,
    data: Data = DEFAULT_DATA,
) -> None:
    """Publish a version of a survey, which freezes it; again changes nothing."""
    from broker.fleet.surveys import check_built_in, read_survey
    from broker.fleet.surveys import publish as publish_it
    from otziv.cli.place_options import now
    from otziv.installation import open_installation

    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, ValueError) as error:
        raise fail(f"{file}: {error}") from error
    survey = read_survey(text)
    with open_installation(data).store() as database:
        check_built_in(database, survey)
        published = publish_it(database, survey, now())
    fate = "published" if published.is_new else "was published already"
    typer.echo(f"survey {survey.code} version {survey.version}: {fate}")
    for advice in published.advice:
        typer.echo(f"  could be better: {advice}")
    for reason in published.not_at_kiosks:
        typer.echo(f"  not at kiosks: {reason}")


@app.command("list")
def list_all(*, as_json: AsJson = False, data: Data = DEFAULT_DATA) -> None:
    """List every published version."""
    from broker.fleet.surveys import list_surveys
    from otziv.installation import open_installation

    with open_installation(data).store() as database:
        found = list_surveys(database)
    if as_json:
        print_json(
            [
                {
                    "code": each.survey.code,
                    "version": each.survey.version,
                    "questions": len(each.survey.questions),
                    "published_at": each.published_at.isoformat(),
                }
                for each in found
            ]
        )
        return
    for each in found:
        asked = printable(next(iter(each.survey.questions[0].texts.values())))
        when = f"{each.published_at:%Y-%m-%d %H:%M}Z"
        typer.echo(f"{each.survey.code}  version {each.survey.version}  {when}  {asked}")


@app.command("show")
def show(
    code: Annotated[str, typer.Argument(help="Its code.")],
    *,
    version: Annotated[
        int | None, typer.Option("--version", min=1, help="Which; else the newest.")
    ] = None,
    data: Data = DEFAULT_DATA,
) -> None:
    """Show a published version whole, as JSON: what can be edited and published as the next."""
    import msgspec

    from broker.fleet.surveys import show_survey
    from otziv.installation import open_installation

    with open_installation(data).store() as database:
        edition = show_survey(database, code, version)
    print_json(msgspec.to_builtins(edition.survey))
