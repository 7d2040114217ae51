"""How Django loads this package."""

from __future__ import annotations

from ewtp.gateways.database.store_app import StoredApp


class BarriersConfig(StoredApp):
    """The barriers app."""

    name = "ewtp.apps.barriers"
    label = "barriers"
