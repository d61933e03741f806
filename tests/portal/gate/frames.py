"""A page of the dashboard without a browser: all bytes that are sent for it, and its files."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlencode

import httpx2
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.util import calc_hash
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from portal.accounts.sessions import cookie_name
from tests.portal.gate.running import Running

WITHIN_S = 60


@dataclass
class Viewer:
    """Somebody whom the gate let in.

    Attributes:
        http: his browser's part of HTTP, with its cookies.
    """

    socket: ClientConnection
    http: httpx2.Client
    url: str

    def page(self, path: str, **params: str) -> bytes:
        """All frames of a page's run."""
        message = BackMsg()
        message.rerun_script.query_string = urlencode(params)
        message.rerun_script.page_script_hash = calc_hash(path) if path else ""
        self.socket.send(message.SerializeToString())
        found = b""
        while True:
            frame = self.socket.recv(timeout=WITHIN_S)
            assert isinstance(frame, bytes)
            found += frame
            said = ForwardMsg()
            said.ParseFromString(frame)
            if said.WhichOneof("type") == "script_finished":
                return found

    def files(self, frames: bytes) -> Iterator[str]:
        """The texts of the files that a page offers."""
        for address in sorted(set(re.findall(rb"/media/[0-9a-f]+\.csv", frames))):
            answer = self.http.get(self.url + address.decode())
            assert answer.status_code == 200
            yield answer.text


@contextmanager
def viewing(town: Running, secret: str) -> Iterator[Viewer]:
    """The dashboard as somebody sees it whose session at the portal is ``secret``."""
    url = town.settings.dashboard_url
    with httpx2.Client(follow_redirects=True, timeout=WITHIN_S) as http:
        http.cookies.set(cookie_name(is_secure=False), secret)
        assert http.get(url).status_code == 200
        cookies = "; ".join(f"{each.name}={each.value}" for each in http.cookies.jar)
        with connect(
            url.replace("http:", "ws:") + "/_stcore/stream",
            origin=Origin(url),
            additional_headers={"Cookie": cookies},
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
            open_timeout=WITHIN_S,
        ) as socket:
            yield Viewer(socket, http, url)
