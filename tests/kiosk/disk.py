"""The disk of a Raspberry Pi OS Lite, as far as setup looks at it."""

from __future__ import annotations

from pathlib import Path

TOLD = ("--site", "troyan", "--broker", "10.0.0.5:8883", "--board", "otziv-panel-4")
"""Options of a setup that has to ask nothing."""

PASSWD = "root:x:0:0:root:/root:/bin/bash\n"
GROUP = "root:x:0:\naudio:x:29:\nvideo:x:44:\ninput:x:995:\nrender:x:996:\ngpio:x:997:\n"
CONFIG_TXT = "dtparam=audio=on\n\n[pi4]\narm_boost=1\n"


def make_disk(folder: Path) -> Path:
    """Make one in ``folder``; returns its root."""
    root = folder / "root"
    for name in (
        "boot/firmware",
        "etc/systemd/system/multi-user.target.wants",
        "etc/systemd/journald.conf.d",
        "etc/sysusers.d",
        "etc/tmpfiles.d",
        "etc/sysctl.d",
        "etc/udev/rules.d",
        "var/lib",
    ):
        (root / name).mkdir(parents=True)
    for name, text in (
        ("etc/passwd", PASSWD),
        ("etc/group", GROUP),
        ("etc/shadow", "root:*:19000:0:99999:7:::\n"),
        ("etc/gshadow", "root:*::\n"),
        ("etc/hostname", "hall-desk-3\n"),
        ("etc/systemd/journald.conf.d/40-rpi-volatile-storage.conf", "[Journal]\n"),
        ("etc/systemd/system/multi-user.target.wants/ssh.service", "\n"),
        ("boot/firmware/config.txt", CONFIG_TXT),
    ):
        (root / name).write_text(text)
    return root
