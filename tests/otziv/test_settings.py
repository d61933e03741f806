"""Settings: where they come from, which wins, and what is said of those that can't be."""

from __future__ import annotations

from pathlib import Path

import pytest

from otziv.settings import SettingsError, load_settings


def write(data: Path, toml: str = "", **secrets: str) -> None:
    """Put settings into the data folder."""
    (data / "otziv.toml").write_text(toml, encoding="utf-8")
    (data / "secrets").mkdir()
    for name, value in secrets.items():
        (data / "secrets" / name).write_text(value, encoding="utf-8")
        (data / "secrets" / name).chmod(0o600)


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    """An empty folder, or none at all, gives an installation on this machine."""
    for data in (tmp_path, tmp_path / "missing"):
        settings = load_settings(data)
        assert (settings.site, settings.timezone) == ("town", "Europe/Sofia")
        assert (settings.broker, settings.mqtt_host, settings.mqtt_port) == (
            "auto",
            "127.0.0.1",
            8883,
        )
        assert (settings.database, settings.dashboard_port) == ("", 8501)


def test_each_place_beats_the_one_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """File, secrets, environment, then what the program itself insists on."""
    assert load_settings(tmp_path).mqtt_port == 8883

    (tmp_path / "otziv.toml").write_text('mqtt_port = 1\nsite = "troyan"\n', encoding="utf-8")
    assert load_settings(tmp_path).mqtt_port == 1

    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "mqtt_port").write_text("2\n", encoding="utf-8")
    (tmp_path / "secrets" / "mqtt_port").chmod(0o600)
    assert load_settings(tmp_path).mqtt_port == 2

    monkeypatch.setenv("OTZIV_MQTT_PORT", "3")
    assert load_settings(tmp_path).mqtt_port == 3

    settings = load_settings(tmp_path, mqtt_port=4)
    assert (settings.mqtt_port, settings.site) == (4, "troyan")


def test_a_secret_is_one_file(tmp_path: Path) -> None:
    """A database's address with its password stays out of the settings file."""
    write(tmp_path, 'site = "troyan"\n', database="postgresql://u:p@h/feedback\n")
    settings = load_settings(tmp_path)
    assert (settings.database, settings.site) == ("postgresql://u:p@h/feedback", "troyan")


@pytest.mark.parametrize(
    ("toml", "setting"),
    [
        ('sitte = "troyan"', "sitte"),
        ('site = "Троян"', "site"),
        ('site = "TROYAN"', "site"),
        ('site = "t"', "site"),
        ('site = "troyan\\n"', "site"),
        ("site = 7", "site"),
        ('timezone = "Europe/Troyan"', "timezone"),
        ('timezone = "../../etc/passwd"', "timezone"),
        ('timezone = ""', "timezone"),
        ('broker = "rabbit"', "broker"),
        ("mqtt_port = 65536", "mqtt_port"),
        ("mqtt_port = -1", "mqtt_port"),
        ('dashboard_port = "many"', "dashboard_port"),
        ("[mqtt]\nport = 1883", "mqtt"),
    ],
)
def test_a_wrong_setting_is_named_with_the_places(tmp_path: Path, toml: str, setting: str) -> None:
    """The error names the setting, and the three places where it may stand."""
    write(tmp_path, toml)
    with pytest.raises(SettingsError) as raised:
        load_settings(tmp_path)
    said = str(raised.value)
    assert said.startswith(f"{setting}: ")
    assert str(tmp_path / "otziv.toml") in said
    assert str(tmp_path / "secrets") in said
    assert "environment (OTZIV_" in said
    assert "\n" not in said


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two faults in two places are one error, so that nobody repairs them one by one."""
    write(tmp_path, 'broker = "rabbit"\n')
    monkeypatch.setenv("OTZIV_TIMEZONE", "Sofia")
    with pytest.raises(SettingsError, match=r"(?s)broker: .*; timezone: |timezone: .*; broker: "):
        load_settings(tmp_path)


@pytest.mark.parametrize("content", [b"site = troyan\n", b"site\n", b'site = "\xff"\n'])
def test_a_file_that_is_no_toml_is_named(tmp_path: Path, content: bytes) -> None:
    """Missing quotes and broken bytes are said of the file where they are."""
    (tmp_path / "otziv.toml").write_bytes(content)
    with pytest.raises(SettingsError) as raised:
        load_settings(tmp_path)
    assert str(raised.value).startswith(f"{tmp_path / 'otziv.toml'}: ")


def test_what_another_program_keeps_in_the_environment_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``OTZIV_DATA`` and the like are no settings, and no fault."""
    monkeypatch.setenv("OTZIV_DATA", str(tmp_path))
    monkeypatch.setenv("SITE", "elsewhere")
    assert load_settings(tmp_path).site == "town"


def test_settings_stay_as_they_were_read(tmp_path: Path) -> None:
    """Nobody changes a setting behind the back of the others."""
    settings = load_settings(tmp_path)
    with pytest.raises(ValueError, match="frozen"):
        settings.site = "other"  # type: ignore[misc]  # that is the point


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("environment", "OTZIV_BOGUS"),
        ("unknown secret", "bogus"),
        ("open secret", "chmod 600"),
        ("secrets as a file", "is no folder"),
        ("toml as a folder", "is no file"),
    ],
)
def test_nothing_is_ignored_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, said: str
) -> None:
    """A setting that nobody would read, or a secret that everybody can, is an error."""
    if place == "environment":
        monkeypatch.setenv("OTZIV_BOGUS", "1")
    elif place == "unknown secret":
        write(tmp_path, bogus="1")
    elif place == "open secret":
        write(tmp_path, database="postgresql://u:p@h/feedback")
        (tmp_path / "secrets" / "database").chmod(0o644)
    elif place == "secrets as a file":
        (tmp_path / "secrets").write_text("", encoding="utf-8")
    else:
        (tmp_path / "otziv.toml").mkdir()
    with pytest.raises(SettingsError, match=said):
        load_settings(tmp_path)


def test_true_is_no_port(tmp_path: Path) -> None:
    """``mqtt_port = true`` is not port 1."""
    write(tmp_path, "mqtt_port = true")
    with pytest.raises(SettingsError, match="mqtt_port"):
        load_settings(tmp_path)
