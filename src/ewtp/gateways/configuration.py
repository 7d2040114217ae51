"""The operator's settings, read from the environment here alone; ``docs/operate/settings.md`` describes each."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# The addresses of publishers, each empty where the operator names no other than the one that is known of it.
PUBLISHER_ADDRESSES = (
    "EWTP_USITC_URL",
    "EWTP_UK_TARIFF_URL",
    "EWTP_HMRC_RATES_URL",
    "EWTP_ECB_RATES_URL",
    "EWTP_UN_LIST_URL",
    "EWTP_OFAC_LIST_URL",
)
SETTINGS = (
    "EWTP_HOME",
    "PORT",
    "DATABASE_URL",
    "EWTP_RULEBOOK",
    "EWTP_HOSTS",
    "EWTP_ORIGINS",
    "EWTP_HTTPS",
    "EWTP_SECRET_KEY",
    "EWTP_LOG_LEVEL",
    "EWTP_LOG_FORMAT",
    "EWTP_DEBUG",
    "EWTP_IDEMPOTENCY_HOURS",
    "EWTP_KEPT_MB",
    "EWTP_KEPT_MB_OF_CLIENT",
    "EWTP_UNKEPT_DAYS",
    "EWTP_SMTP",
    "EWTP_MAIL_FROM",
    "EWTP_HOOK_SECRET",
    "EWTP_HUB_MINUTES",
    "EWTP_UPDATE_HOURS",
    "EWTP_UPDATE_SOURCES",
    "EWTP_UPDATE_HOSTS",
    "EWTP_UK_COMMODITIES",
    *PUBLISHER_ADDRESSES,
)
_ON = frozenset({"1", "true", "yes", "on"})


@dataclass(frozen=True, slots=True)
class Configuration:
    """The settings of one installation.

    ``home`` is an absolute path; ``database_url`` and ``secret_key`` are empty and ``rulebook`` is None where none was
    given; ``port``, ``log_level``, ``log_format``, ``idempotency_hours``, ``kept_mb``, ``kept_mb_of_client``,
    ``unkept_days``, ``hub_minutes``, ``update_hours``, ``update_sources`` and ``uk_commodities`` are as the operator
    wrote them and are checked where they are used. ``smtp`` is the URL of a mail server, empty for none, and
    ``mail_from`` the sender of mails. ``hook_secret`` signs the calls of other systems, empty where none may call.
    ``publishers`` are the addresses given for them, by setting, and ``update_hosts`` the hosts to which these may lead.
    """

    home: Path
    port: str
    database_url: str
    rulebook: Path | None
    hosts: tuple[str, ...]
    origins: tuple[str, ...]
    https: bool
    secret_key: str
    log_level: str
    log_format: str
    debug: bool
    idempotency_hours: str
    kept_mb: str
    kept_mb_of_client: str
    unkept_days: str
    smtp: str
    mail_from: str
    hook_secret: str
    hub_minutes: str
    update_hours: str
    update_sources: tuple[str, ...]
    update_hosts: tuple[str, ...]
    uk_commodities: tuple[str, ...]
    publishers: Mapping[str, str]


def read_configuration(environment: Mapping[str, str]) -> Configuration:
    """The settings that an environment gives; one that is empty counts as not given."""
    rulebook = environment.get("EWTP_RULEBOOK")
    return Configuration(
        home=Path(environment.get("EWTP_HOME") or ".ewtp").expanduser().absolute(),
        port=environment.get("PORT") or "8000",
        database_url=environment.get("DATABASE_URL", ""),
        rulebook=Path(rulebook) if rulebook else None,
        hosts=_items(environment.get("EWTP_HOSTS", "")),
        origins=_items(environment.get("EWTP_ORIGINS", "")),
        https=environment.get("EWTP_HTTPS", "").lower() in _ON,
        secret_key=environment.get("EWTP_SECRET_KEY", ""),
        log_level=(environment.get("EWTP_LOG_LEVEL") or "WARNING").upper(),
        log_format=(environment.get("EWTP_LOG_FORMAT") or "line").lower(),
        debug=environment.get("EWTP_DEBUG", "").lower() in _ON,
        # A week: a client on a slow line may repeat a request after a weekend.
        idempotency_hours=environment.get("EWTP_IDEMPOTENCY_HOURS") or "168",
        kept_mb=environment.get("EWTP_KEPT_MB") or "10240",
        kept_mb_of_client=environment.get("EWTP_KEPT_MB_OF_CLIENT") or "16",
        unkept_days=environment.get("EWTP_UNKEPT_DAYS") or "30",
        smtp=environment.get("EWTP_SMTP", ""),
        mail_from=environment.get("EWTP_MAIL_FROM") or "eWTP <noreply@localhost>",
        hook_secret=environment.get("EWTP_HOOK_SECRET", ""),
        hub_minutes=environment.get("EWTP_HUB_MINUTES", ""),
        update_hours=environment.get("EWTP_UPDATE_HOURS", ""),
        update_sources=_items(environment.get("EWTP_UPDATE_SOURCES", "")),
        update_hosts=_items(environment.get("EWTP_UPDATE_HOSTS", "")),
        uk_commodities=_items(environment.get("EWTP_UK_COMMODITIES", "")),
        publishers={name: environment[name].strip() for name in PUBLISHER_ADDRESSES if environment.get(name)},
    )


def load_configuration() -> Configuration:
    """The settings of this process: the same value at every call, unless its environment was changed in between."""
    return _configuration(tuple(map(os.environ.get, SETTINGS)))


@lru_cache(maxsize=1)
def _configuration(given: tuple[str | None, ...]) -> Configuration:
    return read_configuration({name: text for name, text in zip(SETTINGS, given, strict=True) if text})


def _items(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in text.split(",") if item.strip())
