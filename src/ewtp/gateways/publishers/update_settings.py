"""What an operator set about updates: how often, of which sources, and of which commodities."""

from __future__ import annotations

import re
from datetime import timedelta

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.configuration import load_configuration
from ewtp.gateways.installation.retention import read_whole_number
from ewtp.gateways.publishers.publisher_table import PUBLISHED_SOURCES, UK_TARIFF
from ewtp.gateways.publishers.sentences import COMMODITIES_UNREADABLE, SOURCES_UNREADABLE

_MOST_HOURS = 8_760
# The service answers one commodity at a time; all of its ten thousand would be a burden that nobody offered to bear.
_MOST_COMMODITIES = 500
_COMMODITY = re.compile(r"\d{10}\Z", re.ASCII)


def update_interval() -> timedelta | Refusal | None:
    """How often a worker looks for newer files; None for never. Refuses with ``setting_unreadable``."""
    given = load_configuration().update_hours
    if not given:
        return None
    read = read_whole_number("EWTP_UPDATE_HOURS", given, _MOST_HOURS)
    return read if isinstance(read, Refusal) else timedelta(hours=read)


def read_updated_commodities() -> tuple[str, ...] | Refusal:
    """The commodities of the UK that are kept up to date, by code; refuses with ``setting_unreadable``."""
    codes = tuple(dict.fromkeys(load_configuration().uk_commodities))
    if len(codes) > _MOST_COMMODITIES or not all(_COMMODITY.match(code) for code in codes):
        return Refusal(COMMODITIES_UNREADABLE, {"most": _MOST_COMMODITIES})
    return codes


def read_updated_sources() -> tuple[str, ...] | Refusal:
    """The sources that are updated where none is named: those of the setting, or all that have something to look for.

    Refuses with ``setting_unreadable``.
    """
    given = load_configuration().update_sources
    if not all(name in PUBLISHED_SOURCES for name in given):
        return Refusal(SOURCES_UNREADABLE, {"names": list(PUBLISHED_SOURCES)})
    if given:
        return tuple(dict.fromkeys(given))
    commodities = read_updated_commodities()
    if isinstance(commodities, Refusal):
        return commodities
    return tuple(name for name in PUBLISHED_SOURCES if name != UK_TARIFF or commodities)
