"""How Django loads this package."""

from __future__ import annotations

from ewtp.gateways.database.store_app import StoredApp


class RulebookConfig(StoredApp):
    """The rulebook app."""

    name = "ewtp.apps.rulebook"
    label = "rulebook"
