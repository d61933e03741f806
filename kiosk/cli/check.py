"""``check``: would a kiosk take this configuration, and what could be better about it?"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from pathlib import Path

from broker.wire.codec import read
from broker.wire.configuration import Configuration
from broker.wire.errors import WireError, readable
from broker.wire.presentable import advice_of, faults_of
from kiosk.cli.terminal import CommandError, say
from kiosk.configuration import ConfigurationError
from kiosk.rehearsal import rehearse
from kiosk.words import Words, words_in


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the configuration (JSON)")
    parser.add_argument("--languages", type=Path, metavar="DIR", help="catalogues of your own")
    parser.epilog = "One line a finding. Status 1 if a kiosk would refuse it."


def main(options: argparse.Namespace) -> int:
    """Print what is wrong, and what could be better; returns 1 if a kiosk would refuse it.

    Raises:
        CommandError: the file can't be read.
    """
    try:
        content = options.file.read_bytes()
    except OSError as error:
        raise CommandError(f"{options.file} can't be read: {error.strerror}") from error
    try:
        configuration = read(content, Configuration)
    except WireError as error:
        say(f"fault: {readable(str(error))}")
        return 1
    words_of = words_in(options.languages)
    faults = faults_of(configuration) or [*_unspeakable(configuration, words_of)]
    advice = [*advice_of(configuration), *_mute(configuration, words_of)]
    say(*(f"fault: {each}" for each in faults), *(f"advice: {each}" for each in advice))
    if not faults:
        say(f"a kiosk takes it: revision {configuration.revision}, for {configuration.touchpoint}")
    return 1 if faults else 0


def _unspeakable(configuration: Configuration, words_of: Callable[[str], Words]) -> Iterator[str]:
    """Why a kiosk with these catalogues would refuse what can be shown."""
    try:
        rehearse(configuration, words_of)
    except ConfigurationError as error:
        yield readable(str(error))


def _mute(configuration: Configuration, words_of: Callable[[str], Words]) -> Iterator[str]:
    """Languages that a kiosk with these catalogues would not offer."""
    for language in configuration.languages:
        words = words_of(language)
        if not words.are_known:
            why = words.fault or "there is no catalogue of it; docs/kiosk.md says how to make one"
            yield f"languages: {language} is not offered: {why}"
