"""How Django loads this package."""

from __future__ import annotations

from ewtp.gateways.database.store_app import StoredApp


class HubsConfig(StoredApp):
    """The hubs app."""

    name = "ewtp.apps.hubs"
    label = "hubs"
