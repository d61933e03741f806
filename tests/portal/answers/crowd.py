"""Visitors of portals that run as processes, as in a town; they send again where nobody answers."""

from __future__ import annotations

import base64
import json
import os
import socket
import subprocess
import sys
import threading
import time
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx2

from portal.settings import ENVIRONMENT, PortalSettings
from portal.web.forms import TOKEN_FIELD
from tests.fixtures.portals import token_in
from tests.portal.answers.making import state_in

HOST = "127.0.0.1"
READY_S = 60


@contextmanager
def running(settings: PortalSettings, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """A portal's process, once it answers; killed at the end."""
    told: dict[str, Any] = json.loads(settings.model_dump_json())
    told |= {"port": port, "smtp_url": ""}
    for name in ("database", "feedback"):
        told[name] = getattr(settings, name).get_secret_value()
    environment = {**os.environ, ENVIRONMENT: json.dumps(told)}
    with (settings.data / f"{port}.log").open("ab") as log:
        command = [sys.executable, "-m", "portal"]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    try:
        _await_answer(port, process)
        yield process
    finally:
        process.kill()
        process.wait()


def _await_answer(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + READY_S
    while True:
        try:
            socket.create_connection((HOST, port), 1).close()
        except OSError:
            assert process.poll() is None, "the portal ended"
            assert time.monotonic() < deadline, "the portal does not start"
            time.sleep(0.1)
        else:
            return


def nonce_in(state: str) -> str:
    """The nonce of a form, out of its hidden state."""
    packed = base64.urlsafe_b64decode(state.rpartition(".")[0])
    return str(json.loads(zlib.decompress(packed))[0])


@dataclass
class Crowd:
    """Visitors who answer until they are told to go home.

    Attributes:
        ports: of the portals; each form is sent to all of them in turn, until one thanks for it,
            and then once more to the next.
        thanked: nonces of the forms for which there were thanks.
        answers: how many there were, by status; 0: none came.
    """

    ports: list[int]
    path: str = "/s/brief"
    is_over: threading.Event = field(default_factory=threading.Event)
    thanked: list[str] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    _threads: list[threading.Thread] = field(default_factory=list)

    def come(self, number: int) -> None:
        """Let so many visitors come."""
        self._threads = [threading.Thread(target=self._visit, args=(n,)) for n in range(number)]
        for thread in self._threads:
            thread.start()

    def go(self) -> None:
        """Let all of them finish what they are at, and go."""
        self.is_over.set()
        for thread in self._threads:
            thread.join()

    def _visit(self, number: int) -> None:
        turn = number
        with httpx2.Client(headers={"Host": HOST}, timeout=30) as client:
            while not self.is_over.is_set():
                turn += 1
                client.headers["X-Forwarded-For"] = f"10.{number}.{turn // 250}.{turn % 250}"
                page = self._ask(client, "GET", turn, {})
                if page is None or page.status_code != 200:
                    continue
                for again in range(2):
                    if self._send(client, page.text, turn + again):
                        self.thanked.append(nonce_in(state_in(page.text)))

    def _send(self, client: httpx2.Client, html: str, turn: int) -> bool:
        """Send a form until there are thanks for it; whether there were."""
        data = {"q-overall": "4", "go": "next", "state": state_in(html)}
        data[TOKEN_FIELD] = token_in(html)
        for attempt in range(400):
            sent = self._ask(client, "POST", turn + attempt, data)
            if sent is not None and sent.status_code == 303:
                return True
            if self.is_over.is_set():
                break
        return False

    def _ask(
        self, client: httpx2.Client, method: str, turn: int, data: dict[str, str]
    ) -> httpx2.Response | None:
        """What one of the portals answers; ``None``: nothing, since it is dead."""
        where = f"http://{HOST}:{self.ports[turn % len(self.ports)]}{self.path}"
        try:
            origin = {"Origin": f"http://{HOST}"}
            answer = client.request(method, where, data=data or None, headers=origin)
        except httpx2.HTTPError:
            self.answers[0] += 1
            time.sleep(0.02)
            return None
        self.answers[answer.status_code] += 1
        return answer
