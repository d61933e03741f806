"""What surveys, questions and options are called in the viewer's language."""

from __future__ import annotations

from collections.abc import Mapping

from analytics.dashboard.view import View


def survey_title(view: View, survey: str) -> str:
    """A survey's title, else what it asks first, else its code."""
    asked = view.book.surveys.get(survey)
    if asked is None:
        return survey
    first = asked.questions.get(asked.rated[0], {}) if asked.rated else {}
    return _in_language(view, asked.title) or _in_language(view, first) or survey


def question_text(view: View, survey: str, question: str) -> str:
    """What is asked, else the question's code."""
    asked = view.book.surveys.get(survey)
    return _in_language(view, asked.questions.get(question, {}) if asked else {}) or question


def option_text(view: View, survey: str, question: str, option: str) -> str:
    """What can be chosen, else the option's code."""
    asked = view.book.surveys.get(survey)
    texts = asked.options.get((question, option), {}) if asked else {}
    return _in_language(view, texts) or option


def _in_language(view: View, texts: Mapping[str, str]) -> str:
    """In the viewer's language, else in the first there is."""
    return texts.get(view.language.code) or next(iter(texts.values()), "")
