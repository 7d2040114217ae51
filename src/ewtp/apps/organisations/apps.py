"""How Django loads this package."""

from __future__ import annotations

from ewtp.gateways.database.store_app import StoredApp


class OrganisationsConfig(StoredApp):
    """The organisations app."""

    name = "ewtp.apps.organisations"
    label = "organisations"
