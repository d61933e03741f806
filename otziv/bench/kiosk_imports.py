"""What it takes to import the firmware, beside its largest part, paho."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from otziv.bench.report import interleave, medians

MODULES: Final = {"kiosk": "kiosk.firmware", "paho": "paho.mqtt.client"}

CODE: Final = """
import time
started = time.process_time()
import {module}
print(time.process_time() - started)
"""


def measure_imports(folder: Path, runs: int) -> Mapping[str, float]:
    """Processor time that a fresh Python takes for each import in s, medians of ``runs`` turns.

    From compiled files, as on a kiosk: they are kept in ``folder``, and made beforehand.
    """
    measures = {
        name: partial(_import_s, module, folder / "compiled") for name, module in MODULES.items()
    }
    for compile_first in measures.values():
        compile_first()
    return medians(interleave(runs, measures))


def _import_s(module: str, compiled: Path) -> float:
    """Processor time of one import in s, without Python's own start."""
    environment = os.environ | {"PYTHONPYCACHEPREFIX": str(compiled)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-c", CODE.format(module=module)]
    return float(subprocess.check_output(command, env=environment, text=True))
