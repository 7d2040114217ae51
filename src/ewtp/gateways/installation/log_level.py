"""The least severe messages that an installation logs, and how they are written."""

from __future__ import annotations

from ewtp.core.values.refusal import Refusal
from ewtp.gateways.configuration import load_configuration
from ewtp.gateways.installation.sentences import LOG_FORMAT_UNREADABLE, LOG_LEVEL_UNREADABLE

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
FORMATS = ("line", "json")


def log_level() -> str | Refusal:
    """The level's name, in capitals; refuses with ``setting_unreadable``."""
    given = load_configuration().log_level
    return given if given in LEVELS else Refusal(LOG_LEVEL_UNREADABLE, {"levels": LEVELS})


def log_format() -> str | Refusal:
    """``line`` for people or ``json`` for programs; refuses with ``setting_unreadable``."""
    given = load_configuration().log_format
    return given if given in FORMATS else Refusal(LOG_FORMAT_UNREADABLE, {"formats": FORMATS})
