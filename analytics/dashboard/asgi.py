"""The dashboard as an ASGI application, for whoever puts a gate around it."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any, Final

import streamlit
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # it has none
from streamlit import config
from streamlit.proto.BackMsg_pb2 import BackMsg

from analytics.alerts.record import AlertRecord
from analytics.dashboard.handed import hand
from analytics.dashboard.language import NAMES
from analytics.dashboard.launch import DATABASE, LOOK, SITE, options
from analytics.dashboard.markup import STAY_SCRIPT, speak_script
from analytics.dashboard.sources import warm
from analytics.improvement.protocol import Improvement

_SCRIPT: Final = re.compile(r"<script[^>]*>(.*?)</script>", re.DOTALL)


def make_app(
    database_url: str,
    host: str,
    look: Path | None = None,
    improvement: Improvement | None = None,
    alerts: AlertRecord | None = None,
    site: str = "",
) -> Any:  # noqa: ANN401  # an ASGI application
    """The dashboard over the feedback database, for browsers that know it as ``host``.

    ``look``: folder with the municipality's own colours; ``improvement``: who keeps targets and
    actions; ``alerts``: where alerts are kept; ``site``: the municipality whose results are
    published, where the store has several.

    Whoever calls it must see to it that no stranger gets there: it asks nobody who he is, except
    what :data:`analytics.dashboard.person.HEADER` says. One a process: Streamlit's configuration
    is the process's.
    """
    os.environ[DATABASE] = database_url
    os.environ[SITE] = site
    if look is not None:
        os.environ[LOOK] = str(look)
    hand(improvement, alerts)
    told: dict[str, object] = {name: _typed(said) for name, said in options(look).items()}
    told["server.allowedHosts"] = [host]
    told["logger.level"] = "warning"
    config.get_config_options(force_reparse=True, options_from_flags=told)
    warm(database_url)
    return streamlit.App(Path(__file__).with_name("app.py"))


def inline_scripts() -> list[str]:
    """The scripts that stand in its pages themselves, for a policy that lets in no others."""
    page = Path(streamlit.__file__).with_name("static") / "index.html"
    found: list[str] = _SCRIPT.findall(page.read_text(encoding="utf-8"))
    ours = [STAY_SCRIPT, *(speak_script(code) for code in NAMES)]
    return [text for text in found if text] + ours


def _typed(value: str) -> str | bool:
    """As Streamlit's command line would read it."""
    return value == "true" if value in {"true", "false"} else value


def is_by_person(frame: bytes) -> bool:
    """Whether somebody did something, as far as a message from the browser tells.

    A page that renews itself and a sign of life are nobody's doing.
    """
    message = BackMsg()
    try:
        message.ParseFromString(frame)
    except DecodeError:
        return False
    if message.WhichOneof("type") == "rerun_script":
        return not message.rerun_script.is_auto_rerun
    return message.WhichOneof("type") != "app_heartbeat"
