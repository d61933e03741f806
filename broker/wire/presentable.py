"""Whether a configuration can be shown to people: what its classes can't say of themselves.

A kiosk refuses one that has faults, and keeps the last good one; whoever sends a configuration
asks here first. Each fault says where it is, as a path into the message, what is wrong, and what
to do. It quotes no text of the configuration, so that it is safe to log and to show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from ipaddress import IPv6Address, ip_address
from itertools import chain, combinations, islice, pairwise, product
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from broker.wire.askable import faults_of_follow_ups, faults_of_options
from broker.wire.codec import read, write
from broker.wire.configuration import (
    EVERY_DAY,
    Configuration,
    Hours,
    OpeningHours,
    PlannedSurvey,
    Presentation,
)
from broker.wire.errors import WireError, readable
from broker.wire.legible import faults_of_text
from broker.wire.shown import asked_in, dates_of, shown_by, surveys_of
from broker.wire.surveys import FollowUp, Question, Survey

MAX_FAULTS: Final = 100
"""Faults of one configuration that are told: whoever mends those will ask again."""

MAX_QUESTIONS: Final = 12
MAX_OPTIONS: Final = 12
"""That fit a kiosk's screen, and a visitor's patience."""

MAX_WORDS_OF_REASON: Final = 3

YEARS: Final = range(2000, 2201)
"""Of all dates: others are slips of the pen, and near the end of the calendar there is no day
after, nor the same moment in every zone."""

_HOST: Final = re.compile(r"([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]\.?")
"""A name of RFC 1123 with a dot in it; one without is known only in a network of one's own."""

_OF_ONE_NETWORK: Final = (
    *(".local", ".lan", ".internal", ".home.arpa"),
    *(".localhost", ".test", ".invalid"),
)
"""Ends of names that the phone of a visitor finds nothing by (RFC 6761, 6762, 8375; ``internal``:
ICANN, 2024). ``example`` is not among them: samples have it."""

_ZONE: Final = re.compile(r"UTC|[A-Z][A-Za-z]*(/[A-Za-z0-9_+-]+)+")
"""A place. The database has more files: ``Factory`` (a zone not set), ``posixrules``, ``EST``."""

_IN_NO_ADDRESS: Final = frozenset('\\"<>^`{|} ')
"""Characters of ASCII that RFC 3986 leaves out; programs differ in what they make of them."""


def faults_of(configuration: Configuration) -> list[str]:
    """All that would look or work wrong on a kiosk, each with its place and what to do.

    Args:
        configuration: read from the wire, or made by a program and not checked yet.

    Returns:
        Nothing where it can be shown; at most ``MAX_FAULTS``. It never raises.
    """
    faults = chain(
        _on_the_wire(configuration),
        _of_languages(configuration.languages),
        _of_texts(configuration),
        _of_surveys(configuration),
        _of_days(configuration),
        _of_presentation(configuration.presentation),
    )
    return [readable(fault) for fault in islice(faults, MAX_FAULTS)]


def advice_of(configuration: Configuration) -> list[str]:
    """What could be better though nothing is broken, each with its place. It never raises."""
    advice = chain(_long_reasons(configuration), _untranslated(configuration))
    return [readable(each) for each in islice(advice, MAX_FAULTS)]


def _on_the_wire(configuration: Configuration) -> Iterator[str]:
    """What a reader would not take: a program can make what no reader accepts."""
    try:
        read(write(configuration), Configuration)
    except WireError as error:
        yield f"configuration: {error.detail}"
    except UnicodeEncodeError:
        yield "configuration: half a character in a text; type it anew"


def _of_languages(languages: Sequence[str]) -> Iterator[str]:
    if len({language.casefold() for language in languages}) != len(languages):
        yield "languages: one of them is there twice; take it out"
        return
    for one, other in combinations(languages, 2):
        if _written(one) == _written(other):
            yield f"languages: {one} and {other} have one name on the screen; keep one of them"


def _written(language: str) -> tuple[str, ...]:
    """Language and script of a tag: what else it may say (region, spelling) tells visitors little.

    A script is the four letters after the language (RFC 5646, 2.2.3).
    """
    return tuple(
        subtag.casefold()
        for index, subtag in enumerate(language.split("-")[:2])
        if index == 0 or (len(subtag) == 4 and subtag.isalpha())
    )


def _of_texts(configuration: Configuration) -> Iterator[str]:
    for shown in shown_by(configuration):
        for language in configuration.languages:
            place = f"{shown.place}.{language}"
            if language not in shown.texts:
                yield f"{place}: is missing; translate it, or take {language} out of languages"
                continue
            text = shown.texts[language]
            for fault in faults_of_text(text, shown.max_length, has_lines=shown.has_lines):
                yield f"{place}: {fault}"


def _of_surveys(configuration: Configuration) -> Iterator[str]:
    for place, survey in surveys_of(configuration):
        yield from _of_kiosk(place, survey)
        for here, asked in asked_in(place, survey):
            yield from faults_of_options(here, asked, configuration.languages)
            if isinstance(asked, Question):
                yield from faults_of_follow_ups(here, asked)
    surveys = list(surveys_of(configuration))
    for (_, one), (place, other) in combinations(surveys, 2):
        if (one.code, one.version) == (other.code, other.version) and one != other:
            yield (
                f"{place}: another survey has the code {other.code} and version {other.version}, "
                "too; give what says something else a version of its own"
            )


def _of_kiosk(place: str, survey: Survey) -> Iterator[str]:
    """What a page of the web can ask and a kiosk can't."""
    if survey.questions[0].scale is None:
        yield f"{place}.questions[0]: is no rating; at a kiosk the first question is one"
    if len(survey.questions) > MAX_QUESTIONS:
        yield (
            f"{place}.questions: are {len(survey.questions)}; at most {MAX_QUESTIONS} are asked "
            "at a kiosk"
        )
    for number, question in enumerate(survey.questions):
        here = f"{place}.questions[{number}]"
        if question.kind is not None:
            yield f"{here}.kind: a kiosk has no {question.kind}; it has ratings and choices"
        if question.drawing != "faces":
            yield f"{here}.drawing: a kiosk has no {question.drawing}; it has faces"
        if question.matrix is not None:
            yield f"{here}.matrix: a kiosk asks one thing at a time; take it out"
        if len(question.options) > MAX_OPTIONS:
            yield (
                f"{here}.options: are {len(question.options)}; at most {MAX_OPTIONS} fit the screen"
            )


def _of_days(configuration: Configuration) -> Iterator[str]:
    if not _is_timezone(configuration.timezone):
        yield (
            f"timezone: there is no time zone {configuration.timezone!r}; "
            "use a name of the IANA database, as Europe/Sofia"
        )
    for place, on in dates_of(configuration):
        if on.year not in YEARS:
            yield f"{place}: is not in {YEARS[0]}–{YEARS[-1]}; write the year anew"
    if configuration.opening is not None:
        yield from _of_opening(configuration.opening)
    for number, planned in enumerate(configuration.planned):
        if _is_backwards(planned):
            yield f"planned[{number}]: first_on is after last_on; exchange them"


def _is_timezone(name: str) -> bool:
    """Whether this machine knows the time zone; ``name`` may be any string."""
    if not _ZONE.fullmatch(name):
        return False
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not found; no name; a folder, or too long for a file
        return False
    return True


def _is_backwards(planned: PlannedSurvey) -> bool:
    first_on, last_on = planned.first_on, planned.last_on
    return first_on is not None and last_on is not None and first_on > last_on


def _of_opening(opening: OpeningHours) -> Iterator[str]:
    if not opening.weekly and not any(day.hours for day in opening.special_days):
        yield "opening: it never opens; give it hours, or leave opening out to be always open"
    for day in EVERY_DAY:
        if _overlap([hours for hours in opening.weekly if day in hours.days]):
            yield f"opening.weekly: hours of weekday {day} overlap; make one of them, or a break"
    for number, special in enumerate(opening.special_days):
        if _overlap(special.hours):
            yield f"opening.special_days[{number}].hours: they overlap; make one of them"
    dates = [special.on for special in opening.special_days]
    for date in sorted({each for each in dates if dates.count(each) > 1}):
        yield f"opening.special_days: {date} is there twice; keep one of them"


def _overlap(hours: Sequence[Hours]) -> bool:
    in_order = sorted(hours, key=lambda each: each.opens_at)
    return any(later.opens_at < earlier.closes_at for earlier, later in pairwise(in_order))


def _of_presentation(presentation: Presentation) -> Iterator[str]:
    if presentation.result is not None and presentation.result.month.day != 1:
        yield "presentation.result.month: is no month's first day; a month is written as that"
    if presentation.write_url is not None and not _is_public(presentation.write_url):
        yield (
            "presentation.write_url: is no https address for everyone; give one with a host that "
            "every phone reaches, without user name, password, and characters that addresses "
            "can't have"
        )


def _is_public(address: str) -> bool:
    """Whether ``address`` leads to a host by https, and gives no name and no password away."""
    try:
        parts = urlsplit(address)
        is_reachable = parts.scheme == "https" and _is_host(parts.hostname) and parts.port != 0
    except ValueError:  # brackets without an end, or a port that is none
        return False
    return is_reachable and "@" not in parts.netloc and _IN_NO_ADDRESS.isdisjoint(address)


def _is_host(name: str | None) -> bool:
    """Whether ``name``, in small letters, can be the name or the number of a host for everyone."""
    if name is None:
        return False
    if _HOST.fullmatch(name):
        return not name.removesuffix(".").endswith(_OF_ONE_NETWORK)
    try:
        address = ip_address(name)
    except ValueError:
        return False
    # The IPv4 address in an IPv6 one is what counts; not every Python looks into it.
    inner = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return (inner or address).is_global and not (inner or address).is_multicast


def _long_reasons(configuration: Configuration) -> Iterator[str]:
    """Reasons that take long to read: their tiles are small, and people are on their way out."""
    for place, survey in surveys_of(configuration):
        for here, asked in asked_in(place, survey):
            for number, option in enumerate(asked.options if isinstance(asked, FollowUp) else ()):
                for language in configuration.languages:
                    words = len(option.texts.get(language, "").split())
                    if words > MAX_WORDS_OF_REASON:
                        yield (
                            f"{here}.options[{number}].texts.{language}: has {words} words; "
                            f"{MAX_WORDS_OF_REASON} are read at a glance"
                        )


def _untranslated(configuration: Configuration) -> Iterator[str]:
    """Texts that say the same in two languages."""
    for shown in shown_by(configuration):
        for first, language in product(configuration.languages[:1], configuration.languages[1:]):
            if shown.texts.get(first) and shown.texts.get(language) == shown.texts.get(first):
                yield f"{shown.place}.{language}: is the same as in {first}; is it translated?"
