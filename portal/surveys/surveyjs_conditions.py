"""Conditions of SurveyJS, as far as a draft has them: comparisons joined by ``and``.

``{q} >= 9 and {topic} anyof ['a', 'b']``. What is said otherwise is not carried, and told.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from broker.store.scales import SCALES
from portal.surveys.draft import MAX_CONDITIONS, SCALE_OF, Holds

_PART: Final = re.compile(
    r"\{(?P<name>[^{}]{1,200})\}\s*"
    r"(?P<sign>>=|<=|<>|!=|==|=|>|<|notempty|anyof|contains|equal|notequal)\s*"
    r"(?P<said>\[[^\[\]]{0,2000}\]|'[^']{0,200}'|\"[^\"]{0,200}\"|[^\s'\"\[\]]{1,200})?",
    re.IGNORECASE,
)
_AND: Final = re.compile(r"\s+(?:and|&&)\s+", re.IGNORECASE)
_ONE: Final = re.compile(r"'([^']*)'|\"([^\"]*)\"|([^\s,'\"]+)")


class _Known(NamedTuple):
    code: str
    sort: str
    like: str


class Names:
    """The questions read so far: what they were called, and what they are called now."""

    def __init__(self) -> None:
        self._known: dict[str, _Known] = {}
        self._options: dict[str, dict[str, str]] = {}

    def add(self, name: str, code: str, sort: str, like: str = "") -> None:
        """A question; ``like``: the code of that whose options it shares."""
        self._known[name] = _Known(code, sort, like or code)

    def add_options(self, code: str, options: dict[str, str]) -> None:
        """The options of a question: what they were, and their codes now."""
        self._options[code] = options

    def find(self, name: str) -> _Known | None:
        """The question that was called so."""
        return self._known.get(name)

    def options(self, known: _Known) -> dict[str, str]:
        """Its options."""
        return self._options.get(known.like, {})


def conditions_of(said: str, names: Names) -> tuple[Holds, ...] | None:
    """What ``said`` means; ``None``: something that a draft can't say."""
    found: dict[str, Holds] = {}
    for part in _AND.split(said.strip().removeprefix("(").removesuffix(")")):
        holds = _condition(part.strip(), names)
        if holds is None:
            return None
        earlier = found.get(holds.question)
        found[holds.question] = holds if earlier is None else _both(earlier, holds)
    both = tuple(found.values())
    is_possible = all(holds.values or holds.options for holds in both)
    return both if is_possible and len(both) <= MAX_CONDITIONS else None


def _both(one: Holds, other: Holds) -> Holds:
    """Two conditions on one question: what fulfils both."""
    return Holds(
        question=one.question,
        values=tuple(value for value in one.values if value in other.values),
        options=tuple(option for option in one.options if option in other.options),
    )


def _condition(part: str, names: Names) -> Holds | None:
    read = _PART.fullmatch(part)
    known = names.find(read["name"]) if read is not None else None
    if read is None or known is None:
        return None
    sign = read["sign"].lower()
    said = [
        first or second or third for first, second, third in _ONE.findall(_inside(read["said"]))
    ]
    if known.sort in SCALE_OF:
        values = _values(sign, said, SCALES[SCALE_OF[known.sort]].values)
        return Holds(question=known.code, values=values)
    if known.sort not in {"choice", "multiple"}:
        return None
    options = names.options(known)
    chosen = _options(sign, said, options)
    return None if chosen is None else Holds(question=known.code, options=chosen)


def _inside(said: str | None) -> str:
    return (said or "").removeprefix("[").removesuffix("]")


def _values(sign: str, said: list[str], values: range) -> tuple[int, ...]:
    """The values of a scale that fulfil a comparison."""
    if sign == "notempty":
        return tuple(values)
    named = [{"true": "1", "false": "0"}.get(each.lower(), each) for each in said]
    if not named or not all(re.fullmatch(r"-?[0-9]{1,6}", each) for each in named):
        return ()
    numbers = [int(each) for each in named]
    compare = {
        ">=": lambda value: value >= numbers[0],
        "<=": lambda value: value <= numbers[0],
        ">": lambda value: value > numbers[0],
        "<": lambda value: value < numbers[0],
        "<>": lambda value: value != numbers[0],
        "!=": lambda value: value != numbers[0],
        "notequal": lambda value: value != numbers[0],
    }.get(sign, lambda value: value in numbers)
    return tuple(filter(compare, values))


def _options(sign: str, said: list[str], options: dict[str, str]) -> tuple[str, ...] | None:
    """The options that fulfil a comparison."""
    if sign == "notempty":
        return tuple(options.values())
    if sign in {">", "<", ">=", "<="} or not all(each in options for each in said):
        return None
    chosen = {options[each] for each in said}
    if sign in {"<>", "!=", "notequal"}:
        return tuple(code for code in options.values() if code not in chosen)
    return tuple(code for code in options.values() if code in chosen)
