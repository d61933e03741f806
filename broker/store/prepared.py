"""Classes that several threads read from JSON, made known to msgspec before they do.

msgspec 0.22 looks into a class when it first reads one. Two threads that do so at once can meet
half of what it keeps, and the process ends with a segmentation fault: seen in a portal whose first
two visitors came in the same millisecond. Once a class is known, any number of threads may read.
"""

from __future__ import annotations

from typing import Any

import msgspec


def prepare(*kinds: Any) -> None:  # noqa: ANN401  # whatever msgspec takes as a type
    """Make ``kinds`` known, and all classes in them; called where a module is imported."""
    for kind in kinds:
        msgspec.json.Decoder(kind)
