"""The settings of an installation, as its environment gives them."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from ewtp.gateways.configuration import PUBLISHER_ADDRESSES, SETTINGS, load_configuration, read_configuration


def test_without_settings_everything_has_its_default(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for environment in ({}, dict.fromkeys(SETTINGS, "")):
        found = read_configuration(environment)
        assert (found.home, found.port, found.database_url) == (tmp_path / ".ewtp", "8000", "")
        assert (found.rulebook, found.hosts, found.origins, found.secret_key) == (None, (), (), "")
        assert (found.https, found.debug, found.log_level, found.idempotency_hours) == (False, False, "WARNING", "168")


def test_every_setting_is_taken_as_it_is_written() -> None:
    given = {
        "EWTP_HOME": "/srv/ewtp",
        "PORT": "8100",
        "DATABASE_URL": "postgresql://me@host/name",
        "EWTP_RULEBOOK": "/srv/law",
        "EWTP_HOSTS": "trade.example, www.trade.example,",
        "EWTP_ORIGINS": "https://trade.example",
        "EWTP_HTTPS": "Yes",
        "EWTP_SECRET_KEY": "secret",
        "EWTP_LOG_LEVEL": "debug",
        "EWTP_LOG_FORMAT": "JSON",
        "EWTP_DEBUG": "1",
        "EWTP_IDEMPOTENCY_HOURS": "24",
        "EWTP_KEPT_MB": "100",
        "EWTP_KEPT_MB_OF_CLIENT": "2",
        "EWTP_UNKEPT_DAYS": "7",
        "EWTP_SMTP": "smtp://mail.example",
        "EWTP_MAIL_FROM": "trade@example.org",
        "EWTP_HOOK_SECRET": "whsec_c2VjcmV0",
        "EWTP_HUB_MINUTES": "30",
        "EWTP_UPDATE_HOURS": "12",
        "EWTP_UPDATE_SOURCES": "usitc-hts, ecb-rates",
        "EWTP_UPDATE_HOSTS": "files.example",
        "EWTP_UK_COMMODITIES": "0901210010,6109100010",
        **{name: f"https://{name.lower()}.example" for name in PUBLISHER_ADDRESSES},
    }
    assert given.keys() == set(SETTINGS)
    found = read_configuration(given)
    assert (found.home, found.rulebook) == (Path("/srv/ewtp"), Path("/srv/law"))
    assert (found.port, found.database_url) == ("8100", "postgresql://me@host/name")
    assert found.hosts == ("trade.example", "www.trade.example")
    assert found.origins == ("https://trade.example",)
    assert (found.https, found.debug) == (True, True)
    assert (found.secret_key, found.log_level, found.idempotency_hours) == ("secret", "DEBUG", "24")
    assert (found.kept_mb, found.kept_mb_of_client, found.unkept_days) == ("100", "2", "7")
    assert (found.smtp, found.mail_from) == ("smtp://mail.example", "trade@example.org")
    assert (found.log_format, found.hook_secret, found.hub_minutes) == ("json", "whsec_c2VjcmV0", "30")
    assert (found.update_hours, found.update_sources) == ("12", ("usitc-hts", "ecb-rates"))
    assert (found.update_hosts, found.uk_commodities) == (("files.example",), ("0901210010", "6109100010"))
    assert found.publishers == {name: given[name] for name in PUBLISHER_ADDRESSES}


@pytest.mark.parametrize("text", ["0", "off", "no", "2", ""])
def test_a_switch_is_off_unless_it_is_plainly_on(text: str) -> None:
    assert not read_configuration({"EWTP_HTTPS": text}).https


def test_the_settings_of_a_process_are_one_frozen_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EWTP_HOSTS", "one.example")
    found = load_configuration()
    assert found.hosts == ("one.example",)
    assert load_configuration() is found
    monkeypatch.setenv("EWTP_HOSTS", "two.example")
    assert load_configuration().hosts == ("two.example",)
    with pytest.raises(FrozenInstanceError):
        found.debug = True  # type: ignore[misc] # the point
