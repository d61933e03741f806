"""What people see in a browser: the portal, and the dashboard, behind its gate if it has one."""

from __future__ import annotations

from dataclasses import dataclass, field

from broker.server.process import LOOPBACK, free_port, is_free
from otziv.installation import Installation, InstallationError
from otziv.portal_process import READY_S, found_look, gate_process, portal_process, portal_settings
from otziv.process import Process
from portal.settings import PortalSettings


@dataclass
class Fronts:
    """Both, as far as they are wanted.

    Without the portal nobody is known who could be asked who he is: then the dashboard has no gate,
    and is at 127.0.0.1 only. So it is, too, where the portal has an address for others and the
    dashboard has none.

    Attributes:
        is_sample: a demonstration, and every page says so.
        settings: what the portal was told.
        parts: the processes, in the order in which they are started.
    """

    installation: Installation
    has_portal: bool
    has_dashboard: bool
    is_sample: bool = False
    portal_url: str | None = None
    dashboard_url: str | None = None
    settings: PortalSettings | None = None
    parts: list[Process] = field(default_factory=list)

    def start(self) -> None:
        """Start them; the portal answers then.

        Raises:
            InstallationError: a port is taken, or an address can't be used.
            ProcessError: the portal didn't start.
        """
        if self.has_portal:
            self._start_portal()
        if self.has_dashboard and self.dashboard_url is None:
            self._start_open_dashboard()

    def _start_portal(self) -> None:
        settings = portal_settings(
            self.installation, is_sample=self.is_sample, has_dashboard=self.has_dashboard
        )
        self.settings = settings
        portal = portal_process(self.installation, settings)
        self._start(portal)
        portal.wait_until_ready(READY_S)
        self.portal_url = settings.public_url
        if settings.dashboard_url:
            self._start(gate_process(self.installation, settings))
            self.dashboard_url = settings.dashboard_url

    def _start_open_dashboard(self) -> None:
        from analytics.dashboard.launch import command

        port = self.installation.settings.dashboard_port or free_port()
        if not is_free(port):
            raise InstallationError(
                f"port {port} of {LOOPBACK} is taken; set dashboard_port (0 picks a free one)"
            )
        self.dashboard_url = f"http://{LOOPBACK}:{port}"
        look = found_look(self.installation)
        argv, environment = command(self.installation.database_url, port, look)
        log = self.installation.logs / "dashboard.log"
        self._start(Process("dashboard", argv, log, environment))

    def _start(self, part: Process) -> None:
        self.parts.append(part)
        part.start()
