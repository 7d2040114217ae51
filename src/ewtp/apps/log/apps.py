"""How Django loads this package."""

from __future__ import annotations

from ewtp.gateways.database.store_app import StoredApp


class LogConfig(StoredApp):
    """The log app."""

    name = "ewtp.apps.log"
    label = "log"
