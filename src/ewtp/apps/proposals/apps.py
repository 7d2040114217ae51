"""How Django loads this package."""

from __future__ import annotations

from ewtp.gateways.database.store_app import StoredApp


class ProposalsConfig(StoredApp):
    """The proposals app."""

    name = "ewtp.apps.proposals"
    label = "proposals"

    def ready(self) -> None:
        """Give the pages of answers what proposals change in a market."""
        # The tables of this app can be read once it is loaded, and not before.
        from ewtp.apps.proposals.reading.market_outlook import market_changes  # noqa: PLC0415
        from ewtp.apps.rulebook.reading.market_notices import MarketNotice, register_reader  # noqa: PLC0415

        register_reader(MarketNotice.CHANGES, market_changes)
