"""A SurveyJS document as a draft. Whatever it says that a draft can't is told in the draft's notes.

Every property is either carried or noted: what nobody asked for is looked at last, and named.
The documents come from anywhere, so nothing of them is believed before it was looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from portal.surveys.draft import (
    MAX_OPTIONS,
    MAX_PAGES,
    MAX_QUESTIONS,
    MAX_ROWS,
    Draft,
    Item,
    Leaf,
    Named,
    Sort,
    code_from,
    first_free,
)
from portal.surveys.surveyjs_conditions import Names, conditions_of
from portal.surveys.surveyjs_elements import (
    PERSONAL,
    SCALES,
    Element,
    bound_of,
    count_of,
    items_of,
    value_of,
    values_of_rating,
)
from portal.surveys.surveyjs_words import Words

_LONGEST: Final = 2_000
_DEEPEST: Final = 10


def _(message: str) -> str:
    """Mark a message for translation."""
    return message


def read_surveyjs(document: Mapping[str, Any]) -> Draft:
    """The draft that a SurveyJS document means."""
    return _Reading(document).draft()


class _Reading:
    """One document being read."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = Element(document)
        self._taken: set[str] = set()
        self._names = Names()
        self._words = Words(document)
        self._count = 0

    def draft(self) -> Draft:
        document = self._document
        title, intro = (
            self._words.texts(document.get("title")),
            self._words.texts(document.get("description")),
        )
        thanks = self._words.texts(document.get("completedHtml"), is_html=True)
        document.get("locale")
        pages = tuple(self._pages())
        self._words.note_unseen(document, "")
        return Draft(
            code=code_from(
                str(title.get("en") or title.get(self._words.default) or ""), "imported"
            ),
            title=title,
            intro=intro,
            thanks=thanks,
            languages=tuple(self._words.languages)[:12],
            pages=pages or (Leaf(),),
            notes=tuple(self._words.notes[:200]),
        )

    def _pages(self) -> Iterator[Leaf]:
        document = self._document
        pages = [page for page in items_of(document.get("pages")) if isinstance(page, dict)]
        loose = [*items_of(document.get("elements")), *items_of(document.get("questions"))]
        for page in [*([{"elements": loose}] if loose else []), *pages][:MAX_PAGES]:
            element = Element(page)
            items = tuple(self._items(element, 0))
            title = self._words.texts(element.get("title"))
            self._words.note_unseen(element, element.name)
            yield Leaf(title=title, items=items)
        for page in pages[MAX_PAGES:]:
            self._words.note(
                _("Page {name} was left out: {n} is the most."), page, n=str(MAX_PAGES)
            )

    def _items(self, holder: Element, depth: int) -> Iterator[Item]:
        for each in [*items_of(holder.get("elements")), *items_of(holder.get("questions"))]:
            if not isinstance(each, dict):
                self._words.note(_("An entry that is no question was left out."), {})
                continue
            element = Element(each)
            if element.kind == "panel" and depth < _DEEPEST:
                self._words.note(
                    _("The panel {name} was taken apart; its questions are here."), each
                )
                yield from self._items(element, depth + 1)
                element.get("title")
                self._words.note_unseen(element, element.name)
                continue
            item = self._item(element)
            if item is not None:
                yield item

    def _item(self, element: Element) -> Item | None:
        sort = self._sort(element)
        if sort is None:
            self._words.note(
                _("{name} was left out: there is no such kind of question here ({kind})."),
                element.properties,
                kind=element.kind[:40],
            )
            return None
        rows = items_of(element.get("rows"))[:MAX_ROWS] if sort == "matrix" else []
        self._count += max(1, len(rows))
        if self._count > MAX_QUESTIONS:
            message = _("{name} was left out: {n} questions are the most.")
            self._words.note(message, element.properties, n=str(MAX_QUESTIONS))
            return None
        code = self._code(element.name, "q")
        self._names.add(element.name, code, sort)
        item = Item(
            code=code,
            sort=sort,
            texts=self._words.texts(element.get("title")) or {self._words.default: element.name},
            hint=self._words.texts(element.get("description")),
            is_required=element.get("isRequired") is True,
        )
        item = item.model_copy(update=self._details(element, item, rows))
        item = item.model_copy(update={"only_if": self._conditions(element)})
        self._words.note_unseen(element, element.name)
        return item

    def _sort(self, element: Element) -> Sort | None:
        kind, input_type = element.kind, str(element.properties.get("inputType", "text"))
        if kind == "rating":
            return self._sort_of_rating(element)
        if kind == "text":
            element.get("inputType")
            if input_type in PERSONAL:
                return None
            sorts: dict[str, Sort] = {"number": "number", "range": "number", "date": "date"}
            return sorts.get(input_type, "comment")
        kinds: dict[str, Sort] = {
            "boolean": "yes-no",
            "radiogroup": "choice",
            "dropdown": "choice",
            "buttongroup": "choice",
            "checkbox": "multiple",
            "tagbox": "multiple",
            "matrix": "matrix",
            "comment": "comment",
        }
        return kinds.get(kind)

    def _sort_of_rating(self, element: Element) -> Sort:
        values = values_of_rating(element)
        sort = SCALES.get((min(values), max(values))) if values else None
        is_whole = len(values) == max(values, default=0) - min(values, default=0) + 1
        if sort is None or sort == "yes-no" or not is_whole:
            return "choice"
        rate = element.get("rateType", element.get("rateDisplayMode"))
        return "stars" if sort == "faces-5" and rate == "stars" else sort

    def _details(self, element: Element, item: Item, rows: list[Any]) -> dict[str, Any]:
        if element.kind == "rating":
            return self._of_rating(element, item)
        if item.sort in {"choice", "multiple"}:
            found: dict[str, Any] = {"options": self._options(element, item.code, "choices")}
            return {**found, **(self._counts(element) if item.sort == "multiple" else {})}
        if item.sort == "matrix":
            return self._of_matrix(element, item, rows)
        if item.sort == "number":
            bounds = {"least": element.get("min"), "most": element.get("max")}
            return {name: bound_of(value) for name, value in bounds.items()}
        return {}

    def _of_rating(self, element: Element, item: Item) -> dict[str, Any]:
        values = values_of_rating(element)
        ends = [self._words.texts(element.get(f"{end}RateDescription")) for end in ("min", "max")]
        hint = dict(item.hint)
        for language in {**ends[0], **ends[1]}:
            said = [
                f"{value}: {text}"
                for value, texts in zip((min(values), max(values)), ends, strict=True)
                if (text := texts.get(language))
            ]
            hint[language] = " – ".join([*filter(None, [hint.get(language)]), *said])[:_LONGEST]
        if item.sort != "choice":
            return {"hint": hint}
        self._words.note(
            _("{name} became a choice: its scale is none of ours."), element.properties
        )
        options = tuple(
            Named(code=f"{value}", texts=dict.fromkeys(self._words.languages, f"{value}"))
            for value in values[:MAX_OPTIONS]
            if value >= 0
        )
        self._names.add_options(item.code, {str(value): str(value) for value in values})
        return {"hint": hint, "options": options}

    def _of_matrix(self, element: Element, item: Item, rows: list[Any]) -> dict[str, Any]:
        columns = [value_of(each) for each in items_of(element.get("columns"))]
        numbers = [each for each in columns if isinstance(each, int)]
        is_whole = (
            bool(numbers)
            and len(numbers) == len(columns)
            and (numbers == list(range(min(numbers), max(numbers) + 1)))
        )
        head = SCALES.get((min(numbers), max(numbers))) if is_whole else None
        found: dict[str, Any] = {"head": head or "choice", "hint": {}}
        if any(item.hint.values()):
            message = _("The description of {name} was left out: tables have none.")
            self._words.note(message, element.properties)
        if head is None:
            found["options"] = self._options(element, item.code, "columns")
        named = []
        for row in rows:
            value = value_of(row)
            code = self._code(str(value), f"{item.code}-row")
            named.append(Named(code=code, texts=self._words.text_of(row)))
            self._names.add(f"{element.name}.{value}", code, found["head"], like=item.code)
        return {**found, "rows": tuple(named)}

    def _options(self, element: Element, owner: str, name: str) -> tuple[Named, ...]:
        given = items_of(element.get(name))
        taken: set[str] = set()
        codes: dict[str, str] = {}
        options = []
        for each in given[:MAX_OPTIONS]:
            code = first_free(code_from(str(value_of(each)), "option"), taken)
            taken.add(code)
            codes[str(value_of(each))] = code
            options.append(Named(code=code, texts=self._words.text_of(each)))
            self._note_choice(element, each)
        for flag, code, bg, en in (
            ("showOtherItem", "other", "Друго", "Something else"),
            ("hasOther", "other", "Друго", "Something else"),
            ("showNoneItem", "none", "Нито едно", "None of these"),
            ("hasNone", "none", "Нито едно", "None of these"),
        ):
            if element.get(flag) is True and code not in taken and len(options) < MAX_OPTIONS:
                own = self._words.texts(element.get(f"{code}Text"))
                taken.add(code)
                codes[code] = code
                options.append(Named(code=code, texts=own or {"bg": bg, "en": en}))
                if code == "other":
                    message = _("“Other” of {name} can be chosen, without a text to write.")
                    self._words.note(message, element.properties)
        if len(given) > MAX_OPTIONS:
            message = _("{name}: options above {n} were left out.")
            self._words.note(message, element.properties, n=str(MAX_OPTIONS))
        self._names.add_options(owner, codes)
        return tuple(options)

    def _note_choice(self, element: Element, choice: object) -> None:
        """What an option says besides its value and text: a condition, a picture."""
        if isinstance(choice, dict) and choice.keys() - {"value", "text"}:
            self._words.note(_("{name}: of an option only its text was taken."), element.properties)

    def _counts(self, element: Element) -> dict[str, int | None]:
        least, most = element.get("minSelectedChoices"), element.get("maxSelectedChoices")
        validators = items_of(element.get("validators"))
        for each in validators:
            if isinstance(each, dict) and each.get("type") in {
                "answercount",
                "answercountvalidator",
            }:
                least, most = each.get("minCount", least), each.get("maxCount", most)
            else:
                self._words.note(_("A check of {name} was left out."), element.properties)
        return {"at_least": count_of(least), "at_most": count_of(most)}

    def _conditions(self, element: Element) -> tuple[Any, ...]:
        said = element.get("visibleIf")
        if not isinstance(said, str) or not said.strip():
            return ()
        found = conditions_of(said, self._names)
        if found is None:
            text = _("The condition of {name} was left out: {condition}")
            self._words.note(text, element.properties, condition=said[:200])
        return found or ()

    def _code(self, name: str, default: str) -> str:
        code = first_free(code_from(name, default), self._taken)
        self._taken.add(code)
        return code
