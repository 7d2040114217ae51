"""How Django loads this package."""

from __future__ import annotations

from ewtp.gateways.database.store_app import StoredApp


class HubsConfig(StoredApp):
    """The hubs app."""

    name = "ewtp.apps.hubs"
    label = "hubs"

    def ready(self) -> None:
        """Give the pages of rules and answers what economies adopted at other hubs."""
        # The tables of this app can be read once it is loaded, and not before.
        from ewtp.apps.hubs.reading.double_adoption import market_double_adoptions  # noqa: PLC0415
        from ewtp.apps.rulebook.reading.market_notices import MarketNotice, register_reader  # noqa: PLC0415

        register_reader(MarketNotice.ADOPTIONS_ELSEWHERE, market_double_adoptions)
