"""``selftest``: run all checks on this kiosk, and print a report that a clerk can read out."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Final

from broker.link.link import Link
from hardware.open import open_panel
from hardware.panel import Panel, PanelError
from kiosk.alone import alone_in
from kiosk.cli.places import FIRMWARE_UNIT, SETTINGS
from kiosk.cli.privileges import become_owner_of
from kiosk.cli.terminal import CommandError, ask_yes_no, is_interactive, say
from kiosk.clock import DeviceClock
from kiosk.configuration import CONFIGURATION_NAME, ConfigurationFile
from kiosk.connecting import as_enrolled, open_link
from kiosk.database import OutboxError
from kiosk.logs import set_up_logs
from kiosk.selftest import Mark, Result, SelfTest
from kiosk.settings import Settings, load_settings
from kiosk.version import FIRMWARE
from kiosk.voice import SPEECH_NAME, open_sound
from kiosk.words import Words, words_in

BROKER_S: Final = 5.0
"""How long the broker may take to answer."""

SIGNS: Final[dict[Mark, str]] = {"good": "[ok]", "bad": "[!!]", "unknown": "[??]"}


class Clerk:
    """Whoever sits at the terminal; fulfils :class:`kiosk.selftest.Person`."""

    def tell(self, text: str) -> None:
        """Print ``text``."""
        say(text)

    def ask(self, question: str) -> bool | None:
        """Ask until it is yes, no, or an empty line."""
        return ask_yes_no(question)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options."""
    parser.add_argument("--settings", type=Path, help=f"the settings file ({SETTINGS})")
    parser.add_argument("--json", action="store_true", help="print JSON, and ask nothing")
    parser.add_argument("--language", default=_language(), help="of the report: bg, en")


def main(options: argparse.Namespace) -> int:
    """Test; returns 1 if something is bad, else 0.

    Raises:
        CommandError: the kiosk is running.
        SettingsError: the settings can't be used.
    """
    set_up_logs("critical", is_json=False)  # what failed is in the report
    settings = load_settings(options.settings or SETTINGS)
    become_owner_of(settings.data)
    settings = as_enrolled(settings)  # as the kiosk's user, who may read it
    words = words_in(settings.languages)(options.language)
    results = []
    for result in _test(settings, words, is_asking=is_interactive() and not options.json):
        results.append(result)
        if not options.json:
            say(f"{SIGNS[result.mark]} {result.name}: {result.text}")
    bad = [result for result in results if result.mark == "bad"]
    if options.json:
        _print_json(settings, results, is_good=not bad)
    elif bad:
        names = ", ".join(result.name for result in bad)
        say(words("Something is not as it should be: {names}.", names=names))
    else:
        say(words("The kiosk is as it should be."))
    return 1 if bad else 0


def _test(settings: Settings, words: Words, *, is_asking: bool) -> Iterator[Result]:
    """Take the parts of the kiosk, and test them one by one."""
    with ExitStack() as stack:
        try:
            stack.enter_context(alone_in(settings.data))
        except OutboxError as error:
            raise CommandError(
                f"{error}; if the kiosk is running: sudo systemctl stop {FIRMWARE_UNIT}, "
                "and afterwards start it again"
            ) from error
        panel: Panel | None = None
        try:
            panel = stack.enter_context(closing(open_panel(settings.panel)))
        except PanelError as error:
            yield Result("buttons", words("Buttons"), "bad", str(error))
        link = stack.enter_context(closing(open_link(settings)))
        sound = open_sound(settings.sound, settings.data / SPEECH_NAME)
        if sound is not None:
            stack.enter_context(closing(sound))
        yield from SelfTest(
            settings=settings,
            words=words,
            clock=DeviceClock(is_trusted=settings.clock == "trusted"),
            is_connected=lambda: answers_within(link, BROKER_S),
            panel=panel,
            sound=sound,
            person=Clerk() if is_asking else None,
            zone=ConfigurationFile(settings.data / CONFIGURATION_NAME, None).zone,
        ).run()


def answers_within(link: Link, timeout_s: float) -> bool:
    """Whether the broker accepts us within ``timeout_s``."""
    deadline_s = time.monotonic() + timeout_s
    while not link.is_connected and (left_s := deadline_s - time.monotonic()) > 0:
        link.receive(left_s)
    return link.is_connected


def _print_json(settings: Settings, results: list[Result], *, is_good: bool) -> None:
    """Print one JSON document."""
    checks = [{"check": r.check, "mark": r.mark, "name": r.name, "text": r.text} for r in results]
    document = {
        "site": settings.site,
        "device": settings.device,
        "version": FIRMWARE,
        "is_good": is_good,
        "results": checks,
    }
    json.dump(document, sys.stdout, ensure_ascii=False, indent=2)
    say("")


def _language() -> str:
    """The language of this terminal: the variables of the locale, in their order (locale(7))."""
    said = (os.environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    locale = next((each for each in said if each), "")
    return "bg" if locale.startswith("bg") else "en"
