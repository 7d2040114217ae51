"""How Django loads this package."""

from __future__ import annotations

from ewtp.gateways.database.store_app import StoredApp


class HttpConfig(StoredApp):
    """What every API and page shares."""

    name = "ewtp.apps.http"
    label = "http"
