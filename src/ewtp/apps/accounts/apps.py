"""How Django loads this package."""

from __future__ import annotations

from ewtp.gateways.database.store_app import StoredApp


class AccountsConfig(StoredApp):
    """The accounts app."""

    name = "ewtp.apps.accounts"
    label = "accounts"
