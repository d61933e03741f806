"""What a user can type, set or send stands in the documents: they can't fall behind the code."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from broker.wire.configuration import Configuration
from broker.wire.messages import Availability, Batch, Command, Heartbeat, Receipt, Reply
from broker.wire.topics import ROOT, Channel


def _page(project: Path, name: str) -> str:
    return (project / "docs" / name).read_text("utf-8")


def _commands() -> Iterator[str]:
    """Every command of the program with its options, as they are typed."""
    from typer.core import TyperCommand, TyperGroup
    from typer.main import get_command

    from otziv.cli.app import app

    def walk(command: object, words: str) -> Iterator[str]:
        if isinstance(command, TyperGroup):
            for name, inner in command.commands.items():
                yield from walk(inner, f"{words} {name}")
        elif isinstance(command, TyperCommand) and not command.hidden:
            yield words
            for parameter in command.params:
                yield from (option for option in parameter.opts if option.startswith("--"))

    yield from walk(get_command(app), "otziv")


def _kiosk_commands() -> Iterator[str]:
    """The same of the commands of a kiosk, as their ``--help`` tells."""
    from kiosk.__main__ import COMMANDS, main

    for name in COMMANDS:
        yield f"otziv kiosk {name}"
        shown = io.StringIO()
        with contextlib.redirect_stdout(shown), contextlib.suppress(SystemExit):
            main([name, "--help"])
        yield from re.findall(r"(?<![\w-])--[a-z-]+", shown.getvalue())


def _settings_of(struct: type[msgspec.Struct]) -> Iterator[str]:
    """The keys of a kiosk's settings file, those of its tables included."""
    for field in msgspec.structs.fields(struct):
        yield field.encode_name
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            yield from _settings_of(field.type)


def _is_word_in(word: str, page: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", page) is not None


def test_every_command_and_option_is_documented(project: Path) -> None:
    """``docs/commands.md`` names each command of ``otziv`` and each of its options."""
    page = _page(project, "commands.md")
    typed = {*_commands(), *_kiosk_commands()}
    assert not sorted(words for words in typed if not _is_word_in(words, page))


def test_every_setting_is_documented(project: Path) -> None:
    """``docs/settings.md`` names each setting of the server and of the kiosk."""
    from kiosk.settings import Settings as Kiosk
    from otziv.settings import Settings as Server

    page = _page(project, "settings.md")
    names = [*Server.model_fields, *_settings_of(Kiosk)]
    assert not [name for name in names if not _is_word_in(name, page)]


def test_every_topic_is_documented(project: Path) -> None:
    """``docs/wire.md`` names each topic."""
    page = _page(project, "wire.md")
    topics = [f"{ROOT}/SITE/DEVICE/{channel}" for channel in get_args(Channel)]
    assert not [topic for topic in topics if topic not in page]


@pytest.mark.parametrize(
    "message", [Batch, Receipt, Heartbeat, Configuration, Command, Reply], ids=lambda m: m.__name__
)
def test_every_field_is_documented(project: Path, message: type[msgspec.Struct]) -> None:
    """``docs/wire.md`` names each field of each message: a device can be written from it alone."""
    page = _page(project, "wire.md")
    names = [field.encode_name for field in msgspec.structs.fields(message)]
    assert not [name for name in names if not _is_word_in(name, page)]


def test_both_words_of_availability_are_documented(project: Path) -> None:
    """``docs/wire.md`` says what is published on ``availability``."""
    page = _page(project, "wire.md")
    assert not [word for word in get_args(Availability) if not _is_word_in(word, page)]


def test_links_between_documents_lead_somewhere(project: Path) -> None:
    """A link from one page of the project to a file leads to a file that is there."""
    pages = [*project.glob("*.md"), *project.glob("docs/**/*.md")]
    broken = [
        f"{page.relative_to(project)}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert not broken
