"""A virtual machine with real kernel GPIO: Debian for arm64 in QEMU, its lines in our hand.

QEMU's board ``virt`` has one chip of eight lines, a PL061. Whoever holds QEMU's test socket moves
those that are inputs, and is told of each change of those that are outputs. The machine's first
process is a program of ours, which speaks lines of JSON on the serial port and reads commands.
"""

from __future__ import annotations

import json
import queue
import shutil
import socket
import subprocess
import threading
import time
from pathlib import Path
from typing import Any, Final, Self

PARTS: Final = ("hardware", "kiosk", "broker", "tests/machines")
"""What of the project is laid over the machine's file system."""

BOOT_S: Final = 90
"""On a busy machine; 5 s on a quiet one."""


class Machine:
    """One machine, from its start to its end; to be used in a ``with`` statement."""

    def __init__(self, project: Path, folder: Path, program: str) -> None:
        """Prepare to run ``program``, a module of the project, with files of ours in ``folder``."""
        made = subprocess.run(
            [project / "tools/kiosk-machine"], stdout=subprocess.PIPE, text=True, check=True
        )
        self._base = Path(made.stdout.strip())
        self._folder = folder
        self._program = program
        self._said: queue.Queue[dict[str, Any]] = queue.Queue()
        self._log: list[str] = []
        self._pack(project)

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        try:
            self.lines = Lines(self._folder)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        if hasattr(self, "lines"):
            self.lines.close()

    def tell(self, command: str) -> None:
        """Send a line to the program."""
        assert self._process.stdin is not None
        self._process.stdin.write(command + "\n")
        self._process.stdin.flush()

    def hear(self, timeout_s: float = 20) -> dict[str, Any]:
        """Wait for the next line of JSON that the program says."""
        try:
            return self._said.get(timeout=timeout_s)
        except queue.Empty:
            told = "".join(self._log[-30:])
            raise AssertionError(
                f"the machine was silent for {timeout_s} s; before:\n{told}"
            ) from None

    def wait(self, timeout_s: float = 30) -> None:
        """Wait until the machine has powered off; a program that failed is told."""
        self._process.wait(timeout_s)
        assert self._said.empty(), self._said.get()

    def _pack(self, project: Path) -> None:
        overlay = self._folder / "overlay"
        for part in PARTS:
            kept_out = shutil.ignore_patterns("__pycache__", "test_*")
            shutil.copytree(project / part, overlay / "opt" / part, ignore=kept_out)
        init = overlay / "init"
        shutil.copy(project / "tests/machines/guest/init.py", init)
        init.chmod(0o755)
        names = "\n".join(str(path.relative_to(overlay)) for path in sorted(overlay.rglob("*")))
        packed = subprocess.run(
            ["cpio", "--quiet", "--create", "--format=newc"],
            cwd=overlay,
            input=names.encode(),
            stdout=subprocess.PIPE,
            check=True,
        )
        # The kernel unpacks one archive after the other.
        base = (self._base / "initrd").read_bytes()
        (self._folder / "initrd").write_bytes(base + packed.stdout)

    def _command(self) -> list[str]:
        # fmt: off
        return [
            "qemu-system-aarch64", "-M", "virt", "-accel", "tcg", "-cpu", "cortex-a53", "-m", "512",
            "-display", "none", "-nic", "none", "-no-reboot", "-serial", "stdio",
            "-kernel", str(self._base / "kernel"), "-initrd", str(self._folder / "initrd"),
            "-append", f"console=ttyAMA0 quiet panic=-1 -- {self._program}",
            "-qtest", f"unix:{self._folder}/qtest,server=on,wait=off",
            "-qtest-log", "none",
            "-qmp", f"unix:{self._folder}/qmp,server=on,wait=off",
        ]
        # fmt: on

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._log.append(line)
            if line.startswith("{"):
                self._said.put(json.loads(line))


class Lines:
    """The chip's lines, seen from the other side."""

    def __init__(self, folder: Path) -> None:
        """Take hold of the chip of the machine whose sockets are in ``folder``."""
        self._changes: queue.Queue[tuple[int, bool]] = queue.Queue()
        self._levels: dict[int, bool] = {}
        self._answers: queue.Queue[str] = queue.Queue()
        self._chip = _find_chip(folder / "qmp")
        self._socket = _connect(folder / "qtest")
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self._ask(f"irq_intercept_out {self._chip}")

    def drive(self, line: int, *, is_high: bool) -> None:
        """Set an input of the machine."""
        self._ask(f"set_irq_in {self._chip} unnamed-gpio-in {line} {int(is_high)}")

    def outputs(self) -> dict[int, bool]:
        """Return the levels of those outputs that have changed since the start."""
        while not self._changes.empty():
            self._note(self._changes.get())
        return dict(self._levels)

    def wait_for(self, wanted: dict[int, bool], timeout_s: float = 20) -> None:
        """Go through the changes of outputs until those of ``wanted`` have these levels."""
        end_s = time.monotonic() + timeout_s
        while not wanted.items() <= self._levels.items():
            try:
                self._note(self._changes.get(timeout=max(0.0, end_s - time.monotonic())))
            except queue.Empty:
                raise AssertionError(
                    f"wanted {wanted}, but the lines stayed {self._levels}"
                ) from None

    def _note(self, change: tuple[int, bool]) -> None:
        line, is_high = change
        self._levels[line] = is_high

    def close(self) -> None:
        """Let the chip go."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._reader.join()
        self._socket.close()

    def _ask(self, command: str) -> None:
        self._socket.sendall(command.encode() + b"\n")
        answer = self._answers.get(timeout=20)
        assert answer == "OK", f"{command}: {answer}"

    def _read(self) -> None:
        with self._socket.makefile() as said:
            for line in said:
                match line.split():
                    case ["IRQ", change, number]:
                        self._changes.put((int(number), change == "raise"))
                    case _:
                        self._answers.put(line.strip())


def _find_chip(path: Path) -> str:
    """Ask QEMU where in its tree of devices the chip is."""
    with _connect(path) as monitor, monitor.makefile("rw") as lines:
        lines.readline()  # its greeting
        for request in (
            {"execute": "qmp_capabilities"},
            {"execute": "qom-list", "arguments": {"path": "/machine/unattached"}},
        ):
            lines.write(json.dumps(request) + "\n")
        lines.flush()
        lines.readline()
        devices = json.loads(lines.readline())["return"]
    (name,) = [device["name"] for device in devices if device["type"] == "child<pl061>"]
    return f"/machine/unattached/{name}"


def _connect(path: Path) -> socket.socket:
    end_s = time.monotonic() + 20
    while True:
        found = socket.socket(socket.AF_UNIX)
        try:
            found.connect(str(path))
        except OSError:
            found.close()
            assert time.monotonic() < end_s, f"QEMU does not listen at {path}"
            time.sleep(0.02)
        else:
            return found
