"""Characters that texts may not have in them, wherever they come from."""

from __future__ import annotations

import re
from typing import Final

UNSTORABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""Control signs and halves of signs: databases, files and screens do not agree about them."""
