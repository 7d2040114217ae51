"""How Django loads this package."""

from __future__ import annotations

from ewtp.gateways.database.store_app import StoredApp


class UpdatesConfig(StoredApp):
    """The updates app."""

    name = "ewtp.apps.updates"
    label = "updates"
