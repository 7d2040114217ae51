"""The exchange rates of a version: the rulebook's own, and the ECB's archive that comes with the program."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ewtp.apps.rulebook.reading.version_records import exchange_rates_at
from ewtp.core.assessment.exchange import RateTable, find_recorded_series, rate_table
from ewtp.gateways.reference.exchange_rates import ECB, ecb_rates, ecb_rates_known

if TYPE_CHECKING:
    from datetime import datetime


class VersionRates:
    """The rates of the version that was published at a moment."""

    def __init__(self, published_at: datetime) -> None:
        self._recorded = find_recorded_series(exchange_rates_at(published_at))

    @cached_property
    def latest(self) -> RateTable:
        """The rates with everything that the archive holds."""
        return rate_table(self._recorded, {ECB: ecb_rates()})

    def read_at(self, moment: datetime | None) -> RateTable:
        """The rates, with those that the archive's source had published by a moment; None is ``latest``."""
        return self.latest if moment is None else rate_table(self._recorded, {ECB: ecb_rates_known(moment)})
