"""A survey that is being written: like a published one, but nothing of it need be there yet.

Drafts are values: each change makes another one. What is missing is for
:mod:`portal.surveys.checks`; becoming a survey, for :mod:`portal.surveys.freezing`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from typing import Annotated, Final, Literal, TypeAlias, get_args

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from portal.surveys.pasted_text import mended

Sort: TypeAlias = Literal[
    "faces-5",
    "faces-4",
    "stars",
    "yes-no",
    "nps-11",
    "choice",
    "multiple",
    "matrix",
    "number",
    "date",
    "comment",
]
"""What staff chooses from; a ``matrix`` becomes a question for each of its rows."""

SORTS: Final[tuple[Sort, ...]] = get_args(Sort)
SCALE_OF: Final[dict[str, str]] = {
    "faces-5": "faces-5",
    "faces-4": "faces-4",
    "stars": "faces-5",
    "yes-no": "yes-no",
    "nps-11": "nps-11",
}
"""The sorts that are ratings, and their scales."""

LANGUAGES: Final[tuple[str, ...]] = ("bg", "en")
MAX_QUESTIONS: Final = 60
MAX_PAGES: Final = 20
MAX_OPTIONS: Final = 32
MAX_REASONS: Final = 6
MAX_FOLLOW_UPS: Final = 4
MAX_CONDITIONS: Final = 4
MAX_ROWS: Final = 20

Texts: TypeAlias = dict[str, Annotated[str, BeforeValidator(mended), Field(max_length=2_000)]]
Code: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]


class Part(BaseModel):
    """Base of a draft's parts; unknown fields of a newer program are left out."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Named(Part):
    """Something with a code and texts: an option, or a row.

    Attributes:
        pictogram: name of a kiosk's drawing for an option, where it has another one than its code.
    """

    code: Code
    texts: Texts = {}
    pictogram: str | None = None


class Why(Part):
    """A question that follows a rating at once, after some of its values."""

    code: Code
    texts: Texts = {}
    when: tuple[int, ...] = ()
    options: tuple[Named, ...] = ()


class Holds(Part):
    """A condition: an earlier question was answered so."""

    question: Code
    values: tuple[int, ...] = ()
    options: tuple[Code, ...] = ()


class Item(Part):
    """A question, or a matrix of them.

    Attributes:
        head: what a ``matrix`` answers with: a sort of rating, or ``choice`` of ``options``.
    """

    code: Code
    sort: Sort
    texts: Texts = {}
    hint: Texts = {}
    options: tuple[Named, ...] = ()
    rows: tuple[Named, ...] = ()
    head: Sort = "faces-5"
    follow_ups: tuple[Why, ...] = ()
    only_if: tuple[Holds, ...] = ()
    at_least: int | None = None
    at_most: int | None = None
    least: float | None = None
    most: float | None = None
    unit: Texts = {}
    is_required: bool = False

    @property
    def answers_with(self) -> Sort:
        """Its sort, or for a matrix that of its rows."""
        return self.head if self.sort == "matrix" else self.sort

    @property
    def scale(self) -> str | None:
        """Of a rating, or of the rows of a matrix."""
        return SCALE_OF.get(self.answers_with)

    @property
    def has_options(self) -> bool:
        """Whether one chooses from options."""
        return self.answers_with in {"choice", "multiple"}

    @property
    def codes(self) -> tuple[str, ...]:
        """Those under which answers are kept."""
        own = tuple(row.code for row in self.rows) if self.sort == "matrix" else (self.code,)
        return own + tuple(why.code for why in self.follow_ups)

    @property
    def mark(self) -> str:
        """Stands for its content: whoever edits it sends it back, so that others are noticed."""
        said = json.dumps(self.model_dump(mode="json"), sort_keys=True)
        return sha256(said.encode()).hexdigest()[:16]


class Leaf(Part):
    """A page."""

    title: Texts = {}
    items: tuple[Item, ...] = ()


class Note(Part):
    """A remark about an import: a message in English, as in the catalogue, with its values."""

    message: str
    values: dict[str, str] = {}


class Draft(Part):
    """All of it.

    Attributes:
        notes: what an import could not carry; shown until somebody takes it away.
        bin: questions removed last, the newest first; each can be put back.
    """

    code: Code
    title: Texts = {}
    intro: Texts = {}
    thanks: Texts = {}
    languages: Annotated[tuple[str, ...], Field(min_length=1, max_length=12)] = LANGUAGES
    pages: tuple[Leaf, ...] = (Leaf(),)
    notes: tuple[Note, ...] = ()
    bin: tuple[Item, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """All questions in their order."""
        return tuple(item for page in self.pages for item in page.items)

    def find(self, code: str) -> Item | None:
        """The question of that code."""
        return next((item for item in self.items if item.code == code), None)

    def page_of(self, code: str) -> int:
        """Index of the page on which a question stands; the last one for one that is not there."""
        for number, page in enumerate(self.pages):
            if any(item.code == code for item in page.items):
                return number
        return len(self.pages) - 1

    def before(self, code: str) -> tuple[Item, ...]:
        """The questions before that one."""
        items = self.items
        place = next((n for n, item in enumerate(items) if item.code == code), len(items))
        return items[:place]

    def all_codes(self) -> Iterator[str]:
        """Every code that is taken."""
        for item in self.items:
            yield item.code
            yield from item.codes

    def new_code(self, stem: str) -> str:
        """A code like ``stem`` that no question has."""
        return first_free(stem, set(self.all_codes()))


_LETTERS: Final = "а:a б:b в:v г:g д:d е:e ж:zh з:z и:i й:y к:k л:l м:m н:n о:o п:p р:r с:s т:t у:u"
_MORE: Final = "ф:f х:h ц:ts ч:ch ш:sh щ:sht ъ:a ь:y ю:yu я:ya"
_LATIN: Final = dict(each.split(":", 1) for each in f"{_LETTERS} {_MORE}".split())
"""How Bulgarian names are written in Latin letters (Transliteration Act, 2009)."""

MAX_STEM: Final = 40


def code_from(text: str, default: str) -> str:
    """A code made of a name: ``Приемна 2026`` → ``priemna-2026``; ``default`` if nothing is left.

    What is a code already stays as it is.
    """
    if is_code(text):
        return text
    latin = "".join(_LATIN.get(letter, letter) for letter in text.casefold())
    return "-".join(re.findall(r"[a-z0-9]+", latin))[:MAX_STEM].strip("-") or default


def is_code(text: str) -> bool:
    """Whether it can stand in an event as it is."""
    return re.fullmatch(r"[a-z0-9][a-z0-9-]{0,62}", text) is not None


def first_free(stem: str, taken: set[str]) -> str:
    """``stem``, or with the first number behind it that makes it new."""
    stem = stem[:56] or "q"  # a number must fit behind it
    if stem not in taken:
        return stem
    return next(f"{stem}-{n}" for n in range(2, 10_000) if f"{stem}-{n}" not in taken)


def write_draft(draft: Draft) -> str:
    """As it is stored."""
    return json.dumps(draft.model_dump(mode="json"), ensure_ascii=False, separators=(",", ":"))


def read_draft(content: str) -> Draft:
    """What was stored."""
    return Draft.model_validate_json(content)
