"""``otziv backup`` and ``otziv restore``."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from otziv.cli.options import DEFAULT_DATA, AsJson, Data, fail, print_json

if TYPE_CHECKING:
    from otziv.backup.making import Made
    from otziv.backup.restoring import Restored
    from otziv.installation import Installation

PassphraseFile = Annotated[
    Path | None,
    typer.Option(
        "--passphrase-file",
        help="File with the passphrase; else the setting backup_passphrase, else it is asked for.",
    ),
]


def backup(
    *,
    to: Annotated[
        Path | None, typer.Option("--to", help="Folder; else the setting backup_to.")
    ] = None,
    prove: Annotated[
        bool, typer.Option(help="Restore it into a folder beside it, and see whether all is there.")
    ] = True,
    passphrase_file: PassphraseFile = None,
    as_json: AsJson = False,
    data: Data = DEFAULT_DATA,
) -> None:
    """Make an encrypted backup: databases, files, keys. The installation may be running."""
    from otziv.backup.folder import drop_old
    from otziv.backup.making import make_backup
    from otziv.installation import open_installation

    installation = open_installation(data)
    settings = installation.settings
    folder = to or (Path(settings.backup_to) if settings.backup_to else None)
    if folder is None:
        raise fail("name a folder with --to, or in the setting backup_to")
    passphrase = _passphrase(passphrase_file, settings.backup_passphrase.get_secret_value())
    now = datetime.now(UTC)
    made = make_backup(installation, folder, passphrase, now=now, is_proved=prove)
    dropped = drop_old(folder, settings.site, settings.backup_days, now)
    if as_json:
        print_json(_as_document(made, [path.name for path in dropped]))
        return
    typer.echo(f"backup    {made.path}  ({made.size_bytes / 1e6:.1f} MB)")
    typer.echo(f"proof     {_proof_of(made.proof)}")
    for path in dropped:
        typer.echo(f"deleted   {path.name}, older than {settings.backup_days} days")


def restore(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.")],
    *,
    into: Annotated[Path, typer.Option("--into", help="New folder: the data folder to be.")],
    portal: Annotated[
        str, typer.Option("--portal", help="Empty PostgreSQL database for the portal's dump.")
    ] = "",
    feedback: Annotated[
        str, typer.Option("--feedback", help="Empty PostgreSQL database for the feedback dump.")
    ] = "",
    erasures: Annotated[
        Path | None,
        typer.Option("--erasures", help="List of erased people; else the one beside FILE."),
    ] = None,
    no_erasures: Annotated[
        bool,
        typer.Option("--no-erasures", help="There is no list: whoever was erased since is back."),
    ] = False,
    passphrase_file: PassphraseFile = None,
) -> None:
    """Restore a backup into a new folder, prove it, and erase again who was erased since."""
    import os

    from otziv.backup.afterwards import renumber, settle
    from otziv.backup.databases import restore_dump
    from otziv.backup.restoring import restore as restore_backup

    known = _list_of_erased(path, erasures, is_there_none=no_erasures)
    passphrase = _passphrase(passphrase_file, os.environ.get("OTZIV_BACKUP_PASSPHRASE", ""))
    restored = restore_backup(path, passphrase, into.absolute())
    typer.echo(f"restored  {into}, as of {restored.manifest.made_at:%Y-%m-%d %H:%M} UTC")
    typer.echo(f"proof     {_proof_of(restored)}")
    urls = {"portal": portal, "feedback": feedback}
    left: set[str] = set()
    for name, copy in restored.databases.items():
        if copy.suffix == ".pgdump" and urls[name]:
            restore_dump(copy, urls[name])
            copy.unlink()
            typer.echo(f"database  {name} is in PostgreSQL; name it in the settings")
        elif copy.suffix == ".pgdump":
            left.add(name)
            typer.echo(f"database  {name} is in {copy}: put it there with pg_restore, or --{name}")
    if "feedback" in left:
        typer.echo("kiosks    may keep what they got since the backup: better restore --feedback")
    else:
        renumber(_restored(into, portal, feedback), restored.manifest.made_at)
        typer.echo("kiosks    get their configurations anew when the server runs")
    if left:
        typer.echo("erased    nobody yet: run otziv privacy erase --list FILE once it is set up")
        return
    again = settle(_restored(into, portal, feedback), known, restored.manifest.made_at)
    if known is None:
        typer.echo("erased    nobody: there was no list, so whoever was erased since is back")
    else:
        typer.echo(f"erased    {again} people who were erased since the backup")
        changed = datetime.fromtimestamp(known.stat().st_mtime, UTC)
        typer.echo(f"list      {known}, as of {changed:%Y-%m-%d %H:%M} UTC: is there a later one?")
    typer.echo("sessions  all ended; slips, invitations and recovery codes hold no more")


def _list_of_erased(backup: Path, named: Path | None, *, is_there_none: bool) -> Path | None:
    """The list to erase by; seen to be readable before anything is restored."""
    from otziv.backup.afterwards import read_erasures
    from otziv.backup.folder import erasures_beside

    if is_there_none:
        if named is not None:
            raise fail("--erasures and --no-erasures contradict each other")
        return None
    found = named or erasures_beside(backup)
    if found is None or (named is None and not found.exists()):
        raise fail(
            f"the list of erased people is missing{f': {found}' if found is not None else ''}; "
            "whoever was erased since the backup would be back. Copy it from where backups are "
            "made, name it with --erasures, or say --no-erasures if there is none"
        )
    read_erasures(found)
    return found


def _restored(folder: Path, portal: str, feedback: str) -> Installation:
    from otziv.installation import open_installation

    urls = {"portal_database": portal, "database": feedback}
    return open_installation(folder, **{name: url for name, url in urls.items() if url})


def _passphrase(file: Path | None, known: str) -> str:
    """From the file, else as known, else as typed."""
    if file is not None:
        try:
            return file.read_text("utf-8").rstrip("\r\n")
        except (OSError, ValueError) as error:
            raise fail(f"the passphrase can't be read: {error}") from error
    if known:
        return known
    if not sys.stdin.isatty():
        raise fail("the passphrase is missing: set backup_passphrase, or use --passphrase-file")
    typed: str = typer.prompt("Passphrase of the backup", hide_input=True)
    return typed


def _proof_of(restored: Restored | None) -> str:
    if restored is None:
        return "not wanted"
    rows = sum(sum(tables.values()) for tables in restored.manifest.rows.values())
    said = [f"restored and whole: {rows} rows, {len(restored.manifest.digests)} entries"]
    if restored.audit_entries is not None:
        said.append(f"audit log of {restored.audit_entries} entries unbroken")
    if restored.has_key:
        said.append("the portal's key fits")
    return "; ".join(said)


def _as_document(made: Made, dropped: list[str]) -> dict[str, object]:
    return {
        "file": str(made.path),
        "size_bytes": made.size_bytes,
        "made_at": made.manifest.made_at.isoformat(),
        "is_proved": made.proof is not None,
        "audit_entries": made.proof.audit_entries if made.proof else None,
        "rows": made.manifest.rows,
        "deleted": dropped,
    }
