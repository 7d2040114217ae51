"""How Django loads this package."""

from __future__ import annotations

from ewtp.gateways.database.stored_app import StoredApp


class LogConfig(StoredApp):
    """The log app."""

    name = "ewtp.apps.log"
    label = "log"
