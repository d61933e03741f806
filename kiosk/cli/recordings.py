"""``recordings``: what a person can read for this kiosk, and under which file names."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from broker.wire.configuration import Configuration
from hardware.sound import Utterance
from kiosk.built_in import built_in_configuration
from kiosk.cli.terminal import CommandError, say
from kiosk.configuration import ConfigurationFile
from kiosk.speech import to_record
from kiosk.words import words_in


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("--configuration", type=Path, metavar="FILE", help="as the kiosk keeps it")
    parser.add_argument("--languages", type=Path, metavar="DIR", help="catalogues of your own")
    parser.add_argument("--to", type=Path, metavar="DIR", help="only what is not recorded there")
    parser.epilog = (
        "One line a text: the file, a tab, the text. Without FILE the built-in survey's."
    )


def main(options: argparse.Namespace) -> int:
    """Print the list; returns 0.

    Raises:
        CommandError: the configuration can't be read.
    """
    configuration = _configuration(options.configuration)
    utterances = to_record(configuration, words_in(options.languages))
    say(*_lines(utterances, options.to))
    return 0


def _configuration(path: Path | None) -> Configuration:
    if path is None:
        return built_in_configuration("built-in")
    file = ConfigurationFile(path, None)
    if file.latest is None:
        raise CommandError(f"{path} is no configuration: {file.fault or 'there is no such file'}")
    return file.latest


def _lines(utterances: Iterator[Utterance], folder: Path | None) -> Iterator[str]:
    for each in utterances:
        file = f"{each.language}/{each.recording}.wav"
        if folder is None or not (folder / file).exists():
            yield f"{file}\t{each.text}"
