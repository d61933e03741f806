"""Errors that say what failed, and nothing of what was written: they end in logs.

``hide_parameters`` has SQLAlchemy leave out the values of a statement. PostgreSQL quotes them once
more: ``DETAIL: Key (e_mail)=(…) already exists``, ``Failing row contains (…)``, ``invalid input
syntax for type date: "…"``.
"""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

_QUOTING: Final = re.compile(r'\n(DETAIL|CONTEXT):.*|(?<=: )".*', re.DOTALL)


def keep_values_out(engine: Engine) -> None:
    """Have no error of a statement of ``engine`` quote a value that was to be stored."""
    event.listen(engine, "handle_error", _cut)


def _cut(context: ExceptionContext) -> None:
    if context.statement is None:
        return  # connecting: what is wrong there stands in the detail, and is nobody's
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None:
            error.args = tuple(
                _QUOTING.sub("", each) if isinstance(each, str) else each for each in error.args
            )
