"""The least severe messages that an installation logs."""

from __future__ import annotations

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.configuration import load_configuration
from ewtp.gateways.installation.sentences import LOG_LEVEL_UNREADABLE

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


def log_level() -> str | Refusal:
    """The level's name, in capitals; refuses with ``setting_unreadable``."""
    given = load_configuration().log_level
    return given if given in LEVELS else Refusal(LOG_LEVEL_UNREADABLE, {"levels": LEVELS})
