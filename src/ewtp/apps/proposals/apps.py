"""How Django loads this package."""

from __future__ import annotations

from ewtp.gateways.database.store_app import StoredApp


class ProposalsConfig(StoredApp):
    """The proposals app."""

    name = "ewtp.apps.proposals"
    label = "proposals"
